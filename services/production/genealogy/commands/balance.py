"""The balance of a job: what its pieces took is drawn, what they did not take goes back, and the genealogy follows.

After each change at a job all of it is worked out anew from what the job was given and what it made, so that reports
in any order come to the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, or_, select

from services.production.genealogy.commands.ledger import lock_lot, move
from services.production.genealogy.domain import (
    Move,
    Operation,
    Output,
    Stock,
    Supply,
    SupplyLine,
    allot,
    draw,
    give_back,
    lines_of,
)
from services.production.genealogy.tables import JobOutput, JobSupply, Lot, LotEdge
from services.production.jobs.queries.graph import GraphJob, order_graph
from shared.kit.database import Transaction

LOCK_ORDER = text("SELECT pg_advisory_xact_lock(hashtextextended('genealogy/' || :order, 0))")


LOTS_AT_ONCE = 50
"""Lots of a component that are looked at for one draw."""


@dataclass(frozen=True)
class LockedOrder:
    """An order whose genealogy is locked, with the lines of its jobs."""

    jobs: Mapping[UUID, GraphJob]
    lines: Mapping[UUID, Sequence[SupplyLine]]

    def after(self, job: UUID) -> list[UUID]:
        """The jobs that the job's pieces go to."""
        return [other.id for other in self.jobs.values() if self.jobs[job].op in other.feeds]


async def lock_order(tx: Transaction, work_order: UUID) -> LockedOrder:
    """The order's jobs; its genealogy is this transaction's alone until the end."""
    await tx.session.execute(LOCK_ORDER, {"order": str(work_order)})
    jobs = await order_graph(tx.session, work_order)
    lines = lines_of([Operation(job.op, job.materials, job.feeds) for job in jobs.values()])
    return LockedOrder(jobs, {id_: lines[job.op] for id_, job in jobs.items()})


async def supplies_of(tx: Transaction, job: UUID) -> list[tuple[JobSupply, Lot]]:
    """The supplies that the job was given, in the order in which it was."""
    statement = (
        select(JobSupply, Lot)
        .join(Lot, col(Lot.code) == col(JobSupply.lot))
        .where(JobSupply.job == job)
        .order_by(col(JobSupply.since), col(JobSupply.lot))
    )
    return [(supply, lot) for supply, lot in await tx.session.execute(statement)]


async def outputs_of(tx: Transaction, job: UUID) -> list[JobOutput]:
    """The outputs of the job, in the order in which they began."""
    statement = select(JobOutput).where(JobOutput.job == job).order_by(col(JobOutput.since), col(JobOutput.lot))
    return list(await tx.session.scalars(statement))


async def balance_job(tx: Transaction, order: LockedOrder, job: UUID, at: datetime) -> None:
    """Draw what the job's pieces took and were not given, give back what they did not take, and link lots to lots."""
    await tx.session.flush()
    outputs = await outputs_of(tx, job)
    pieces = sum((Fraction(output.pieces) for output in outputs), Fraction(0))
    given: defaultdict[str, list[tuple[JobSupply, Lot]]] = defaultdict(list)
    for supply, lot in await supplies_of(tx, job):
        given[supply.line].append((supply, lot))
    for line in order.lines[job]:
        enough = sum(
            (Fraction(s.scanned + s.drawn) / p for s, lot in given[line.key] if (p := line.of(lot.item))), Fraction(0)
        )
        if pieces > enough:
            await _draw(tx, order, job, line, pieces - enough, given[line.key], at)
        elif pieces < enough:
            await _give_back(tx, job, line, enough - pieces, given[line.key], at)
    await _link(tx, order, job, outputs)


async def _draw(
    tx: Transaction,
    order: LockedOrder,
    job: UUID,
    line: SupplyLine,
    pieces: Fraction,
    given: Sequence[tuple[JobSupply, Lot]],
    at: datetime,
) -> None:
    """Take what is missing.

    Pieces from before; else of the lots that were scanned, where any was; else of the stock.
    """
    scanned = [lot.code for supply, lot in given if supply.scanned > 0]
    if line.key.startswith("/"):
        before = [other.id for other in order.jobs.values() if f"/{other.op}" == line.key]
        made = select(JobOutput.lot).where(col(JobOutput.job).in_(before))
        statement = select(Lot).where(col(Lot.code).in_(made)).order_by(col(Lot.created_at), col(Lot.code))
    elif scanned:
        statement = (
            select(Lot).where(col(Lot.code).in_(scanned), col(Lot.hold_reason).is_(None)).order_by(col(Lot.created_at))
        )
    else:
        statement = stock_of([line.key], tx)
    found = await tx.session.scalars(
        statement.where(Lot.remaining > 0)
        .limit(LOTS_AT_ONCE)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    lots = {lot.code: lot for lot in found}
    stocks = [Stock(lot.code, lot.remaining, per) for lot in lots.values() if (per := line.of(lot.item))]
    for code, quantity in draw(pieces, stocks):
        move(tx, lots[code], Move.DRAWN, -quantity, job=job, at=at)
        await add_supply(tx, job, code, line.key, drawn=quantity, since=at)


def stock_of(items: Iterable[str], tx: Transaction):  # type: ignore[no-untyped-def]  # SQLModel's own types of a select
    """The lots of these items that may be used, first to expire first, then first in first out."""
    return (
        select(Lot)
        .where(
            col(Lot.item).in_(list(items)),
            col(Lot.op).is_(None),
            col(Lot.hold_reason).is_(None),
            or_(col(Lot.expires_on).is_(None), Lot.expires_on >= tx.today),  # type: ignore[operator]
        )
        .order_by(col(Lot.expires_on).nulls_last(), col(Lot.created_at), col(Lot.code))
    )


async def _give_back(
    tx: Transaction, job: UUID, line: SupplyLine, pieces: Fraction, given: Sequence[tuple[JobSupply, Lot]], at: datetime
) -> None:
    """Put back what was drawn for pieces that took nothing after all; what was scanned stays where it is."""
    drawn = [Stock(lot.code, s.drawn, per) for s, lot in given if s.drawn > 0 and (per := line.of(lot.item))]
    for code, quantity in give_back(pieces, drawn):
        move(tx, await lock_lot(tx, code), Move.DRAWN, quantity, job=job, at=at)
        await add_supply(tx, job, code, line.key, drawn=-quantity, since=at)


async def add_supply(
    tx: Transaction,
    job: UUID,
    lot: str,
    line: str,
    *,
    since: datetime,
    scanned: Decimal = Decimal(0),
    drawn: Decimal = Decimal(0),
) -> None:
    """Add to what the job was given of a lot."""
    supply = await tx.session.get(JobSupply, (job, lot))
    if supply is None:
        supply = JobSupply(job=job, lot=lot, line=line, since=since)
        tx.session.add(supply)
    supply.scanned += scanned
    supply.drawn += drawn
    supply.since = min(supply.since, since)
    await tx.session.flush()


async def _link(tx: Transaction, order: LockedOrder, job: UUID, outputs: Sequence[JobOutput]) -> None:
    """Bring the edges of a job to what follows from what it was given and what it made."""
    lines = {line.key: line for line in order.lines[job]}
    given: defaultdict[str, list[Supply]] = defaultdict(list)
    for supply, lot in await supplies_of(tx, job):
        if quantity := supply.scanned + supply.drawn:
            line = lines.get(supply.line)
            given[supply.line].append(Supply(lot.code, quantity, line.of(lot.item) if line else None, supply.since))
    made = [Output(o.lot, o.pieces, o.until, o.reworked > 0) for o in outputs if o.pieces or o.reworked]
    edges: dict[tuple[str, str], Decimal] = {}
    for supplies in given.values():
        edges |= allot(supplies, made)
    edges = {ends: quantity for ends, quantity in edges.items() if ends[0] != ends[1]}
    for edge in await tx.session.scalars(select(LotEdge).where(LotEdge.via == job)):
        if (edge.source, edge.target) in edges:
            edge.quantity = edges.pop((edge.source, edge.target))
        else:
            await tx.session.delete(edge)
    tx.session.add_all(
        LotEdge(source=source, target=target, via=job, kind="made", quantity=quantity)
        for (source, target), quantity in edges.items()
    )
    await tx.session.flush()
