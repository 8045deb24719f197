"""The rules of bills of material and routings.

A routing is a graph of operations, a BOM a graph of items; neither has a cycle.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Protocol, TypeVar

from services.orders.definitions.domain.working_time import REACH, WorkingTime
from shared.kit.quantities import exact_ratio, round_up
from shared.kit.units import MOST_DECIMALS

ONE_DAY = timedelta(days=1)
MILLIONTH = Fraction(1, 10**MOST_DECIMALS)


class InForce(Protocol):
    """A revision's time in force: from a day to a day, or without an end.

    One that was replaced on its first day has none.
    """

    @property
    def effective_from(self) -> date:
        """The first day."""

    @property
    def effective_to(self) -> date | None:
        """The last day, if there is one."""


N = TypeVar("N")
S = TypeVar("S", bound=InForce)


def in_force(revisions: Iterable[S], on: date) -> S | None:
    """The revision in force on a day."""
    return next(
        (r for r in revisions if r.effective_from <= on and (r.effective_to is None or on <= r.effective_to)), None
    )


def cut_in(revisions: Sequence[S], begins: date) -> tuple[S | None, date | None]:
    """The revision that a new one ends the day before ``begins``, and the last day of the new one.

    No day is left out or has two.
    """
    present = in_force(revisions, begins)
    if present is not None:
        return present, present.effective_to
    later = [r.effective_from for r in revisions if r.effective_from > begins and not is_empty(r)]
    return None, min(later) - ONE_DAY if later else None


def is_empty(revision: InForce) -> bool:
    """True when it was replaced before it was a day in force."""
    return revision.effective_to is not None and revision.effective_to < revision.effective_from


def rewrites_the_past(revisions: Sequence[InForce], begins: date, today: date) -> bool:
    """True when a revision from ``begins`` on would change what was in force on a day that is over.

    Days before the first revision may be filled.
    """
    return begins < today and any(r.effective_from >= begins and not is_empty(r) for r in revisions)


class Numbered(InForce, Protocol):
    """A revision with its number."""

    @property
    def revision(self) -> int:
        """Counted from 1 on."""


def revision_faults(revisions: Sequence[Numbered]) -> list[tuple[str, str]]:
    """The contradictions of a document's past, as (field, code).

    A number twice, an end before its begin, or a day with two revisions.
    """
    faults: list[tuple[str, str]] = []
    numbers: set[int] = set()
    for index, one in enumerate(revisions):
        if one.revision in numbers:
            faults.append((f"revisions.{index}.revision", "revision_twice"))
        numbers.add(one.revision)
        if one.effective_to is not None and one.effective_to < one.effective_from - ONE_DAY:
            faults.append((f"revisions.{index}.effective_to", "revisions_overlap"))
    spans = sorted(
        ((one.effective_from, index) for index, one in enumerate(revisions) if not is_empty(one)),
    )
    for (_, earlier), (begins, index) in pairwise(spans):
        ends = revisions[earlier].effective_to
        if ends is None or ends >= begins:
            faults.append((f"revisions.{index}.effective_from", "revisions_overlap"))
    return faults


@dataclass(frozen=True)
class BillLine:
    """``quantity`` of ``component`` go into one piece; ``scrap_pct`` percent more are taken for what is lost.

    Quantities are exact, in stock units.
    """

    component: str
    quantity: Fraction | Decimal
    scrap_pct: Decimal = Decimal(0)
    op: int | None = None
    alternates: tuple[tuple[str, Fraction | Decimal], ...] = ()

    @property
    def gross(self) -> Fraction:
        """The quantity taken for one piece, exactly."""
        return Fraction(self.quantity) * (1 + Fraction(self.scrap_pct) / 100)


@dataclass(frozen=True)
class Bill:
    """One revision of a BOM."""

    revision: int
    effective_from: date
    effective_to: date | None
    lines: tuple[BillLine, ...]


Bills = Mapping[str, Sequence[Bill]]
"""The revisions of the BOMs of items."""


def line_faults(item: str, lines: Sequence[BillLine]) -> list[tuple[str, str]]:
    """The contradictions of a BOM, as (field, code).

    The same component twice at one operation, or as its own alternate.
    """
    faults, seen = [], set()
    for index, line in enumerate(lines):
        if (line.component, line.op) in seen:
            faults.append((f"lines.{index}.component", "component_twice"))
        seen.add((line.component, line.op))
        others = [line.component, *(component for component, _ in line.alternates)]
        if len(set(others)) < len(others):
            faults.append((f"lines.{index}.alternates", "component_twice"))
    return faults


def find_cycle(start: N, follow: Callable[[N], Iterable[N]]) -> list[N] | None:
    """A path from ``start`` back to itself, or None."""
    path: list[N] = [start]
    seen: set[N] = set()
    open_: list[list[N]] = [list(follow(start))]
    while open_:
        if not open_[-1]:
            open_.pop()
            path.pop()
            continue
        node = open_[-1].pop()
        if node == start:
            return [*path, start]
        if node not in seen:
            seen.add(node)
            path.append(node)
            open_.append(list(follow(node)))
    return None


def components_of(lines: Iterable[BillLine]) -> set[str]:
    """All components and alternates."""
    return {code for line in lines for code in (line.component, *(alternate for alternate, _ in line.alternates))}


def bom_cycle(item: str, lines: Sequence[BillLine], bills: Bills) -> list[str] | None:
    """The path on which ``item`` would be a part of itself, in what is or will be in force."""

    def follow(node: str) -> Iterable[str]:
        found = {code for bill in bills.get(node, ()) for code in components_of(bill.lines)}
        return sorted(found | components_of(lines) if node == item else found)

    return find_cycle(item, follow)


class Node(Protocol):
    """An operation in its graph; ``predecessors`` None is the operation before it."""

    op: int

    @property
    def predecessors(self) -> list[int] | None:
        """The operations that give to it."""


class Flow(Node, Protocol):
    """An operation through which pieces flow; ``ratio`` of its pieces come from one of a predecessor's."""

    ratio: Decimal


class Step(Node, Protocol):
    """An operation of a routing, as far as these rules look at it."""

    work_center: str | None
    machine: str | None
    subcontract: bool
    run_s_per_batch: Decimal | None
    batch_size: Decimal | None


def predecessors_of(steps: Sequence[Node]) -> dict[int, list[int]]:
    """Each operation's predecessors, those left out filled in."""
    ops = sorted(step.op for step in steps)
    before = dict(zip(ops, [[], *([op] for op in ops)], strict=False))
    return {
        step.op: before[step.op] if step.predecessors is None else sorted(set(step.predecessors))
        for step in sorted(steps, key=lambda step: step.op)
    }


def routing_faults(steps: Sequence[Step]) -> list[tuple[str, str]]:
    """The contradictions of a routing, as (field, code).

    Steps twice, made nowhere, going in a circle or leading nowhere.
    """
    faults: list[tuple[str, str]] = []
    seen: set[int] = set()
    for index, step in enumerate(steps):
        if step.op in seen:
            faults.append((f"operations.{index}.op", "operation_twice"))
        seen.add(step.op)
        if not step.subcontract and step.machine is None and step.work_center is None:
            faults.append((f"operations.{index}.work_center", "operation_nowhere"))
        if step.subcontract and step.machine is not None:
            faults.append((f"operations.{index}.machine", "subcontract_on_machine"))
        if (step.run_s_per_batch is None) != (step.batch_size is None):
            field = "batch_size" if step.batch_size is None else "run_s_per_batch"
            faults.append((f"operations.{index}.{field}", "missing"))
    return faults or _graph_faults(steps)


def _graph_faults(steps: Sequence[Step]) -> list[tuple[str, str]]:
    positions = {step.op: index for index, step in enumerate(steps)}
    before = predecessors_of(steps)
    unknown = [op for op, found in before.items() if not set(found) <= positions.keys()]
    if unknown:
        return [(f"operations.{positions[op]}.predecessors", "unknown_operation") for op in unknown]
    if not steps:
        return []
    circles = [op for op in before if find_cycle(op, lambda node: before[node])]
    if circles:
        return [(f"operations.{positions[op]}.predecessors", "routing_cycle") for op in circles]
    led_to = {op for found in before.values() for op in found}
    return [
        (f"operations.{positions[op]}.op", "routing_loose_end")
        for op in positions
        if op not in led_to and op != max(positions)
    ]


class Timed(Step, Flow, Protocol):
    """An operation with its times in seconds and days."""

    cycle_s: Decimal
    per_cycle: Decimal
    setup_s: Decimal
    lead_time_d: Decimal | None


def planned_quantities(steps: Sequence[Flow], quantity: Decimal, decimals: int | None = None) -> dict[int, Fraction]:
    """The quantity that each operation must yield, so that the last one yields ``quantity``.

    A predecessor yields 1/ratio of what it gives to. With ``decimals`` it yields no part of what is the least there is:
    three pieces from a sheet, and ten pieces take four sheets, which take all that four sheets take.
    """
    before = predecessors_of(steps)
    ratio = {step.op: exact_ratio(step.ratio) for step in steps}
    whole_order = Fraction(quantity)
    planned = dict.fromkeys(before, Fraction(0))
    for op in reversed(in_order(before)):
        planned[op] = planned[op] or whole_order
        for previous in before[op]:
            needed = planned[op] / ratio[op]
            if decimals is not None and needed != whole_order:
                needed = Fraction(round_up(needed, decimals))
            planned[previous] = max(planned[previous], needed)
    return planned


def in_order(before: Mapping[int, Collection[int]]) -> list[int]:
    """The operations, each after its predecessors."""
    done: list[int] = []
    while len(done) < len(before):
        done += sorted(op for op, found in before.items() if op not in done and set(found) <= set(done))
    return done


def run_of(step: Timed) -> tuple[Decimal, Decimal]:
    """Seconds, and the pieces that they make: of a batch where the operation runs in batches, else of a cycle."""
    if step.run_s_per_batch is not None and step.batch_size is not None:
        return step.run_s_per_batch, step.batch_size
    return step.cycle_s, step.per_cycle


def latest_start(steps: Sequence[Timed], quantity: Decimal, due_at: datetime, hours: WorkingTime) -> datetime:
    """The instant at which ``quantity`` pieces must be begun to be there by ``due_at``; at most REACH before it.

    An operation ends when the first of those it feeds begins. Its set-up and its whole cycles or batches take working
    time, its lead time after them passes day and night; queues are not in it.
    """
    before, planned = predecessors_of(steps), planned_quantities(steps, quantity)
    by_op = {step.op: step for step in steps}
    ends = dict.fromkeys(by_op, due_at)
    start = due_at
    for op in reversed(in_order(before)):
        step = by_op[op]
        seconds, pieces = run_of(step)
        work = Fraction(step.setup_s) + -(-planned[op] // Fraction(pieces)) * Fraction(seconds)
        begins = max(hours.back(ends[op], ceil(work), timedelta(days=float(step.lead_time_d or 0))), due_at - REACH)
        for previous in before[op]:
            ends[previous] = min(ends[previous], begins)
        start = min(start, begins)
    return start


def step_of(decimals: int) -> Fraction:
    """The least quantity that can be ordered of a unit with so many decimals: a whole piece of what counts."""
    return Fraction(1, 10**decimals)


def rounded_up(quantity: Fraction, step: Fraction) -> Fraction:
    """The least multiple of ``step`` that is not less."""
    return -(-quantity // step) * step


def planned_pieces(steps: Sequence[Flow], quantity: Decimal, decimals: int) -> dict[int, Decimal]:
    """The quantity that each operation must yield for ``quantity``.

    Where the ratios ask for a part of a unit, it is rounded up to what there is of the item's unit.
    """
    planned = planned_quantities(steps, quantity, decimals)
    return {op: quantity if needed == quantity else whole(needed) for op, needed in planned.items()}


def whole(quantity: Fraction, decimals: int = MOST_DECIMALS) -> Decimal:
    """The quantity, rounded up to what can be ordered of a unit with so many decimals; a millionth without a unit."""
    return Decimal(int(rounded_up(quantity, step_of(decimals)) / MILLIONTH)).scaleb(-MOST_DECIMALS)


def rounded(quantity: Fraction) -> Decimal:
    """To a millionth, half to even."""
    return Decimal(round(quantity / MILLIONTH)).scaleb(-MOST_DECIMALS)


ROUTING_BYTES = 80 * 1024
BOM_BYTES = 150 * 1024
"""A release takes both along in one event of 240 KiB, and 10 KiB are for the order itself."""
OPERATION_BYTES, LINE_BYTES, ALTERNATE_BYTES = 420, 130, 60
"""The most that an operation, a line and an alternate have of an event beside their texts and codes."""


class Described(Step, Protocol):
    """An operation with what makes it large."""

    name: dict[str, str]
    machines: list[str]
    tool: str | None
    instruction: str | None


def routing_bytes(steps: Sequence[Described]) -> int:
    """The bytes that a release takes for these operations at most."""
    return sum(
        OPERATION_BYTES
        + _json_bytes((s.name, s.work_center, s.machine, s.machines, s.tool, s.instruction, s.predecessors))
        for s in steps
    )


def bom_bytes(lines: Iterable[tuple[str, str, Sequence[str]]]) -> int:
    """The bytes that a release takes for these lines (component, its unit, alternates) at most."""
    return sum(
        LINE_BYTES + _json_bytes((component, unit, alternates)) + ALTERNATE_BYTES * len(alternates)
        for component, unit, alternates in lines
    )


def _json_bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def excess(size: int, limit: int) -> dict[str, int] | None:
    """What is too large and what it may be, in KiB as people read it; None when it is not."""
    return {"kib": ceil(size / 1024), "limit": limit // 1024} if size > limit else None
