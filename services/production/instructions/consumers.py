"""Approved instructions are stored for the jobs that will run on them."""

from collections.abc import Sequence

from services.production.instructions.commands import store_instructions
from shared.contracts.orders.instructions import InstructionChanged
from shared.contracts.orders.work_orders import WorkOrderReleased
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_released(tx: Transaction, events: Sequence[Received[WorkOrderReleased]]) -> None:
    """Store the revisions that releases of before brought along; today's only name them."""
    named = (operation.instruction for received in events for operation in received.event.operations)
    await store_instructions(tx, (one for one in named if one and one.pages is not None))


async def on_instruction(tx: Transaction, events: Sequence[Received[InstructionChanged]]) -> None:
    """Store the revisions that were approved."""
    await store_instructions(tx, (received.event for received in events if received.event.pages is not None))


CONSUMES = [on(InstructionChanged, on_instruction), on(WorkOrderReleased, on_released)]
