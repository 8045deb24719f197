"""Changes of BOMs: a new revision when something changed, from a day on."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from services.orders.definitions.commands import ACTIONS, PutOutcome, require
from services.orders.definitions.tables import Item
from services.orders.products.commands.revise import (
    begin_revision,
    lines_of,
    lock_document,
    raise_faults,
    store_lines,
    withdraw_document,
)
from services.orders.products.domain import Bill, BillLine, bom_cycle, components_of, in_force, is_empty, line_faults
from services.orders.products.schemas import BomIn, BomLineIn
from services.orders.products.tables import Bom, BomLine, BomRevision
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.paging import Precondition
from shared.kit.problem import FieldError, Problem
from shared.kit.quantities import plain

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(1685418602)")
"""Two BOMs that are put at the same time could make a cycle that neither of them sees."""


async def put_bom(tx: Transaction, item: str, body: BomIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create the BOM of an item, or a new revision of it.

    422 when it would contain itself (with the path) or names what is unknown.
    """
    await require(tx, Item, item, "item")
    for index, line in enumerate(body.lines):
        await require(tx, Item, line.component, f"lines.{index}.component")
        for position, alternate in enumerate(line.alternates):
            await require(tx, Item, alternate.component, f"lines.{index}.alternates.{position}.component")
    lines = [line_of(line) for line in body.lines]
    raise_faults(line_faults(item, lines))
    cycle = bom_cycle(item, lines, await read_bills(tx, components_of(lines) | {item}))
    if cycle:
        raise Problem(
            422, "bom_cycle", errors=[FieldError("lines", "bom_cycle", {"path": " → ".join(cycle)})], path=cycle
        )
    after = [line_values(position, line) for position, line in enumerate(lines)]
    begins = body.effective_from or tx.today
    bom, revisions = await lock_document(tx, Bom, BomRevision, item, if_match)
    present = in_force(revisions, begins)
    before = [line.values() for line in await lines_of(tx, BomLine, item, present)]
    if present and before == after:
        return "unchanged"
    new, changes = begin_revision(tx, Bom, BomRevision, item, bom, revisions, begins)
    await store_lines(tx, item, [BomLine(item=item, revision=new.revision, **values) for values in after])
    outcome: PutOutcome = "updated" if bom else "created"
    tx.audit(ACTIONS[outcome], Bom.subject_of(item), changes + differences(_by_component(before), _by_component(after)))
    return outcome


def line_of(line: BomLineIn) -> BillLine:
    """The line as the rules see it."""
    alternates = tuple((other.component, other.quantity) for other in line.alternates)
    return BillLine(line.component, line.quantity, line.scrap_pct, line.op, alternates)


def line_values(position: int, line: BillLine) -> dict[str, Any]:
    """The line as it is stored."""
    return {
        "place": position,
        "component": line.component,
        "quantity": line.quantity,
        "scrap_pct": line.scrap_pct,
        "op": line.op,
        "alternates": [{"component": code, "quantity": plain(quantity)} for code, quantity in line.alternates],
    }


async def read_bills(tx: Transaction, tops: Collection[str]) -> dict[str, list[Bill]]:
    """The BOMs of these items and of all that is in them, from today on, as this transaction leaves them.

    Nobody else puts one meanwhile.
    """
    if (Bom, None) not in tx.locked:
        await tx.session.execute(ONE_AT_A_TIME)
        tx.locked.add((Bom, None))
    bills: dict[str, list[Bill]] = {}
    level = set(tops)
    while level:
        await tx.read_groups(BomRevision, "item", level)
        await tx.read_groups(BomLine, "item", level)
        for item in level:
            heads = await tx.group(BomRevision, "item", item)
            bills[item] = [
                Bill(head.revision, head.effective_from, head.effective_to, tuple(line.line() for line in lines))
                for head in heads
                if not is_empty(head) and (head.effective_to is None or head.effective_to >= tx.today)
                for lines in [await lines_of(tx, BomLine, item, head)]
            ]
        level = {code for item in level for bill in bills[item] for code in components_of(bill.lines)} - bills.keys()
    return bills


def _by_component(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The lines as the trail names them."""
    return {
        line["component"] + (f" at {line['op']}" if line["op"] else ""): {
            name: plain(value) if isinstance(value, Decimal) else value
            for name, value in line.items()
            if name not in ("place", "component", "op")
        }
        for line in lines
    }


async def withdraw_bom(tx: Transaction, item: str) -> None:
    """End what is in force of the BOM, or else what comes next, as if it had not begun today.

    Nothing when there is none.
    """
    await withdraw_document(tx, Bom, BomRevision, item)
