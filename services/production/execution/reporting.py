"""The hot path: reports of results, committed in groups.

A batch is one transaction of two statements: one locks the jobs and looks up the idempotency keys, one stores results, counters, events
and answers over arrays. What a report means is decided between them, by the domain.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from services.production.definitions.domain import ShiftPattern
from services.production.definitions.queries import shift_patterns
from services.production.execution.batch import Batch, LockedJob, Report
from services.production.execution.domain import Feed, Totals
from services.production.execution.schemas import ReportOut
from services.production.execution.sql import FEED_SUCCESSORS, LOCK_JOBS, STORE_REPORTS
from services.production.execution.tables import Job, Result
from services.production.genealogy.producing import Made, lot_and_serials_of, produce
from shared.kit.batching import Batcher
from shared.kit.clock import utc_now
from shared.kit.database import Database, Transaction
from shared.kit.idempotency import replace_answer
from shared.kit.problem import Problem

COLLISIONS = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
SHIFTS_S = 5
"""Seconds for which the shifts are remembered."""


class NotPlain(Exception):
    """The report does more than count: it is stored in a transaction of its own."""


class Reporting:
    """Stores batches of reports; one for each production process."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone
        self._shifts: tuple[datetime, list[ShiftPattern]] | None = None

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
            batch = Batch(self._database.clock(), self._zone, await self._shift_patterns(connection))
            answers = await store_batch(connection, batch, reports)
        if batch.results:
            self._database.events_committed()
        return answers

    async def _shift_patterns(self, connection: "asyncpg.Connection[asyncpg.Record]") -> list[ShiftPattern]:
        now = utc_now()
        if self._shifts is None or (now - self._shifts[0]).total_seconds() > SHIFTS_S:
            rows = await connection.fetch("SELECT code, starts, ends FROM shift WHERE active ORDER BY code")
            self._shifts = (now, [ShiftPattern(row["code"], row["starts"], row["ends"]) for row in rows])
        return self._shifts[1]


async def store_batch(
    connection: "asyncpg.Connection[asyncpg.Record]", batch: Batch, reports: Sequence[Report]
) -> list[bytes | Exception]:
    """Store the reports in the connection's transaction; the answer of each as JSON, or the problem that kept it out."""
    rows = await connection.fetch(LOCK_JOBS, [report.key for report in reports], [report.job for report in reports])
    answers = decide(batch, reports, rows)
    if batch.feeding:
        for row in await connection.fetch(FEED_SUCCESSORS, list(batch.feeding)):
            batch.tell_fed(Job.model_validate(with_names(row)))
    if batch.results:
        await connection.execute(STORE_REPORTS, *batch.arrays())
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
    batch = Batch(tx.now, tx.zone, await shift_patterns(tx.session), plain_only=False)
    raw = await (await tx.session.connection()).get_raw_connection()
    assert raw.driver_connection is not None  # noqa: S101  a connection that has just run a statement is open
    answer = (await store_batch(raw.driver_connection, batch, [report]))[0]
    if isinstance(answer, Exception):
        raise answer
    told = ReportOut.model_validate_json(answer)
    return (
        await _trace(tx, report, told)
        if batch.results and _goes_into_lots(report, batch.jobs[report.job].row)
        else told
    )


def _goes_into_lots(report: Report, job: Mapping[str, Any]) -> bool:
    return bool(job["traced"] or report.body.lot or report.body.serials)


async def _trace(tx: Transaction, report: Report, told: ReportOut) -> ReportOut:
    """Put a stored result into its lot, and tell which: the one that the floor names, or that of the result which it corrects."""
    result = await tx.session.get_one(Result, told.id)
    lot, serials = report.body.lot, report.body.serials
    if report.corrects is not None:
        lot, serials = await lot_and_serials_of(tx, report.corrects)
        serials = serials[: int(result.good)]
    produced = await produce(
        tx,
        Made(
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
    answer = told.model_copy(
        update={"lot": produced.lot, "serials": produced.serials, "flags": told.flags + produced.flags}
    )
    await replace_answer(tx.session, report.key, answer)
    return answer


def decide(batch: Batch, reports: Sequence[Report], rows: Sequence[Any]) -> list[bytes | Exception]:
    """Take each report into the batch, or find its stored answer, or why it has no place."""
    jobs: dict[UUID, LockedJob] = {}
    stored: dict[UUID, tuple[bytes, bytes]] = {}
    answers: list[bytes | Exception] = []
    for report, row in zip(reports, rows, strict=True):
        if row["answer"] is not None:
            stored[report.key] = (row["fingerprint"], row["answer"].encode())
        if report.key in stored:
            fingerprint, known = stored[report.key]
            answers.append(known if fingerprint == report.fingerprint else Problem(422, "idempotency_key_reused"))
        elif row["id"] is None:
            answers.append(Problem(404, "not_found"))
        elif batch.plain_only and _goes_into_lots(report, row):
            answers.append(NotPlain())
        else:
            if report.job not in jobs:
                jobs[report.job] = _locked(row)
            answer = batch.add(report, jobs[report.job])
            stored[report.key] = (report.fingerprint, answer)
            answers.append(answer)
    return answers


def with_names(row: Any) -> dict[str, Any]:
    """A raw row of ``job`` with its JSON columns read; a session's connection has read them already."""
    names = {name: row[name] for name in ("op_name", "item_name", "materials")}
    return dict(row) | {name: json.loads(text) if isinstance(text, str) else text for name, text in names.items()}


def _locked(row: Any) -> LockedJob:
    feeds = [Feed(feed["op"], Decimal(feed["good"]), Decimal(feed["ratio"])) for feed in json.loads(row["feeds"])]
    totals = Totals(row["good"], row["scrap"], row["rework"])
    return LockedJob(with_names(row), feeds, json.loads(row["crew"]), row["successors_wait"], totals, row["version"])
