"""The whole past of BOMs and routings: told as it was, and laid down again where there is none yet."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from sqlalchemy import inspect
from sqlmodel import col, select

from services.orders.definitions.commands import Verdict
from services.orders.definitions.tables import Definition, Item, Machine, Tool, WorkCenter
from services.orders.products.commands import (
    line_of,
    line_values,
    read_bills,
    refuse,
    store_lines,
    withdraw_bom,
    withdraw_routing,
)
from services.orders.products.domain import (
    Line,
    bom_cycle,
    components_of,
    history_faults,
    line_faults,
    routing_faults,
)
from services.orders.products.schemas import BomHistory, OperationIn, PastBom, PastIn, PastRouting, RoutingHistory
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
from shared.kit.database import Transaction
from shared.kit.problem import unprocessable

Past = TypeVar("Past", PastBom, PastRouting)
R = TypeVar("R", BomRevision, RoutingRevision)
L = TypeVar("L", BomLine, RoutingOperation)
LOAD = 500
"""Items whose past is read at once."""


async def read_boms(tx: Transaction, items: Collection[str] | None) -> dict[str, BomHistory]:
    """All revisions of the BOMs of these items, or of all."""
    found = await _read(tx, BomRevision, BomLine, items, _past_bom)
    return {item: BomHistory(revisions=revisions) for item, revisions in found.items()}


async def read_routings(tx: Transaction, items: Collection[str] | None) -> dict[str, RoutingHistory]:
    """All revisions of the routings of these items, or of all."""
    found = await _read(tx, RoutingRevision, RoutingOperation, items, _past_routing)
    return {item: RoutingHistory(revisions=revisions) for item, revisions in found.items()}


def _past_bom(revision: BomRevision, lines: list[BomLine]) -> PastBom:
    return PastBom.model_validate(revision.model_dump(exclude={"item"}) | {"lines": [_told(line) for line in lines]})


def _past_routing(revision: RoutingRevision, steps: list[RoutingOperation]) -> PastRouting:
    told = {"operations": [step.values() for step in steps]}
    return PastRouting.model_validate(revision.model_dump(exclude={"item"}) | told)


def _told(line: BomLine) -> dict[str, object]:
    return line.model_dump(exclude={"item", "revision", "place"})


async def _read(
    tx: Transaction,
    table: type[R],
    lines: type[L],
    items: Collection[str] | None,
    past: Callable[[R, list[L]], Past],
) -> dict[str, list[Past]]:
    if items is None:
        items = list(await tx.session.scalars(select(table.item).distinct().order_by(col(table.item))))
    told: defaultdict[str, list[Past]] = defaultdict(list)
    asked = sorted(items)
    for first in range(0, len(asked), LOAD):
        some = col(table.item).in_(asked[first : first + LOAD])
        by_revision: defaultdict[tuple[str, int], list[L]] = defaultdict(list)
        of_some = select(lines).where(col(lines.item).in_(asked[first : first + LOAD]))
        for line in await tx.session.scalars(of_some.order_by(*inspect(lines).primary_key)):
            by_revision[line.item, line.revision].append(line)
        for revision in await tx.session.scalars(
            select(table).where(some).order_by(col(table.item), col(table.revision))
        ):
            told[revision.item].append(past(revision, by_revision[revision.item, revision.revision]))
    return dict(told)


async def restore_bom(tx: Transaction, item: str, body: BomHistory) -> Verdict:
    """Lay down the past of a BOM; unchanged where the item has one. What it names must be there, in use or not; 422 for a cycle from today on."""
    if not await _may_begin(tx, Bom, item, body.revisions):
        return "unchanged"
    laid: list[tuple[PastBom, list[Line]]] = []
    for place, past in enumerate(body.revisions):
        lines = [line_of(line) for line in past.lines]
        refuse([(f"revisions.{place}.{field}", code) for field, code in line_faults(item, lines)])
        for code in sorted(components_of(lines)):
            await _require_known(tx, Item, code, f"revisions.{place}.lines")
        laid.append((past, lines))
    ahead = [
        line for past, lines in laid if past.effective_to is None or past.effective_to >= tx.today for line in lines
    ]
    if cycle := bom_cycle(item, ahead, await read_bills(tx, components_of(ahead) | {item})):
        raise unprocessable("revisions", "bom_cycle", path=" → ".join(cycle))
    _begin(tx, Bom, item, body.revisions)
    for past, lines in laid:
        await _lay(tx, BomRevision, item, past)
        values = [line_values(number, line) for number, line in enumerate(lines)]
        await store_lines(tx, item, [BomLine(item=item, revision=past.revision, **one) for one in values])
    return "created"


async def restore_routing(tx: Transaction, item: str, body: RoutingHistory) -> Verdict:
    """Lay down the past of a routing; unchanged where the item has one. What it names must be there, in use or not."""
    if not await _may_begin(tx, Routing, item, body.revisions):
        return "unchanged"
    for place, past in enumerate(body.revisions):
        refuse([(f"revisions.{place}.{field}", code) for field, code in routing_faults(past.operations)])
        for number, step in enumerate(past.operations):
            await _check_places(tx, step, f"revisions.{place}.operations.{number}")
    _begin(tx, Routing, item, body.revisions)
    for past in body.revisions:
        await _lay(tx, RoutingRevision, item, past)
        steps = [step.model_dump() for step in past.operations]
        await store_lines(tx, item, [RoutingOperation(item=item, revision=past.revision, **one) for one in steps])
    return "created"


async def _check_places(tx: Transaction, step: OperationIn, where: str) -> None:
    if step.work_center is None and not step.subcontract:
        raise unprocessable(f"{where}.work_center", "missing")
    for table, name, codes in (
        (WorkCenter, "work_center", [step.work_center]),
        (Machine, "machine", [step.machine]),
        (Machine, "machines", step.machines),
        (Tool, "tool", [step.tool]),
    ):
        for code in codes:
            if code is not None:
                await _require_known(tx, table, code, f"{where}.{name}")


async def _require_known(tx: Transaction, table: type[Definition], code: str, where: str) -> None:
    if await tx.find(table, code) is None:
        raise unprocessable(where, "unknown_reference", value=code)


async def _may_begin(tx: Transaction, document: type[Document], item: str, revisions: Sequence[PastIn]) -> bool:
    """Whether the item has no such document yet; a 422 problem when what is to be laid contradicts itself."""
    await _require_known(tx, Item, item, "item")
    refuse(history_faults(revisions))
    return await tx.lock(document, item) is None


def _begin(tx: Transaction, document: type[Document], item: str, revisions: Sequence[PastIn]) -> None:
    tx.add(document(item=item, version=len(revisions), updated_at=tx.now), item)
    tx.audit("restore", f"{document.__tablename__}/{item}", [("revisions", None, len(revisions))])


async def _lay(tx: Transaction, table: type[Revision], item: str, past: PastIn) -> None:
    row = table(item=item, **past.model_dump(include=set(PastIn.model_fields)))
    tx.add(row)
    (await tx.group(table, "item", item)).append(row)


async def withdraw_boms(tx: Transaction, item: str) -> None:
    """End what is in force of a BOM and what is to come."""
    for _ in await tx.group(BomRevision, "item", item):
        await withdraw_bom(tx, item)


async def withdraw_routings(tx: Transaction, item: str) -> None:
    """End what is in force of a routing and what is to come."""
    for _ in await tx.group(RoutingRevision, "item", item):
        await withdraw_routing(tx, item)
