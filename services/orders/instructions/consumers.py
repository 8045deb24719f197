"""The floor's confirmations that an instruction was read."""

from collections.abc import Sequence

from services.orders.instructions.commands import store_readers
from shared.contracts.production.instructions import InstructionConfirmed
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_confirmed(tx: Transaction, events: Sequence[Received[InstructionConfirmed]]) -> None:
    """Store the readers."""
    await store_readers(tx, [received.event for received in events])


CONSUMES = [
    on(InstructionConfirmed, on_confirmed),
]
