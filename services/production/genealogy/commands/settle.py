"""The settlement of a job: what its pieces took is drawn, what they did not take goes back, and the genealogy follows.

After each change at a job all of it is worked out anew from what the job was given and what it made, so that reports
in any order come to the same. What was drawn of a lot that has not so much any more, because its receipt or its report
was taken back, is drawn of others; where there are none, as soon as there are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import any_, literal, text
from sqlmodel import col, select

from services.production.definitions.queries import is_any_tracked
from services.production.genealogy.commands.ledger import lock_lot, move
from services.production.genealogy.commands.links import link_job
from services.production.genealogy.commands.serials import assume_serials, restore_serials
from services.production.genealogy.commands.sources import (
    WITHOUT,
    enough_for,
    given_to,
    operation_of,
    outputs_of,
    sources_of,
)
from services.production.genealogy.domain.flow import (
    MICRO,
    Stock,
    SupplyLine,
    give_back,
    lines_of,
    rounded,
    take,
)
from services.production.genealogy.domain.lots import Move
from services.production.genealogy.tables import JobShortage, JobSupply, Lot
from services.production.jobs.queries.graph import GraphJob, order_graph
from services.production.jobs.tables import Job
from shared.kit.database import Transaction

LOCK_ORDER = text("SELECT pg_advisory_xact_lock(hashtextextended('genealogy/' || :order, 0))")


@dataclass(frozen=True)
class LockedOrder:
    """An order whose genealogy is locked, with the lines of its jobs."""

    jobs: Mapping[UUID, GraphJob]
    lines: Mapping[UUID, Sequence[SupplyLine]]

    def after(self, job: UUID) -> list[UUID]:
        """The jobs that the job's pieces go to."""
        op = self.jobs[job].op
        following = [other for other in self.jobs.values() if not other.is_skipped]
        return [other.id for other in following if op in other.feeds or op in other.left_out]

    def skipped_after(self, job: UUID) -> list[UUID]:
        """The skipped jobs that take the job's pieces for what was reported on them all the same."""
        op = self.jobs[job].op
        return [other.id for other in self.jobs.values() if other.is_skipped and op in other.feeds]

    def before(self, job: UUID, line: SupplyLine) -> list[GraphJob]:
        """The jobs whose pieces a line of a job takes; among them skipped ones in between."""
        left_out = self.jobs[job].left_out
        return [
            other
            for other in self.jobs.values()
            if other.op == line.before or (other.op in left_out and line.before in other.feeds)
        ]


@dataclass(frozen=True)
class Settlement:
    """What is unusual about what a job has taken now, and the lots that are held as something held went into them."""

    flags: frozenset[str]
    held: frozenset[str]


@dataclass(frozen=True)
class Shortage:
    """Pieces of a line that have no material, and those whose draws were chosen anew."""

    missing: Fraction
    lost: Fraction


async def lock_order(tx: Transaction, work_order: UUID) -> LockedOrder:
    """The order's jobs; its genealogy is this transaction's alone until the end."""
    await tx.session.execute(LOCK_ORDER, {"order": str(work_order)})
    jobs = await order_graph(tx.session, work_order)
    lines = lines_of([operation_of(job) for job in jobs.values()])
    return LockedOrder(jobs, {id_: lines[job.op] for id_, job in jobs.items()})


async def settle_job(
    tx: Transaction, order: LockedOrder, job: UUID, at: datetime, new: Fraction = Fraction(0)
) -> Settlement:
    """Draw what the job's pieces took and were not given, give back what they did not take, and link lots to lots.

    ``at`` is the time of what has changed: it tells which lots were there. ``new`` of the pieces were made just now: it
    is flagged when there is no material for them.
    """
    await tx.session.flush()
    outputs = await outputs_of(tx, job)
    pieces = sum((Fraction(output.pieces) for output in outputs), Fraction(0))
    given = await given_to(tx, job)
    statement = select(JobShortage).where(JobShortage.job == job)
    shortages = {shortage.line: shortage for shortage in await tx.session.scalars(statement)}
    flags: set[str] = set()
    for line in sorted(order.lines[job], key=lambda line: line.key):  # jobs lock lots in one order
        supplies = given.get(line.key, [])
        before = pieces - new - enough_for(line, supplies)
        short, unusual = await _settle_line(tx, order, job, line, pieces, supplies, at)
        flags |= unusual
        if new and await _is_without(tx, line, supplies, short.missing - max(before, Fraction(0))):
            flags.add(WITHOUT)
        await _note_shortage(tx, job, line, short, shortages.get(line.key))
    held = await link_job(tx, job, {line.key: line for line in order.lines[job]}, outputs)
    return Settlement(frozenset(flags), frozenset(held))


async def _is_without(
    tx: Transaction, line: SupplyLine, given: Sequence[tuple[JobSupply, Lot]], pieces: Fraction
) -> bool:
    """True when so many pieces have nothing of a component that is followed: it is tracked, or was scanned here."""
    if line.before is not None or rounded(pieces * line.per_piece[line.component]) <= MICRO:
        return False
    is_scanned = any(supply.scanned for supply, _ in given)
    return is_scanned or await is_any_tracked(tx.session, line.per_piece)


async def settle_onwards(
    tx: Transaction, order: LockedOrder, job: UUID, at: datetime, new: Fraction = Fraction(0)
) -> Settlement:
    """Settle the job, and those after it, which may have waited for its pieces or lost some of them."""
    settlement = await settle_job(tx, order, job, at, new)
    for after in [*order.skipped_after(job), *order.after(job)]:
        await settle_job(tx, order, after, at)
    if order.jobs[job].is_skipped:  # those after it have left what it took
        await settle_job(tx, order, job, at)
    return settlement


async def settle_takers(tx: Transaction, lot: Lot) -> None:
    """What was drawn of a lot beyond what it has is drawn of others, the last draw first."""
    await tx.session.flush()
    if lot.remaining >= 0:
        return
    takers = (
        select(JobSupply.job, Job.work_order)
        .join(Job, col(Job.id) == col(JobSupply.job))
        .where(JobSupply.lot == lot.code, JobSupply.drawn > 0)
        .order_by(col(JobSupply.since).desc(), col(JobSupply.job))
    )
    for job, work_order in (await tx.session.execute(takers)).all():
        await settle_job(tx, await lock_order(tx, work_order), job, tx.now)
        if lot.remaining >= 0:
            break


async def settle_waiting(tx: Transaction, item: str) -> None:
    """Jobs that lost what they had drawn get it anew, now that there is something of ``item`` again."""
    await tx.session.flush()
    waiting = (
        select(JobShortage.job, Job.work_order)
        .join(Job, col(Job.id) == col(JobShortage.job))
        .where(literal(item) == any_(col(JobShortage.items)))
        .distinct()
        .order_by(col(JobShortage.job))
    )
    for job, work_order in (await tx.session.execute(waiting)).all():
        await settle_job(tx, await lock_order(tx, work_order), job, tx.now)


async def _settle_line(
    tx: Transaction,
    order: LockedOrder,
    job: UUID,
    line: SupplyLine,
    pieces: Fraction,
    given: Sequence[tuple[JobSupply, Lot]],
    at: datetime,
) -> tuple[Shortage, set[str]]:
    """Bring what was drawn for a line to what its pieces took.

    Return what it still misses, and what is unusual about the lots that were drawn.
    """
    own = [(supply, lot, per) for supply, lot in given if (per := line.of(lot.item))]
    missing = pieces - sum((Fraction(s.scanned) / per + Fraction(s.spared) for s, _, per in own), Fraction(0))
    reopened, settled = {}, []
    for supply, lot, per in own:
        if supply.drawn and _is_open(line, supply, lot):
            reopened[lot.code] = (supply.drawn, per)
        elif supply.drawn:
            settled.append(Stock(lot.code, supply.drawn, per))
    missing -= sum((Fraction(stock.quantity) / stock.per_piece for stock in settled), Fraction(0))
    changes: defaultdict[str, Decimal] = defaultdict(Decimal)
    if missing < 0:
        for code, quantity in give_back(-missing, settled):
            changes[code] -= quantity
    for code, (quantity, _) in reopened.items():
        changes[code] -= quantity
    flagged: dict[str, str] = {}
    if missing > 0:
        sources = sources_of(
            tx, line, given, order.before(job, line), order.jobs[job], at, {c: q for c, (q, _) in reopened.items()}
        )
        async for stock in sources:
            taken, missing = take(missing, stock)
            changes[stock.lot] += taken
            if taken and stock.flag:
                flagged[stock.lot] = stock.flag
            if not missing:
                break
    flags = set()
    for code, quantity in changes.items():
        if quantity:
            await _draw(tx, job, line, code, quantity, at, flagged.get(code))
        flags |= {flagged[code]} if quantity > 0 and code in flagged else set()
    lost = sum((Fraction(quantity) / per for quantity, per in reopened.values()), Fraction(0))
    return Shortage(max(missing, Fraction(0)), lost), flags


def _is_open(line: SupplyLine, supply: JobSupply, lot: Lot) -> bool:
    """True when it is chosen anew of which lots to draw.

    These are the pieces of operations before that nobody holds, what a lot has not any more, and what came later than
    it was taken.
    """
    is_between = line.before is not None and lot.hold_reason is None
    return is_between or lot.remaining < 0 or lot.available_from > supply.since


async def _draw(
    tx: Transaction, job: UUID, line: SupplyLine, code: str, quantity: Decimal, at: datetime, flag: str | None
) -> None:
    """Take a quantity of a lot for a line; a negative one goes back."""
    lot = await lock_lot(tx, code)
    movement = move(tx, lot, Move.DRAWN, -quantity, job=job, at=at, flags=[flag] if flag and quantity > 0 else [])
    await add_supply(tx, job, code, line.key, drawn=quantity, since=at)
    if quantity > 0:
        movement.serials = await assume_serials(tx, lot, job, quantity)
        movement.flags = movement.flags + ["serials_assumed"] * bool(movement.serials)
    else:
        movement.serials = await restore_serials(tx, lot, job, -quantity)


async def _note_shortage(
    tx: Transaction, job: UUID, line: SupplyLine, short: Shortage, known: JobShortage | None
) -> None:
    """Remember pieces whose source went, until they are given anew; operations before are looked at in any case."""
    waiting = min(short.missing, short.lost + Fraction(known.pieces if known else 0))
    pieces = Decimal(waiting.numerator) / waiting.denominator
    if known is not None and (not pieces or line.before is not None):
        await tx.session.delete(known)
    elif known is not None:
        known.pieces = pieces
    elif pieces and line.before is None:
        tx.session.add(JobShortage(job=job, line=line.key, items=[line.component], pieces=pieces))


async def add_supply(
    tx: Transaction,
    job: UUID,
    lot: str,
    line: str,
    *,
    since: datetime,
    scanned: Decimal = Decimal(0),
    drawn: Decimal = Decimal(0),
) -> JobSupply:
    """Add to what the job was given of a lot for a line."""
    supply = await tx.session.get(JobSupply, (job, lot, line))
    if supply is None:
        supply = JobSupply(job=job, lot=lot, line=line, since=since)
        tx.session.add(supply)
    supply.scanned += scanned
    supply.drawn += drawn
    supply.since = min(supply.since, since) if supply.scanned or supply.drawn else since
    await tx.session.flush()
    return supply
