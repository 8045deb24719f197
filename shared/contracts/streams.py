"""The JetStream streams as data: one per publisher, made by the provisioning step and never by a service."""

from dataclasses import dataclass
from datetime import timedelta

from shared.registry import MIB, SERVICES

PUBLISHERS = tuple(service.publisher for service in SERVICES)
"""The services' names in subjects, ``dure.<site>.<publisher>.>``."""


@dataclass(frozen=True)
class Stream:
    """One stream; ``max_bytes`` is sized for at least 14 days of a busy shop."""

    name: str
    subjects: tuple[str, ...]
    max_bytes: int
    max_age: timedelta = timedelta(days=30)
    duplicate_window: timedelta = timedelta(minutes=2)
    """NATS holds the ids of this time in memory, 4 MiB for each minute of 200 reports a second; the inbox knows
    duplicates however late they come."""
    deny_delete: bool = True
    deny_purge: bool = True


def stream_of(publisher: str) -> str:
    """The name of a publisher's stream."""
    return publisher.upper()


STREAMS = (
    *(
        Stream(stream_of(service.publisher), (f"dure.*.{service.publisher}.>",), service.stream_bytes)
        for service in SERVICES
    ),
    Stream("ADVISORIES", ("$JS.EVENT.ADVISORY.>",), 64 * MIB),
)
