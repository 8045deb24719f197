"""The ledger of lots: every change of a quantity is a movement, written here alone."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.production.genealogy.domain import Move
from services.production.genealogy.tables import Lot, Movement
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


async def lock_known_lot(tx: Transaction, code: str) -> Lot | None:
    """The lot, locked until the end of the transaction, if there is one."""
    return await tx.session.get(Lot, code, with_for_update={"key_share": True}, populate_existing=True)


async def lock_lot(tx: Transaction, code: str) -> Lot:
    """The lot, locked until the end of the transaction, or a 404 problem."""
    lot = await lock_known_lot(tx, code)
    if lot is None:
        raise Problem(404, "not_found")
    return lot


def move(
    tx: Transaction, lot: Lot, kind: Move, quantity: Decimal, *, at: datetime | None = None, **facts: Any
) -> Movement:
    """Change a locked lot's quantity and write why."""
    is_parted = kind in (Move.SPLIT, Move.MERGED)
    if kind in (Move.RECEIVED, Move.PRODUCED) or (is_parted and quantity > 0):
        lot.came_in += quantity
    lot.remaining += quantity
    movement = Movement(
        id=new_id(),
        lot=lot.code,
        kind=kind.value,
        quantity=quantity,
        person=tx.actor.person,
        device=tx.actor.device,
        at=at or tx.now,
        recorded_at=tx.now,
        **facts,
    )
    tx.session.add(movement)
    return movement


async def check_not_reversed(tx: Transaction, id_: UUID) -> None:
    """A 409 problem when the movement, whose lot is locked, was taken back already."""
    if await tx.session.scalar(select(Movement.id).where(col(Movement.reverses) == id_)):
        raise Problem(409, "movement_reversed", state="reversed")


def take_back(tx: Transaction, lot: Lot, movement: Movement, reason: str | None) -> Movement:
    """Write the opposite of a movement; the caller has seen that nobody did before."""
    copied = movement.model_dump(include={"other", "job", "result", "customer", "reference", "serials"})
    copied["pieces"] = None if movement.pieces is None else -movement.pieces
    return move(tx, lot, Move(movement.kind), -movement.quantity, reverses=movement.id, reason=reason, **copied)
