"""Changes of BOMs and routings: a new revision when something changed, from a day on."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import text

from services.orders.definitions.commands import Verdict, require
from services.orders.definitions.tables import Item, Machine, Tool, WorkCenter
from services.orders.products.domain import (
    ONE_DAY,
    Bill,
    Line,
    bom_cycle,
    components_of,
    cut_in,
    in_force,
    is_empty,
    line_faults,
    rewrites_the_past,
    routing_faults,
)
from services.orders.products.schemas import BomIn, LineIn, OperationIn, RoutingIn
from services.orders.products.tables import (
    Bom,
    BomLine,
    BomRevision,
    Document,
    Revision,
    Routing,
    RoutingOperation,
    RoutingRevision,
)
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.paging import check_etag
from shared.kit.problem import FieldError, Problem, unprocessable
from shared.kit.quantities import plain

D = TypeVar("D", bound=Document)
R = TypeVar("R", bound=Revision)
L = TypeVar("L", BomLine, RoutingOperation)
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(1685418602)")
"""Two BOMs that are put at the same time could make a cycle that neither of them sees."""


async def put_bom(tx: Transaction, item: str, body: BomIn, if_match: str | None = None) -> Verdict:
    """Create the BOM of an item, or a new revision of it; 422 when it would contain itself (with the path) or names what is unknown."""
    await require(tx, Item, item, "item")
    for place, line in enumerate(body.lines):
        await require(tx, Item, line.component, f"lines.{place}.component")
        for other, alternate in enumerate(line.alternates):
            await require(tx, Item, alternate.component, f"lines.{place}.alternates.{other}.component")
    lines = [line_of(line) for line in body.lines]
    refuse(line_faults(item, lines))
    cycle = bom_cycle(item, lines, await read_bills(tx, components_of(lines) | {item}))
    if cycle:
        raise Problem(
            422, "bom_cycle", errors=[FieldError("lines", "bom_cycle", {"path": " → ".join(cycle)})], path=cycle
        )
    wanted = [line_values(place, line) for place, line in enumerate(lines)]
    begins = body.effective_from or tx.today
    bom, revisions = await _lock(tx, Bom, BomRevision, item, if_match)
    present = in_force(revisions, begins)
    before = [line.values() for line in await _of(tx, BomLine, item, present)]
    if present and before == wanted:
        return "unchanged"
    new, told = _begin_revision(tx, Bom, BomRevision, item, bom, revisions, begins)
    await store_lines(tx, item, [BomLine(item=item, revision=new.revision, **values) for values in wanted])
    verdict: Verdict = "updated" if bom else "created"
    tx.audit(verdict, f"bom/{item}", told + differences(_by_component(before), _by_component(wanted)))
    return verdict


def line_of(line: LineIn) -> Line:
    """The line as the rules see it."""
    alternates = tuple((other.component, other.quantity) for other in line.alternates)
    return Line(line.component, line.quantity, line.scrap_pct, line.op, alternates)


def line_values(place: int, line: Line) -> dict[str, Any]:
    """The line as it is stored."""
    return {
        "place": place,
        "component": line.component,
        "quantity": line.quantity,
        "scrap_pct": line.scrap_pct,
        "op": line.op,
        "alternates": [{"component": code, "quantity": plain(quantity)} for code, quantity in line.alternates],
    }


async def read_bills(tx: Transaction, tops: Collection[str]) -> dict[str, list[Bill]]:
    """The BOMs of these items and of all that is in them, from today on, as this transaction leaves them; nobody else puts one meanwhile."""
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
                for lines in [await _of(tx, BomLine, item, head)]
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


async def put_routing(tx: Transaction, item: str, body: RoutingIn, if_match: str | None = None) -> Verdict:
    """Create the routing of an item, or a new revision of it; what it names must be known. Released orders keep their snapshot."""
    await require(tx, Item, item, "item")
    steps = [await _placed(tx, place, step) for place, step in enumerate(body.operations)]
    refuse(routing_faults(steps))
    wanted = sorted((step.model_dump() for step in steps), key=lambda step: int(step["op"]))
    begins = body.effective_from or tx.today
    routing, revisions = await _lock(tx, Routing, RoutingRevision, item, if_match)
    present = in_force(revisions, begins)
    before = [step.values() for step in await _of(tx, RoutingOperation, item, present)]
    if present and before == wanted:
        return "unchanged"
    new, told = _begin_revision(tx, Routing, RoutingRevision, item, routing, revisions, begins)
    await store_lines(tx, item, [RoutingOperation(item=item, revision=new.revision, **step) for step in wanted])
    verdict: Verdict = "updated" if routing else "created"
    changes = differences({f"op {step['op']}": step for step in before}, {f"op {step['op']}": step for step in wanted})
    tx.audit(verdict, f"routing/{item}", told + changes)
    return verdict


async def withdraw_bom(tx: Transaction, item: str) -> None:
    """End what is in force of the BOM, or else what comes next, as if it had not begun today; nothing when there is none."""
    await _withdraw(tx, Bom, BomRevision, item)


async def withdraw_routing(tx: Transaction, item: str) -> None:
    """End what is in force of the routing, or else what comes next, as if it had not begun today; nothing when there is none."""
    await _withdraw(tx, Routing, RoutingRevision, item)


async def _withdraw(tx: Transaction, document: type[D], table: type[R], item: str) -> None:
    row, revisions = await _lock(tx, document, table, item, None)
    later = (r for r in revisions if r.effective_from > tx.today and not is_empty(r))
    ended = in_force(revisions, tx.today) or next(later, None)
    if row is None or ended is None:
        return
    before = ended.effective_to
    ended.effective_to = max(ended.effective_from, tx.today) - ONE_DAY
    row.sqlmodel_update({"version": row.version + 1, "updated_at": tx.now})
    changes = [("effective_to", before, ended.effective_to)]
    tx.audit("withdraw", f"{document.__tablename__}/{item}", changes)


async def _of(tx: Transaction, table: type[L], item: str, revision: Revision | None) -> list[L]:
    """The lines of a revision, in order; none of none."""
    rows = await tx.group(table, "item", item) if revision else []
    return [row for row in rows if revision and row.revision == revision.revision]


async def store_lines(tx: Transaction, item: str, lines: Sequence[L]) -> None:
    """Add these lines to the item's."""
    for line in lines:
        tx.add(line)
        (await tx.group(type(line), "item", item)).append(line)


async def _placed(tx: Transaction, place: int, step: OperationIn) -> OperationIn:
    """The step with the work center of its machines; they stand in one work center, and all that it names is known."""
    field = f"operations.{place}"
    if step.tool is not None:
        await require(tx, Tool, step.tool, f"{field}.tool")
    work_center = step.work_center
    if work_center is not None and not step.subcontract:
        await require(tx, WorkCenter, work_center, f"{field}.work_center")
    chosen = [("machine", step.machine)] if step.machine else []
    chosen += [(f"machines.{number}", code) for number, code in enumerate(step.machines)]
    for name, code in chosen:
        machine = await require(tx, Machine, code, f"{field}.{name}")
        work_center = work_center or machine.work_center
        if machine.work_center != work_center:
            raise unprocessable(f"{field}.{name}", "machine_elsewhere", work_center=work_center)
    others = [code for code in dict.fromkeys(step.machines) if code != step.machine]
    return step.model_copy(update={"work_center": work_center, "machines": others})


def refuse(faults: Sequence[tuple[str, str]]) -> None:
    """A 422 problem with these faults (field, code), if there are any."""
    if faults:
        raise Problem(422, "invalid", errors=[FieldError(name, code) for name, code in faults])


async def _lock(
    tx: Transaction, document: type[D], table: type[R], item: str, if_match: str | None
) -> tuple[D | None, list[R]]:
    """The document, locked, with its revisions; a 412 problem when somebody changed it meanwhile."""
    row = await tx.lock(document, item)
    check_etag(if_match, row.version if row else 0)
    return row, await tx.group(table, "item", item)


def _begin_revision(
    tx: Transaction,
    document: type[D],
    table: type[R],
    item: str,
    row: D | None,
    revisions: list[R],
    begins: date,
) -> tuple[R, list[tuple[str, Any, Any]]]:
    """A new revision from a day on, and what the trail says of it; the one in force on that day ends the day before."""
    if rewrites_the_past(revisions, begins, tx.today):
        raise unprocessable("effective_from", "effective_in_the_past", today=tx.today.isoformat())
    superseded, ends = cut_in(revisions, begins)
    if row is None:
        tx.add(document(item=item, version=1, updated_at=tx.now), item)
    else:
        row.sqlmodel_update({"version": row.version + 1, "updated_at": tx.now})
    number = max((revision.revision for revision in revisions), default=0) + 1
    if superseded is not None:
        superseded.effective_to = date.fromordinal(begins.toordinal() - 1)
    new = table(item=item, revision=number, effective_from=begins, effective_to=ends, created_at=tx.now)
    tx.add(new)
    revisions.append(new)
    return new, [
        ("revision", superseded.revision if superseded else None, number),
        ("effective_from", superseded.effective_from if superseded else None, begins),
    ]
