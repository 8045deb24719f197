"""The standard that an order is released with: the routing and the BOM in force on a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.definitions.tables import Definition, Machine, Tool, WorkCenter
from services.orders.products.domain import planned_quantities, predecessors_of, routing_faults, run_of, whole
from services.orders.products.queries import describe_lines, find_revision, list_operations
from services.orders.products.schemas import LineOut
from services.orders.products.tables import BomRevision, RoutingOperation, RoutingRevision
from shared.contracts.orders import ReleasedAlternate, ReleasedMaterial, ReleasedOperation
from shared.kit.problem import FieldError


@dataclass(frozen=True)
class Standard:
    """How an item is made on a day; a revision is None when none is in force."""

    routing_revision: int | None
    steps: list[RoutingOperation] = field(default_factory=list)
    bom_revision: int | None = None
    lines: list[LineOut] = field(default_factory=list)


async def load_standard(session: AsyncSession, item: str, on: date) -> Standard:
    """The routing and the BOM in force on a day."""
    routing = await find_revision(session, RoutingRevision, item, on)
    bom = await find_revision(session, BomRevision, item, on)
    return Standard(
        routing_revision=routing.revision if routing else None,
        steps=await list_operations(session, item, routing.revision) if routing else [],
        bom_revision=bom.revision if bom else None,
        lines=await describe_lines(session, item, bom.revision) if bom else [],
    )


async def standard_faults(session: AsyncSession, item: str, standard: Standard) -> list[FieldError]:
    """What is missing, by field: no routing, one that contradicts itself, or places, machines and tools no longer in use."""
    if not standard.steps:
        return [FieldError("routing", "routing_missing", {"item": item})]
    found = [FieldError(name, code) for name, code in routing_faults(standard.steps)]
    for table, kind, uses in (
        (WorkCenter, "work_center", [(s, "work_center", s.work_center) for s in standard.steps]),
        (Machine, "machine", [(s, "machine", s.machine) for s in standard.steps]),
        (Machine, "machine", [(s, f"machines.{n}", m) for s in standard.steps for n, m in enumerate(s.machines)]),
        (Tool, "tool", [(s, "tool", s.tool) for s in standard.steps]),
    ):
        usable = await _usable(session, table, {code for _, _, code in uses if code})
        found += [
            FieldError(
                f"operations.{standard.steps.index(step)}.{name}", f"{kind}_inactive", {"code": code, "op": step.op}
            )
            for step, name, code in uses
            if code and code not in usable
        ]
    return found


async def _usable(session: AsyncSession, table: type[Definition], codes: set[str]) -> set[str]:
    """Those of the codes that are known and in use."""
    if not codes:
        return set()
    return set(await session.scalars(select(table.code).where(col(table.code).in_(codes), col(table.active).is_(True))))


def snapshot(steps: Sequence[RoutingOperation], quantity: Decimal, unit: str) -> list[ReleasedOperation]:
    """The routing as it is frozen: the graph spelled out, batches as cycles, and what each operation must yield."""
    before = predecessors_of(steps)
    planned = planned_quantities(steps, quantity)
    return [
        ReleasedOperation.model_validate(
            step.values()
            | {
                "predecessors": before[step.op],
                "cycle_s": run_of(step)[0],
                "per_cycle": run_of(step)[1],
                "planned": quantity if planned[step.op] == Fraction(quantity) else whole(planned[step.op], unit),
            }
        )
        for step in steps
    ]


def materials(lines: Sequence[LineOut]) -> list[ReleasedMaterial]:
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
