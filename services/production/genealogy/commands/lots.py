"""Lots are received, split, merged, held, released, counted and shipped.

Receipts, shipments and scans are taken back; a receipt or a shipment is corrected in one step.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.production.definitions.commands import effective_time
from services.production.definitions.queries import find_item, load_units
from services.production.definitions.tables import Item
from services.production.genealogy.commands.consumption import give_back_scan
from services.production.genealogy.commands.ledger import (
    check_not_reversed,
    lacks,
    lock_known_lot,
    lock_lot,
    move,
    recover,
    take_back,
)
from services.production.genealogy.commands.numbering import expiry, new_code, new_lot, part_code
from services.production.genealogy.commands.quantities import planned_quantity, stock_unit
from services.production.genealogy.commands.serials import (
    count_serials,
    find_back,
    in_stock,
    note_whereabouts,
    take_serials,
)
from services.production.genealogy.commands.settle import settle_takers, settle_waiting
from services.production.genealogy.domain.lots import SEPARATOR, Move, Origin
from services.production.genealogy.queries.lots import describe_lot, describe_movements, state_of
from services.production.genealogy.schemas import (
    CorrectMovementIn,
    CountIn,
    LotOut,
    MergeIn,
    MovementOut,
    ReceiveIn,
    ShipIn,
    SplitIn,
)
from services.production.genealogy.tables import Lot, LotEdge, Movement
from services.production.permissions import CORRECT_STOCK
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable
from shared.kit.quantities import plain
from shared.kit.units_given import require_quantity

DETAILS = {"supplier_lot", "supplier", "produced_on", "expires_on", "location"}
"""Details of a delivery that hold for all of its lot."""


async def receive_lot(tx: Transaction, body: ReceiveIn) -> LotOut:
    """Take a lot in, or more of one that was received before; what the floor used already gets its quantity now.

    422 for a number that something else has, or that another delivery has with other details.
    """
    item = await find_item(tx.session, body.item)
    if item is None:
        raise unprocessable("item", "unknown_reference", value=body.item)
    time = effective_time(tx, body.at)
    at = time.at
    stock = await stock_unit(tx, item.code, item.unit)
    quantity = require_quantity(await load_units(tx.session), stock, body.quantity, body.unit)
    facts = body.model_dump(include=DETAILS)
    lot = await lock_known_lot(tx, body.lot) if body.lot else None
    if lot is None:
        facts["expires_on"] = body.expires_on or expiry(item, body.produced_on or at.astimezone(tx.zone).date())
        code = body.lot or await new_code(tx, item, at.astimezone(tx.zone).date())
        lot = await new_lot(tx, code, item.code, item.unit, at=at, origin=Origin.RECEIVED.value, **facts)
    elif (lot.item, lot.op) != (item.code, None) or lot.origin not in (Origin.UNRECEIVED, Origin.RECEIVED):
        raise unprocessable("lot", "lot_exists", value=lot.code)
    else:
        _add_to(lot, facts, at)
    move(tx, lot, Move.RECEIVED, quantity, at=at, flags=[flag for flag in time.flags if flag == "clock"])
    await settle_waiting(tx, item.code)
    return await describe_lot(tx.session, lot, tx.today)


def _add_to(lot: Lot, facts: dict[str, Any], at: datetime) -> None:
    """More of a lot: what the first delivery left open is noted, and what it said otherwise is no part of this lot."""
    for name, value in facts.items():
        known = getattr(lot, name)
        if value is not None and known not in (None, value) and name != "location":
            raise unprocessable(name, "lot_differs", lot=lot.code, known=str(known))
    lot.sqlmodel_update({name: value for name, value in facts.items() if value is not None})
    lot.origin = Origin.RECEIVED.value
    lot.available_from = min(lot.available_from, at)


async def split_lot(tx: Transaction, code: str, body: SplitIn) -> LotOut:
    """Put a part of a lot into one of its own, which is held and expires as the first one does."""
    lot = await lock_lot(tx, code)
    quantity = await planned_quantity(tx, lot, body.quantity, body.unit)
    _check_enough(lot, quantity)
    alike = lot.model_dump(
        include={
            "op",
            "number",
            "machine",
            "supplier_lot",
            "supplier",
            "produced_on",
            "expires_on",
            "location",
            "hold_reason",
        }
    )
    part = await new_lot(
        tx,
        body.lot or await part_code(tx, code),
        lot.item,
        lot.unit,
        at=lot.available_from,
        origin=Origin.SPLIT.value,
        **alike,
    )
    leaving = await take_serials(tx, lot, quantity, body.serials, last_by_default=True)
    numbers = await note_whereabouts(tx, leaving, lot=part.code)
    out = move(tx, lot, Move.SPLIT, -quantity, other=part.code, serials=numbers)
    move(tx, part, Move.SPLIT, quantity, other=code, serials=numbers)
    tx.session.add(LotEdge(source=code, target=part.code, via=out.id, kind="split", quantity=quantity))
    await tx.session.flush()
    return await describe_lot(tx.session, part, tx.today)


async def merge_lots(tx: Transaction, body: MergeIn) -> LotOut:
    """Make one lot of what is left of several of one item; it expires when the first of them does."""
    codes = sorted(set(body.lots))
    if len(codes) < 2:
        raise unprocessable("lots", "too_short", min_length=2)
    lots = [await lock_lot(tx, code) for code in codes]
    for lot in lots:
        if (lot.item, lot.op) != (lots[0].item, lots[0].op):
            raise Problem(422, "wrong_item", lot=lot.code, item=lot.item, wanted=lots[0].item)
        if lot.op is not None and lot.number != lots[0].number:
            raise Problem(422, "lot_of_another_order", lot=lot.code)
        _check_usable(lot, is_expired_fine=True, tx=tx)
    expiries = [lot.expires_on for lot in lots if lot.expires_on is not None]
    item = await tx.session.get_one(Item, lots[0].item)
    shared: dict[str, Any] = {}
    for name in ("op", "number", "supplier", "location"):
        values = {getattr(lot, name) for lot in lots}
        shared[name] = values.pop() if len(values) == 1 else None
    merged = await new_lot(
        tx,
        body.lot or await new_code(tx, item, tx.today, order=shared["number"]),
        item.code,
        lots[0].unit,
        at=max(lot.available_from for lot in lots),
        origin=Origin.MERGED.value,
        expires_on=min(expiries, default=None),
        **shared,
    )
    for lot in lots:
        quantity = lot.remaining
        numbers = await note_whereabouts(tx, await in_stock(tx, lot.code), lot=merged.code)
        out = move(tx, lot, Move.MERGED, -quantity, other=merged.code, serials=numbers)
        move(tx, merged, Move.MERGED, quantity, other=lot.code, serials=numbers)
        tx.session.add(LotEdge(source=lot.code, target=merged.code, via=out.id, kind="merged", quantity=quantity))
    await tx.session.flush()
    return await describe_lot(tx.session, merged, tx.today)


async def hold_lot(tx: Transaction, code: str, reason: str) -> LotOut:
    """Keep a lot from being used or shipped; a lot that is held already gets one more reason."""
    lot = await lock_lot(tx, code)
    known = lot.hold_reason
    if known is not None and reason in known.split(SEPARATOR):
        raise Problem(409, "wrong_state", state="on_hold")
    tx.audit("hold", f"lot/{code}", reason=reason)
    lot.hold_reason = reason if known is None else f"{known}{SEPARATOR}{reason}"
    await tx.session.flush()
    return await describe_lot(tx.session, lot, tx.today)


async def release_lot(tx: Transaction, code: str, reason: str) -> LotOut:
    """Let a held lot be used again; 409 when it is not held."""
    lot = await lock_lot(tx, code)
    if lot.hold_reason is None:
        raise Problem(409, "wrong_state", state=state_of(lot, tx.today).value)
    tx.audit("release", f"lot/{code}", differences({"hold_reason": lot.hold_reason}, {"hold_reason": None}), reason)
    lot.hold_reason = None
    await settle_waiting(tx, lot.item)
    return await describe_lot(tx.session, lot, tx.today)


async def count_lot(tx: Transaction, code: str, body: CountIn) -> LotOut:
    """Say what is really there of a lot; the difference is a movement, with the numbers of what is found or missing."""
    lot = await lock_lot(tx, code)
    quantity = await planned_quantity(tx, lot, body.quantity, body.unit)
    changes = differences({"remaining": plain(lot.remaining)}, {"remaining": plain(quantity)})
    numbers = await count_serials(tx, lot, quantity, body.serials)
    difference = quantity - lot.remaining
    move(tx, lot, Move.COUNTED, difference, reason=body.reason, serials=numbers.found + numbers.missing)
    tx.audit("count", f"lot/{code}", changes, body.reason)
    if difference > 0:
        await settle_waiting(tx, lot.item)
    await tx.session.flush()
    return await describe_lot(tx.session, lot, tx.today)


async def ship_lot(tx: Transaction, code: str, body: ShipIn) -> MovementOut:
    """Send goods to a customer; 422 when the lot is held, expired, or has not so much."""
    lot = await lock_lot(tx, code)
    _check_usable(lot, is_expired_fine=False, tx=tx)
    quantity = await planned_quantity(tx, lot, body.quantity, body.unit)
    _check_enough(lot, quantity)
    shipped = await _ship(tx, lot, quantity, body.customer, body.reference, body.serials)
    tx.audit("ship", f"lot/{code}", [("quantity", None, plain(quantity)), ("customer", None, body.customer)])
    await tx.session.flush()
    return (await describe_movements(tx.session, [shipped]))[0]


async def _ship(
    tx: Transaction, lot: Lot, quantity: Decimal, customer: str, reference: str | None, serials: Sequence[str]
) -> Movement:
    numbers = await note_whereabouts(tx, await take_serials(tx, lot, quantity, serials), state="shipped")
    return move(tx, lot, Move.SHIPPED, -quantity, customer=customer, reference=reference, serials=numbers)


async def reverse_movement(tx: Transaction, id_: UUID, reason: str) -> MovementOut:
    """Take a receipt, a scan or a shipment back; 409 when that was done already.

    403 for a receipt or a shipment of whoever may not correct stock.
    """
    movement = await _correctable(tx, id_)
    if movement.kind != Move.CONSUMED and not CORRECT_STOCK.roles & tx.actor.roles:
        raise Problem(403, "not_allowed", roles=sorted(CORRECT_STOCK.roles))
    back = await _reverse(tx, movement, reason)
    await tx.session.flush()
    return (await describe_movements(tx.session, [back]))[0]


async def correct_movement(tx: Transaction, id_: UUID, body: CorrectMovementIn) -> MovementOut:
    """Say what the quantity of a receipt or a shipment should have been: it is taken back, and a new one stands for it.

    What was made of the lot is settled anew.
    """
    movement = await _correctable(tx, id_)
    if movement.kind == Move.CONSUMED or movement.serials:
        raise Problem(422, "movement_fixed")
    await _reverse(tx, movement, body.reason, settles=False)
    lot = await lock_lot(tx, movement.lot)
    quantity = await planned_quantity(tx, lot, body.quantity, body.unit)
    if movement.kind == Move.SHIPPED:
        assert movement.customer is not None  # noqa: S101  a shipment has one
        _check_enough(lot, quantity)
        anew = await _ship(tx, lot, quantity, movement.customer, movement.reference, [])
    else:
        anew = move(tx, lot, Move.RECEIVED, quantity)
    anew.at, anew.reason = movement.at, body.reason
    await _settle_after(tx, lot)
    anew.flags = await lacks(tx, lot)
    return (await describe_movements(tx.session, [anew]))[0]


async def _correctable(tx: Transaction, id_: UUID) -> Movement:
    movement = await tx.session.get(Movement, id_)
    if movement is None:
        raise Problem(404, "not_found")
    if movement.reverses is not None or movement.kind not in (Move.RECEIVED, Move.CONSUMED, Move.SHIPPED):
        raise Problem(422, "movement_fixed")
    return movement


async def _reverse(tx: Transaction, movement: Movement, reason: str, *, settles: bool = True) -> Movement:
    if movement.kind == Move.CONSUMED:
        return await give_back_scan(tx, movement, reason)
    lot = await lock_lot(tx, movement.lot)
    await check_not_reversed(tx, movement.id)
    back = take_back(tx, lot, movement, reason)
    await note_whereabouts(tx, await find_back(tx, lot, movement.serials, "shipped"), state="in_stock")
    tx.audit(f"reverse_{'shipment' if movement.kind == Move.SHIPPED else 'receipt'}", f"lot/{lot.code}", reason=reason)
    if settles:
        await _settle_after(tx, lot)
        back.flags = await lacks(tx, lot)
    return back


async def _settle_after(tx: Transaction, lot: Lot) -> None:
    """Who took of a lot whose receipt or shipment is another now."""
    await recover(tx, lot)
    await settle_takers(tx, lot)
    if lot.remaining > 0:
        await settle_waiting(tx, lot.item)


def _check_enough(lot: Lot, quantity: Decimal) -> None:
    if quantity > lot.remaining:
        raise Problem(422, "lot_short", lot=lot.code, remaining=plain(lot.remaining), unit=lot.unit)


def _check_usable(lot: Lot, *, is_expired_fine: bool, tx: Transaction) -> None:
    if lot.hold_reason is not None:
        raise Problem(422, "lot_on_hold", lot=lot.code, reason=lot.hold_reason)
    if lot.remaining <= 0:
        raise Problem(422, "lot_empty", lot=lot.code)
    if not is_expired_fine and lot.expires_on is not None and lot.expires_on < tx.today:
        raise Problem(422, "lot_expired", lot=lot.code, expires_on=lot.expires_on.isoformat())
