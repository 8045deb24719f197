"""Reads of BOMs and routings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import and_, col, or_, select

from services.orders.definitions.tables import Item
from services.orders.products.domain import Bill, Line, in_force, is_empty, whole
from services.orders.products.schemas import (
    AlternateOut,
    BomOut,
    LineOut,
    NodeOut,
    OperationOut,
    RevisionOut,
    RoutingOut,
    UseOut,
)
from services.orders.products.tables import (
    Bom,
    BomLine,
    BomRevision,
    Document,
    Routing,
    RoutingOperation,
    RoutingRevision,
)
from shared.kit.problem import Problem

R = TypeVar("R", BomRevision, RoutingRevision)
L = TypeVar("L", BomLine, RoutingOperation)


async def find_revision(
    session: AsyncSession, table: type[R], item: str, on: date, revision: int | None = None
) -> R | None:
    """The revision with this number, or the one in force on a day; None when there is none."""
    if revision is not None:
        return await session.get(table, {"item": item, "revision": revision})
    wanted = select(table).where(
        table.item == item,
        col(table.effective_from) <= on,
        or_(col(table.effective_to).is_(None), col(table.effective_to) >= on),
    )
    found: R | None = await session.scalar(wanted)
    return found


async def list_revisions(session: AsyncSession, table: type[R], item: str) -> list[RevisionOut]:
    """All revisions of an item's document, newest first, none when there is no document yet; a 404 problem for an unknown item."""
    rows = list(await session.scalars(select(table).where(table.item == item).order_by(col(table.revision).desc())))
    if not rows and await session.get(Item, item) is None:
        raise Problem(404, "not_found")
    return [RevisionOut.model_validate(row) for row in rows]


async def _document(
    session: AsyncSession, document: type[Document], table: type[R], item: str, on: date, revision: int | None
) -> tuple[R, dict[str, Any]]:
    head = await session.get(document, item)
    found = await find_revision(session, table, item, on, revision)
    if head is None or found is None:
        raise Problem(404, "not_found")
    return found, found.model_dump() | {"version": head.version, "updated_at": head.updated_at}


async def get_bom(session: AsyncSession, item: str, on: date, revision: int | None = None) -> BomOut:
    """The BOM of an item as of a day, or one of its revisions; a 404 problem when there is none."""
    found, values = await _document(session, Bom, BomRevision, item, on, revision)
    return BomOut(**values, lines=await describe_lines(session, item, found.revision))


async def describe_lines(session: AsyncSession, item: str, revision: int) -> list[LineOut]:
    """The lines of a revision, with their components' names."""
    rows = list(
        await session.scalars(
            select(BomLine).where(BomLine.item == item, BomLine.revision == revision).order_by(col(BomLine.place))
        )
    )
    items = await load_items(session, [row.component for row in rows])
    return [
        LineOut(
            **row.model_dump(include={"component", "quantity", "scrap_pct", "op"}),
            name=items[row.component].name,
            unit=items[row.component].unit,
            alternates=[AlternateOut.model_validate(other) for other in row.alternates],
        )
        for row in rows
    ]


async def get_routing(session: AsyncSession, item: str, on: date, revision: int | None = None) -> RoutingOut:
    """The routing of an item as of a day, or one of its revisions; a 404 problem when there is none."""
    found, values = await _document(session, Routing, RoutingRevision, item, on, revision)
    steps = await list_operations(session, item, found.revision)
    return RoutingOut(**values, operations=[OperationOut.model_validate(step) for step in steps])


async def list_operations(session: AsyncSession, item: str, revision: int) -> list[RoutingOperation]:
    """The operations of a revision of an item's routing, by number."""
    wanted = select(RoutingOperation).where(RoutingOperation.item == item, RoutingOperation.revision == revision)
    return list(await session.scalars(wanted.order_by(col(RoutingOperation.op))))


async def load_present(
    session: AsyncSession, table: type[R], lines: type[L], items: Collection[str] | None, on: date
) -> dict[str, tuple[R, list[L]]]:
    """The revisions in force on a day, or else the next ones, with their lines in order; of all items when none are named."""
    revisions: defaultdict[str, list[R]] = defaultdict(list)
    wanted = select(table).order_by(col(table.item), col(table.effective_from))
    for row in await session.scalars(wanted if items is None else wanted.where(col(table.item).in_(items))):
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


async def load_bills(session: AsyncSession, tops: Collection[str], since: date) -> dict[str, list[Bill]]:
    """The BOMs of these items and of all that is in them, alternates too, as far as they are in force on ``since`` or later."""
    bills: dict[str, list[Bill]] = {}
    level = set(tops)
    while level:
        found = await _load_level(session, level, since)
        bills |= {item: found.get(item, []) for item in level}
        level = {
            code
            for revisions in found.values()
            for bill in revisions
            for line in bill.lines
            for code in (line.component, *(alternate for alternate, _ in line.alternates))
        } - bills.keys()
    return bills


async def _load_level(session: AsyncSession, items: Collection[str], since: date) -> dict[str, list[Bill]]:
    revisions = await session.scalars(
        select(BomRevision).where(
            col(BomRevision.item).in_(items),
            or_(col(BomRevision.effective_to).is_(None), col(BomRevision.effective_to) >= since),
            or_(
                col(BomRevision.effective_to).is_(None),
                col(BomRevision.effective_to) >= col(BomRevision.effective_from),
            ),
        )
    )
    lines: defaultdict[tuple[str, int], list[BomLine]] = defaultdict(list)
    for row in await session.scalars(select(BomLine).where(col(BomLine.item).in_(items)).order_by(col(BomLine.place))):
        lines[row.item, row.revision].append(row)
    bills: defaultdict[str, list[Bill]] = defaultdict(list)
    for head in revisions:
        parts = tuple(row.line() for row in lines[head.item, head.revision])
        bills[head.item].append(Bill(head.revision, head.effective_from, head.effective_to, parts))
    return bills


async def get_tree(session: AsyncSession, item: str, on: date) -> NodeOut:
    """An item and all that is in it, at any depth, as of a day; a 404 problem for an unknown item."""
    bills = await load_bills(session, [item], on)
    items = await load_items(session, bills)
    if item not in items:
        raise Problem(404, "not_found")

    def node(code: str, quantity: Fraction, total: Fraction, above: tuple[str, ...], **place: Any) -> NodeOut:
        bill = None if code in above else in_force(bills[code], on)
        return NodeOut(
            item=code,
            name=items[code].name,
            kind=items[code].kind,
            unit=items[code].unit,
            quantity=_shown(quantity),
            total=_shown(total),
            revision=bill.revision if bill else None,
            children=[
                node(
                    line.component,
                    line.gross,
                    total * line.gross,
                    (*above, code),
                    scrap_pct=line.scrap_pct,
                    op=line.op,
                    alternates=_alternates(line),
                )
                for line in (bill.lines if bill else ())
            ],
            **place,
        )

    return node(item, Fraction(1), Fraction(1), (), scrap_pct=0, op=None, alternates=[])


def _alternates(line: Line) -> list[AlternateOut]:
    return [AlternateOut(component=code, quantity=quantity) for code, quantity in line.alternates]


def _shown(quantity: Fraction) -> Any:
    """Rounded up to a millionth, whatever the unit."""
    return whole(quantity, "")


async def list_uses(session: AsyncSession, item: str, on: date) -> list[UseOut]:
    """All items that a part goes into as of a day, at any level, nearest first; a 404 problem for an unknown item."""
    if await session.get(Item, item) is None:
        raise Problem(404, "not_found")
    total: dict[str, Fraction] = {}
    levels: dict[str, int] = {}
    level = {item: Fraction(1)}
    for depth in range(1, 100):
        above: defaultdict[str, Fraction] = defaultdict(Fraction)
        for line in await _lines_with(session, level, on):
            above[line.item] += level[line.component] * Fraction(line.quantity)
        for code, quantity in above.items():
            total[code] = total.get(code, Fraction(0)) + quantity
            levels.setdefault(code, depth)
        level = above
        if not above:
            break
    items = await load_items(session, total)
    uses = [
        UseOut(item=code, name=items[code].name, quantity=_shown(total[code]), levels=levels[code]) for code in total
    ]
    return sorted(uses, key=lambda use: (use.levels, use.item))


async def _lines_with(session: AsyncSession, components: Collection[str], on: date) -> Sequence[BomLine]:
    """The lines in force on a day that name one of these components."""
    wanted = (
        select(BomLine)
        .join(BomRevision, (col(BomRevision.item) == BomLine.item) & (col(BomRevision.revision) == BomLine.revision))
        .where(
            col(BomLine.component).in_(components),
            col(BomRevision.effective_from) <= on,
            or_(col(BomRevision.effective_to).is_(None), col(BomRevision.effective_to) >= on),
        )
    )
    return list(await session.scalars(wanted))


class InstructionUse(NamedTuple):
    """An operation that names an instruction."""

    instruction: str
    item: str
    item_name: dict[str, str]
    op: int
    op_name: dict[str, str]


async def operations_with_instruction(
    session: AsyncSession, instructions: Iterable[str], on: date
) -> list[InstructionUse]:
    """The operations that name one of the instructions, in routings in force on a day or later; each once, in its newest words."""
    step, revision = RoutingOperation, RoutingRevision
    wanted = (
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
        (use.instruction, use.item, use.op): InstructionUse(
            use.instruction or "", item.code, item.name, use.op, use.name
        )
        for use, item in await session.execute(wanted)
    }
    return list(found.values())
