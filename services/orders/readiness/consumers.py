"""The floor's events: how jobs moved, and which results were reported."""

from collections import Counter
from collections.abc import Sequence

from services.orders.readiness.commands.measurements import (
    clear_measurements,
    count_afterwards,
    count_results,
    measure_job,
)
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received
from shared.kit.projection import Projection


async def on_jobs(tx: Transaction, events: Sequence[Received[JobChanged]]) -> None:
    """Measure each job."""
    for received in events:
        await measure_job(tx, received.event, received.time)


async def on_results(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Count the results of each business date, a reversal too, and what jobs that were done have made after all."""
    await count_results(tx, Counter(received.event.business_date for received in events))
    await count_afterwards(tx, {received.event.job_id: received.event.totals for received in events})


CONSUMES = [
    on(JobChanged, on_jobs),
    on(ResultReported, on_results),
]
PROJECTIONS = [Projection(CONSUMES, clear_measurements)]
