"""The standard of a release: the routing and the BOM in force on a day, and the approved instructions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.definitions.tables import Definition, Machine, Tool, WorkCenter
from services.orders.instructions.queries import load_approved
from services.orders.products.domain import (
    BOM_BYTES,
    ROUTING_BYTES,
    bom_bytes,
    excess,
    routing_bytes,
    routing_faults,
)
from services.orders.products.queries.boms import describe_lines
from services.orders.products.queries.revisions import find_revision
from services.orders.products.queries.routings import list_operations
from services.orders.products.schemas import BomLineOut
from services.orders.products.tables import BomRevision, RoutingOperation, RoutingRevision
from shared.contracts.orders.instructions import ReleasedInstruction
from shared.kit.problem import FieldError


@dataclass(frozen=True)
class Standard:
    """The routing and BOM of an item on a day; a revision is None when none is in force.

    ``instructions`` are the approved ones by code.
    """

    routing_revision: int | None
    steps: list[RoutingOperation] = field(default_factory=list)
    bom_revision: int | None = None
    lines: list[BomLineOut] = field(default_factory=list)
    instructions: Mapping[str, ReleasedInstruction] = field(default_factory=dict)


async def load_standard(session: AsyncSession, item: str, on: date) -> Standard:
    """The routing and the BOM in force on a day, and the approved instructions of its operations."""
    routing = await find_revision(session, RoutingRevision, item, on)
    bom = await find_revision(session, BomRevision, item, on)
    steps = await list_operations(session, item, routing.revision) if routing else []
    return Standard(
        routing_revision=routing.revision if routing else None,
        steps=steps,
        bom_revision=bom.revision if bom else None,
        lines=await describe_lines(session, item, bom.revision) if bom else [],
        instructions=await load_approved(session, (step.instruction for step in steps if step.instruction)),
    )


async def standard_faults(session: AsyncSession, item: str, standard: Standard) -> list[FieldError]:
    """The faults of a standard, by field.

    No routing or one that contradicts itself; work centers, machines and tools no longer in use;
    instructions that nobody approved.
    """
    if not standard.steps:
        return [FieldError("routing", "routing_missing", {"item": item})]
    found = [FieldError(name, code) for name, code in routing_faults(standard.steps)]
    for table, kind, uses in (
        (WorkCenter, "work_center", [(s, "work_center", s.work_center) for s in standard.steps]),
        (Machine, "machine", [(s, "machine", s.machine) for s in standard.steps]),
        (Machine, "machine", [(s, f"machines.{n}", m) for s in standard.steps for n, m in enumerate(s.machines)]),
        (Tool, "tool", [(s, "tool", s.tool) for s in standard.steps]),
    ):
        usable = await _active_codes(session, table, {code for _, _, code in uses if code})
        found += [
            FieldError(
                f"operations.{standard.steps.index(step)}.{name}", f"{kind}_inactive", {"code": code, "op": step.op}
            )
            for step, name, code in uses
            if code and code not in usable
        ]
    found += [
        FieldError(f"operations.{index}.instruction", "instruction_not_approved", {"instruction": step.instruction})
        for index, step in enumerate(standard.steps)
        if step.instruction and step.instruction not in standard.instructions
    ]
    return found + size_faults(standard)


def size_faults(standard: Standard) -> list[FieldError]:
    """The routing or the BOM, where one is too large for a release: it is of before there was a limit."""
    lines = [(line.component, line.unit, [other.component for other in line.alternates]) for line in standard.lines]
    excesses = (
        ("routing", "routing_too_large", excess(routing_bytes(standard.steps), ROUTING_BYTES)),
        ("bom", "bom_too_large", excess(bom_bytes(lines), BOM_BYTES)),
    )
    return [FieldError(field, code, sizes) for field, code, sizes in excesses if sizes]


async def _active_codes(session: AsyncSession, table: type[Definition], codes: set[str]) -> set[str]:
    """Those of the codes that are known and in use."""
    if not codes:
        return set()
    return set(await session.scalars(select(table.code).where(col(table.code).in_(codes), col(table.active).is_(True))))
