"""The ledger of lots: every change of a quantity is a movement, written here alone."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import col, func, or_, select

from services.production.genealogy.domain.lots import LOT_SHORT, SHIPPED, Move
from services.production.genealogy.tables import Lot, LotEdge, Movement, Serial
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
    is_parted = kind in (Move.SPLIT, Move.MERGED) and quantity > 0
    is_recovered = kind is Move.RECOVERED and quantity < 0
    if kind in (Move.RECEIVED, Move.PRODUCED) or is_parted or is_recovered:
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


async def recover(tx: Transaction, lot: Lot) -> None:
    """What a lot lacks, as its receipt or report was taken back, comes back from what it was split or merged into.

    It lacks what it has less than nothing, or than its pieces with a number: those that were unmade had left it.
    """
    await tx.session.flush()
    if (beyond := await _unnumbered(tx, lot)) < 0:
        await _recover(tx, lot, -beyond)
        await tx.session.flush()


async def _recover(tx: Transaction, lot: Lot, lacking: Decimal) -> None:
    await tx.session.flush()
    parts = select(LotEdge).where(LotEdge.source == lot.code, col(LotEdge.kind).in_(["split", "merged"]))
    for edge in list(await tx.session.scalars(parts.order_by(col(LotEdge.via).desc()).with_for_update())):
        part = await lock_lot(tx, edge.target)
        due = min(lacking, edge.quantity)
        if (short := due - max(await _unnumbered(tx, part), Decimal(0))) > 0:
            await _recover(tx, part, short)
        back = min(due, await _unnumbered(tx, part))
        if back <= 0:
            continue
        move(tx, part, Move.RECOVERED, -back, other=lot.code)
        move(tx, lot, Move.RECOVERED, back, other=part.code)
        edge.quantity -= back
        lacking -= back


async def lacks(tx: Transaction, lot: Lot) -> list[str]:
    """The flag of a lot that has less than nothing, as what came into it was taken back after it had gone.

    It was shipped, itself or what it was split or merged into, or it was used.
    """
    await tx.session.flush()
    if lot.remaining >= 0:
        return []
    into = parted_from([lot.code])
    shipped = select(func.sum(Movement.quantity)).where(
        or_(Movement.lot == lot.code, col(Movement.lot).in_(into)), Movement.kind == Move.SHIPPED.value
    )
    return [SHIPPED if (await tx.session.scalar(shipped) or 0) < 0 else LOT_SHORT]


def parted_from(lots: Sequence[str], kinds: Sequence[Move] = (Move.SPLIT, Move.MERGED)) -> Select[tuple[str]]:
    """The lots into which these were split or merged, and those into which they were parted again."""
    is_parted = col(LotEdge.kind).in_([kind.value for kind in kinds])
    into = select(LotEdge.target).where(is_parted, col(LotEdge.source).in_(lots)).cte(recursive=True)
    again = select(LotEdge.target).join(into, col(LotEdge.source) == into.c.target).where(is_parted)
    return select(into.union(again).c.target)


async def _unnumbered(tx: Transaction, lot: Lot) -> Decimal:
    """What is left of a lot beyond its pieces with a number."""
    statement = select(func.count()).where(Serial.lot == lot.code, Serial.state == "in_stock")
    return lot.remaining - (await tx.session.scalar(statement) or 0)
