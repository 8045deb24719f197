"""Names from the master data, and defects from reported results."""

from collections.abc import Sequence

from services.quality.defects.commands.counts import clear_counts, clear_names, copy_names, count_results
from shared.contracts.orders.definitions import ItemDefined, MachineDefined
from shared.contracts.production.results import ResultReported
from shared.kit.consumer import on
from shared.kit.database import Transaction
from shared.kit.inbox import Received
from shared.kit.projection import Projection


async def on_items_defined(tx: Transaction, events: Sequence[Received[ItemDefined]]) -> None:
    """Store the items' names."""
    await copy_names(tx, "known_item", {received.event.code: received.event.name for received in events})


async def on_machines_defined(tx: Transaction, events: Sequence[Received[MachineDefined]]) -> None:
    """Store the machines' names."""
    await copy_names(tx, "known_machine", {received.event.code: received.event.name for received in events})


async def on_results_reported(tx: Transaction, events: Sequence[Received[ResultReported]]) -> None:
    """Count good and scrapped pieces."""
    await count_results(tx, (received.event for received in events))


NAMES = [on(ItemDefined, on_items_defined), on(MachineDefined, on_machines_defined)]
COUNTS = [on(ResultReported, on_results_reported)]
CONSUMES = [*NAMES, *COUNTS]
PROJECTIONS = [Projection(NAMES, clear_names), Projection(COUNTS, clear_counts)]
