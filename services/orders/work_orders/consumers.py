"""The floor's events: what was reported on operations, and how they moved."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.orders.work_orders.commands.progress import (
    Counts,
    add_counts,
    begin_to_recount,
    count_results,
    end_recount,
    move_operations,
)
from services.orders.work_orders.domain.states import OperationMove
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received
from shared.kit.projection import Projection


async def on_results(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Add up the pieces of each operation, and count them."""
    first_at: dict[UUID, datetime] = {}
    for received in events:
        first_at.setdefault(received.event.work_order_id, received.time)
    last = {_operation(received.event): received.event.totals for received in events}
    counts = {
        key: replace(counted, rework_in=last[key].rework_in, sent=last[key].sent)
        for key, counted in _sums(events).items()
    }
    await count_results(tx, counts, first_at)


async def on_results_anew(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Count them, and nothing more: what followed from them has followed."""
    await add_counts(tx, _sums(events))


def _operation(event: ResultReported) -> tuple[UUID, int]:
    return event.work_order_id, event.op


def _sums(events: Sequence[Received[ResultReported]]) -> Mapping[tuple[UUID, int], Counts]:
    sums: defaultdict[tuple[UUID, int], Counts] = defaultdict(Counts)
    for received in events:
        event = received.event
        lost = sum((entry.quantity for entry in event.scrap), Decimal(0))
        sums[_operation(event)] += Counts(event.good, lost, event.rework)
    return sums


async def on_jobs(tx: Transaction, events: Sequence[Received[JobChanged]]) -> None:
    """Move the operations of the jobs."""
    moves = [
        OperationMove(
            id=received.id,
            at=received.time,
            work_order=received.event.work_order_id,
            person_id=received.event.person_id,
            rework_in=received.event.totals.rework_in,
            sent=received.event.totals.sent,
            **received.event.model_dump(include={"op", "before", "state", "machine", "reason"}),
        )
        for received in events
    ]
    await move_operations(tx, moves)


CONSUMES = [
    on(ResultReported, on_results),
    on(JobChanged, on_jobs),
]
PROJECTIONS = [Projection([on(ResultReported, on_results_anew)], begin_to_recount, end_recount)]
