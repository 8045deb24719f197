"""What a job was given and made so far, and where the rest that it needs comes from."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select

from services.production.genealogy.commands.ledger import parted_from
from services.production.genealogy.domain.flow import Operation, Stock, SupplyLine
from services.production.genealogy.domain.lots import Move
from services.production.genealogy.tables import JobOutput, JobSupply, Lot
from services.production.jobs.queries.graph import GraphJob
from shared.kit.database import Transaction

AT_ONCE = 50
"""Lots that are locked at once while there may be more."""
ON_HOLD, EXPIRED, LATER, WITHOUT = "hold", "lot_expired", "lot_later", "without_material"
Tier = tuple[ColumnElement[bool], tuple[Any, ...], str | None]
"""Which lots, in which order, and what is unusual about taking them."""


def operation_of(job: GraphJob) -> Operation:
    """The job as what flows through its order looks at it."""
    return Operation(job.op, job.materials, job.feeds, job.left_out, job.is_skipped)


async def given_to(tx: Transaction, job: UUID) -> dict[str, list[tuple[JobSupply, Lot]]]:
    """The supplies of a job by line, in the order in which they were given."""
    statement = (
        select(JobSupply, Lot)
        .join(Lot, col(Lot.code) == col(JobSupply.lot))
        .where(JobSupply.job == job)
        .order_by(col(JobSupply.since), col(Lot.available_from), col(JobSupply.lot))
        .execution_options(populate_existing=True)
    )
    given: defaultdict[str, list[tuple[JobSupply, Lot]]] = defaultdict(list)
    for supply, lot in await tx.session.execute(statement):
        given[supply.line].append((supply, lot))
    return dict(given)


def enough_for(line: SupplyLine, given: Sequence[tuple[JobSupply, Lot]]) -> Fraction:
    """For how many pieces of its line the supplies are enough."""
    return sum(
        (Fraction(s.scanned + s.drawn) / p + Fraction(s.spared) for s, lot in given if (p := line.of(lot.item))),
        Fraction(0),
    )


async def outputs_of(tx: Transaction, job: UUID) -> list[JobOutput]:
    """The outputs of the job, in the order in which they began."""
    statement = select(JobOutput).where(JobOutput.job == job).order_by(col(JobOutput.since), col(JobOutput.lot))
    return list(await tx.session.scalars(statement))


async def sources_of(
    tx: Transaction,
    line: SupplyLine,
    given: Sequence[tuple[JobSupply, Lot]],
    before: Sequence[GraphJob],
    job: GraphJob,
    at: datetime,
    taken: Mapping[str, Decimal],
) -> AsyncIterator[Stock]:
    """The lots of which a line's pieces were made at ``at``, the likeliest first; ``taken`` of them counts as there.

    For pieces from before those of the operation before; else the lots that were scanned, where any was, then what they
    were merged into, and nothing else, as who scans lots scans the next one, too; else the stock of that time, then
    what lies at the job though it is held or expired, then what came later.
    """
    tiers: list[Tier]
    if line.before is not None:
        made = select(JobOutput.lot).where(col(JobOutput.job).in_([other.id for other in before]))
        parts = and_(col(Lot.number) == job.number, col(Lot.op).in_([other.op for other in before]))
        skipped_first = (col(Lot.hold_reason).is_not(None), col(Lot.op) == line.before, col(Lot.available_from))
        tiers = [(or_(col(Lot.code).in_(made), parts), skipped_first, None)]
    elif scanned := [lot.code for supply, lot in given if supply.scanned > 0]:
        by_time = (col(Lot.hold_reason).is_not(None), col(Lot.available_from))
        tiers = [(col(Lot.code).in_(codes), by_time, None) for codes in (scanned, parted_from(scanned, [Move.MERGED]))]
    else:
        tiers = _stock_tiers(tx, line.component, [lot.code for _, lot in given], at)
    seen: set[str] = set()
    for condition, order, flag in tiers:
        async for lot in _lots(tx, condition, order, taken):
            per = line.of(lot.item)
            quantity = lot.remaining + taken.get(lot.code, Decimal(0))
            if per and quantity > 0 and lot.code not in seen:
                seen.add(lot.code)
                unusual = ON_HOLD if lot.hold_reason is not None and line.before is None else flag
                yield Stock(lot.code, quantity, per, unusual)


def _stock_tiers(tx: Transaction, item: str, at_job: Sequence[str], at: datetime) -> list[Tier]:
    day = at.astimezone(tx.zone).date()
    of_item = and_(col(Lot.item) == item, col(Lot.op).is_(None))
    is_usable = and_(
        of_item, col(Lot.hold_reason).is_(None), or_(col(Lot.expires_on).is_(None), col(Lot.expires_on) >= day)
    )
    first_to_expire = (col(Lot.expires_on).nulls_last(), col(Lot.available_from))
    return [
        (and_(is_usable, col(Lot.available_from) <= at), first_to_expire, None),
        (and_(of_item, col(Lot.code).in_(at_job), col(Lot.available_from) <= at), first_to_expire, EXPIRED),
        (and_(is_usable, col(Lot.available_from) > at), (col(Lot.available_from),), LATER),
    ]


async def _lots(
    tx: Transaction, condition: ColumnElement[bool], order: Sequence[Any], taken: Mapping[str, Decimal]
) -> AsyncIterator[Lot]:
    """The lots that have something left, locked a page at a time."""
    has_some = col(Lot.remaining) > 0
    if taken:
        has_some = or_(has_some, col(Lot.code).in_(list(taken)))
    statement = (
        select(Lot)
        .where(condition, has_some)
        .order_by(*order, col(Lot.created_at), col(Lot.code))
        .limit(AT_ONCE)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    first = 0
    while lots := list(await tx.session.scalars(statement.offset(first))):
        for lot in lots:
            yield lot
        first += len(lots)
        if len(lots) < AT_ONCE:
            break
