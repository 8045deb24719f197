"""The floor's events: what was reported on operations, and how they moved."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.orders.work_orders.commands.progress import Counts, count_results, move_operations
from services.orders.work_orders.domain import OperationMove
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_results(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Add up the pieces of each operation, and count them."""
    first_at: dict[UUID, datetime] = {}
    sums: defaultdict[tuple[UUID, int], Counts] = defaultdict(Counts)
    for received in events:
        event = received.event
        first_at.setdefault(event.work_order_id, received.time)
        lost = sum((entry.quantity for entry in event.scrap), Decimal(0))
        sums[event.work_order_id, event.op] += Counts(event.good, lost, event.rework, event.totals.rework_in)
    await count_results(tx, sums, first_at)


async def on_jobs(tx: Transaction, events: Sequence[Received[JobChanged]]) -> None:
    """Move the operations of the jobs."""
    moves = [
        OperationMove(
            id=received.id,
            at=received.time,
            work_order=received.event.work_order_id,
            person_id=received.event.person_id,
            rework_in=received.event.totals.rework_in,
            **received.event.model_dump(include={"op", "before", "state", "machine", "reason"}),
        )
        for received in events
    ]
    await move_operations(tx, moves)


CONSUMES = [
    on(ResultReported, on_results),
    on(JobChanged, on_jobs),
]
