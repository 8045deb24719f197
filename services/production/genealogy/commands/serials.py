"""Pieces with a number of their own."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select, update

from services.production.genealogy.tables import Lot, Serial
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable

MOST = 1000
"""Pieces that are numbered at once; nobody reports more of those that carry a number each."""


async def make_serials(tx: Transaction, lot: Lot, result: UUID, given: Sequence[str], pieces: int) -> list[str]:
    """Number the pieces of a result: as they were scanned, or after their lot's number where they were not.

    422 when one is there already.
    """
    codes = list(dict.fromkeys(given)) or await _after_the_lot(tx, lot, min(pieces, MOST))
    known = {
        serial.code: serial
        for serial in await tx.session.scalars(
            select(Serial).where(Serial.item == lot.item, col(Serial.code).in_(codes)).with_for_update()
        )
    }
    for index, code in enumerate(codes):
        serial = known.get(code)
        if serial is None:
            tx.session.add(Serial(item=lot.item, code=code, lot=lot.code, result=result))
        elif serial.state == "void":
            serial.sqlmodel_update({"lot": lot.code, "result": result, "state": "in_stock"})
        else:
            raise unprocessable(f"serials.{index}", "serial_taken", value=code)
    await tx.session.flush()
    return codes


async def _after_the_lot(tx: Transaction, lot: Lot, count: int) -> list[str]:
    statement = select(Serial.code).where(Serial.lot == lot.code)
    taken = set(await tx.session.scalars(statement))
    free = (
        code for number in range(1, len(taken) + count + 1) if (code := f"{lot.code[:55]}-{number:04}") not in taken
    )
    return [code for code, _ in zip(free, range(count), strict=False)]


async def void_serials(tx: Transaction, result: UUID) -> None:
    """The pieces of a result that was taken back have no number any more."""
    await tx.session.execute(update(Serial).where(col(Serial.result) == result).values(state="void"))


async def move_serials(tx: Transaction, lot: Lot, codes: Sequence[str], *, before: str, after: str) -> None:
    """Move pieces of a lot from one state to another; 422 when one is not in it, or of another lot."""
    if not codes:
        return
    statement = select(Serial).where(Serial.lot == lot.code, Serial.state == before, col(Serial.code).in_(codes))
    found = {serial.code: serial for serial in await tx.session.scalars(statement.with_for_update())}
    for code in codes:
        if code not in found:
            raise Problem(422, "serial_elsewhere", serial=code, lot=lot.code)
        found[code].state = after
    await tx.session.flush()
