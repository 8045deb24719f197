"""Events set aside after their tries were spent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shared.kit.database import Transaction

PARK = text(
    "INSERT INTO parked_event (id, stream, type, aggregate, version, time, body, reason)"
    " VALUES (:id, :stream, :type, :aggregate, :version, :time, :body, :reason) ON CONFLICT (id) DO NOTHING"
)


@dataclass(frozen=True)
class RawEvent:
    """An event by its attributes and its body as JSON, whether a contract can read it or not."""

    id: UUID
    type: str
    aggregate: str
    version: int
    time: datetime
    body: str
    traceparent: str | None = None


async def park(tx: Transaction, stream: str, event: RawEvent, reason: str) -> None:
    """Set an event of a stream aside with the reason."""
    await tx.session.execute(PARK, {**vars(event), "stream": stream, "reason": storable(reason)})


def storable(reason: str) -> str:
    """A reason as PostgreSQL takes it: an error may quote what the event was refused for."""
    return reason.replace("\0", "")[:2000]
