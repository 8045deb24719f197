"""Reads of lots, their movements, serial numbers and the materials of jobs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, exists, or_, select, tuple_

from services.production.definitions.queries import items_by_code
from services.production.definitions.tables import Item
from services.production.execution.flow import job_names, order_flow
from services.production.execution.queries import get_job
from services.production.genealogy.domain import Line, LotState, LotView, Move, Operation, lines_of, lot_state, rounded
from services.production.genealogy.schemas import (
    AdviceOut,
    JobMaterialOut,
    JobMaterialsOut,
    LotDetailOut,
    LotOut,
    MovementOut,
    SerialOut,
    SuppliedOut,
)
from services.production.genealogy.tables import JobSupply, Lot, Movement, Serial
from shared.kit.moments import Moment
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import LANGUAGES, Problem, unprocessable

NEWEST: TypeAdapter[tuple[datetime, str]] = TypeAdapter(tuple[Moment, str])
"""What a cursor of the lots holds."""
ADVISED = 20
"""Lots of a component that a tablet is told of."""
MOVEMENTS = 200


def shape_of(lot: Lot) -> LotView:
    """The lot as the domain looks at it."""
    return LotView(lot.item, lot.remaining, lot.hold_reason is not None, lot.expires_on)


def state_of(lot: Lot, today: date) -> LotState:
    """What can be done with the lot now."""
    return lot_state(shape_of(lot), today)


def lot_values(lot: Mapping[str, Any], items: Mapping[str, Item], today: date) -> dict[str, Any]:
    """The columns of a lot as they are shown."""
    shape = LotView(lot["item"], lot["remaining"], lot["hold_reason"] is not None, lot["expires_on"])
    return {
        **lot,
        "lot": lot["code"],
        "item_name": items[lot["item"]].name if lot["item"] in items else {},
        "quantity": lot["came_in"],
        "state": lot_state(shape, today),
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
    wanted = select(Movement).where(Movement.lot == code).order_by(col(Movement.id).desc()).limit(MOVEMENTS)
    numbered = list(await session.scalars(select(Serial.code).where(Serial.lot == code, Serial.state != "void")))
    return LotDetailOut.model_validate(
        lot_values(lot.model_dump(), await items_by_code(session, [lot.item]), today)
        | {
            "movements": await describe_movements(session, list(await session.scalars(wanted))),
            "serials": len(numbered),
        }
    )


def _in_state(state: LotState, today: date) -> Any:
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
    """The lots of the stock, the newest first; ``q`` is looked for in their numbers, suppliers and items, or is a serial number."""
    wanted = select(Lot).where(col(Lot.op).is_(None)).order_by(col(Lot.created_at).desc(), col(Lot.code).desc())
    if item:
        wanted = wanted.where(Lot.item == item)
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(LotState):
            raise unprocessable("state", "literal_error", expected=", ".join(LotState))
        wanted = wanted.where(or_(*(_in_state(LotState(state), today) for state in chosen)))
    if q:
        named = select(Item.code).where(
            or_(*(col(Item.name)[language].as_string().icontains(q, autoescape=True) for language in LANGUAGES))
        )
        wanted = wanted.where(
            or_(
                *(
                    place.icontains(q, autoescape=True)
                    for place in (
                        col(Lot.code),
                        col(Lot.item),
                        col(Lot.supplier_lot),
                        col(Lot.supplier),
                        col(Lot.number),
                    )
                ),
                col(Lot.item).in_(named),
                exists().where(col(Serial.lot) == col(Lot.code), col(Serial.code) == q),
            )
        )
    if key := decode_cursor(cursor, 2):
        try:
            after = NEWEST.validate_python(key)
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
        wanted = wanted.where(tuple_(col(Lot.created_at), col(Lot.code)) < tuple_(*after))
    lots = list(await session.scalars(wanted.limit(limit + 1)))
    page = lots[:limit]
    items = await items_by_code(session, (lot.item for lot in page))
    following = encode_cursor(page[-1].created_at.isoformat(), page[-1].code) if len(lots) > limit else None
    return Page(
        items=[LotOut.model_validate(lot_values(lot.model_dump(), items, today)) for lot in page], next_cursor=following
    )


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
    wanted = select(Movement).order_by(col(Movement.id).desc())
    if lot:
        wanted = wanted.where(Movement.lot == lot)
    if job:
        wanted = wanted.where(Movement.job == job)
    if kind:
        wanted = wanted.where(Movement.kind == kind.value)
    if is_flagged:
        wanted = wanted.where(col(Movement.flags) != [])
    if key := decode_cursor(cursor, 1):
        try:
            wanted = wanted.where(col(Movement.id) < UUID(key[0]))
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
    movements = list(await session.scalars(wanted.limit(limit + 1)))
    page = movements[:limit]
    following = encode_cursor(str(page[-1].id)) if len(movements) > limit else None
    return Page(items=await describe_movements(session, page), next_cursor=following)


async def list_serials(
    session: AsyncSession, lot: str | None, q: str | None, cursor: str | None, limit: int
) -> Page[SerialOut]:
    """Serial numbers by number; ``q`` is how they begin."""
    wanted = select(Serial).order_by(col(Serial.code), col(Serial.item))
    if lot:
        wanted = wanted.where(Serial.lot == lot)
    if q:
        wanted = wanted.where(col(Serial.code).startswith(q, autoescape=True))
    if key := decode_cursor(cursor, 2):
        wanted = wanted.where(tuple_(col(Serial.code), col(Serial.item)) > tuple_(*key))
    serials = list(await session.scalars(wanted.limit(limit + 1)))
    page = serials[:limit]
    items = [SerialOut(serial=one.code, item=one.item, lot=one.lot, state=one.state) for one in page]
    return Page(items=items, next_cursor=encode_cursor(page[-1].code, page[-1].item) if len(serials) > limit else None)


async def job_materials(session: AsyncSession, id_: UUID, today: date) -> JobMaterialsOut:
    """What a job needs of each component, what it was given, and which lots to take next; a 404 problem for an unknown job."""
    job = await get_job(session, id_)
    flow = await order_flow(session, job.work_order)
    operations = [Operation(one.op, one.materials, one.feeds) for one in flow.values()]
    lines = {line.key: line for line in lines_of(operations)[job.op]}
    wanted = (
        select(JobSupply, Lot)
        .join(Lot, col(Lot.code) == col(JobSupply.lot))
        .where(JobSupply.job == id_, JobSupply.scanned + JobSupply.drawn > 0)
        .order_by(col(JobSupply.since), col(JobSupply.lot))
    )
    given = [(supply, lot) for supply, lot in await session.execute(wanted)]
    named = {item for material in flow[id_].materials for item in lines[material["component"]].per_piece}
    items = await items_by_code(session, named)
    materials = []
    for material in flow[id_].materials:
        line = lines[material["component"]]
        own = [(supply, lot) for supply, lot in given if supply.line == line.key]
        materials.append(
            JobMaterialOut(
                component=line.key,
                name=material["name"],
                unit=material["unit"],
                needed=rounded(Fraction(flow[id_].planned) * line.per_piece[line.key]),
                consumed=_consumed(line, own),
                is_lot_tracked=any(items[item].lot_tracked for item in line.per_piece if item in items),
                items=list(line.per_piece),
                lots=[
                    SuppliedOut(lot=lot.code, item=lot.item, quantity=s.scanned + s.drawn, since=s.since)
                    for s, lot in own
                ],
                advice=await _advice(session, line, today),
            )
        )
    return JobMaterialsOut(items=materials)


def _consumed(line: Line, given: Sequence[tuple[JobSupply, Lot]]) -> Decimal:
    pieces = sum((Fraction(s.scanned + s.drawn) / per for s, lot in given if (per := line.of(lot.item))), Fraction(0))
    return rounded(pieces * line.per_piece[line.key])


async def _advice(session: AsyncSession, line: Line, today: date) -> list[AdviceOut]:
    """Lots in the order in which they should be used; those that may not be used come last, so that a tablet knows them, too."""
    wanted = (
        select(Lot)
        .where(col(Lot.item).in_(list(line.per_piece)), col(Lot.op).is_(None), Lot.remaining > 0)
        .order_by(
            (~_in_state(LotState.AVAILABLE, today)),
            col(Lot.item) != line.key,
            col(Lot.expires_on).nulls_last(),
            col(Lot.created_at),
            col(Lot.code),
        )
        .limit(ADVISED)
    )
    return [
        AdviceOut(
            lot=lot.code,
            item=lot.item,
            remaining=lot.remaining,
            expires_on=lot.expires_on,
            received_at=lot.created_at,
            location=lot.location,
            state=state_of(lot, today),
        )
        for lot in await session.scalars(wanted)
    ]


async def newest_lot_of_job(session: AsyncSession, job: UUID) -> str | None:
    """The lot into which a job has produced last; None when its item is not tracked."""
    wanted = select(Lot.code).where(Lot.job == job, col(Lot.op).is_(None)).order_by(col(Lot.created_at).desc())
    found: str | None = await session.scalar(wanted.limit(1))
    return found
