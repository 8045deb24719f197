"""The effect of a result on lots: its pieces go into one, and what they were made of is taken and linked."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.production.definitions.tables import Item
from services.production.genealogy.commands.ledger import (
    lacks,
    lock_known_lot,
    lock_lot,
    move,
    recover,
    take_back,
)
from services.production.genealogy.commands.numbering import between_code, expiry, new_code, new_lot
from services.production.genealogy.commands.serials import make_serials, void_serials
from services.production.genealogy.commands.settle import (
    LockedOrder,
    lock_order,
    settle_onwards,
    settle_takers,
    settle_waiting,
)
from services.production.genealogy.commands.sources import ON_HOLD
from services.production.genealogy.domain.lots import Move, Origin
from services.production.genealogy.tables import JobOutput, Lot, Movement
from shared.kit.database import Transaction


@dataclass(frozen=True)
class ProductionInput:
    """A result as far as lots are concerned. ``is_rework``: its pieces had taken their material before."""

    result: UUID
    job: UUID
    work_order: UUID
    good: Decimal
    scrap: Decimal
    rework: Decimal
    is_rework: bool
    machine: str | None
    at: datetime
    business_date: date
    shift: str | None
    lot: str | None = None
    serials: tuple[str, ...] = ()
    corrects: UUID | None = None


@dataclass(frozen=True)
class LotOutcome:
    """The lot that a result went into, when it is one of the stock, its pieces' numbers, and what is unusual."""

    lot: str | None
    serials: list[str]
    flags: list[str]


async def produce(tx: Transaction, made: ProductionInput) -> LotOutcome:
    """Put a result's pieces into a lot: the one that is named, else the job's of this shift.

    Draw and link what they were made of.
    """
    order = await lock_order(tx, made.work_order)
    pieces = Decimal(0) if made.is_rework else made.good + made.scrap + made.rework
    if not (made.good or pieces):
        return LotOutcome(None, [], [])
    item = await tx.session.get(Item, order.jobs[made.job].item)
    if order.after(made.job) or not (made.lot or (item and (item.lot_tracked or item.serial_tracked))):
        item = None  # no stock yet, or none that is followed
    lot, flags = await _lot_of(tx, order, made, item)
    output = await tx.session.get(JobOutput, (made.job, lot.code))
    if output is None:
        output = JobOutput(job=made.job, lot=lot.code, since=made.at, until=made.at)
        tx.session.add(output)
    output.pieces += pieces
    output.reworked += made.good if made.is_rework else 0
    output.since, output.until = min(output.since, made.at), max(output.until, made.at)
    movement = move(tx, lot, Move.PRODUCED, made.good, pieces=pieces, job=made.job, result=made.result, at=made.at)
    await tx.session.flush()
    if item is not None and item.serial_tracked and made.good:
        movement.serials = await make_serials(tx, lot, made.result, made.serials, int(made.good), made.corrects)
        flags += ["serials_differ"] if len(movement.serials) != made.good else []
    settlement = await settle_onwards(tx, order, made.job, made.at, Fraction(pieces))
    is_held = lot.code in settlement.held or lot.hold_reason is not None
    flags += sorted(settlement.flags | ({ON_HOLD} if is_held else set()))
    if item is not None and made.good:
        await settle_waiting(tx, item.code)
    if made.corrects is not None:
        flags += await lacks(tx, lot)
    return LotOutcome(lot.code if item else None, movement.serials, flags)


async def lot_and_serials_of(tx: Transaction, result: UUID) -> tuple[str | None, list[str]]:
    """The lot into which a result went, and its pieces' numbers."""
    movement = await _movement_of(tx, result)
    return (movement.lot, movement.serials) if movement else (None, [])


async def _movement_of(tx: Transaction, result: UUID) -> Movement | None:
    found: Movement | None = await tx.session.scalar(
        select(Movement).where(
            Movement.result == result, Movement.kind == Move.PRODUCED.value, col(Movement.reverses).is_(None)
        )
    )
    return found


async def unproduce(
    tx: Transaction, work_order: UUID, job: UUID, result: UUID, reason: str | None, *, is_corrected: bool = False
) -> list[str]:
    """Take a result's pieces out of their lot again, and give back what was drawn for them.

    Return the flag of a lot that they have left already; of a result that is corrected, what stands for it has it.
    """
    movement = await _movement_of(tx, result)
    if movement is None:
        return []
    order = await lock_order(tx, work_order)
    lot = await lock_lot(tx, movement.lot)
    back = take_back(tx, lot, movement, reason)
    await void_serials(tx, result, is_corrected=is_corrected)
    await recover(tx, lot)
    output = await tx.session.get_one(JobOutput, (job, movement.lot))
    output.pieces -= movement.pieces or 0
    output.reworked -= movement.quantity if not movement.pieces else 0
    await settle_onwards(tx, order, job, tx.now)
    await settle_takers(tx, lot)
    back.flags = [] if is_corrected else await lacks(tx, lot)
    return back.flags


async def _lot_of(
    tx: Transaction, order: LockedOrder, made: ProductionInput, item: Item | None
) -> tuple[Lot, list[str]]:
    """The lot for a result's pieces, locked.

    It is of the stock when ``item`` is given, else it lies between two operations.
    """
    job, flags = order.jobs[made.job], []
    op = None if item else job.op
    facts: dict[str, Any] = {
        "origin": Origin.PRODUCED.value,
        "op": op,
        "number": job.number,
        "machine": made.machine,
        "business_date": made.business_date,
        "shift": made.shift,
        "produced_on": made.business_date,
        "expires_on": item and expiry(item, made.business_date),
        "at": made.at,
    }
    if made.lot is not None:
        named = await lock_known_lot(tx, made.lot)
        if named is None:
            return await new_lot(tx, made.lot, job.item, job.unit, **facts), []
        if (named.item, named.op) == (job.item, op):
            named.available_from = min(named.available_from, made.at)
            return named, []
        flags.append("lot_taken")
    present = select(Lot).where(
        Lot.job == job.id, Lot.business_date == made.business_date, col(Lot.shift).is_not_distinct_from(made.shift)
    )
    lot = await tx.session.scalar(present.with_for_update(key_share=True).execution_options(populate_existing=True))
    if lot is None:
        values = {"order": job.number, "machine": made.machine, "shift": made.shift}
        if item:
            code = await new_code(tx, item, made.business_date, **values)
        else:
            code = await between_code(tx, job.number, job.op, made.business_date, made.shift)
        lot = await new_lot(tx, code, job.item, job.unit, job=job.id, **facts)
    lot.available_from = min(lot.available_from, made.at)
    return lot, flags
