"""Measurements of the floor: how long jobs ran for what they made, and which days have records."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import text

from services.orders.readiness.tables import MeasuredRun
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.database import Transaction
from shared.kit.inbox import Received

RUNNING = "running"
DONE = "done"
ADD_DAYS = text(
    "INSERT INTO recorded_day (business_date, results) SELECT * FROM unnest(CAST(:dates AS date[]), CAST(:counts AS int[]))"
    " ON CONFLICT (business_date) DO UPDATE SET results = recorded_day.results + excluded.results"
)


async def measure_jobs(tx: Transaction, events: Sequence[Received[JobChanged]]) -> None:
    """Add up the time in which a job ran; what it processed counts when it is done."""
    for received in events:
        event = received.event
        if RUNNING not in (event.before, event.state) and event.state != DONE:
            continue
        run = await tx.session.get(MeasuredRun, event.job)
        if run is None:
            run = MeasuredRun(job=event.job, item=event.item, op=event.op)
            tx.session.add(run)
        run.machine = event.machine
        if run.running_since is not None:
            run.seconds += Decimal(str(max(0.0, (received.time - run.running_since).total_seconds())))
        run.running_since = received.time if event.state == RUNNING else None
        if event.state == DONE:
            run.pieces = event.totals.good + event.totals.scrap + event.totals.rework
            run.finished_at = event.finished_at or received.time


async def count_days(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Count the results of each business date; a reversal is a record, too."""
    counts = Counter(received.event.business_date for received in events)
    await tx.session.execute(ADD_DAYS, {"dates": sorted(counts), "counts": [counts[day] for day in sorted(counts)]})
