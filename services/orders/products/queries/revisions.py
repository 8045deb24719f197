"""Reads of the revisions that BOMs and routings share."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.orders.definitions.tables import Item
from services.orders.products.domain import in_force, is_empty
from services.orders.products.schemas import RevisionOut
from services.orders.products.tables import BomLine, BomRevision, Document, RoutingOperation, RoutingRevision
from shared.kit.problem import Problem

L = TypeVar("L", BomLine, RoutingOperation)
R = TypeVar("R", BomRevision, RoutingRevision)


async def find_revision(
    session: AsyncSession, table: type[R], item: str, on: date, revision: int | None = None
) -> R | None:
    """The revision with this number, or the one in force on a day; None when there is none."""
    if revision is not None:
        return await session.get(table, {"item": item, "revision": revision})
    statement = select(table).where(
        table.item == item,
        col(table.effective_from) <= on,
        or_(col(table.effective_to).is_(None), col(table.effective_to) >= on),
    )
    found: R | None = await session.scalar(statement)
    return found


async def list_revisions(session: AsyncSession, table: type[R], item: str) -> list[RevisionOut]:
    """All revisions of an item's document, newest first, none when there is no document yet.

    A 404 problem for an unknown item.
    """
    rows = list(await session.scalars(select(table).where(table.item == item).order_by(col(table.revision).desc())))
    if not rows and await session.get(Item, item) is None:
        raise Problem(404, "not_found")
    return [RevisionOut.model_validate(row) for row in rows]


async def get_document(
    session: AsyncSession, document: type[Document], table: type[R], item: str, on: date, revision: int | None
) -> tuple[R, dict[str, Any]]:
    head = await session.get(document, item)
    found = await find_revision(session, table, item, on, revision)
    if head is None or found is None:
        raise Problem(404, "not_found")
    return found, found.model_dump() | {"version": head.version, "updated_at": head.updated_at}


async def load_present(
    session: AsyncSession, table: type[R], lines: type[L], items: Collection[str] | None, on: date
) -> dict[str, tuple[R, list[L]]]:
    """The revisions in force on a day, or else the next ones, with their lines in order.

    Of all items when none are named.
    """
    revisions: defaultdict[str, list[R]] = defaultdict(list)
    statement = select(table).order_by(col(table.item), col(table.effective_from))
    for row in await session.scalars(statement if items is None else statement.where(col(table.item).in_(items))):
        revisions[row.item].append(row)
    chosen = {
        item: found
        for item, rows in revisions.items()
        if (found := in_force(rows, on) or next((r for r in rows if r.effective_from > on and not is_empty(r)), None))
    }
    present: dict[str, tuple[R, list[L]]] = {item: (found, []) for item, found in chosen.items()}
    ordered = select(lines).order_by(*inspect(lines).primary_key)
    for line in await session.scalars(ordered if items is None else ordered.where(col(lines.item).in_(chosen))):
        if line.item in chosen and line.revision == chosen[line.item].revision:
            present[line.item][1].append(line)
    return present


async def load_items(session: AsyncSession, codes: Iterable[str]) -> dict[str, Item]:
    """Items by code."""
    return {item.code: item for item in await session.scalars(select(Item).where(col(Item.code).in_(set(codes))))}
