"""Restores the whole past of BOMs and routings where there is none yet."""

from collections.abc import Sequence
from typing import Any, TypeVar

from services.orders.definitions.commands import PutOutcome
from services.orders.definitions.tables import Definition, Item, Machine, Tool, WorkCenter
from services.orders.products.commands.revise import raise_faults, store_lines
from services.orders.products.commands.revise_bom import check_bom_size, line_of, line_values, read_bills, withdraw_bom
from services.orders.products.commands.revise_routing import check_routing_size, withdraw_routing
from services.orders.products.domain import (
    bom_cycle,
    components_of,
    line_faults,
    revision_faults,
    routing_faults,
)
from services.orders.products.schemas import BomHistory, PastBom, PastIn, RoutingHistory, RoutingOperationIn
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

D = TypeVar("D", bound=Definition)


async def restore_bom(tx: Transaction, item: str, body: BomHistory) -> PutOutcome:
    """Restore the past of a BOM; unchanged where the item has one.

    What it names must be there, in use or not; 422 for a cycle from today on.
    """
    if not await _may_restore(tx, Bom, item, body.revisions):
        return "unchanged"
    checked: list[tuple[PastBom, list[dict[str, Any]]]] = []
    for index, past in enumerate(body.revisions):
        values = [
            await line_values(tx, position, line, f"revisions.{index}.lines.{position}", require_known)
            for position, line in enumerate(past.lines)
        ]
        lines = [line_of(item, one) for one in values]
        raise_faults([(f"revisions.{index}.{field}", code) for field, code in line_faults(item, lines)])
        if _is_ahead(tx, past):
            units = {
                line.component: (await require_known(tx, Item, line.component, f"revisions.{index}.lines")).unit
                for line in lines
            }
            check_bom_size(f"revisions.{index}.lines", lines, units)
        checked.append((past, values))
    ahead = [line_of(item, one) for past, values in checked if _is_ahead(tx, past) for one in values]
    if cycle := bom_cycle(item, ahead, await read_bills(tx, components_of(ahead) | {item})):
        raise unprocessable("revisions", "bom_cycle", path=" → ".join(cycle))
    _restore_document(tx, Bom, item, body.revisions)
    for past, values in checked:
        await _restore_revision(tx, BomRevision, item, past)
        await store_lines(tx, item, [BomLine(item=item, revision=past.revision, **one) for one in values])
    return "created"


async def restore_routing(tx: Transaction, item: str, body: RoutingHistory) -> PutOutcome:
    """Restore the past of a routing; unchanged where the item has one. What it names must be there, in use or not."""
    if not await _may_restore(tx, Routing, item, body.revisions):
        return "unchanged"
    for index, past in enumerate(body.revisions):
        raise_faults([(f"revisions.{index}.{field}", code) for field, code in routing_faults(past.operations)])
        if _is_ahead(tx, past):
            check_routing_size(f"revisions.{index}.operations", past.operations)
        for number, step in enumerate(past.operations):
            await _check_positions(tx, step, f"revisions.{index}.operations.{number}")
    _restore_document(tx, Routing, item, body.revisions)
    for past in body.revisions:
        await _restore_revision(tx, RoutingRevision, item, past)
        steps = [step.model_dump() for step in past.operations]
        await store_lines(tx, item, [RoutingOperation(item=item, revision=past.revision, **one) for one in steps])
    return "created"


def _is_ahead(tx: Transaction, past: PastIn) -> bool:
    """In force today or later."""
    return past.effective_to is None or past.effective_to >= tx.today


async def _check_positions(tx: Transaction, step: RoutingOperationIn, field: str) -> None:
    if step.work_center is None and not step.subcontract:
        raise unprocessable(f"{field}.work_center", "missing")
    for table, name, codes in (
        (WorkCenter, "work_center", [step.work_center]),
        (Machine, "machine", [step.machine]),
        (Machine, "machines", step.machines),
        (Tool, "tool", [step.tool]),
    ):
        for code in codes:
            if code is not None:
                await require_known(tx, table, code, f"{field}.{name}")


async def require_known(tx: Transaction, table: type[D], code: str, field: str) -> D:
    """The entry with this code, in use or not; a 422 problem about ``field`` when it is unknown."""
    row = await tx.find(table, code)
    if row is None:
        raise unprocessable(field, "unknown_reference", value=code)
    return row


async def _may_restore(tx: Transaction, document: type[Document], item: str, revisions: Sequence[PastIn]) -> bool:
    """True when the item has no such document yet; a 422 problem when the revisions contradict each other."""
    await require_known(tx, Item, item, "item")
    raise_faults(revision_faults(revisions))
    return await tx.lock(document, item) is None


def _restore_document(tx: Transaction, document: type[Document], item: str, revisions: Sequence[PastIn]) -> None:
    tx.add(document(item=item, version=len(revisions), updated_at=tx.now), item)
    tx.audit("restore", document.subject_of(item), [("revisions", None, len(revisions))])


async def _restore_revision(tx: Transaction, table: type[Revision], item: str, past: PastIn) -> None:
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
