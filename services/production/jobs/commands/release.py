"""The jobs of a released order."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from services.production.definitions.queries import find_item, is_any_tracked, items_by_code
from services.production.jobs.domain import JobState, of_the_item
from services.production.jobs.events import job_changed
from services.production.jobs.tables import Job, JobPredecessor
from shared.contracts.orders.work_orders import WorkOrderReleased
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.units import MOST_DECIMALS

FROM_ORDER = (
    *("number", "external_id", "customer", "item", "item_name", "unit", "box_quantity"),
    *("due_at", "priority", "over_tolerance_pct", "under_tolerance_pct"),
)
FROM_OPERATION = ("op", "work_center", "tool", "setup_s", "cycle_s", "per_cycle", "self_inspection", "subcontract")
"""Columns of a job that are taken over as they are in the snapshot."""


async def create_jobs(tx: Transaction, order: WorkOrderReleased, released_at: datetime) -> None:
    """Make the jobs of an order that was released at a moment.

    Those without a predecessor are ready. Their instructions are stored already.
    """
    materials = await _materials_by_op(tx, order)
    traced = await is_any_tracked(tx.session, _items_of(order))
    decimals = await _decimals_by_op(tx, order)
    ids = {operation.op: new_id() for operation in order.operations}
    links = []
    for operation in order.operations:
        job = Job(
            **{name: getattr(order, name) for name in FROM_ORDER},
            **{name: getattr(operation, name) for name in FROM_OPERATION},
            id=ids[operation.op],
            work_order=order.work_order_id,
            op_name=operation.name,
            planned_machine=operation.machine,
            state=(JobState.WAITING if operation.predecessors else JobState.READY).value,
            planned=operation.planned or order.quantity,
            materials=materials[operation.op],
            traced=traced,
            released_at=released_at,
            decimals=decimals[operation.op],
            instruction=operation.instruction.code if operation.instruction else None,
            instruction_revision=operation.instruction.revision if operation.instruction else None,
        )
        tx.session.add(job)
        links += [
            JobPredecessor(job=job.id, predecessor=ids[op], ratio=operation.ratio) for op in operation.predecessors
        ]
        tx.record(job_changed(job, "created"), aggregate=f"job/{job.id}", version=job.version)
    await tx.session.flush()
    tx.session.add_all(links)


async def _decimals_by_op(tx: Transaction, order: WorkOrderReleased) -> dict[int, int | None]:
    """The decimals of the quantities of each operation, where those of the item's unit do not say them."""
    item = await find_item(tx.session, order.item)
    own = 0 if item and item.serial_tracked else None
    here = of_the_item({each.op: dict.fromkeys(each.predecessors, each.ratio) for each in order.operations})
    return {each.op: own if each.op in here else MOST_DECIMALS for each in order.operations}


async def _materials_by_op(tx: Transaction, order: WorkOrderReleased) -> defaultdict[int, list[dict[str, Any]]]:
    """The bill of material by operation, with the names of today; what it gives to none belongs to the first."""
    items = await items_by_code(tx.session, {material.component for material in order.materials})
    names = {code: item.name for code, item in items.items()}
    first = min((operation.op for operation in order.operations), default=0)
    materials: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for material in order.materials:
        op = first if material.op is None else material.op
        name = material.name or names.get(material.component) or {"ko": material.component}
        materials[op].append(material.model_dump(mode="json", exclude={"op"}) | {"name": name})
    return materials


def _items_of(order: WorkOrderReleased) -> set[str]:
    """The order's item and all that may go into it."""
    items = {order.item}
    for material in order.materials:
        items |= {material.component, *(other.component for other in material.alternates)}
    return items
