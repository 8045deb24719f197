"""The hot path: reports of results, committed in groups.

A batch is one transaction of two statements: one locks the jobs and looks up the idempotency keys, one stores results,
counters, events and answers over arrays. What a report means is decided between them, by the domain. Reports that go
into lots, send pieces back or make up for what was sent back already are stored in a transaction of their own.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import asyncpg

from services.production.definitions.queries import load_units, shop_calendar
from services.production.genealogy.commands.production import (
    LotOutcome,
    ProductionInput,
    lot_and_serials_of,
    produce,
)
from services.production.genealogy.commands.serials import remaining_numbers
from services.production.jobs.commands.counters import feed_successors, take_up
from services.production.jobs.commands.transitions import lock_job
from services.production.results.commands.batch import Batch, LockedJob, NotPlain, Report
from services.production.results.commands.ledger import enter_batch
from services.production.results.commands.returns import load_dues, pay
from services.production.results.schemas import ReportOut
from services.production.results.tables import ResultRow
from shared.kit.batching import Batcher
from shared.kit.database import Database, Transaction
from shared.kit.shop_calendar import ShopCalendar
from shared.kit.units import Units

LOCK_JOBS = """
WITH locked AS (SELECT * FROM job WHERE id = ANY($2::uuid[]) ORDER BY id FOR UPDATE),
defined AS MATERIALIZED (SELECT sum(version) AS version FROM (SELECT version FROM shift
  UNION ALL SELECT version FROM calendar UNION ALL SELECT hashtext(unit::text) FROM unit) AS definition)
SELECT requested.key, known.fingerprint, known.answer::text AS answer, locked.*,
  EXISTS (SELECT FROM job_predecessor p JOIN job s ON s.id = p.job WHERE p.predecessor = locked.id
    AND s.state IN ('waiting', 'blocked')) AS successors_wait,
  (SELECT coalesce(json_agg(json_build_object('op', b.op, 'ratio', p.ratio::text, 'good', b.good::text, 'skipped', (
      SELECT json_agg(json_build_array(s.scrap::text, s.rework_in::text, s.sent::text, y.ratio::text)) FROM job_bypass y
      JOIN job s ON s.id = y.predecessor JOIN job_predecessor q ON q.job = s.id AND q.predecessor = b.id
      WHERE y.job = locked.id)) ORDER BY b.op), '[]')::text
    FROM job_predecessor p JOIN job b ON b.id = p.predecessor WHERE p.job = locked.id) AS feeds,
  (SELECT coalesce(json_agg(json_build_object('person', c.person, 'since', c.begins) ORDER BY c.begins, c.id),
    '[]')::text FROM crew_time c WHERE c.job = locked.id AND c.ends IS NULL) AS crew,
  defined.version AS definitions_version
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS requested (key, job, position)
CROSS JOIN defined
LEFT JOIN locked ON locked.id = requested.job
LEFT JOIN idempotency known ON known.key = requested.key
ORDER BY requested.position
"""
"""$1 keys, $2 jobs: one row a report, in order, with the job's row and the stored answer; both may be null.

Only the locked rows are as they are after the lock; the rest is as it was before the wait for it. A blocked successor
may be waiting by then.
"""
COLLISIONS = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class Reporting:
    """Stores batches of reports; one for each production process."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone
        self._definitions: tuple[int | None, ShopCalendar, Units] | None = None
        """The shop's calendar and its units as they were last read, and their version."""

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
            rows = await lock_jobs(connection, reports)
            database = self._database
            calendar, units = await self._definitions_of(rows[0]["definitions_version"])
            batch = Batch(database.clock(), database.believed_back, calendar, database.people, units)
            answers = await store_batch(connection, batch, reports, rows)
        if batch.results:
            self._database.events_committed()
        return answers

    async def _definitions_of(self, version: int | None) -> tuple[ShopCalendar, Units]:
        """The shop's calendar and its units of a version, or of a later one."""
        if self._definitions is None or self._definitions[0] != version:
            async with self._database.reading() as session:
                self._definitions = (
                    version,
                    await shop_calendar(session, self._zone),
                    await load_units(session),
                )
        return self._definitions[1:]


async def lock_jobs(
    connection: "asyncpg.Connection[asyncpg.Record]", reports: Sequence[Report]
) -> Sequence[asyncpg.Record]:
    """Lock the jobs of the reports: a row for each report, in order."""
    keys, jobs = [report.key for report in reports], [report.job for report in reports]
    rows: Sequence[asyncpg.Record] = await connection.fetch(LOCK_JOBS, keys, jobs)
    return rows


async def store_batch(
    connection: "asyncpg.Connection[asyncpg.Record]",
    batch: Batch,
    reports: Sequence[Report],
    rows: Sequence[asyncpg.Record],
) -> list[bytes | Exception]:
    """Store the plain reports, whose jobs are locked, in the connection's transaction.

    Return the answer of each as JSON, or the problem that kept it out.
    """
    answers = batch.decide(reports, rows)
    await _feed(connection, batch)
    await _enter(connection, batch)
    return answers


async def _feed(connection: "asyncpg.Connection[asyncpg.Record]", batch: Batch) -> None:
    if batch.feeding:
        for row in await feed_successors(connection, list(batch.feeding)):
            batch.add_fed(row)


async def _enter(connection: "asyncpg.Connection[asyncpg.Record]", batch: Batch) -> None:
    if batch.results:
        counters = [job.counters() for job in batch.jobs.values()]
        await enter_batch(connection, batch.now, batch.answers, batch.events, batch.results, counters)


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
    calendar = await shop_calendar(tx.session, tx.zone)
    batch = Batch(tx.now, tx.believed_back, calendar, tx.people, await load_units(tx.session))
    raw = await (await tx.session.connection()).get_raw_connection()
    connection = raw.driver_connection
    assert connection is not None  # noqa: S101  a connection that has just run a statement is open
    report = replace(report, received_at=report.received_at or tx.received_at)
    rows = await lock_jobs(connection, [report])
    if rows[0]["returns_due"]:
        batch.dues = {report.job: await load_dues(tx, report.job)}
    [content] = batch.decide([report], rows)
    if isinstance(content, NotPlain):
        job = LockedJob.of(rows[0])
        result = batch.weigh(report, job)
        await _feed(connection, batch)
        outcome = await _put_into_lot(tx, report, result)
        content = batch.enter(report, job, result._replace(flags=result.flags + outcome.flags), outcome)
    elif isinstance(content, Exception):
        raise content
    else:
        await _feed(connection, batch)
    await tx.session.flush()
    await tx.store_events()  # those of the job that are behind it already go first
    await _enter(connection, batch)
    for due, taken in batch.paid:
        await pay(tx, due, taken)
    if batch.paid:
        take_up(tx, await lock_job(tx, report.job, is_read_again=True))
    return ReportOut.model_validate_json(content)


async def _put_into_lot(tx: Transaction, report: Report, result: ResultRow) -> LotOutcome:
    """Put the pieces of a result into the lot that the floor names, or into that of the result which it corrects."""
    lot, serials = report.body.lot, report.body.serials
    if report.corrects is not None:
        lot, known = await lot_and_serials_of(tx, report.corrects)
        serials = await remaining_numbers(tx, report.corrects, known, int(result.good))
    return await produce(
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
            at=result.at,
            business_date=result.business_date,
            shift=result.shift,
            lot=lot,
            serials=tuple(serials),
            corrects=report.corrects,
        ),
    )
