"""Events of work orders: one function for each."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from services.orders.products.domain import planned_pieces, predecessors_of, run_of
from services.orders.products.schemas import BomLineOut
from services.orders.products.tables import RoutingOperation
from services.orders.work_orders.tables import WorkOrderOperation
from shared.contracts.orders.instructions import ReleasedInstruction
from shared.contracts.orders.work_orders import AmendedOperation, ReleasedAlternate, ReleasedMaterial, ReleasedOperation


def released_operations(
    steps: Sequence[RoutingOperation], quantity: Decimal, unit: str, instructions: Mapping[str, ReleasedInstruction]
) -> list[ReleasedOperation]:
    """The routing as it is frozen: the graph spelled out, batches as cycles, what each operation must yield, and its instruction."""
    before = predecessors_of(steps)
    planned = planned_pieces(steps, quantity, unit)
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
    """The BOM as it is frozen."""
    return [
        ReleasedMaterial(
            **line.model_dump(exclude={"alternates", "quantity", "scrap_pct"}),
            quantity=line.quantity,
            scrap_pct=line.scrap_pct,
            alternates=[ReleasedAlternate(component=a.component, quantity=a.quantity) for a in line.alternates],
        )
        for line in lines
    ]


STATE_FIELDS = {
    *("number", "external_id", "item", "state", "quantity", "due_at", "priority", "customer"),
    *("over_tolerance_pct", "under_tolerance_pct"),
}


def amended_operations(operations: Sequence[WorkOrderOperation]) -> list[AmendedOperation]:
    """The operations as events tell them."""
    return [AmendedOperation.model_validate(operation, from_attributes=True) for operation in operations]
