"""Lots for jobs: scanned by hand, checked before they go in, given back when something is left over, and taken back
when it was the wrong one.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlmodel import col, func, or_, select

from services.production.definitions.commands import effective_time
from services.production.definitions.queries import find_item
from services.production.genealogy.commands.ledger import (
    check_not_reversed,
    lacks,
    lock_known_lot,
    lock_lot,
    move,
    take_back,
)
from services.production.genealogy.commands.numbering import new_lot
from services.production.genealogy.commands.quantities import used_quantity
from services.production.genealogy.commands.serials import (
    assume_serials,
    find_back,
    free_assumed,
    note_whereabouts,
    restore_serials,
)
from services.production.genealogy.commands.settle import (
    LockedOrder,
    add_supply,
    lock_order,
    settle_job,
    settle_takers,
    settle_waiting,
)
from services.production.genealogy.commands.sources import enough_for, given_to, outputs_of
from services.production.genealogy.domain.flow import SupplyLine, line_for, rounded
from services.production.genealogy.domain.lots import LOT_SHORT, Move, Origin, objections
from services.production.genealogy.domain.scans import Reading, clean, readings
from services.production.genealogy.queries.lots import view_of
from services.production.genealogy.schemas import ConsumeIn, ConsumptionOut
from services.production.genealogy.tables import JobSupply, Lot, Movement, Serial
from services.production.jobs.queries.jobs import get_job
from services.production.jobs.tables import Job
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable
from shared.kit.quantities import plain


async def consume(tx: Transaction, job: UUID, body: ConsumeIn) -> ConsumptionOut:
    """Give a lot to a job; a negative quantity goes back.

    What speaks against a lot keeps it out, unless it is in already: then it is flagged.
    """
    order = await lock_order(tx, (await get_job(tx.session, job)).work_order_id)
    time = effective_time(tx, body.at, released_at=(await tx.session.get_one(Job, job)).released_at)
    at = time.at
    if body.quantity is not None and body.quantity < 0:
        return await _give_back(tx, order, job, body, at)
    needed = [item for line in order.lines[job] for item in line.per_piece if item]
    found, serial = await _find(tx, body.lot, needed)
    flags = []
    if found is None:
        if not body.used:
            raise Problem(422, "lot_unknown", lot=body.lot)
        found = await _unreceived(tx, order, job, body)
        flags.append("lot_unknown")
    if serial is not None and serial.assumed:
        await free_assumed(tx, serial)
    lot = await lock_lot(tx, found.code)
    against = [] if flags else objections(view_of(lot), needed, at.astimezone(tx.zone).date())
    if serial is not None and against == ["lot_empty"]:
        against = []  # its number turned up: what was assumed of it is settled anew
    if against and not body.used:
        raise Problem(
            422,
            against[0],
            lot=lot.code,
            item=lot.item,
            wanted=", ".join(needed),
            reason=lot.hold_reason or "",
            expires_on=lot.expires_on.isoformat() if lot.expires_on else "",
        )
    missing = await _missing(tx, order, job)
    line = line_for(order.lines[job], lot.item, body.component, missing)
    if body.quantity is not None:
        quantity, parts = await used_quantity(tx, lot, body.quantity, body.unit)
        flags += parts
    else:
        quantity = Decimal(1) if serial else _rest(line, lot, missing, used=body.used)
    if not against and "lot_unknown" not in flags and quantity > lot.remaining and serial is None:
        against.append(LOT_SHORT)
    movement = move(
        tx,
        lot,
        Move.CONSUMED,
        -quantity,
        job=job,
        at=at,
        scanned=body.scanned,
        flags=flags + against + list(time.flags),
    )
    movement.line = line.key if line else lot.item
    if serial is not None:
        movement.serials = await note_whereabouts(tx, [serial], state="consumed", job=job, assumed=False)
    else:
        movement.serials = await assume_serials(tx, lot, job, quantity)
        movement.flags = movement.flags + ["serials_assumed"] * bool(movement.serials)
    await tx.session.flush()
    await add_supply(tx, job, lot.code, movement.line, scanned=quantity, since=at)
    await settle_job(tx, order, job, at)
    await settle_takers(tx, lot)
    return _described(movement, lot)


async def give_back_scan(tx: Transaction, movement: Movement, reason: str) -> Movement:
    """Take a scan, or what was given back of one, back: the lot and the job have what they had before."""
    assert movement.job is not None  # noqa: S101  a scan is always for a job
    order = await lock_order(tx, (await get_job(tx.session, movement.job)).work_order_id)
    lot = await lock_lot(tx, movement.lot)
    await check_not_reversed(tx, movement.id)
    key = movement.line or await _only_line(tx, movement.job, lot.code)
    supply = await tx.session.get_one(JobSupply, (movement.job, lot.code, key))
    if supply.scanned + movement.quantity < 0:
        raise Problem(422, "more_than_given", lot=lot.code, given=plain(supply.scanned), unit=lot.unit)
    back = take_back(tx, lot, movement, reason)
    if movement.quantity < 0:
        serials = await find_back(tx, lot, movement.serials, "consumed")
        await note_whereabouts(tx, serials, state="in_stock", job=None, assumed=False)
    else:
        serials = await find_back(tx, lot, movement.serials, "in_stock")
        await note_whereabouts(tx, serials, state="consumed", job=movement.job)
        supply.spared = Decimal(0)
    supply.scanned += movement.quantity
    await settle_job(tx, order, movement.job, tx.now)
    await _settle_lot(tx, lot)
    back.flags = await lacks(tx, lot)
    return back


async def _give_back(tx: Transaction, order: LockedOrder, job: UUID, body: ConsumeIn, at: datetime) -> ConsumptionOut:
    """What is left over of a lot goes back; it was weighed, so what the pieces took is known.

    Where that is less than the bill of material says, nothing more is drawn for them.
    """
    assert body.quantity is not None  # noqa: S101  the caller has seen it
    found, serial = await _find(tx, body.lot, [], given_to_job=job)
    components = {line.key: line.component for line in order.lines[job]}
    supplies = [
        supply
        for rows in (await given_to(tx, job)).values()
        for supply, lot in rows
        if found and lot.code == found.code and supply.scanned > 0
    ]
    if body.component is not None:
        supplies = [supply for supply in supplies if components.get(supply.line) == body.component]
    if found is None or not supplies:
        raise Problem(422, "lot_not_given", lot=body.lot)
    supply, lot = supplies[0], await lock_lot(tx, found.code)
    back, parts = await used_quantity(tx, lot, -body.quantity, body.unit)
    if back > supply.scanned:
        raise Problem(422, "more_than_given", lot=lot.code, given=plain(supply.scanned), unit=lot.unit)
    movement = move(tx, lot, Move.CONSUMED, back, job=job, at=at, scanned=body.scanned, line=supply.line, flags=parts)
    if serial is not None:
        movement.serials = await note_whereabouts(tx, [serial], state="in_stock", job=None, assumed=False)
    else:
        movement.serials = await restore_serials(tx, lot, job, back)
    supply.scanned -= back
    await tx.session.flush()
    missing = await _missing(tx, order, job, planned=False)
    spared = missing.get(supply.line, Fraction(0))
    if spared > 0:
        supply.spared += _upwards(spared)
    await settle_job(tx, order, job, at)
    await _settle_lot(tx, lot)
    return _described(movement, lot)


async def _settle_lot(tx: Transaction, lot: Lot) -> None:
    """Those who took of a lot that has more or less now."""
    await settle_takers(tx, lot)
    if lot.remaining > 0:
        await settle_waiting(tx, lot.item)


async def _find(
    tx: Transaction, text: str, needed: Sequence[str], given_to_job: UUID | None = None
) -> tuple[Lot | None, Serial | None]:
    """The lot that a label's text means, and the piece when it is a piece's number.

    422 with the lots to choose from when it may mean several.
    """
    for reading in readings(text):
        lot, serial = await _find_reading(tx, reading, needed, given_to_job)
        if lot is not None:
            return lot, serial
    return None, None


async def _find_reading(
    tx: Transaction, reading: Reading, needed: Sequence[str], job: UUID | None
) -> tuple[Lot | None, Serial | None]:
    code = reading.code
    if reading.is_lot and (lot := await lock_known_lot(tx, code)) is not None:
        return lot, None
    if reading.is_serial:
        is_there = Serial.job == job if job else or_(col(Serial.state) == "in_stock", col(Serial.assumed))
        found = await _alike(tx, select(Serial).where(func.lower(Serial.code) == code.lower(), is_there), code)
        pieces = [piece for piece in found if piece.item in needed] or found
        if len(pieces) > 1:
            raise await _ambiguous(tx, code, [piece.lot for piece in pieces])
        if pieces:
            return await tx.session.get(Lot, pieces[0].lot), pieces[0]
    if not reading.is_lot:
        return None, None
    if lots := await _alike(tx, select(Lot).where(func.lower(Lot.code) == code.lower()), code):
        if len(lots) > 1:
            raise await _ambiguous(tx, code, [lot.code for lot in lots])
        return lots[0], None
    of_supplier = select(Lot).where(func.lower(Lot.supplier_lot) == code.lower())
    if job is not None:
        of_supplier = of_supplier.where(col(Lot.code).in_(select(JobSupply.lot).where(JobSupply.job == job)))
    lots = list(await tx.session.scalars(of_supplier.order_by(col(Lot.available_from), col(Lot.code))))
    usable = [lot for lot in lots if lot.remaining > 0 and (not needed or lot.item in needed)] or lots
    if len(usable) > 1:
        raise await _ambiguous(tx, code, [lot.code for lot in usable])
    return (usable[0] if usable else None), None


async def _ambiguous(tx: Transaction, code: str, codes: Sequence[str]) -> Problem:
    """The problem of a printed number that several lots have: it names them, so that somebody chooses."""
    lots = [await tx.session.get_one(Lot, one) for one in codes]
    return Problem(
        422,
        "lot_ambiguous",
        lot=code,
        lots=[{"lot": lot.code, "item": lot.item, "remaining": plain(lot.remaining)} for lot in lots],
    )


async def _alike(tx: Transaction, statement, code: str):  # type: ignore[no-untyped-def]  # of a select
    """The rows whose code is like ``code`` but for capitals; the one that is just the same when there is one."""
    rows = list(await tx.session.scalars(statement))
    return [row for row in rows if row.code == code] or rows


async def _unreceived(tx: Transaction, order: LockedOrder, job: UUID, body: ConsumeIn) -> Lot:
    """A lot that is in the machine and that nobody has received yet.

    It is one of the component that is named, or the only one that there is.
    """
    components = sorted({line.component for line in order.lines[job] if line.component})
    component = body.component or (components[0] if len(components) == 1 else None)
    if component is None:
        raise unprocessable("component", "missing")
    item = await find_item(tx.session, component)
    if item is None:
        raise unprocessable("component", "unknown_reference", value=component)
    read = [reading.code for reading in readings(body.lot) if reading.is_lot]
    code = re.sub(r"[^\w.+#-]+", "-", (read or [clean(body.lot)])[-1])[:60].lstrip(".+#-")
    if not code:
        raise unprocessable("lot", "string_pattern_mismatch")
    return await new_lot(tx, code, item.code, item.unit, origin=Origin.UNRECEIVED.value)


async def _missing(tx: Transaction, order: LockedOrder, job: UUID, *, planned: bool = True) -> dict[str, Fraction]:
    """The pieces of each line for which the job was given nothing: of those planned, or of those made."""
    made = sum((Fraction(output.pieces) for output in await outputs_of(tx, job)), Fraction(0))
    pieces = max(Fraction(order.jobs[job].planned), made) if planned else made
    given = await given_to(tx, job)
    return {line.key: pieces - enough_for(line, given.get(line.key, [])) for line in order.lines[job]}


def _rest(line: SupplyLine | None, lot: Lot, missing: Mapping[str, Fraction], *, used: bool) -> Decimal:
    """The quantity that the job still needs for its plan, at most what is left of the lot.

    All of the lot when nothing says how much. A job that needs no more of it is asked how much: a 422 problem, unless
    the lot is in the machine already.
    """
    per_piece = line.of(lot.item) if line else None
    left = lot.remaining
    if line and per_piece:
        rest = rounded(missing[line.key] * per_piece)
        if rest > 0:
            left = min(rest, lot.remaining) if lot.remaining > 0 else rest
        elif not used:
            raise Problem(422, "need_covered", lot=lot.code, remaining=plain(lot.remaining), unit=lot.unit)
    if left <= 0:
        raise unprocessable("quantity", "missing")
    return left


def _upwards(pieces: Fraction) -> Decimal:
    """To twelve places, so that nothing is left that would be drawn."""
    return Decimal(-(-pieces.numerator * 10**12 // pieces.denominator)) / 10**12


async def _only_line(tx: Transaction, job: UUID, lot: str) -> str:
    """The line of a scan that was noted without one."""
    lines = await tx.session.scalars(select(JobSupply.line).where(JobSupply.job == job, JobSupply.lot == lot))
    return min(lines)


def _described(movement: Movement, lot: Lot) -> ConsumptionOut:
    return ConsumptionOut(
        id=movement.id,
        job=movement.job,
        lot=lot.code,
        item=lot.item,
        unit=lot.unit,
        quantity=-movement.quantity,
        remaining=lot.remaining,
        serials=movement.serials,
        flags=movement.flags,
    )
