"""The hot path: reports of results, committed in groups.

A batch is one transaction of two statements: one locks the jobs and looks up the idempotency keys, one stores results,
counters, events and answers over arrays. What a report means is decided between them, by the domain. Reports that go
into lots or send pieces back are stored in a transaction of their own.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from services.production.definitions.domain import ShiftPattern
from services.production.definitions.queries import load_units, shift_patterns
from services.production.genealogy.commands.production import ProductionInput, lot_and_serials_of, produce
from services.production.jobs.commands.counters import feed_successors
from services.production.results.commands.batch import Batch, NotPlain, Report, goes_into_lots
from services.production.results.commands.ledger import enter_batch
from services.production.results.schemas import ReportOut
from services.production.results.tables import Result
from shared.kit.batching import Batcher
from shared.kit.clock import utc_now
from shared.kit.database import Database, Transaction
from shared.kit.idempotency import replace_answer
from shared.kit.units import DefinedUnit, Units

LOCK_JOBS = """
WITH locked AS (SELECT * FROM job WHERE id = ANY($2::uuid[]) ORDER BY id FOR UPDATE)
SELECT requested.key, known.fingerprint, known.answer::text AS answer, locked.*,
  EXISTS (SELECT FROM job_predecessor p JOIN job s ON s.id = p.job WHERE p.predecessor = locked.id
    AND s.state IN ('waiting', 'blocked')) AS successors_wait,
  (SELECT coalesce(json_agg(json_build_object('op', b.op, 'good', b.good::text, 'ratio', p.ratio::text) ORDER BY b.op),
    '[]')::text FROM job_predecessor p JOIN job b ON b.id = p.predecessor WHERE p.job = locked.id) AS feeds,
  (SELECT coalesce(json_agg(json_build_object('person', c.person, 'since', c.begins) ORDER BY c.begins, c.id),
    '[]')::text FROM crew_time c WHERE c.job = locked.id AND c.ends IS NULL) AS crew
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS requested (key, job, position)
LEFT JOIN locked ON locked.id = requested.job
LEFT JOIN idempotency known ON known.key = requested.key
ORDER BY requested.position
"""
"""$1 keys, $2 jobs: one row a report, in order, with the job's row and the stored answer; both may be null.

Only the locked rows are as they are after the lock; the rest is as it was before the wait for it. A blocked successor
may be waiting by then.
"""
COLLISIONS = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
DEFINITIONS_S = 5
"""Seconds for which the shifts and the units are remembered."""


class Reporting:
    """Stores batches of reports; one for each production process."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone
        self._definitions: tuple[datetime, list[ShiftPattern], Units] | None = None

    async def store(self, reports: Sequence[Report]) -> list[bytes | Exception]:
        """Commit the reports together; the answer of each as JSON, or the problem that kept it out."""
        try:
            return await self._store(reports)
        except COLLISIONS:
            # another replica was faster: what it stored is seen now
            return await self._store(reports)

    async def _store(self, reports: Sequence[Report]) -> list[bytes | Exception]:
        pool = await self._database.pool()
        async with pool.acquire(timeout=4) as connection, connection.transaction():
            shifts, units = await self._shifts_and_units(connection)
            batch = Batch(self._database.clock(), self._zone, shifts, self._database.people, units)
            answers = await store_batch(connection, batch, reports)
        if batch.results:
            self._database.events_committed()
        return answers

    async def _shifts_and_units(
        self, connection: "asyncpg.Connection[asyncpg.Record]"
    ) -> tuple[list[ShiftPattern], Units]:
        now = utc_now()
        if self._definitions is None or (now - self._definitions[0]).total_seconds() > DEFINITIONS_S:
            shifts = await connection.fetch("SELECT code, starts, ends FROM shift WHERE active ORDER BY code")
            units = await connection.fetch("SELECT code, decimals, aliases::text FROM unit ORDER BY active, code")
            self._definitions = (
                now,
                [ShiftPattern(row["code"], row["starts"], row["ends"]) for row in shifts],
                Units(DefinedUnit(row["code"], row["decimals"], tuple(json.loads(row["aliases"]))) for row in units),
            )
        return self._definitions[1:]


async def store_batch(
    connection: "asyncpg.Connection[asyncpg.Record]", batch: Batch, reports: Sequence[Report]
) -> list[bytes | Exception]:
    """Store the reports in the connection's transaction.

    Return the answer of each as JSON, or the problem that kept it out.
    """
    rows = await connection.fetch(LOCK_JOBS, [report.key for report in reports], [report.job for report in reports])
    answers = batch.decide(reports, rows)
    if batch.feeding:
        for row in await feed_successors(connection, list(batch.feeding)):
            batch.add_fed(row)
    if batch.results:
        counters = [job.counters() for job in batch.jobs.values()]
        await enter_batch(connection, batch.now, batch.answers, batch.events, batch.results, counters)
    return answers


async def take_report(reporting: Batcher[Report, bytes], database: Database, report: Report) -> bytes:
    """Store a report together with its neighbours, or alone when it is no plain one; its answer as JSON."""
    try:
        return await reporting.submit(report)
    except NotPlain:
        return await store_alone(database, report, report_within)


async def store_alone(
    database: Database, report: Report, store: Callable[[Transaction, Report], Awaitable[ReportOut]]
) -> bytes:
    """Store a report in a transaction of its own; its answer as JSON."""
    try:
        answer = await database.run(lambda tx: store(tx, report), report.actor)
    except COLLISIONS:
        answer = await database.run(lambda tx: store(tx, report), report.actor)
    database.events_committed()
    return answer.model_dump_json().encode()


async def report_within(tx: Transaction, report: Report) -> ReportOut:
    """Store a report as a part of a larger transaction, lots included; the problem that keeps it out is raised."""
    # the session's own statement comes first: it begins the transaction on the connection
    shifts, units = await shift_patterns(tx.session), await load_units(tx.session)
    batch = Batch(tx.now, tx.zone, shifts, tx.people, units, plain_only=False)
    raw = await (await tx.session.connection()).get_raw_connection()
    assert raw.driver_connection is not None  # noqa: S101  a connection that has just run a statement is open
    content = (await store_batch(raw.driver_connection, batch, [report]))[0]
    if isinstance(content, Exception):
        raise content
    answer = ReportOut.model_validate_json(content)
    if batch.results and goes_into_lots(report, batch.jobs[report.job].row):
        return await _put_into_lot(tx, report, answer)
    return answer


async def _put_into_lot(tx: Transaction, report: Report, answer: ReportOut) -> ReportOut:
    """Put a stored result into its lot and say which.

    It is the one that the floor names, or that of the result which it corrects.
    """
    result = await tx.session.get_one(Result, answer.id)
    lot, serials = report.body.lot, report.body.serials
    if report.corrects is not None:
        lot, serials = await lot_and_serials_of(tx, report.corrects)
        serials = serials[: int(result.good)]
    produced = await produce(
        tx,
        ProductionInput(
            result=result.id,
            job=result.job,
            work_order=result.work_order,
            good=result.good,
            scrap=result.scrap,
            rework=result.rework,
            is_rework=result.reworked,
            machine=result.machine,
            at=min(result.at, tx.now),
            business_date=result.business_date,
            shift=result.shift,
            lot=lot,
            serials=tuple(serials),
        ),
    )
    complete = answer.model_copy(
        update={"lot": produced.lot, "serials": produced.serials, "flags": answer.flags + produced.flags}
    )
    await replace_answer(tx.session, report.key, complete)
    return complete
