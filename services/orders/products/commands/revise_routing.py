"""Changes of routings: a new revision when something changed, from a day on."""

from collections.abc import Sequence

from services.orders.definitions.commands import ACTIONS, PutOutcome, require
from services.orders.definitions.tables import Item, Machine, Tool, WorkCenter
from services.orders.products.commands.revise import (
    begin_revision,
    lines_of,
    lock_document,
    raise_faults,
    store_lines,
    withdraw_document,
)
from services.orders.products.domain import ROUTING_BYTES, excess, in_force, routing_bytes, routing_faults
from services.orders.products.schemas import RoutingIn, RoutingOperationIn
from services.orders.products.tables import Routing, RoutingOperation, RoutingRevision
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.paging import Precondition
from shared.kit.problem import unprocessable


async def put_routing(tx: Transaction, item: str, body: RoutingIn, if_match: Precondition | None = None) -> PutOutcome:
    """Create the routing of an item, or a new revision of it; what it names must be known.

    Released orders keep their snapshot.
    """
    await require(tx, Item, item, "item")
    steps = [await _with_work_center(tx, index, step) for index, step in enumerate(body.operations)]
    raise_faults(routing_faults(steps))
    check_routing_size("operations", steps)
    after = sorted((step.model_dump() for step in steps), key=lambda step: int(step["op"]))
    begins = body.effective_from or tx.today
    routing, revisions = await lock_document(tx, Routing, RoutingRevision, item, if_match)
    present = in_force(revisions, begins)
    before = [step.values() for step in await lines_of(tx, RoutingOperation, item, present)]
    if present and before == after:
        return "unchanged"
    new, changes = begin_revision(tx, Routing, RoutingRevision, item, routing, revisions, begins)
    await store_lines(tx, item, [RoutingOperation(item=item, revision=new.revision, **step) for step in after])
    outcome: PutOutcome = "updated" if routing else "created"
    changes += differences({f"op {step['op']}": step for step in before}, {f"op {step['op']}": step for step in after})
    tx.audit(ACTIONS[outcome], Routing.subject_of(item), changes)
    return outcome


def check_routing_size(field: str, steps: Sequence[RoutingOperationIn]) -> None:
    """A 422 problem about ``field`` when the operations are more than a release can take along."""
    if sizes := excess(routing_bytes(steps), ROUTING_BYTES):
        raise unprocessable(field, "routing_too_large", **sizes)


async def withdraw_routing(tx: Transaction, item: str) -> None:
    """End what is in force of the routing, or else what comes next, as if it had not begun today.

    Nothing when there is none.
    """
    await withdraw_document(tx, Routing, RoutingRevision, item)


async def _with_work_center(tx: Transaction, index: int, step: RoutingOperationIn) -> RoutingOperationIn:
    """The step with the work center of its machines; they stand in one work center, and all that it names is known."""
    field = f"operations.{index}"
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
