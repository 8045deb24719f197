"""Events of work orders: one function for each. The aggregate and the version are given where they are recorded."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from services.orders.definitions.tables import Item
from services.orders.products.domain import planned_pieces, predecessors_of, run_of
from services.orders.products.schemas import BomLineOut
from services.orders.products.tables import RoutingOperation
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.contracts.orders.instructions import ReleasedInstruction
from shared.contracts.orders.work_orders import (
    AmendedOperation,
    OrderedByErp,
    ReleasedAlternate,
    ReleasedMaterial,
    ReleasedOperation,
    WorkOrderAmended,
    WorkOrderChanged,
    WorkOrderCreated,
    WorkOrderReconciled,
    WorkOrderReleased,
    WorkOrderSplit,
)
from shared.kit.quantities import as_decimal

IDENTITY = {"number", "external_id"}
TERMS = {*IDENTITY, "item", "state", "quantity", "due_at", "priority"}
"""The columns of an order that most of its events have in common."""
TOLERANCES = {"over_tolerance_pct", "under_tolerance_pct"}


def work_order_created(order: WorkOrder) -> WorkOrderCreated:
    """A draft was created."""
    return WorkOrderCreated(
        work_order_id=order.id, **order.model_dump(include={*IDENTITY, "item", "quantity", "due_at"})
    )


def work_order_changed(
    order: WorkOrder, before: str, reason: str | None, merged_into: UUID | None = None
) -> WorkOrderChanged:
    """The order moved from the state ``before`` to its present one."""
    return WorkOrderChanged(
        work_order_id=order.id,
        before=before,
        reason=reason,
        merged_into_id=merged_into,
        **order.model_dump(include={*IDENTITY, "item", "state"}),
    )


def work_order_reconciled(
    order: WorkOrder, revision: int, good: Decimal, scrap: Decimal, rework: Decimal, reason: str | None
) -> WorkOrderReconciled:
    """The balance of the closed order was stored."""
    return WorkOrderReconciled(
        work_order_id=order.id,
        revision=revision,
        good=good,
        scrap=scrap,
        rework=rework,
        reason=reason,
        **order.model_dump(include={*IDENTITY, "quantity"}),
    )


def work_order_released(
    order: WorkOrder, item: Item, operations: list[ReleasedOperation], materials: list[ReleasedMaterial]
) -> WorkOrderReleased:
    """The order was released with this snapshot."""
    frozen = {*TERMS, *TOLERANCES, "routing_revision", "bom_revision", "customer"} - {"state"}
    return WorkOrderReleased(
        work_order_id=order.id,
        parent_id=order.parent,
        item_name=item.name,
        unit=item.unit,
        box_quantity=item.box_quantity,
        operations=operations,
        materials=materials,
        **order.model_dump(include=frozen),
    )


def work_order_amended(
    order: WorkOrder,
    operations: Sequence[WorkOrderOperation],
    changed: Sequence[str],
    reason: str | None,
    ordered: OrderedByErp | None,
) -> WorkOrderAmended:
    """The present state of the order, of which the fields ``changed`` are new."""
    return WorkOrderAmended(
        work_order_id=order.id,
        operations=_amended(operations),
        changed=list(changed),
        reason=reason,
        ordered=ordered,
        **order.model_dump(include={*TERMS, *TOLERANCES, "customer"}),
    )


def work_order_split(
    part: WorkOrder, split_from: WorkOrder, operations: Sequence[WorkOrderOperation], reason: str | None
) -> WorkOrderSplit:
    """The part came into being."""
    return WorkOrderSplit(
        work_order_id=part.id,
        split_from_id=split_from.id,
        operations=_amended(operations),
        reason=reason,
        **part.model_dump(include=TERMS),
    )


def _amended(operations: Sequence[WorkOrderOperation]) -> list[AmendedOperation]:
    return [AmendedOperation.model_validate(operation, from_attributes=True) for operation in operations]


def released_operations(
    steps: Sequence[RoutingOperation], quantity: Decimal, decimals: int, instructions: Mapping[str, ReleasedInstruction]
) -> list[ReleasedOperation]:
    """The routing as it is frozen.

    The graph is spelled out, batches are cycles, and each operation has what it must yield and its instruction.
    """
    before = predecessors_of(steps)
    planned = planned_pieces(steps, quantity, decimals)
    return [
        ReleasedOperation.model_validate(
            step.values()
            | {
                "predecessors": before[step.op],
                "cycle_s": run_of(step)[0],
                "per_cycle": run_of(step)[1],
                "instruction": instructions.get(step.instruction or ""),
                "planned": planned[step.op],
            }
        )
        for step in steps
    ]


def released_materials(lines: Sequence[BomLineOut]) -> list[ReleasedMaterial]:
    """The BOM as it is frozen, in stock units; what the components are called, their own events tell."""
    return [
        ReleasedMaterial(
            component=line.component,
            unit=line.stock_unit,
            scrap_pct=line.scrap_pct,
            op=line.op,
            alternates=[
                ReleasedAlternate(component=other.component, **_quantity_for_one(other.stock_quantity))
                for other in line.alternates
            ],
            **_quantity_for_one(line.stock_quantity),
        )
        for line in lines
    ]


def _quantity_for_one(quantity: Fraction) -> dict[str, Any]:
    """The decimal, and the fraction where the decimal is not all of it."""
    decimal = as_decimal(quantity)
    return {"quantity": decimal, "exact": None if decimal == quantity else str(quantity)}
