"""Reads of BOMs: one revision, the tree below an item, and where a part is used."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select

from services.orders.definitions.tables import Item
from services.orders.products.domain import Bill, BillLine, in_force, whole
from services.orders.products.queries.revisions import get_document, load_items
from services.orders.products.schemas import AlternateOut, BomLineOut, BomNodeOut, BomOut, WhereUsedLine
from services.orders.products.tables import Bom, BomLine, BomRevision
from shared.kit.problem import Problem


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
    items = await load_items(session, [row.component for row in rows])
    return [
        BomLineOut(
            **row.model_dump(include={"component", "quantity", "scrap_pct", "op"}),
            name=items[row.component].name,
            unit=items[row.component].unit,
            alternates=[AlternateOut.model_validate(other) for other in row.alternates],
        )
        for row in rows
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
            **of_line,
        )

    return node(item, Fraction(1), Fraction(1), (), scrap_pct=0, op=None, alternates=[])


def _alternates(line: BillLine) -> list[AlternateOut]:
    return [AlternateOut(component=code, quantity=quantity) for code, quantity in line.alternates]


def _shown(quantity: Fraction) -> Any:
    """Rounded up to a millionth, whatever the unit."""
    return whole(quantity, "")


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
            above[line.item] += level[line.component] * Fraction(line.quantity)
        for code, quantity in above.items():
            total[code] = total.get(code, Fraction(0)) + quantity
            levels.setdefault(code, depth)
        level = above
        if not above:
            break
    items = await load_items(session, total)
    uses = [
        WhereUsedLine(item=code, name=items[code].name, quantity=_shown(total[code]), levels=levels[code])
        for code in total
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
