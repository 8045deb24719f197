"""Which lots went into which by a job, and that what is made of a held lot is held as well."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from services.production.genealogy.commands.ledger import lock_lot
from services.production.genealogy.commands.sources import given_to
from services.production.genealogy.domain.flow import Output, Supply, SupplyLine, allot
from services.production.genealogy.domain.lots import SEPARATOR
from services.production.genealogy.queries.trace import walk
from services.production.genealogy.tables import JobOutput, JobSupply, Lot, LotEdge
from shared.kit.database import Transaction

LONGEST_REASON = 500


async def link_job(
    tx: Transaction, job: UUID, lines: Mapping[str, SupplyLine], outputs: Sequence[JobOutput]
) -> set[str]:
    """Bring the edges of a job to what follows from what it was given and what it made.

    Return the lots that are held now, or stay so, as more of a held lot went into them.
    """
    given = await given_to(tx, job)
    made = [Output(o.lot, o.pieces, o.since, o.until, o.reworked > 0) for o in outputs if o.pieces or o.reworked]
    edges: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for key, supplies in given.items():
        line = lines.get(key)
        there = [pair for pair in supplies if pair[0].scanned + pair[0].drawn]
        for ends, quantity in allot(_supplies(line, there), made).items():
            if ends[0] != ends[1]:
                edges[ends] += quantity
    known = {(edge.source, edge.target): edge for edge in await tx.session.scalars(_edges_of(job))}
    held = {lot.code: lot.hold_reason for supplies in given.values() for _, lot in supplies if lot.hold_reason}
    passed_on: defaultdict[str, set[str]] = defaultdict(set)
    for (source, target), quantity in edges.items():
        edge = known.pop((source, target), None)
        if source in held and (edge is None or quantity > edge.quantity):
            passed_on[target].add(f"{source}: {held[source]}")
        if edge is None:
            tx.session.add(LotEdge(source=source, target=target, via=job, kind="made", quantity=quantity))
        else:
            edge.quantity = quantity
    for gone in known.values():
        if await _is_out(tx, gone.target):
            gone.quantity = Decimal(0)
        else:
            await tx.session.delete(gone)
    for target, reasons in passed_on.items():
        await _pass_on_hold(tx, target, sorted(reasons))
    await tx.session.flush()
    return set(passed_on)


def _supplies(line: SupplyLine | None, given: Sequence[tuple[JobSupply, Lot]]) -> list[Supply]:
    """The supplies of a line: what was scanned lies at the machine until the next one is, what was drawn nobody saw."""
    hung_up = [supply.since for supply, _ in given if supply.scanned]
    return [
        Supply(
            lot.code,
            supply.scanned + supply.drawn,
            line.of(lot.item) if line else None,
            supply.since,
            next((since for since in hung_up if since > supply.since), None) if supply.scanned else supply.since,
        )
        for supply, lot in given
    ]


async def _pass_on_hold(tx: Transaction, code: str, reasons: Sequence[str]) -> None:
    """What is made of a held lot is held, too, until somebody decides."""
    lot = await lock_lot(tx, code)
    if lot.hold_reason is None:
        lot.hold_reason = SEPARATOR.join(reasons)[:LONGEST_REASON]
        tx.audit("hold", f"lot/{code}", reason=lot.hold_reason)


async def _is_out(tx: Transaction, code: str) -> bool:
    """True when more has left a lot, or what it went into, than was made of it: a recall must not miss it."""
    lacking = select(Lot.code).where(col(Lot.code).in_(await walk(tx.session, code, "forward")), Lot.remaining < 0)
    return await tx.session.scalar(lacking.limit(1)) is not None


def _edges_of(job: UUID):  # type: ignore[no-untyped-def]  # SQLModel's own types of a select
    return select(LotEdge).where(LotEdge.via == job)
