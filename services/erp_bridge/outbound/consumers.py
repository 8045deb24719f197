"""Events as confirmations: every result of an ERP's order, the end of every operation, every change of a quantity."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.erp_bridge.inbound.commands.follow import settle_changes
from services.erp_bridge.inbound.domain import ON_THE_FLOOR
from services.erp_bridge.inbound.queries import cancelled_by_erp
from services.erp_bridge.outbound.commands.confirm import confirm, confirm_quantities, follow_jobs
from services.erp_bridge.outbound.commands.take_out import take_out
from services.erp_bridge.outbound.domain.ledger import LedgerEntry
from shared.contracts.event import Event
from shared.contracts.orders.work_orders import WorkOrderAmended, WorkOrderChanged
from shared.contracts.production.jobs import JobChanged
from shared.contracts.production.results import ResultReported
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received
from shared.kit.projection import Settlement
from shared.kit.quantities import plain


async def on_results_reported(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Confirm what was made; a reversal is negative."""
    entries = [_difference(received) for received in events if received.event.external_id]
    if entries:
        await confirm(tx, entries)


async def on_jobs_changed(tx: Transaction, events: Sequence[Received[JobChanged]]) -> None:
    """Confirm that an operation is finished in all parts of its order, and that it goes on after all."""
    jobs = [(_state(received.event), _end(received)) for received in events if received.event.external_id]
    if jobs:
        await follow_jobs(tx, jobs)


def _state(event: JobChanged) -> str:
    """The job's state; what was made at an operation that is left out is all that will be made there."""
    totals = event.totals
    return "done" if event.state == "skipped" and (totals.good or totals.scrap or totals.rework) else event.state


async def on_work_orders_amended(tx: Transaction, events: Sequence[Received[WorkOrderAmended]]) -> None:
    """Confirm what is to be made now, and then take the ERP's change as its order, where the shop has applied it.

    In this order: until its first confirmation the ERP knows the quantity that it has ordered itself.
    """
    amended = [received for received in events if received.event.external_id]
    changed = [_quantity(received) for received in amended if "quantity" in received.event.changed]
    if changed:
        await confirm_quantities(tx, changed)
    await settle_changes(tx, [received.event for received in amended])


async def on_work_orders_changed(tx: Transaction, events: Sequence[Received[WorkOrderChanged]]) -> None:
    """Confirm what is to be made now that an order is cancelled, or goes on after it was.

    What the ERP has cancelled itself before the release it knows, and what another order goes on with is made.
    """
    moved = [received for received in events if received.event.external_id and received.event.item]
    by_erp = await cancelled_by_erp(tx.session, [received.event.external_id or "" for received in moved])
    cancelled = [
        received for received in moved if received.event.before == "cancelled" or _is_given_up(received.event, by_erp)
    ]
    if cancelled:
        await confirm_quantities(tx, [_quantity(received) for received in cancelled])


def _is_given_up(event: WorkOrderChanged, by_erp: Collection[str]) -> bool:
    """True when the shop makes less than the ERP knows of, now that the order is cancelled."""
    is_news = event.before in ON_THE_FLOOR or event.external_id not in by_erp
    return event.state == "cancelled" and event.merged_into_id is None and is_news


async def settle_jobs(tx: Transaction, aggregates: Sequence[str], events: Sequence[Received[Event]]) -> None:
    """Bring the confirmations of some jobs to the results that there are."""
    jobs = [UUID(id_) for kind, _, id_ in (aggregate.partition("/") for aggregate in aggregates) if kind == "job"]
    true = [_difference(r) for r in events if isinstance(r.event, ResultReported) and r.event.external_id]
    if jobs:
        await take_out(tx, jobs, true)


def _difference(received: Received[Any]) -> LedgerEntry:
    event = received.event
    return LedgerEntry(
        id=received.id,
        external_id=event.external_id or "",
        work_order=event.work_order_id,
        number=event.number,
        op=event.op,
        item=event.item,
        job=event.job_id,
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
        traceparent=received.traceparent,
    )


def _end(received: Received[JobChanged]) -> LedgerEntry:
    event = received.event
    return LedgerEntry(
        id=received.id,
        external_id=event.external_id or "",
        work_order=event.work_order_id,
        number=event.number,
        op=event.op,
        item=event.item,
        job=event.job_id,
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
        traceparent=received.traceparent,
    )


def _quantity(received: Received[WorkOrderAmended] | Received[WorkOrderChanged]) -> LedgerEntry:
    event = received.event
    return LedgerEntry(
        id=received.id,
        external_id=event.external_id or "",
        work_order=event.work_order_id,
        number=event.number,
        op=None,
        item=event.item or "",
        job=None,
        good=Decimal(0),
        scrap=[],
        rework=Decimal(0),
        started_at=None,
        finished_at=None,
        final=False,
        total_good=None,
        total_scrap=None,
        total_rework=None,
        recorded_at=received.time,
        traceparent=received.traceparent,
    )


CONSUMES = [
    on(WorkOrderAmended, on_work_orders_amended),
    on(WorkOrderChanged, on_work_orders_changed),
    on(ResultReported, on_results_reported),
    on(JobChanged, on_jobs_changed),
]
SETTLES = [Settlement("production", settle_jobs)]
