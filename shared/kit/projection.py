"""What a service derives from another one's events and from nothing else: cleared and made anew of all of them.

It is done in one transaction: whoever reads meanwhile sees what was there before.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import text

from shared.contracts.event import Event
from shared.kit.consumer import Subscription, handlers_by_publisher
from shared.kit.database import Transaction
from shared.kit.inbox import Events, Received
from shared.kit.tracing import traced

PATIENCE = (text("SET LOCAL statement_timeout = 0"), text("SET LOCAL idle_in_transaction_session_timeout = 0"))
LOCK_INBOX = text("LOCK TABLE inbox IN EXCLUSIVE MODE")
"""Nothing is applied meanwhile: who tries waits, and tries again."""
APPLIED = text("SELECT aggregate, version FROM inbox WHERE stream = :stream")
GIVEN_UP = text(
    "SELECT p.id FROM parked_event p JOIN audit a ON a.subject = 'parked_event/' || p.id AND a.action = 'dismiss'"
    " WHERE p.stream = :stream"
)

Step = Callable[[Transaction], Awaitable[None]]
Log = Callable[[], AsyncIterator[Sequence[Received[Event]]]]
"""All events of a publisher, in the order in which it stored them."""


async def nothing(_: Transaction) -> None:
    """There is nothing more to do."""


@dataclass(frozen=True)
class Projection:
    """Read models of one publisher's events; a slice lists its own as ``PROJECTIONS``.

    ``subscriptions`` fill what ``clear`` has emptied, as they do when the events come; ``finish`` does what follows
    from a model that is another now.
    """

    subscriptions: Sequence[Subscription]
    clear: Step
    finish: Step = nothing

    @property
    def publisher(self) -> str:
        """The service whose events fill it."""
        return self.subscriptions[0].publisher


@dataclass(frozen=True)
class Settlement:
    """What a service has done for a publisher's events, and cannot clear: it is brought to what the publisher knows.

    A slice lists its own as ``SETTLES``. ``settle`` gets all that the publisher has of some aggregates.
    """

    publisher: str
    settle: Callable[[Transaction, Sequence[str], Sequence[Received[Event]]], Awaitable[None]]


async def begin_rebuild(tx: Transaction) -> None:
    """Take the time that it takes, and hold up what would be applied meanwhile."""
    for statement in (*PATIENCE, LOCK_INBOX):
        await tx.session.execute(statement)


async def applied_heads(tx: Transaction, stream: str) -> dict[str, int]:
    """The version of each aggregate up to which its events were applied."""
    return {row.aggregate: row.version for row in await tx.session.execute(APPLIED, {"stream": stream})}


async def rebuild(
    tx: Transaction, stream: str, projections: Sequence[Projection], log: Log, heads: Mapping[str, int]
) -> int:
    """Clear projections of one publisher, and apply again what was applied of its events; how many.

    What is beyond ``heads`` comes by itself. What was given up stays so.
    """
    given_up = set(await tx.session.scalars(GIVEN_UP, {"stream": stream}))
    for projection in projections:
        await projection.clear(tx)
    subscriptions = [each for projection in projections for each in projection.subscriptions]
    handlers = next(iter(handlers_by_publisher(subscriptions).values()))
    applied = 0
    async for batch in log():
        due = [r for r in batch if r.version <= heads.get(r.aggregate, 0) and r.id not in given_up]
        for contract, group in groupby(due, key=lambda received: type(received.event)):
            events = Events(list(group))
            with traced(events.common_trace()):
                for handler in handlers.get(contract, ()):
                    await handler(tx, events)
        await tx.flush()
        applied += len(due)
    for projection in projections:
        await projection.finish(tx)
    return applied
