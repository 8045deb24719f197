"""Changes of BOMs: a new revision when something changed, from a day on."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from services.orders.definitions.commands import ACTIONS, PutOutcome, present_units, require
from services.orders.definitions.tables import Item
from services.orders.products.commands.revise import (
    begin_revision,
    lines_of,
    lock_document,
    raise_faults,
    store_lines,
    withdraw_document,
)
from services.orders.products.domain import (
    BOM_BYTES,
    Bill,
    BillLine,
    bom_bytes,
    bom_cycle,
    components_of,
    excess,
    in_force,
    is_empty,
    line_faults,
)
from services.orders.products.schemas import AlternateIn, BomIn, BomLineIn
from services.orders.products.tables import Bom, BomLine, BomRevision
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.paging import Precondition
from shared.kit.problem import FieldError, Problem, unprocessable
from shared.kit.quantities import DECIMAL_PLACES, as_decimal, exact, plain, shown
from shared.kit.units_given import require_factor

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(1685418602)")
"""Two BOMs that are put at the same time could make a cycle that neither of them sees."""


Find = Callable[[Transaction, type[Item], str, str], Awaitable[Item]]
"""Finds an item by its code; a 422 problem about the field when it cannot be named."""


async def put_bom(tx: Transaction, item: str, body: BomIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create the BOM of an item, or a new revision of it.

    422 when it would contain itself (with the path) or names what is unknown.
    """
    await require(tx, Item, item, "item")
    after = [await line_values(tx, index, line, f"lines.{index}") for index, line in enumerate(body.lines)]
    lines = [line_of(item, values) for values in after]
    units = {line.component: (await require(tx, Item, line.component, "lines")).unit for line in lines}
    raise_faults(line_faults(item, lines))
    check_bom_size("lines", lines, units)
    cycle = bom_cycle(item, lines, await read_bills(tx, components_of(lines) | {item}))
    if cycle:
        raise Problem(
            422, "bom_cycle", errors=[FieldError("lines", "bom_cycle", {"path": " → ".join(cycle)})], path=cycle
        )
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


def check_bom_size(field: str, lines: Sequence[BillLine], units: Mapping[str, str]) -> None:
    """A 422 problem about ``field`` when the lines are more than a release can take along."""
    sized = ((line.component, units[line.component], [code for code, _ in line.alternates]) for line in lines)
    if sizes := excess(bom_bytes(sized), BOM_BYTES):
        raise unprocessable(field, "bom_too_large", **sizes)


def line_of(item: str, values: Mapping[str, Any]) -> BillLine:
    """The line of the item's BOM as the rules see it, by the values that are stored."""
    return BomLine(item=item, revision=0, **values).line()


async def line_values(
    tx: Transaction, position: int, line: BomLineIn, field: str, find: Find = require
) -> dict[str, Any]:
    """The line as it is stored; 422 when ``find`` does not find what it names, or that has no such unit."""
    others = []
    for index, alternate in enumerate(line.alternates):
        name = f"{field}.alternates.{index}"
        other = await _portion(tx, await find(tx, Item, alternate.component, f"{name}.component"), alternate, name)
        others.append(
            {"component": alternate.component, "quantity": plain(other.pop("rounded"))}
            | {key: value for key, value in other.items() if value is not None}
        )
    component = await find(tx, Item, line.component, f"{field}.component")
    return {
        "place": position,
        "component": line.component,
        **await _portion(tx, component, line, field),
        "scrap_pct": line.scrap_pct,
        "op": line.op,
        "substitutes": others,
    }


async def _portion(tx: Transaction, item: Item, line: BomLineIn | AlternateIn, field: str) -> dict[str, Any]:
    """The quantity as it is stored: in the stock unit, and as it was written where that says more."""
    known, factor = await present_units(tx), getattr(line, "factor", None)
    is_other = line.unit is not None and not known.same(line.unit, item.unit)
    if factor is None:
        factor = shown(require_factor(known, item.stock_unit, line.unit, f"{field}.unit"))
    amount = exact(line.quantity) * exact(factor)
    rounded = as_decimal(amount)
    if not rounded:
        raise unprocessable(f"{field}.quantity", "decimal_max_places", decimal_places=DECIMAL_PLACES)
    says_all = not is_other and rounded == amount
    return {
        "rounded": rounded,
        "written": None if says_all else line.quantity,
        "unit": line.unit if is_other else None,
        "factor": factor if is_other else None,
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


NAMES = {"rounded": "quantity", "substitutes": "alternates"}
"""The names of columns in the trail."""


def _by_component(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The lines as the trail names them."""
    return {
        line["component"] + (f" at {line['op']}" if line["op"] else ""): {
            NAMES.get(name, name): plain(value) if isinstance(value, Decimal) else value
            for name, value in line.items()
            if name not in ("place", "component", "op") and value is not None
        }
        for line in lines
    }


async def withdraw_bom(tx: Transaction, item: str) -> None:
    """End what is in force of the BOM, or else what comes next, as if it had not begun today.

    Nothing when there is none.
    """
    await withdraw_document(tx, Bom, BomRevision, item)
