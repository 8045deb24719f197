"""Routes of jobs."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.production.jobs.commands import crew, execution, stops, subcontract
from services.production.jobs.domain import JobCommand
from services.production.jobs.queries import jobs as queries
from services.production.jobs.schemas import (
    CommandOut,
    CrewIn,
    JobCommandIn,
    JobOut,
    PhaseIn,
    ReopenIn,
    RunOut,
    SendIn,
    SendingOut,
    SubcontractorOut,
)
from services.production.machines.schemas import ReasonIn, TimelineOut
from services.production.permissions import CanCorrectStops, CanRead, CanReopenJobs, CanRunJobs
from shared.kit.idempotency import Db, Once
from shared.kit.moments import Moment
from shared.kit.paging import Cursor, Limit, Page, Short
from shared.kit.routing import api_router

router = api_router("production", "jobs")


@router.get("/jobs")
async def list_jobs(
    actor: CanRead,
    db: Db,
    machine: str | None = None,
    work_center: str | None = None,
    state: Annotated[str | None, Query(description="one state or several, separated by commas")] = None,
    work_order: Annotated[str | None, Query(description="id or number")] = None,
    finished_after: Annotated[Moment | None, Query(description="finished then or later")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[JobOut]:
    """Jobs: running and paused first, then ready ones by priority and due date."""
    async with db.reading() as session:
        return await queries.list_jobs(session, machine, work_center, state, work_order, finished_after, cursor, limit)


@router.get("/jobs/{job}")
async def get_job(job: UUID, actor: CanRead, db: Db) -> JobOut:
    """One job."""
    async with db.reading() as session:
        return await queries.get_job(session, job)


COMMANDS = {
    JobCommand.START: (execution.start_job, "Start a ready job; or, with a reason, take a finished one up again."),
    JobCommand.PAUSE: (execution.pause_job, "Pause a running job, best with a reason."),
    JobCommand.RESUME: (execution.resume_job, "Go on with a paused job; or, with a reason, with a finished one."),
    JobCommand.FINISH: (execution.finish_job, "Finish a running or paused job."),
}


def _add_command(command: JobCommand) -> None:
    run, summary = COMMANDS[command]

    @router.post(f"/jobs/{{job}}/{command.value}", name=f"{command.value.title()} job", description=summary)
    async def command_job(job: UUID, once: Once, actor: CanRunJobs, body: JobCommandIn | None = None) -> CommandOut:
        content = body or JobCommandIn()
        return await once.run(CommandOut, content, lambda tx: run(tx, job, content))


for _command in COMMANDS:
    _add_command(_command)


@router.post("/jobs/{job}/reopen")
async def reopen_job(job: UUID, body: ReopenIn, once: Once, actor: CanReopenJobs) -> CommandOut:
    """Make a finished job ready for whoever starts it again, with a reason; its order is in progress again."""
    return await once.run(CommandOut, body, lambda tx: execution.reopen_job(tx, job, body))


@router.post("/jobs/{job}/phase")
async def change_phase(job: UUID, body: PhaseIn, once: Once, actor: CanRunJobs) -> CommandOut:
    """Say that a running job is being set up, makes its first piece for approval, or produces."""
    return await once.run(CommandOut, body, lambda tx: execution.change_phase(tx, job, body))


@router.post("/jobs/{job}/crew")
async def change_crew(job: UUID, body: CrewIn, once: Once, actor: CanRunJobs) -> CommandOut:
    """Say who begins or ends to work on a job: oneself or somebody else. A person may work on several jobs at once."""
    return await once.run(CommandOut, body, lambda tx: crew.change_crew(tx, job, body))


@router.post("/jobs/{job}/send")
async def send_out(job: UUID, body: SendIn, once: Once, actor: CanRunJobs) -> CommandOut:
    """Send pieces of a subcontracted operation out; the first ones start it."""
    return await once.run(CommandOut, body, lambda tx: subcontract.send_out(tx, job, body))


@router.get("/jobs/{job}/sendings")
async def list_sendings(job: UUID, actor: CanRead, db: Db, paging: Short) -> Page[SendingOut]:
    """The pieces that a subcontracted operation has sent out, in order."""
    async with db.reading() as session:
        return paging.page(await queries.list_sendings(session, job))


@router.get("/subcontractors")
async def list_subcontractors(actor: CanRead, db: Db, paging: Short) -> Page[SubcontractorOut]:
    """The subcontractors to whom pieces were sent, the last one first: a hundred at most."""
    async with db.reading() as session:
        return paging.page(await queries.list_subcontractors(session))


@router.get("/jobs/{job}/runs")
async def list_runs(job: UUID, actor: CanRead, db: Db, paging: Short) -> Page[RunOut]:
    """The times in which the job ran, on which machine and in which phase, in order."""
    async with db.reading() as session:
        return paging.page(await queries.list_runs(session, job))


@router.post("/machines/{code}/timeline/{state_id}/reason")
async def correct_stop(code: str, state_id: UUID, body: ReasonIn, once: Once, actor: CanCorrectStops) -> TimelineOut:
    """Give a stop the right reason, or what comes of it from ``split_at`` on: in its shift, or later as a leader.

    404 for another machine's, 409 for what is no stop.
    """
    return await once.run(TimelineOut, body, lambda tx: stops.correct_stop(tx, actor, code, state_id, body))
