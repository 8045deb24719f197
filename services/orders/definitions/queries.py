"""Reads of master data."""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.orders.definitions.schemas import OperationOut, RoutingOut
from services.orders.definitions.tables import Definition, Item, Routing, RoutingOperation
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import LANGUAGES, Problem

D = TypeVar("D", bound=Definition)


async def get_definition(session: AsyncSession, table: type[D], code: str) -> D:
    """The entry with this code, or a 404 problem."""
    row = await session.get(table, code)
    if row is None:
        raise Problem(404, "not_found")
    return row


async def list_definitions(
    session: AsyncSession, table: type[D], q: str | None, cursor: str | None, limit: int
) -> Page[D]:
    """Entries by code; ``q`` is looked for in code and names."""
    wanted = select(table).order_by(col(table.code)).limit(limit + 1)
    if q:
        places = (col(table.code), *(col(table.name)[language].as_string() for language in LANGUAGES))
        wanted = wanted.where(or_(*(place.icontains(q, autoescape=True) for place in places)))
    if key := decode_cursor(cursor, 1):
        wanted = wanted.where(col(table.code) > key[0])
    rows = list(await session.scalars(wanted))
    return Page(items=rows[:limit], next_cursor=encode_cursor(rows[limit - 1].code) if len(rows) > limit else None)


async def get_routing(session: AsyncSession, item: str) -> RoutingOut:
    """The routing of an item, or a 404 problem."""
    routing = await session.get(Routing, item)
    if routing is None:
        raise Problem(404, "not_found")
    steps = await list_operations(session, item)
    return RoutingOut(
        item=item,
        version=routing.version,
        updated_at=routing.updated_at,
        operations=[OperationOut.model_validate(step) for step in steps],
    )


async def list_operations(session: AsyncSession, item: str) -> list[RoutingOperation]:
    """The operations of an item's routing, in order; none when there is no routing."""
    return list(
        await session.scalars(
            select(RoutingOperation).where(RoutingOperation.item == item).order_by(col(RoutingOperation.op))
        )
    )


class InstructionUse(NamedTuple):
    """An operation that names an instruction."""

    instruction: str
    item: str
    item_name: dict[str, str]
    op: int
    op_name: dict[str, str]


async def operations_with_instruction(session: AsyncSession, instructions: Iterable[str]) -> list[InstructionUse]:
    """The operations of all routings that name one of the instructions."""
    step = RoutingOperation
    wanted = (
        select(step, Item)
        .join(Item, col(Item.code) == col(step.item))
        .where(col(step.instruction).in_(list(instructions)))
        .order_by(col(step.item), col(step.op))
    )
    return [
        InstructionUse(use.instruction or "", item.code, item.name, use.op, use.name)
        for use, item in await session.execute(wanted)
    ]
