"""The pieces of work orders: how they are divided, what has begun, what can come good, and where each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol
from uuid import UUID

from services.orders.products.domain import in_order, planned_quantities
from services.orders.work_orders.domain.states import ON_THE_FLOOR, UNRELEASED, WorkOrderState
from shared.kit.quantities import exact_ratio, round_down, round_up
from shared.kit.units import MOST_DECIMALS


class OperationProgress(Protocol):
    """An operation as it was frozen, and what was reported on it."""

    op: int

    @property
    def predecessors(self) -> list[int]:
        """The operations that give to it."""

    ratio: Decimal
    skip: bool
    planned: Decimal
    good: Decimal
    scrap: Decimal
    rework: Decimal
    rework_in: Decimal
    """Those that wait to be reworked there."""
    sent: Decimal
    """Those that are with the subcontractor; negative where more came back than went."""
    state: str


def order_totals(operations: Sequence[OperationProgress]) -> tuple[Decimal, Decimal, Decimal]:
    """An order's good pieces are those of its last operation, less what skipped ones after it kept; scrap and rework
    add up over all operations.
    """
    if not operations:
        return Decimal(0), Decimal(0), Decimal(0)
    last = max(operations, key=lambda operation: (not operation.skip, operation.op))
    good = last.good - _held_after(operations)
    return good, sum((o.scrap for o in operations), Decimal(0)), sum((o.rework for o in operations), Decimal(0))


def _held_after(operations: Sequence[OperationProgress]) -> Decimal:
    """What skipped operations behind the last one have kept of its good pieces."""
    last = max(operation.op for operation in operations if not operation.skip)
    return sum((_held_back(operation) for operation in operations if operation.op > last), Decimal(0))


def _in_hand(operation: OperationProgress) -> Decimal:
    """The pieces that an operation has finished with, and those that wait there for rework or are at its
    subcontractor.
    """
    away = max(operation.sent, Decimal(0))
    return operation.good + operation.scrap + operation.rework_in + away


def begun(operations: Sequence[OperationProgress], decimals: int) -> Decimal:
    """The number of an order's pieces that have been worked on.

    The most that any operation has finished with, has waiting for rework or at its subcontractor, in pieces of the
    order. An operation that is planned for more than they need, since it makes no parts of a sheet, begins no more
    pieces than are ordered.
    """
    if not operations:
        return Decimal(0)
    each = planned_quantities(operations, Decimal(1))
    ordered = Fraction(max(operations, key=lambda operation: operation.op).planned)
    found = Fraction(0)
    for operation in operations:
        touched = Fraction(_in_hand(operation))
        beyond = max(touched - Fraction(operation.planned), Fraction(0))
        found = max(found, min(touched / each[operation.op], ordered + beyond / each[operation.op]))
    return round_up(found, decimals)


def makes(state: WorkOrderState, quantity: Decimal, operations: Sequence[OperationProgress], decimals: int) -> Decimal:
    """The good pieces that there are or will be of an order: all that are ordered before its release, all that it has
    made once it is over, and what can still come good in between.
    """
    if state in UNRELEASED:
        return quantity
    return obtainable(operations, decimals) if state in ON_THE_FLOOR else order_totals(operations)[0]


def split_faults(quantity: Decimal, parts: Sequence[Decimal], done: Decimal) -> list[tuple[str, str]]:
    """The faults of a split, as (field, code): the parts are the whole, and the first keeps what was worked on."""
    if sum(parts) != quantity:
        return [("quantities", "split_sum")]
    if parts[0] < done:
        return [("quantities.0", "split_below_done")]
    return []


def allotments(
    supplies: Sequence[tuple[UUID, Decimal]], parts: Sequence[tuple[UUID | None, Decimal]]
) -> list[tuple[UUID | None, UUID, Decimal]]:
    """What each part of an order gets of what its ``supplies`` make for it, as (part, supply, quantity).

    Parts get by their quantities, the first ones of the first supplies; all together exactly what there was.
    """
    promised = sum((quantity for _, quantity in supplies), Decimal(0))
    whole = sum((Fraction(quantity) for _, quantity in parts), Fraction(0))
    found, left, given, passed = [], list(supplies), Decimal(0), Fraction(0)
    for part, quantity in parts:
        passed += Fraction(quantity)
        due = round_down(Fraction(promised) * passed / whole, MOST_DECIMALS) - given
        given += due
        while due > 0:
            supply, there = left.pop(0)
            taken = min(due, there)
            due -= taken
            found.append((part, supply, taken))
            if there > taken:
                left.insert(0, (supply, there - taken))
    return found


class Feed(NamedTuple):
    """What gives an operation its pieces: one before it, or a skipped one where there is no other before that.

    ``ratio`` of its pieces come of one of theirs; skipped ones in between have ``held_back`` so many of its.
    """

    before: OperationProgress
    ratio: Fraction
    held_back: Fraction

    def of(self, pieces: Fraction) -> Fraction:
        """What comes of so many pieces."""
        return pieces * self.ratio - self.held_back


def _held_back(operation: OperationProgress) -> Decimal:
    """The pieces that a skipped operation has not let go: what was reported there all the same is a fact."""
    return _in_hand(operation) - operation.good if operation.skip else Decimal(0)


def feeding(operations: Sequence[OperationProgress]) -> dict[int, list[Feed]]:
    """What feeds each operation that is not skipped; skipped ones are passed over, to those before them."""
    by_op = {operation.op: operation for operation in operations}

    def feeds(operation: OperationProgress) -> list[Feed]:
        found: list[Feed] = []
        own = exact_ratio(operation.ratio)
        for before in (by_op[op] for op in operation.predecessors):
            further = feeds(before) if before.skip else []
            held = Fraction(_held_back(before))
            found += [
                Feed(feed.before, feed.ratio * own, (feed.held_back + held) * own)
                for feed in further or [Feed(before, Fraction(1), Fraction(0))]
            ]
        return found

    return {operation.op: feeds(operation) for operation in operations if not operation.skip}


def obtainable(operations: Sequence[OperationProgress], decimals: int) -> Decimal:
    """The good pieces that an order has made and can still make: what was scrapped or left out cannot be one any more.

    A finished operation gives what it has given. One that is open gives what came in and will come in, less its scrap,
    and no more than is planned; what was made beyond the plan is made.
    """
    by_op = {operation.op: operation for operation in operations}
    feeds = feeding(operations)
    given = {operation.op: Fraction(operation.planned) for operation in operations if operation.skip}
    for op in in_order({op: [f.before.op for f in found if not f.before.skip] for op, found in feeds.items()}):
        operation = by_op[op]
        good, planned = Fraction(operation.good), Fraction(operation.planned)
        coming = min((feed.of(given[feed.before.op]) for feed in feeds[op]), default=planned)
        left = Fraction(round_down(coming, decimals)) - Fraction(operation.scrap)
        is_over = operation.state in ("done", "cancelled")
        given[op] = good if is_over else max(good, min(left, planned))
    return round_down(given[max(feeds)] - Fraction(_held_after(operations)), decimals) if feeds else Decimal(0)


@dataclass(frozen=True)
class Balance:
    """The balance of one operation's pieces: ``received`` came in, ``in_process`` of them have not left.

    ``not_begun`` never came in. Of what an earlier operation gives because it makes no parts of a sheet no more comes
    in than is planned here, unless it is used.

    ``unreported`` left it and never came in: what was reported is never refused, so a report before it is missing.
    ``not_begun`` is negative where more was made than planned.
    """

    op: int
    received: Decimal
    not_begun: Decimal
    in_process: Decimal
    unreported: Decimal


def balances(operations: Sequence[OperationProgress], decimals: int) -> list[Balance]:
    """The balance of each operation, also of a skipped one where something was reported all the same.

    In a chain of like pieces, over all operations:
    planned = not begun + in process + scrap - unreported + good of the order.
    """
    found, none, feeding_each = [], Decimal(0), feeding(operations)
    for operation in operations:
        processed, touched = operation.good + operation.scrap, _in_hand(operation)
        if operation.skip and not (touched or operation.rework):
            continue
        received, not_begun = touched, none
        feeds = feeding_each.get(operation.op, [])
        if given := [feed for feed in feeds if not feed.before.skip]:
            came = min(feed.of(Fraction(feed.before.good)) for feed in given)
            needed = min(_needed(feed, operation) for feed in given)
            received = round_down(max(needed, min(came, Fraction(touched))), decimals)
        elif not operation.skip:
            passed = max((Fraction(feed.before.good) * feed.ratio for feed in feeds), default=Fraction(0))
            received = max(touched, round_down(passed, decimals))
            held = round_down(max((feed.held_back for feed in feeds), default=Fraction(0)), decimals)
            not_begun = operation.planned - received - held
        rest = received - processed
        found.append(Balance(operation.op, received, not_begun, max(rest, none), max(-rest, none)))
    return found


def _needed(feed: Feed, operation: OperationProgress) -> Fraction:
    """The pieces that an operation before has given this one of those it wants: no more than are planned, while that
    has made no more than was planned there.
    """
    beyond = max(Fraction(feed.before.good) - Fraction(feed.before.planned), Fraction(0))
    return min(feed.of(Fraction(feed.before.good)), Fraction(operation.planned) + beyond * feed.ratio)
