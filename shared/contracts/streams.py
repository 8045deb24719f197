"""The JetStream streams as data: one per publisher, made by the provisioning step and never by a service."""

from dataclasses import dataclass
from datetime import timedelta

PUBLISHERS = ("orders", "production", "quality", "erp")
"""The service words of the subjects, ``dure.<site>.<service>.>``."""


@dataclass(frozen=True)
class Stream:
    """One stream; ``max_bytes`` is sized for at least 14 days of a busy shop."""

    name: str
    subjects: tuple[str, ...]
    max_bytes: int
    max_age: timedelta = timedelta(days=30)
    duplicate_window: timedelta = timedelta(minutes=2)
    """NATS holds the ids of this time in memory, 4 MiB for each minute of 200 reports a second; the inbox knows duplicates
    however late they come."""
    deny_delete: bool = True
    deny_purge: bool = True


def stream_of(publisher: str) -> str:
    """The name of a publisher's stream."""
    return publisher.upper()


MIB = 1024 * 1024
SIZES = {"orders": 512 * MIB, "production": 2048 * MIB, "quality": 512 * MIB, "erp": 512 * MIB}

STREAMS = (
    *(Stream(stream_of(p), (f"dure.*.{p}.>",), SIZES[p]) for p in PUBLISHERS),
    Stream("ADVISORIES", ("$JS.EVENT.ADVISORY.>",), 64 * MIB),
)
