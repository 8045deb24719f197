"""Reads of routings."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import and_, col, or_, select

from services.orders.definitions.tables import Item
from services.orders.products.queries.revisions import get_document
from services.orders.products.schemas import RoutingOperationOut, RoutingOut
from services.orders.products.tables import Routing, RoutingOperation, RoutingRevision


async def get_routing(session: AsyncSession, item: str, on: date, revision: int | None = None) -> RoutingOut:
    """The routing of an item as of a day, or one of its revisions; a 404 problem when there is none."""
    found, values = await get_document(session, Routing, RoutingRevision, item, on, revision)
    steps = await list_operations(session, item, found.revision)
    return RoutingOut(**values, operations=[RoutingOperationOut.model_validate(step) for step in steps])


async def list_operations(session: AsyncSession, item: str, revision: int) -> list[RoutingOperation]:
    """The operations of a revision of an item's routing, by number."""
    statement = select(RoutingOperation).where(RoutingOperation.item == item, RoutingOperation.revision == revision)
    return list(await session.scalars(statement.order_by(col(RoutingOperation.op))))


class OperationWithInstruction(NamedTuple):
    """An operation that names an instruction."""

    instruction: str
    item: str
    item_name: dict[str, str]
    op: int
    op_name: dict[str, str]


async def operations_with_instruction(
    session: AsyncSession, instructions: Iterable[str], on: date
) -> list[OperationWithInstruction]:
    """The operations that name one of the instructions, in routings in force on a day or later.

    Each once, under its newest name.
    """
    step, revision = RoutingOperation, RoutingRevision
    statement = (
        select(step, Item)
        .join(Item, col(Item.code) == col(step.item))
        .join(revision, and_(col(revision.item) == col(step.item), col(revision.revision) == col(step.revision)))
        .where(
            col(step.instruction).in_(list(instructions)),
            or_(col(revision.effective_to).is_(None), col(revision.effective_to) >= on),
        )
        .order_by(col(step.item), col(step.op), col(step.revision))
    )
    found = {
        (use.instruction, use.item, use.op): OperationWithInstruction(
            use.instruction or "", item.code, item.name, use.op, use.name
        )
        for use, item in await session.execute(statement)
    }
    return list(found.values())
