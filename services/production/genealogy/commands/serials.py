"""Pieces with a number of their own: they go with the quantity of their lot, wherever it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update

from services.production.genealogy.domain.serials import chosen
from services.production.genealogy.tables import Lot, Serial
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable

MOST = 10_000
"""Pieces that are numbered at once; a report of more of them is flagged."""


async def make_serials(
    tx: Transaction, lot: Lot, result: UUID, given: Sequence[str], pieces: int, corrected: UUID | None = None
) -> list[str]:
    """Number the pieces of a result: as they were scanned, or after their lot's number where they were not.

    422 when one is there already; those of the result that it corrects keep their number wherever they are by now, and
    where all of them have their lot's, so have the pieces that it adds: first those numbers that it had before.
    """
    codes = list(dict.fromkeys(given))
    if not codes or (corrected is not None and all(code.startswith(_prefix(lot)) for code in codes)):
        again = await _numbers_before(tx, lot, corrected, codes) if corrected else []
        codes += (again + await _after_the_lot(tx, lot, min(pieces, MOST)))[: max(0, min(pieces, MOST) - len(codes))]
    statement = select(Serial).where(Serial.item == lot.item, col(Serial.code).in_(codes)).with_for_update()
    known = {serial.code: serial for serial in await tx.session.scalars(statement)}
    for index, code in enumerate(codes):
        serial = known.get(code)
        if serial is None:
            continue
        if serial.state == "void":
            serial.sqlmodel_update({"lot": lot.code, "result": result, "state": "in_stock"})
        elif corrected is not None and serial.result == corrected:
            serial.result = result
        else:
            raise unprocessable(f"serials.{index}", "serial_taken", value=code)
    await tx.session.flush()
    if corrected is not None:
        lost = update(Serial).where(col(Serial.result) == corrected, col(Serial.state) == "void")
        await tx.session.execute(lost.values(result=result))
    new = [code for code in codes if code not in known]
    if new:
        rows = [{"item": lot.item, "code": code, "lot": lot.code, "result": result} for code in new]
        await tx.session.execute(insert(Serial).values(state="in_stock", assumed=False), rows)
    return codes


async def _numbers_before(tx: Transaction, lot: Lot, corrected: UUID, staying: Sequence[str]) -> list[str]:
    statement = select(Serial.code).where(
        Serial.item == lot.item, Serial.result == corrected, Serial.state == "void", col(Serial.code).not_in(staying)
    )
    return list(await tx.session.scalars(statement.order_by(col(Serial.code))))


async def _after_the_lot(tx: Transaction, lot: Lot, count: int) -> list[str]:
    statement = select(Serial.code).where(Serial.item == lot.item, col(Serial.code).startswith(_prefix(lot)))
    taken = set(await tx.session.scalars(statement))
    numbers = (f"{_prefix(lot)}{number:04}" for number in range(1, len(taken) + count + 1))
    return [code for code in numbers if code not in taken][:count]


def _prefix(lot: Lot) -> str:
    return f"{lot.code[:55]}-"


async def void_serials(tx: Transaction, result: UUID, *, is_corrected: bool) -> None:
    """The pieces of a result that was taken back have no number any more.

    422 when one of them was shipped or built in: that is taken back first. Those of a result that is corrected stay as
    they are.
    """
    statement = select(Serial).where(Serial.result == result).order_by(col(Serial.code)).with_for_update()
    for serial in list(await tx.session.scalars(statement)):
        if serial.assumed:
            await free_assumed(tx, serial)
        if serial.state in ("in_stock", "missing"):
            serial.state = "void"
        elif serial.state != "void" and not is_corrected:
            raise Problem(422, "serial_gone", serial=serial.code, state=serial.state)
    await tx.session.flush()


async def remaining_numbers(tx: Transaction, result: UUID, codes: Sequence[str], pieces: int) -> list[str]:
    """The numbers that stay when a result is corrected to so many pieces: at least those that have gone.

    422 when more have gone.
    """
    statement = select(Serial.code).where(Serial.result == result, col(Serial.state).in_(["shipped", "consumed"]))
    gone = set(await tx.session.scalars(statement))
    staying = sorted(codes, key=lambda code: code not in gone)
    if len(gone) > pieces:
        raise Problem(422, "serial_gone", serial=staying[pieces], state="shipped")
    return sorted(staying[:pieces], key=codes.index)


async def in_stock(tx: Transaction, lot: str) -> list[Serial]:
    """The numbered pieces that are in a lot, by number, locked."""
    statement = select(Serial).where(Serial.lot == lot, Serial.state == "in_stock").order_by(col(Serial.code))
    return list(await tx.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


async def take_serials(
    tx: Transaction, lot: Lot, quantity: Decimal, named: Sequence[str], *, last_by_default: bool = False
) -> list[Serial]:
    """The numbered pieces that go with a quantity that is about to leave a lot.

    422 when one that is named is not in it, when they are more than the quantity, or when nobody said which of them go
    and it matters; ``last_by_default`` takes the last ones then.
    """
    serials = {serial.code: serial for serial in await in_stock(tx, lot.code)}
    for code in named:
        if code not in serials:
            raise Problem(422, "serial_elsewhere", serial=code, lot=lot.code)
    codes = chosen(sorted(serials), lot.remaining, quantity, named, last_by_default=last_by_default)
    if codes is None:
        raise unprocessable("serials", "serials_needed", quantity=int(quantity.to_integral_value(ROUND_CEILING)))
    return [serials[code] for code in codes]


async def note_whereabouts(tx: Transaction, serials: Sequence[Serial], **facts: Any) -> list[str]:
    """Note of pieces where they are now; their numbers."""
    for serial in serials:
        serial.sqlmodel_update(facts)
    await tx.session.flush()
    return [serial.code for serial in serials]


async def find_back(tx: Transaction, lot: Lot, codes: Sequence[str], *states: str) -> list[Serial]:
    """Pieces that were in a lot and left it as one of these states says, to be put back; 422 when one has not."""
    if not codes:
        return []
    statement = select(Serial).where(Serial.lot == lot.code, col(Serial.state).in_(states), col(Serial.code).in_(codes))
    found = {serial.code: serial for serial in await tx.session.scalars(statement.with_for_update())}
    for code in codes:
        if code not in found:
            raise Problem(422, "serial_elsewhere", serial=code, lot=lot.code)
    return list(found.values())


async def assume_serials(tx: Transaction, lot: Lot, job: UUID, quantity: Decimal) -> list[str]:
    """The first numbers of a lot count as consumed by a job that took a quantity of it without saying which."""
    serials = await in_stock(tx, lot.code)
    count = max(0, len(serials) - int(max(lot.remaining, Decimal(0))))
    return await note_whereabouts(tx, serials[:count], state="consumed", job=job, assumed=True)


async def restore_serials(tx: Transaction, lot: Lot, job: UUID, quantity: Decimal) -> list[str]:
    """A quantity that a job did not take after all is back with as many of the numbers that were assumed for it."""
    statement = select(Serial).where(Serial.lot == lot.code, Serial.job == job, Serial.assumed)
    serials = await tx.session.scalars(
        statement.order_by(col(Serial.code).desc()).limit(int(quantity)).with_for_update()
    )
    return await note_whereabouts(tx, list(serials), state="in_stock", job=None, assumed=False)


async def free_assumed(tx: Transaction, serial: Serial) -> None:
    """A piece that was assumed to be consumed turns up: another one of its lot was, where there is one."""
    others = await in_stock(tx, serial.lot)
    await note_whereabouts(tx, others[:1], state="consumed", job=serial.job, assumed=True)
    await note_whereabouts(tx, [serial], state="in_stock", job=None, assumed=False)


@dataclass(frozen=True)
class CountedSerials:
    """The numbered pieces of a lot by a count: those that are there though they were not, and those that are not."""

    found: list[str]
    missing: list[str]


async def count_serials(tx: Transaction, lot: Lot, quantity: Decimal, seen: Sequence[str]) -> CountedSerials:
    """Bring the numbered pieces of a lot to what was seen at a count.

    422 when one that was seen is in another lot by the records, or when it takes their numbers to know what is missing.
    """
    there = {serial.code: serial for serial in await in_stock(tx, lot.code)}
    if not seen and quantity >= len(there):
        return CountedSerials([], [])
    if len(set(seen)) > quantity or (not seen and quantity > 0):
        raise unprocessable("serials", "serials_needed", quantity=int(quantity))
    new = [code for code in dict.fromkeys(seen) if code not in there]
    statement = select(Serial).where(Serial.item == lot.item, col(Serial.code).in_(new)).with_for_update()
    known = {serial.code: serial for serial in await tx.session.scalars(statement)}
    for code in new:
        if code in known and known[code].state == "in_stock":
            raise Problem(422, "serial_elsewhere", serial=code, lot=known[code].lot)
    await note_whereabouts(tx, list(known.values()), lot=lot.code, state="in_stock", job=None, assumed=False)
    tx.session.add_all(Serial(item=lot.item, code=code, lot=lot.code) for code in new if code not in known)
    missing = [serial for code, serial in there.items() if code not in set(seen)]
    return CountedSerials(new, await note_whereabouts(tx, missing, state="missing"))
