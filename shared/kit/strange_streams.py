"""The event streams beside the outboxes: one that holds what its publisher does not know is made anew.

So it is after a data folder was copied while it was in use, or a database was restored beside an event store of
another day: its consumers would hear of a future that did not come.
"""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.contracts.streams import STREAMS
from shared.kit.bus import Bus, stream_config
from shared.kit.delivery import FAULTS_OF_AN_EVENT, raw_events

Knows = Callable[[UUID], Awaitable[bool]]
"""Whether a publisher has an event."""


async def replace_strange_streams(bus: Bus, publishers: Mapping[str, Knows], replicas: int = 1) -> list[str]:
    """Make those streams anew, by name, whose last event their publisher does not have; their names."""
    js = await bus.js()
    declared = {stream.name: stream for stream in STREAMS}
    replaced = []
    for stream, knows in publishers.items():
        last = await _last_event(js, stream)
        if last is not None and not await knows(last):
            await js.delete_stream(stream)
            await js.add_stream(stream_config(declared[stream], replicas))
            replaced.append(stream)
    return replaced


async def _last_event(js: JetStreamContext, stream: str) -> UUID | None:
    state = (await js.stream_info(stream)).state
    if state.messages == 0:
        return None
    try:
        message = await js.get_msg(stream, seq=state.last_seq)
        return raw_events(message.headers, message.data)[-1].id
    except (NotFoundError, *FAULTS_OF_AN_EVENT):
        return None  # gone by its age, or no event of ours: its consumers set it aside
