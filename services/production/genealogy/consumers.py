"""What genealogy learns: items, and how their lots are numbered."""

from collections.abc import Sequence

from services.production.genealogy.commands import copy_items
from shared.contracts.orders.definitions import ItemDefined
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def on_items_defined(tx: Transaction, events: Sequence[Received[ItemDefined]]) -> None:
    """Keep the read copy."""
    await copy_items(tx, [received.event for received in events])


CONSUMES = [
    on(ItemDefined, on_items_defined),
]
