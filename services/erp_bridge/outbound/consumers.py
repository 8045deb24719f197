"""Production's events as confirmations: every result of an ERP's order, and the end of every operation."""

from collections.abc import Sequence
from decimal import Decimal

from services.erp_bridge.outbound.commands import confirm, follow_jobs
from services.erp_bridge.outbound.domain import Confirmed
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received
from shared.kit.quantities import plain


async def on_results_reported(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Confirm what was made; a reversal is negative."""
    told = [_difference(received) for received in events if received.event.external_id]
    if told:
        await confirm(tx, told)


async def on_jobs_changed(tx: Transaction, events: Sequence[Received[JobChanged]]) -> None:
    """Confirm, once, that an operation is finished, in all parts of its order."""
    seen = [(received.event.state, _end(received)) for received in events if received.event.external_id]
    if seen:
        await follow_jobs(tx, seen)


def _difference(received: Received[ResultReported]) -> Confirmed:
    event = received.event
    return Confirmed(
        id=received.id,
        external_id=event.external_id or "",
        work_order=event.work_order,
        number=event.number,
        op=event.op,
        item=event.item,
        job=event.job,
        good=event.good,
        scrap=[{"defect": scrapped.defect, "quantity": plain(scrapped.quantity)} for scrapped in event.scrap],
        rework=event.rework,
        started_at=event.job_started_at,
        finished_at=None,
        final=False,
        total_good=event.totals.good,
        total_scrap=event.totals.scrap,
        total_rework=event.totals.rework,
        recorded_at=received.time,
    )


def _end(received: Received[JobChanged]) -> Confirmed:
    event = received.event
    return Confirmed(
        id=received.id,
        external_id=event.external_id or "",
        work_order=event.work_order,
        number=event.number,
        op=event.op,
        item=event.item,
        job=event.job,
        good=Decimal(0),
        scrap=[],
        rework=Decimal(0),
        started_at=event.started_at,
        finished_at=event.finished_at or received.time,
        final=True,
        total_good=event.totals.good,
        total_scrap=event.totals.scrap,
        total_rework=event.totals.rework,
        recorded_at=received.time,
    )


CONSUMES = [
    on(ResultReported, on_results_reported),
    on(JobChanged, on_jobs_changed),
]
