"""How an app is: whether a write works, how old its oldest waiting events are, and which need a person."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import text

from shared.kit.consumer import Consumer
from shared.kit.database import Database
from shared.kit.metrics import Metrics
from shared.kit.tasks import end

log = structlog.get_logger(__name__)

LATE_S = 30.0
"""An event that waits longer than this shows that something is wrong."""
LOOK_S = 5.0
PROVEN_S, DISPROVEN_S = 5.0, 1.0
"""How long the outcome of a trial write is believed: health is asked often, and each trial waits for the disk."""
TRIAL = (
    text("SET LOCAL work_mem = '64kB'"),
    text("SELECT count(*) FROM generate_series(1, 80000)"),  # more than that: by a temporary file of a megabyte
    text("SELECT pg_logical_emit_message(true, 'dure', 'trial')"),  # an entry of the log, which the commit waits for
)
BACKLOG = text(
    "SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL) AS unpublished,"
    " (SELECT time FROM outbox o WHERE published_at IS NULL AND NOT EXISTS"
    " (SELECT FROM withheld_event w WHERE w.aggregate = o.aggregate AND w.version <= o.version)"
    " ORDER BY position LIMIT 1) AS oldest,"
    " (SELECT count(*) FROM withheld_event) AS withheld,"
    " (SELECT count(*) FROM parked_event WHERE replayed_at IS NULL) AS parked,"
    " (SELECT count(*) FROM retrying_event r LEFT JOIN inbox i ON i.stream = r.stream AND i.aggregate = r.aggregate"
    " WHERE coalesce(i.version, 0) < r.version) AS retrying"
)


def name_of_cause(error: BaseException) -> str:
    """The database's own name for an error, below those of the libraries around it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return type(error).__name__


class TrialWrite:
    """Whether the database takes a write: it needs room on the disk, and a log that can be written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = asyncio.Lock()
        self._error: Exception | None = None
        self._until = 0.0

    async def require(self) -> None:
        """Raise what a write would, as it was found within the last seconds."""
        async with self._lock:
            if time.monotonic() >= self._until:
                await self._try()
            if self._error is not None:
                raise self._error

    async def _try(self) -> None:
        try:
            async with self._database.connection() as connection:
                for statement in TRIAL:
                    await connection.execute(statement)
        except Exception as error:
            self._error, self._until = error, time.monotonic() + DISPROVEN_S
        else:
            self._error, self._until = None, time.monotonic() + PROVEN_S


@dataclass(frozen=True)
class Backlog:
    """The events that wait, and the age in seconds of the oldest that nothing but time keeps."""

    unpublished: int
    age: float
    withheld: int
    parked: int
    retrying: int
    consumer_ages: dict[str, float]

    def checks(self) -> dict[str, str]:
        """What is not as it should be, for the health of the app."""
        counts = {"withheld": self.withheld, "tried again": self.retrying, "parked": self.parked}
        found = {"events": ", ".join(f"{count} {what}" for what, count in counts.items() if count)}
        ages = {"outbox": self.age} | {f"events of {stream}": age for stream, age in self.consumer_ages.items()}
        found |= {name: f"oldest event waits for {age:.0f} s" for name, age in ages.items() if age > LATE_S}
        return {name: what for name, what in found.items() if what}


class Vitals:
    """Keeps one service's gauges true, whatever its relay and consumers do meanwhile."""

    def __init__(self, database: Database, consumers: Iterable[Consumer], metrics: Metrics) -> None:
        self._database = database
        self._consumers = list(consumers)
        self._metrics = metrics
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run(), name=f"{self._metrics.service}-vitals")

    async def stop(self) -> None:
        """Look no more."""
        await end(self._task)

    async def read(self) -> Backlog:
        """What waits now."""
        async with self._database.reading() as session:
            row = (await session.execute(BACKLOG)).one()
        now = self._database.clock()

        def age_of(moment: datetime | None) -> float:
            return max(0.0, (now - moment).total_seconds()) if moment else 0.0

        ages = {consumer.stream: age_of(consumer.oldest_waiting) for consumer in self._consumers}
        return Backlog(row.unpublished, age_of(row.oldest), row.withheld, row.parked, row.retrying, ages)

    async def _run(self) -> None:
        while True:
            try:
                self._show(await self.read())
            except Exception as error:  # the database is away: the gauges stay as they are, and health tells
                log.info("vitals not known", service=self._metrics.service, error=str(error) or type(error).__name__)
            await asyncio.sleep(LOOK_S)

    def _show(self, backlog: Backlog) -> None:
        metrics = self._metrics
        metrics.outbox_depth.set(backlog.unpublished)
        metrics.outbox_age.set(backlog.age)
        metrics.outbox_withheld.set(backlog.withheld)
        metrics.parked.set(backlog.parked)
        metrics.retrying.set(backlog.retrying)
        for stream, age in backlog.consumer_ages.items():
            metrics.consumer_age.labels(service=metrics.service, stream=stream).set(age)
