"""Lots are received, split, merged, held, released, counted and shipped; shipments and scans are taken back."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from services.production.definitions.queries import find_item, load_units
from services.production.definitions.tables import Item
from services.production.genealogy.commands.consumption import give_back_scan
from services.production.genealogy.commands.ledger import check_not_reversed, lock_known_lot, lock_lot, move, take_back
from services.production.genealogy.commands.numbering import expiry, new_code, new_lot, part_code
from services.production.genealogy.commands.quantities import planned_quantity, stock_unit
from services.production.genealogy.commands.serials import move_serials
from services.production.genealogy.domain import Move, Origin
from services.production.genealogy.queries.lots import describe_lot, describe_movements, state_of
from services.production.genealogy.schemas import CountIn, LotOut, MergeIn, MovementOut, ReceiveIn, ShipIn, SplitIn
from services.production.genealogy.tables import Lot, LotEdge, Movement
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable
from shared.kit.quantities import plain
from shared.kit.units_given import require_quantity


async def receive_lot(tx: Transaction, body: ReceiveIn) -> LotOut:
    """Take a lot in; one that the floor has used before it was received gets its quantity now."""
    item = await find_item(tx.session, body.item)
    if item is None:
        raise unprocessable("item", "unknown_reference", value=body.item)
    stock = await stock_unit(tx, item.code, item.unit)
    quantity = require_quantity(await load_units(tx.session), stock, body.quantity, body.unit)
    facts = body.model_dump(exclude={"item", "quantity", "unit", "lot"})
    used = await lock_known_lot(tx, body.lot) if body.lot else None
    if used is not None and (used.origin, used.item) == (Origin.UNRECEIVED, body.item):
        used.sqlmodel_update({name: value for name, value in facts.items() if value is not None})
        used.origin = Origin.RECEIVED.value
        lot = used
    else:
        facts["expires_on"] = body.expires_on or expiry(item, body.produced_on or tx.today)
        code = body.lot or await new_code(tx, item, tx.today)
        lot = await new_lot(tx, code, item.code, item.unit, origin=Origin.RECEIVED.value, **facts)
    move(tx, lot, Move.RECEIVED, quantity)
    await tx.session.flush()
    return await describe_lot(tx.session, lot, tx.today)


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
        tx, body.lot or await part_code(tx, code), lot.item, lot.unit, origin=Origin.SPLIT.value, **alike
    )
    out = move(tx, lot, Move.SPLIT, -quantity, other=part.code)
    move(tx, part, Move.SPLIT, quantity, other=code)
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
        origin=Origin.MERGED.value,
        expires_on=min(expiries, default=None),
        **shared,
    )
    for lot in lots:
        quantity = lot.remaining
        out = move(tx, lot, Move.MERGED, -quantity, other=merged.code)
        move(tx, merged, Move.MERGED, quantity, other=lot.code)
        tx.session.add(LotEdge(source=lot.code, target=merged.code, via=out.id, kind="merged", quantity=quantity))
    await tx.session.flush()
    return await describe_lot(tx.session, merged, tx.today)


async def hold_lot(tx: Transaction, code: str, reason: str) -> LotOut:
    """Keep a lot from being used or shipped; 409 when it is held already."""
    lot = await lock_lot(tx, code)
    if lot.hold_reason is not None:
        raise Problem(409, "wrong_state", state="on_hold")
    lot.hold_reason = reason
    tx.audit("hold", f"lot/{code}", reason=reason)
    await tx.session.flush()
    return await describe_lot(tx.session, lot, tx.today)


async def release_lot(tx: Transaction, code: str, reason: str) -> LotOut:
    """Let a held lot be used again; 409 when it is not held."""
    lot = await lock_lot(tx, code)
    if lot.hold_reason is None:
        raise Problem(409, "wrong_state", state=state_of(lot, tx.today).value)
    tx.audit("release", f"lot/{code}", differences({"hold_reason": lot.hold_reason}, {"hold_reason": None}), reason)
    lot.hold_reason = None
    await tx.session.flush()
    return await describe_lot(tx.session, lot, tx.today)


async def count_lot(tx: Transaction, code: str, body: CountIn) -> LotOut:
    """Say what is really there of a lot; the difference is a movement."""
    lot = await lock_lot(tx, code)
    quantity = await planned_quantity(tx, lot, body.quantity, body.unit)
    changes = differences({"remaining": plain(lot.remaining)}, {"remaining": plain(quantity)})
    move(tx, lot, Move.COUNTED, quantity - lot.remaining, reason=body.reason)
    tx.audit("count", f"lot/{code}", changes, body.reason)
    await tx.session.flush()
    return await describe_lot(tx.session, lot, tx.today)


async def ship_lot(tx: Transaction, code: str, body: ShipIn) -> MovementOut:
    """Send goods to a customer; 422 when the lot is held, expired, or has not so much."""
    lot = await lock_lot(tx, code)
    _check_usable(lot, is_expired_fine=False, tx=tx)
    quantity = await planned_quantity(tx, lot, body.quantity, body.unit)
    _check_enough(lot, quantity)
    shipped = move(
        tx,
        lot,
        Move.SHIPPED,
        -quantity,
        customer=body.customer,
        reference=body.reference,
        serials=sorted(set(body.serials)),
    )
    await move_serials(tx, lot, shipped.serials, before="in_stock", after="shipped")
    tx.audit("ship", f"lot/{code}", [("quantity", None, plain(quantity)), ("customer", None, body.customer)])
    await tx.session.flush()
    return (await describe_movements(tx.session, [shipped]))[0]


async def reverse_movement(tx: Transaction, id_: UUID, reason: str) -> MovementOut:
    """Take a scan or a shipment back; 409 when that was done already."""
    movement = await tx.session.get(Movement, id_)
    if movement is None:
        raise Problem(404, "not_found")
    if movement.reverses is not None or movement.kind not in (Move.CONSUMED, Move.SHIPPED):
        raise Problem(422, "movement_fixed")
    if movement.kind == Move.CONSUMED:
        back = await give_back_scan(tx, movement, reason)
    else:
        lot = await lock_lot(tx, movement.lot)
        await check_not_reversed(tx, id_)
        back = take_back(tx, lot, movement, reason)
        await move_serials(tx, lot, movement.serials, before="shipped", after="in_stock")
        tx.audit("reverse_shipment", f"lot/{lot.code}", reason=reason)
    await tx.session.flush()
    return (await describe_movements(tx.session, [back]))[0]


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
