"""Reads of jobs, results and defects."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, TypeAdapter
from sqlalchemy import case, func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select, tuple_

from services.production.definitions.queries import known_defects
from services.production.execution.domain import OPEN, State
from services.production.execution.jobs import describe_jobs
from services.production.execution.schemas import (
    JobOut,
    PlaceOut,
    ResultChainOut,
    ResultIn,
    ResultOut,
    RunOut,
    SendingOut,
    SubcontractorOut,
)
from services.production.execution.tables import Job, Result, Run, Sending
from services.production.machines.queries import known_machines
from shared.kit.moments import Moment
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import FieldError, Problem, unprocessable

CHAIN = text(
    "WITH RECURSIVE back AS (SELECT id, coalesce(corrects, reverses) AS before FROM result WHERE id = :id"
    " UNION ALL SELECT r.id, coalesce(r.corrects, r.reverses) FROM result r JOIN back ON r.id = back.before),"
    " chain AS (SELECT id FROM back WHERE before IS NULL"
    " UNION ALL SELECT r.id FROM result r JOIN chain ON r.reverses = chain.id OR r.corrects = chain.id) SELECT id FROM chain"
)
PLACES = text(
    "SELECT used.op, used.machine, m.work_center FROM ("
    "SELECT j.op, run.machine, run.begins AS at FROM run JOIN job j ON j.id = run.job WHERE j.work_order = :work_order"
    " UNION ALL SELECT r.op, r.machine, r.at FROM result r WHERE r.work_order = :work_order AND r.reverses IS NULL AND r.returned_by IS NULL"
    " AND NOT EXISTS (SELECT FROM result back WHERE back.reverses = r.id)) used JOIN machine m ON m.code = used.machine"
    " GROUP BY used.op, used.machine, m.work_center ORDER BY used.op, min(used.at)"
)
RANKS = {State.RUNNING: 0, State.PAUSED: 1, State.READY: 2, State.BLOCKED: 3, State.WAITING: 4}
PLACE = TypeAdapter(tuple[Annotated[int, Field(ge=0, le=9)], Annotated[int, Field(ge=0, le=100)], Moment, UUID])
"""What a cursor of the jobs holds: rank, priority, due date and id."""
RANK = case({state.value: rank for state, rank in RANKS.items()}, value=col(Job.state), else_=9)


async def get_job(session: AsyncSession, id_: UUID) -> JobOut:
    """The job, or a 404 problem."""
    job = await session.get(Job, id_)
    if job is None:
        raise Problem(404, "not_found")
    return (await describe_jobs(session, [job]))[0]


async def jobs_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, JobOut]:
    """Those of the jobs that there are."""
    rows = list(await session.scalars(select(Job).where(col(Job.id).in_(ids)))) if ids else []
    return {job.id: job for job in await describe_jobs(session, rows)}


async def job_running_on(session: AsyncSession, machine: str | None) -> JobOut | None:
    """The job that runs on a machine."""
    job = await session.scalar(select(Job).where(Job.machine == machine, Job.state == State.RUNNING.value))
    return (await describe_jobs(session, [job]))[0] if job else None


async def list_runs(session: AsyncSession, id_: UUID) -> list[RunOut]:
    """The times in which a job ran, or a 404 problem."""
    await get_job(session, id_)
    runs = select(Run).where(Run.job == id_).order_by(col(Run.begins), col(Run.id))
    return [RunOut.model_validate(run.model_dump()) for run in await session.scalars(runs)]


async def list_places(session: AsyncSession, work_order: UUID) -> list[PlaceOut]:
    """The machines of each operation of an order, in the order in which they were first used."""
    found = await session.execute(PLACES, {"work_order": work_order})
    return [PlaceOut.model_validate(row) for row in found.mappings()]


async def list_sendings(session: AsyncSession, id_: UUID) -> list[SendingOut]:
    """What a job sent to subcontractors, or a 404 problem."""
    await get_job(session, id_)
    sendings = select(Sending).where(Sending.job == id_).order_by(col(Sending.id))
    return [SendingOut.model_validate(sending.model_dump()) for sending in await session.scalars(sendings)]


async def list_subcontractors(session: AsyncSession, limit: int = 100) -> list[SubcontractorOut]:
    """To whom pieces were sent, the last one first."""
    last = func.max(Sending.at)
    wanted = select(Sending.supplier, last).where(col(Sending.supplier).is_not(None)).group_by(col(Sending.supplier))
    found = await session.execute(wanted.order_by(last.desc()).limit(limit))
    return [SubcontractorOut(supplier=supplier, sent_at=at) for supplier, at in found]


async def list_jobs(
    session: AsyncSession,
    machine: str | None,
    work_center: str | None,
    states: str | None,
    work_order: str | None,
    cursor: str | None,
    limit: int,
) -> Page[JobOut]:
    """Jobs in the order in which an operator wants them: running, paused, ready, then by priority and due date."""
    wanted = select(Job, RANK).order_by(RANK, col(Job.priority), col(Job.due_at), col(Job.id)).limit(limit + 1)
    if machine:
        wanted = wanted.where(func.coalesce(Job.machine, Job.planned_machine) == machine)
    if work_center:
        wanted = wanted.where(Job.work_center == work_center)
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(State):
            raise unprocessable("state", "literal_error", expected=", ".join(State))
        wanted = wanted.where(col(Job.state).in_(chosen))
    if work_order:
        try:
            wanted = wanted.where(Job.work_order == UUID(work_order))
        except ValueError:
            wanted = wanted.where(Job.number == work_order)
    if key := decode_cursor(cursor, 4):
        try:
            after = PLACE.validate_python(key)
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
        wanted = wanted.where(tuple_(RANK, col(Job.priority), col(Job.due_at), col(Job.id)) > tuple_(*after))
    rows = list(await session.execute(wanted))
    following = None
    if len(rows) > limit:
        last, rank = rows[limit - 1]
        following = encode_cursor(str(rank), str(last.priority), last.due_at.isoformat(), str(last.id))
    return Page(items=await describe_jobs(session, [job for job, _ in rows[:limit]]), next_cursor=following)


async def jobs_on_machines(session: AsyncSession, machines: Sequence[str]) -> dict[str, list[JobOut]]:
    """The open jobs of each machine, in the order in which an operator wants them."""
    place = func.coalesce(Job.machine, Job.planned_machine)
    wanted = (
        select(Job)
        .where(place.in_(machines), col(Job.state).in_([state.value for state in OPEN]))
        .order_by(RANK, col(Job.priority), col(Job.due_at), col(Job.id))
    )
    found: dict[str, list[JobOut]] = {machine: [] for machine in machines}
    for job in await describe_jobs(session, list(await session.scalars(wanted))):
        found[job.machine or ""].append(job)
    return found


async def shift_counts(
    session: AsyncSession, machines: Sequence[str], business_date: date, shift: str | None
) -> dict[str, tuple[Decimal, Decimal]]:
    """Good and scrap of each machine in one shift."""
    counted = (
        select(Result.machine, func.sum(Result.good), func.sum(Result.scrap))
        .where(
            col(Result.machine).in_(machines),
            Result.business_date == business_date,
            col(Result.shift).is_not_distinct_from(shift),
        )
        .group_by(col(Result.machine))
    )
    return {machine: (good, scrap) for machine, good, scrap in (await session.execute(counted)) if machine is not None}


async def describe_results(session: AsyncSession, results: Sequence[Result]) -> list[ResultOut]:
    """The results for a client, with what took them back."""
    reversals = select(Result.reverses, Result.id).where(col(Result.reverses).in_([result.id for result in results]))
    reversed_by: dict[UUID | None, UUID] = dict((await session.execute(reversals)).all())
    return [
        ResultOut.model_validate(
            result.model_dump(exclude={"scrap"})
            | {"scrap": result.scrap_by_defect, "reversed_by": reversed_by.get(result.id)}
        )
        for result in results
    ]


async def get_result(session: AsyncSession, id_: UUID) -> ResultChainOut:
    """A result with its chain of corrections, or a 404 problem."""
    ids = [row.id for row in await session.execute(CHAIN, {"id": id_})]
    found = list(await session.scalars(select(Result).where(col(Result.id).in_(ids)).order_by(col(Result.id))))
    chain = await describe_results(session, found)
    shown = next((result for result in chain if result.id == id_), None)
    if shown is None:
        raise Problem(404, "not_found")
    return ResultChainOut(**shown.model_dump(), chain=chain)


async def list_results(
    session: AsyncSession,
    job: UUID | None,
    work_order: str | None,
    machine: str | None,
    begins: datetime | None,
    ends: datetime | None,
    cursor: str | None,
    limit: int,
) -> Page[ResultOut]:
    """The ledger in the order in which it was written."""
    wanted = select(Result).order_by(col(Result.id)).limit(limit + 1)
    if job:
        wanted = wanted.where(Result.job == job)
    if work_order:
        try:
            wanted = wanted.where(or_(Result.work_order == UUID(work_order), Result.number == work_order))
        except ValueError:
            wanted = wanted.where(Result.number == work_order)
    if machine:
        wanted = wanted.where(Result.machine == machine)
    if begins:
        wanted = wanted.where(Result.at >= begins)
    if ends:
        wanted = wanted.where(Result.at < ends)
    if key := decode_cursor(cursor, 1):
        try:
            wanted = wanted.where(col(Result.id) > UUID(key[0]))
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
    results = list(await session.scalars(wanted))
    page = results[:limit]
    items = await describe_results(session, page)
    return Page(items=items, next_cursor=encode_cursor(str(page[-1].id)) if len(results) > limit else None)


async def unknown_references(session: AsyncSession, wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the (kind, code) pairs that there never were: a report may be older than the end of a defect's or a machine's use."""
    codes = [code for _, code in wanted]
    defects = await known_defects(session, codes)
    machines = await known_machines(session, codes)
    return wanted - {("defect", code) for code in defects} - {("machine", code) for code in machines}


def reference_errors(body: ResultIn, unknown: set[tuple[str, str]]) -> list[FieldError]:
    """What is wrong with a report that names what there never was."""
    errors = [
        FieldError(f"scrap.{place}.defect", "unknown_reference", {"value": entry.defect})
        for place, entry in enumerate(body.scrap)
        if ("defect", entry.defect) in unknown
    ]
    if ("machine", body.machine) in unknown:
        errors.append(FieldError("machine", "unknown_reference", {"value": body.machine}))
    return errors
