"""Released orders bring the instructions that their jobs run on."""

from collections.abc import Sequence

from services.production.instructions.commands import store_instructions
from shared.contracts.orders.work_orders import WorkOrderReleased
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_released(tx: Transaction, events: Sequence[Received[WorkOrderReleased]]) -> None:
    """Store the revisions."""
    await store_instructions(
        tx,
        (
            operation.instruction
            for received in events
            for operation in received.event.operations
            if operation.instruction
        ),
    )


CONSUMES = [on(WorkOrderReleased, on_released)]
