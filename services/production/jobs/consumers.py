"""Released orders become jobs; amended and split ones change them, held and cancelled ones stop them."""

from collections.abc import Sequence

from services.production.jobs.commands.amend import amend_jobs, split_jobs
from services.production.jobs.commands.order_state import follow_order
from services.production.jobs.commands.release import create_jobs
from shared.contracts.orders.work_orders import WorkOrderAmended, WorkOrderChanged, WorkOrderReleased, WorkOrderSplit
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_released(tx: Transaction, events: Sequence[Received[WorkOrderReleased]]) -> None:
    """Make the jobs."""
    for received in events:
        await create_jobs(tx, received.event, received.time)


async def on_amended(tx: Transaction, events: Sequence[Received[WorkOrderAmended]]) -> None:
    """Bring the jobs to what the order says now."""
    for received in events:
        await amend_jobs(tx, received.event)


async def on_split(tx: Transaction, events: Sequence[Received[WorkOrderSplit]]) -> None:
    """Make the jobs of a part."""
    for received in events:
        await split_jobs(tx, received.event)


async def on_changed(tx: Transaction, events: Sequence[Received[WorkOrderChanged]]) -> None:
    """Follow the order's state on its jobs."""
    for received in events:
        await follow_order(tx, received.event.work_order_id, received.event.state)


CONSUMES = [
    on(WorkOrderReleased, on_released),
    on(WorkOrderAmended, on_amended),
    on(WorkOrderSplit, on_split),
    on(WorkOrderChanged, on_changed),
]
