"""Events told as another service's relay would tell them, for what no service tells by itself in a test."""

from collections import Counter
from datetime import UTC, datetime

import nats

from shared.contracts.event import Event
from shared.kit.cloudevents import headers_of
from shared.kit.ids import new_id
from tests.support.world import World


class Teller:
    """Publishes as ``publisher``, an aggregate's events with rising versions."""

    def __init__(self, world: World, publisher: str) -> None:
        self._world = world
        self._publisher = publisher
        self._versions: Counter[str] = Counter()

    async def tell(self, *events: tuple[str, Event]) -> None:
        """Publish events of aggregates, in order."""
        seed = self._world.nats.seed_file(self._publisher)
        client = await nats.connect(
            self._world.nats.url, nkeys_seed=str(seed), inbox_prefix=f"_INBOX_{self._publisher}"
        )
        try:
            for aggregate, event in events:
                self._versions[aggregate] += 1
                row = {
                    "id": new_id(),
                    "type": event.TYPE,
                    "aggregate": aggregate,
                    "version": self._versions[aggregate],
                    "time": datetime.now(UTC),
                    "traceparent": None,
                    "repeats": 0,
                }
                await client.jetstream().publish(
                    f"dure.test.{event.TYPE}", event.model_dump_json().encode(), headers=headers_of(row, "test")
                )
        finally:
            await client.close()
