"""New lots and their numbers."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.production.definitions.tables import Item
from services.production.genealogy.domain.lots import USUAL_RULE, number_of
from services.production.genealogy.tables import Lot, LotNumber
from shared.kit.database import Transaction
from shared.kit.problem import unprocessable


async def new_code(tx: Transaction, item: Item, day: date, **values: str | None) -> str:
    """The next free lot number by the item's rule; ``values`` are the order, machine and shift that a rule may name."""
    texts = {"item": item.code, "order": "", "machine": "", "shift": ""} | {k: v or "" for k, v in values.items()}
    return await _next(tx, *number_of(item.lot_rule or USUAL_RULE, texts, day))


def expiry(item: Item, produced_on: date) -> date | None:
    """The last day on which what was made on a day may be used, by the item's shelf life."""
    return produced_on + timedelta(days=item.shelf_life_d) if item.shelf_life_d else None


async def part_code(tx: Transaction, lot: str) -> str:
    """The next free number of a part of ``lot``."""
    return await _next(tx, f"{lot[:53]}-", "", 1)


async def between_code(tx: Transaction, number: str, op: int, day: date, shift: str | None) -> str:
    """The number of what an order has between two operations: order, operation, day and shift."""
    code = "-".join(filter(None, [number[:35], str(op), f"{day:%y%m%d}", (shift or "")[:8]]))
    return code if await tx.session.get(Lot, code) is None else await part_code(tx, code)


async def _next(tx: Transaction, before: str, after: str, digits: int) -> str:
    while True:
        first = insert(LotNumber).values(prefix=f"{before}*{after}", last=1)
        again = first.on_conflict_do_update(index_elements=["prefix"], set_={"last": LotNumber.last + 1})
        number = await tx.session.scalar(again.returning(col(LotNumber.last)))
        code = f"{before}{number:0{digits}}{after}"
        if await tx.session.get(Lot, code) is None:
            return code


async def new_lot(
    tx: Transaction, code: str, item: str, unit: str, *, at: datetime | None = None, **values: Any
) -> Lot:
    """A new lot of ``item``, to be used from ``at`` on or from now; a 422 problem when its code is taken."""
    if await tx.session.get(Lot, code) is not None:
        raise unprocessable("lot", "lot_exists", value=code)
    lot = Lot(code=code, item=item, unit=unit, available_from=at or tx.now, created_at=tx.now, **values)
    tx.session.add(lot)
    await tx.session.flush()
    return lot
