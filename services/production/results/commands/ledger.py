"""The ledger of results: every row of it is written here, alone in a session or with its batch in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.production.jobs.commands.counters import COUNTERS, JobCounters, count_up, update_counters
from services.production.jobs.commands.transitions import publish_change
from services.production.jobs.domain import JobState
from services.production.jobs.queries.describe import totals_of
from services.production.jobs.tables import Job
from services.production.results.events import result_reported
from services.production.results.tables import Result, ResultRow
from shared.kit.arrays import Arrays
from shared.kit.database import Transaction


async def enter_result(tx: Transaction, job: Job, row: ResultRow) -> None:
    """Enter a result that has brought its locked job to the totals that it has now.

    A skipped job is told of anew: what was made there is all that will be.
    """
    tx.session.add(Result(**row._asdict()))
    event = result_reported(
        row,
        person_id=tx.people.id_of(row.person),
        external_id=job.external_id,
        planned=job.planned,
        job_started_at=job.started_at,
        totals=totals_of(job),
        rework_in=job.rework_in,
        sent=job.sent,
    )
    tx.record(event, aggregate=f"job/{job.id}", version=count_up(job))
    if job.state == JobState.SKIPPED:
        publish_change(tx, job, job.state)
    await tx.session.flush()


class AnswerRow(NamedTuple):
    """An answer to a report, as it is stored under its Idempotency-Key."""

    key: UUID
    fingerprint: bytes
    answer: str


class EventRow(NamedTuple):
    """An event of a batch, for the outbox."""

    id: UUID
    type: str
    aggregate: str
    version: int
    body: str
    traceparent: str | None


ANSWERS, EVENTS, RESULTS = Arrays(AnswerRow), Arrays(EventRow), Arrays(ResultRow)
_EVENTS_AT = 2 + ANSWERS.width
_RESULTS_AT = _EVENTS_AT + EVENTS.width
ENTER_BATCH = f"""
WITH answered AS (
  INSERT INTO idempotency (key, fingerprint, answer)
  SELECT key, fingerprint, answer::json FROM ({ANSWERS.select(2)}) AS answers
), published AS (
  INSERT INTO outbox (id, type, aggregate, version, time, body, traceparent)
  SELECT id, type, aggregate, version, $1, body::json, traceparent FROM ({EVENTS.select(_EVENTS_AT)}) AS events
), entered AS (
  INSERT INTO result ({RESULTS.columns}) {RESULTS.select(_RESULTS_AT)}
)
{update_counters(_RESULTS_AT + RESULTS.width)}
"""  # noqa: S608  the names are those of fields


async def enter_batch(
    connection: "asyncpg.Connection[asyncpg.Record]",
    now: datetime,
    answers: Sequence[AnswerRow],
    events: Sequence[EventRow],
    results: Sequence[ResultRow],
    counters: Sequence[JobCounters],
) -> None:
    """Enter results with the answers to their reports, the events, and the counters of their jobs."""
    arrays = [*ANSWERS.of(answers), *EVENTS.of(events), *RESULTS.of(results), *COUNTERS.of(counters)]
    await connection.execute(ENTER_BATCH, now, *arrays)
