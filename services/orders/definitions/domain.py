"""The rules of master data."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class ItemKind(StrEnum):
    """What an item is to the shop."""

    RAW = "raw"
    PURCHASED = "purchased"
    SEMI = "semi"
    FINISHED = "finished"


class ReasonKind(StrEnum):
    """What a reason explains. Planned stops leave the planned busy time, unplanned ones count against availability (ISO 22400-2)."""

    PLANNED = "planned"
    SETUP = "setup"
    UNPLANNED = "unplanned"
    HOLD = "hold"
    CORRECTION = "correction"


class Step(Protocol):
    """An operation of a routing, as far as these rules look at it."""

    op: int
    work_center: str | None
    machine: str | None
    subcontract: bool
    cycle_s: Decimal


def routing_faults(steps: Sequence[Step]) -> list[tuple[str, str]]:
    """What contradicts in a routing, as (field, code): steps twice, or made nowhere."""
    faults: list[tuple[str, str]] = []
    seen: set[int] = set()
    for place, step in enumerate(steps):
        if step.op in seen:
            faults.append((f"operations.{place}.op", "operation_twice"))
        seen.add(step.op)
        if not step.subcontract and step.machine is None and step.work_center is None:
            faults.append((f"operations.{place}.work_center", "operation_nowhere"))
        if step.subcontract and step.machine is not None:
            faults.append((f"operations.{place}.machine", "subcontract_on_machine"))
    return faults
