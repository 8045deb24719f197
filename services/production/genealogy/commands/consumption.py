"""Lots for jobs: scanned by hand, checked before they go in, and taken back when it was the wrong one."""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlmodel import select

from services.production.definitions.queries import find_item
from services.production.genealogy.commands.balance import (
    LockedOrder,
    add_supply,
    balance_job,
    lock_order,
    outputs_of,
    supplies_of,
)
from services.production.genealogy.commands.ledger import check_not_reversed, lock_known_lot, lock_lot, move, take_back
from services.production.genealogy.commands.numbering import new_lot
from services.production.genealogy.commands.serials import move_serials
from services.production.genealogy.domain import Move, Origin, SupplyLine, objections, rounded
from services.production.genealogy.queries.lots import view_of
from services.production.genealogy.schemas import ConsumeIn, ConsumptionOut
from services.production.genealogy.tables import JobSupply, Lot, Movement, Serial
from services.production.jobs.queries.jobs import get_job
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable
from shared.kit.quantities import plain


async def consume(tx: Transaction, job: UUID, body: ConsumeIn) -> ConsumptionOut:
    """Give a lot to a job. What speaks against it keeps it out, unless it is in already: then it is flagged."""
    order = await lock_order(tx, (await get_job(tx.session, job)).work_order_id)
    at = min(body.at or tx.now, tx.now)
    found, serial = await _find(tx, body.lot)
    flags = []
    if found is None:
        if not body.used:
            raise Problem(422, "lot_unknown", lot=body.lot)
        found = await _unreceived(tx, order, job, body)
        flags.append("lot_unknown")
    lot = await lock_lot(tx, found.code)
    needed = [item for line in order.lines[job] for item in line.per_piece if item]
    against = [] if flags else objections(view_of(lot), needed, at.astimezone(tx.zone).date())
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
    line = _line_of(order, job, body.component or lot.item)
    quantity = body.quantity or (Decimal(1) if serial else await _rest(tx, order, job, line, lot, used=body.used))
    if not against and not flags and quantity > lot.remaining:
        against.append("lot_short")
    movement = move(
        tx,
        lot,
        Move.CONSUMED,
        -quantity,
        job=job,
        at=at,
        scanned=body.scanned,
        flags=flags + against,
        serials=[serial] if serial else [],
    )
    if serial:
        await move_serials(tx, lot, [serial], before="in_stock", after="consumed")
    await tx.session.flush()
    await add_supply(tx, job, lot.code, line.key if line else lot.item, scanned=quantity, since=at)
    await balance_job(tx, order, job, at)
    return ConsumptionOut(
        id=movement.id,
        job=job,
        lot=lot.code,
        item=lot.item,
        unit=lot.unit,
        quantity=quantity,
        remaining=lot.remaining,
        flags=movement.flags,
    )


async def give_back_scan(tx: Transaction, movement: Movement, reason: str) -> Movement:
    """Take a scan back: the lot has its quantity again, and the job has it not."""
    assert movement.job is not None  # noqa: S101  a scan is always for a job
    order = await lock_order(tx, (await get_job(tx.session, movement.job)).work_order_id)
    lot = await lock_lot(tx, movement.lot)
    await check_not_reversed(tx, movement.id)
    back = take_back(tx, lot, movement, reason)
    await move_serials(tx, lot, movement.serials, before="consumed", after="in_stock")
    supply = await tx.session.get_one(JobSupply, (movement.job, lot.code))
    supply.scanned += movement.quantity
    await balance_job(tx, order, movement.job, tx.now)
    return back


async def _find(tx: Transaction, text: str) -> tuple[Lot | None, str | None]:
    """The lot that a label's text means.

    The text is its own number, a piece's serial number, or the supplier's number where only one lot has it.
    """
    code = unicodedata.normalize("NFC", text).strip()
    lot = await lock_known_lot(tx, code)
    if lot is not None:
        return lot, None
    serials = list(
        await tx.session.scalars(select(Serial).where(Serial.code == code, Serial.state == "in_stock").limit(2))
    )
    if len(serials) == 1:
        return await tx.session.get(Lot, serials[0].lot), code
    lots = list(await tx.session.scalars(select(Lot).where(Lot.supplier_lot == code, Lot.remaining > 0).limit(2)))
    return (lots[0] if len(lots) == 1 else None), None


async def _unreceived(tx: Transaction, order: LockedOrder, job: UUID, body: ConsumeIn) -> Lot:
    """A lot that is in the machine and that nobody has received yet.

    It is one of the component that is named, or the only one that there is.
    """
    keys = [line.key for line in order.lines[job] if not line.key.startswith("/")]
    component = body.component or (keys[0] if len(keys) == 1 else None)
    if component is None:
        raise unprocessable("component", "missing")
    item = await find_item(tx.session, component)
    if item is None:
        raise unprocessable("component", "unknown_reference", value=component)
    code = re.sub(r"[^\w.+#-]+", "-", unicodedata.normalize("NFC", body.lot).strip())[:60].lstrip(".+#-")
    if not code:
        raise unprocessable("lot", "string_pattern_mismatch")
    return await new_lot(tx, code, item.code, item.unit, origin=Origin.UNRECEIVED.value)


def _line_of(order: LockedOrder, job: UUID, item: str) -> SupplyLine | None:
    return next((line for line in order.lines[job] if item in line.per_piece), None)


async def _rest(
    tx: Transaction, order: LockedOrder, job: UUID, line: SupplyLine | None, lot: Lot, *, used: bool
) -> Decimal:
    """The quantity that the job still needs for its plan, at most what is left of the lot.

    All of the lot when nothing says how much. A job that needs no more of it is asked how much: a 422 problem, unless
    the lot is in the machine already.
    """
    per_piece = line.of(lot.item) if line else None
    left = lot.remaining
    if line and per_piece:
        made = sum((Fraction(output.pieces) for output in await outputs_of(tx, job)), Fraction(0))
        given = [(s, p) for s, other in await supplies_of(tx, job) if s.line == line.key and (p := line.of(other.item))]
        enough = sum((Fraction(supply.scanned + supply.drawn) / per for supply, per in given), Fraction(0))
        rest = rounded((max(Fraction(order.jobs[job].planned), made) - enough) * per_piece)
        if rest > 0:
            left = min(rest, lot.remaining) if lot.remaining > 0 else rest
        elif not used:
            raise Problem(422, "need_covered", lot=lot.code, remaining=plain(lot.remaining), unit=lot.unit)
    if left <= 0:
        raise unprocessable("quantity", "missing")
    return left
