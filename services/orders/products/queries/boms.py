"""Reads of BOMs: one revision, the tree below an item, and where a part is used."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.orders.definitions.tables import Item
from services.orders.products.domain import Bill, BillLine, components_of, in_force
from services.orders.products.queries.revisions import get_document, load_items
from services.orders.products.schemas import AlternateOut, BomLineOut, BomNodeOut, BomOut, WhereUsedLine
from services.orders.products.tables import Bom, BomLine, BomRevision
from shared.kit.problem import Problem
from shared.kit.quantities import shown


async def get_bom(session: AsyncSession, item: str, on: date, revision: int | None = None) -> BomOut:
    """The BOM of an item as of a day, or one of its revisions; a 404 problem when there is none."""
    found, values = await get_document(session, Bom, BomRevision, item, on, revision)
    return BomOut(**values, lines=await describe_lines(session, item, found.revision))


async def describe_lines(session: AsyncSession, item: str, revision: int) -> list[BomLineOut]:
    """The lines of a revision, with their components' names."""
    rows = list(
        await session.scalars(
            select(BomLine).where(BomLine.item == item, BomLine.revision == revision).order_by(col(BomLine.place))
        )
    )
    lines = [row.line() for row in rows]
    items = await load_items(session, components_of(lines))
    return [
        BomLineOut(
            **row.model_dump(include={"component", "scrap_pct", "op"}),
            name=items[row.component].name,
            quantity=row.quantity,
            unit=row.unit or items[row.component].unit,
            stock_quantity=Fraction(line.quantity),
            stock_unit=items[row.component].unit,
            alternates=_alternates(row, line, items),
        )
        for row, line in zip(rows, lines, strict=True)
    ]


def _alternates(row: BomLine, line: BillLine, items: Mapping[str, Item]) -> list[AlternateOut]:
    return [
        AlternateOut(
            component=code,
            quantity=written.quantity,
            unit=written.unit or items[code].unit,
            stock_quantity=Fraction(quantity),
        )
        for written, (code, quantity) in zip(row.alternates, line.alternates, strict=True)
    ]


async def load_bills(session: AsyncSession, tops: Collection[str], since: date) -> dict[str, list[Bill]]:
    """The BOMs of these items and of all that is in them, alternates too.

    Only revisions that are in force on ``since`` or later.
    """
    bills: dict[str, list[Bill]] = {}
    level = set(tops)
    while level:
        found = await _load_level(session, level, since)
        bills |= {item: found.get(item, []) for item in level}
        level = {
            code for revisions in found.values() for bill in revisions for code in components_of(bill.lines)
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


async def get_tree(session: AsyncSession, item: str, on: date) -> BomNodeOut:
    """An item and all that is in it, at any depth, as of a day; a 404 problem for an unknown item."""
    bills = await load_bills(session, [item], on)
    items = await load_items(session, bills)
    if item not in items:
        raise Problem(404, "not_found")

    def node(code: str, quantity: Fraction, total: Fraction, above: tuple[str, ...], **of_line: Any) -> BomNodeOut:
        bill = None if code in above else in_force(bills[code], on)
        return BomNodeOut(
            item=code,
            name=items[code].name,
            kind=items[code].kind,
            unit=items[code].unit,
            quantity=quantity,
            total=total,
            revision=bill.revision if bill else None,
            children=[
                node(
                    line.component,
                    line.gross,
                    total * line.gross,
                    (*above, code),
                    scrap_pct=line.scrap_pct,
                    op=line.op,
                    alternates=_alternates_of(line, items),
                )
                for line in (bill.lines if bill else ())
            ],
            **of_line,
        )

    return node(item, Fraction(1), Fraction(1), (), scrap_pct=0, op=None, alternates=[])


def _alternates_of(line: BillLine, items: Mapping[str, Item]) -> list[AlternateOut]:
    return [
        AlternateOut(
            component=code,
            quantity=shown(Fraction(quantity)),
            unit=items[code].unit,
            stock_quantity=Fraction(quantity),
        )
        for code, quantity in line.alternates
    ]


async def list_uses(session: AsyncSession, item: str, on: date) -> list[WhereUsedLine]:
    """All items that a part goes into as of a day, at any level, nearest first; a 404 problem for an unknown item."""
    if await session.get(Item, item) is None:
        raise Problem(404, "not_found")
    total: dict[str, Fraction] = {}
    levels: dict[str, int] = {}
    level = {item: Fraction(1)}
    for depth in range(1, 100):
        above: defaultdict[str, Fraction] = defaultdict(Fraction)
        for line in await _lines_with(session, level, on):
            above[line.item] += level[line.component] * Fraction(line.line().quantity)
        for code, quantity in above.items():
            total[code] = total.get(code, Fraction(0)) + quantity
            levels.setdefault(code, depth)
        level = above
        if not above:
            break
    items = await load_items(session, total)
    uses = [
        WhereUsedLine(item=code, name=items[code].name, quantity=total[code], levels=levels[code]) for code in total
    ]
    return sorted(uses, key=lambda use: (use.levels, use.item))


async def _lines_with(session: AsyncSession, components: Collection[str], on: date) -> Sequence[BomLine]:
    """The lines in force on a day that name one of these components."""
    statement = (
        select(BomLine)
        .join(BomRevision, (col(BomRevision.item) == BomLine.item) & (col(BomRevision.revision) == BomLine.revision))
        .where(
            col(BomLine.component).in_(components),
            col(BomRevision.effective_from) <= on,
            or_(col(BomRevision.effective_to).is_(None), col(BomRevision.effective_to) >= on),
        )
    )
    return list(await session.scalars(statement))
