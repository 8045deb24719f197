"""Reads of lots, their movements and serial numbers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, or_, select, tuple_

from services.production.definitions.queries import items_by_code
from services.production.definitions.tables import Item
from services.production.genealogy.domain.lots import LotState, LotView, Move, lot_state
from services.production.genealogy.schemas import (
    LotDetailOut,
    LotOut,
    MovementOut,
    SerialOut,
)
from services.production.genealogy.tables import LOT_TEXT, Lot, Movement, Serial
from services.production.jobs.queries.graph import job_names
from shared.kit.moments import MOMENT
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import LANGUAGES, Problem, unprocessable
from shared.kit.searching import contains

MOVEMENTS = 200


def view_of(lot: Lot) -> LotView:
    """The lot as the domain looks at it."""
    return LotView(lot.item, lot.remaining, lot.hold_reason is not None, lot.expires_on)


def state_of(lot: Lot, today: date) -> LotState:
    """The state of the lot now."""
    return lot_state(view_of(lot), today)


def lot_values(lot: Mapping[str, Any], items: Mapping[str, Item], today: date) -> dict[str, Any]:
    """The columns of a lot as they are shown."""
    view = LotView(lot["item"], lot["remaining"], lot["hold_reason"] is not None, lot["expires_on"])
    return {
        **lot,
        "lot": lot["code"],
        "item_name": items[lot["item"]].name if lot["item"] in items else {},
        "quantity": lot["came_in"],
        "state": lot_state(view, today),
    }


async def describe_lot(session: AsyncSession, lot: Lot, today: date) -> LotOut:
    """The lot for a client."""
    return LotOut.model_validate(lot_values(lot.model_dump(), await items_by_code(session, [lot.item]), today))


async def find_lot(session: AsyncSession, code: str) -> Lot:
    """The lot, or a 404 problem."""
    lot = await session.get(Lot, code)
    if lot is None:
        raise Problem(404, "not_found")
    return lot


async def get_lot(session: AsyncSession, code: str, today: date) -> LotDetailOut:
    """The lot with its latest movements, or a 404 problem."""
    lot = await find_lot(session, code)
    statement = select(Movement).where(Movement.lot == code).order_by(col(Movement.id).desc()).limit(MOVEMENTS)
    numbered = select(func.count()).where(Serial.lot == code, col(Serial.state).not_in(["void", "missing"]))
    return LotDetailOut.model_validate(
        lot_values(lot.model_dump(), await items_by_code(session, [lot.item]), today)
        | {
            "movements": await describe_movements(session, list(await session.scalars(statement))),
            "serials": await session.scalar(numbered),
        }
    )


def is_in_state(state: LotState, today: date) -> Any:
    is_held, is_left = col(Lot.hold_reason).is_not(None), col(Lot.remaining) > 0
    is_fresh = or_(col(Lot.expires_on).is_(None), col(Lot.expires_on) >= today)
    return {
        LotState.ON_HOLD: is_held,
        LotState.EMPTY: ~is_held & ~is_left,
        LotState.EXPIRED: ~is_held & is_left & ~is_fresh,
        LotState.AVAILABLE: ~is_held & is_left & is_fresh,
    }[state]


async def list_lots(
    session: AsyncSession,
    today: date,
    item: str | None,
    q: str | None,
    states: str | None,
    cursor: str | None,
    limit: int,
) -> Page[LotOut]:
    """The lots of the stock, the newest first.

    ``q`` is looked for in their numbers, suppliers and items, or is a serial number.
    """
    statement = select(Lot).where(col(Lot.op).is_(None)).order_by(col(Lot.created_at).desc(), col(Lot.code).desc())
    if item:
        statement = statement.where(Lot.item == item)
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(LotState):
            raise unprocessable("state", "literal_error", expected=", ".join(LotState))
        statement = statement.where(or_(*(is_in_state(LotState(state), today) for state in chosen)))
    if q:
        statement = statement.where(await _is_found(session, q))
    if key := read_cursor(cursor, MOMENT.validate_python, str):
        statement = statement.where(tuple_(col(Lot.created_at), col(Lot.code)) < tuple_(*key))
    lots = (await session.scalars(statement.limit(limit + 1))).all()
    page = page_of(lots, limit, lambda lot: (lot.created_at, lot.code))
    items = await items_by_code(session, (lot.item for lot in page.items))
    return Page(
        items=[LotOut.model_validate(lot_values(lot.model_dump(), items, today)) for lot in page.items],
        next_cursor=page.next_cursor,
    )


async def _is_found(session: AsyncSession, q: str) -> ColumnElement[bool]:
    """The condition that a lot is one of those that are looked for."""
    names = [col(Item.name)[language].as_string() for language in LANGUAGES]
    named = or_(*(name.icontains(q, autoescape=True) for name in names))
    items = list(await session.scalars(select(Item.code).where(named)))
    holding = list(await session.scalars(select(Serial.lot).where(Serial.code == q)))
    found = [contains(LOT_TEXT, q)]
    found += [column.in_(values) for column, values in ((col(Lot.item), items), (col(Lot.code), holding)) if values]
    return or_(*found)


async def describe_movements(session: AsyncSession, movements: Sequence[Movement]) -> list[MovementOut]:
    """The movements for a client, with what took them back."""
    reversals = select(Movement.reverses, Movement.id).where(col(Movement.reverses).in_([m.id for m in movements]))
    reversed_by: dict[UUID | None, UUID] = dict((await session.execute(reversals)).all())
    jobs = await job_names(session, {movement.job for movement in movements if movement.job is not None})
    nowhere = (None, None)
    return [
        MovementOut.model_validate(
            movement.model_dump()
            | dict(zip(("number", "op"), jobs[movement.job] if movement.job else nowhere, strict=True))
            | {"reversed_by": reversed_by.get(movement.id)}
        )
        for movement in movements
    ]


async def list_movements(
    session: AsyncSession,
    lot: str | None,
    job: UUID | None,
    kind: Move | None,
    is_flagged: bool,
    cursor: str | None,
    limit: int,
) -> Page[MovementOut]:
    """The ledger of lots, the newest first."""
    statement = select(Movement).order_by(col(Movement.id).desc())
    if lot:
        statement = statement.where(Movement.lot == lot)
    if job:
        statement = statement.where(Movement.job == job)
    if kind:
        statement = statement.where(Movement.kind == kind.value)
    if is_flagged:
        statement = statement.where(col(Movement.flags) != [])
    if key := read_cursor(cursor, UUID):
        statement = statement.where(col(Movement.id) < key[0])
    page = page_of((await session.scalars(statement.limit(limit + 1))).all(), limit, lambda movement: (movement.id,))
    return Page(items=await describe_movements(session, page.items), next_cursor=page.next_cursor)


async def list_serials(
    session: AsyncSession, lot: str | None, q: str | None, cursor: str | None, limit: int
) -> Page[SerialOut]:
    """Serial numbers by number; ``q`` is how they begin."""
    statement = select(Serial).order_by(col(Serial.code), col(Serial.item))
    if lot:
        statement = statement.where(Serial.lot == lot)
    if q:
        statement = statement.where(col(Serial.code).startswith(q, autoescape=True))
    if key := read_cursor(cursor, str, str):
        statement = statement.where(tuple_(col(Serial.code), col(Serial.item)) > tuple_(*key))
    rows = await session.scalars(statement.limit(limit + 1))
    items = [
        SerialOut(serial=row.code, item=row.item, lot=row.lot, state=row.state, is_assumed=row.assumed) for row in rows
    ]
    return page_of(items, limit, lambda serial: (serial.serial, serial.item))


async def newest_lot_of_job(session: AsyncSession, job: UUID) -> str | None:
    """The lot into which a job has produced last; None when its item is not tracked."""
    statement = select(Lot.code).where(Lot.job == job, col(Lot.op).is_(None)).order_by(col(Lot.created_at).desc())
    found: str | None = await session.scalar(statement.limit(1))
    return found
