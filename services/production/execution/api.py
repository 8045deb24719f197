"""Routes of jobs and results."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from services.production.execution import commands, queries, results, reworking
from services.production.execution.batch import Report
from services.production.execution.domain import Command
from services.production.execution.lane import REPORTERS
from services.production.execution.reporting import store_alone, take_report
from services.production.execution.schemas import (
    CommandOut,
    CorrectIn,
    CrewIn,
    JobCommandIn,
    JobOut,
    PhaseIn,
    PlaceOut,
    ReportOut,
    ResultChainOut,
    ResultIn,
    ResultOut,
    ReverseIn,
    RunOut,
    SendIn,
    SendingOut,
    SubcontractorOut,
)
from shared.kit.auth import EVERYBODY, Actor, allow
from shared.kit.database import Database
from shared.kit.idempotency import Db, Once, fingerprint_of, parse_key
from shared.kit.moments import Moment
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.problem import FieldError, Problem

router = APIRouter(tags=["execution"])
Reader = Annotated[Actor, Depends(allow(*EVERYBODY))]
Operator = Annotated[Actor, Depends(allow("operator", "leader", "planner", "admin"))]
Worker = Annotated[Actor, Depends(allow("operator", "leader", "quality", "admin"))]
Corrector = Annotated[Actor, Depends(allow("leader", "quality", "admin"))]
Reporter = Annotated[Actor, Depends(allow(*REPORTERS))]


@router.get("/jobs")
async def list_jobs(
    actor: Reader,
    db: Db,
    machine: str | None = None,
    work_center: str | None = None,
    state: Annotated[str | None, Query(description="one state or several, separated by commas")] = None,
    work_order: Annotated[str | None, Query(description="id or number")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[JobOut]:
    """Jobs: running and paused first, then ready ones by priority and due date."""
    async with db.reading() as session:
        return await queries.list_jobs(session, machine, work_center, state, work_order, cursor, limit)


@router.get("/jobs/{job}")
async def get_job(job: UUID, actor: Reader, db: Db) -> JobOut:
    """One job."""
    async with db.reading() as session:
        return await queries.get_job(session, job)


COMMANDS = {
    Command.START: (commands.start_job, "Start a ready job."),
    Command.PAUSE: (commands.pause_job, "Pause a running job, best with a reason."),
    Command.RESUME: (commands.resume_job, "Go on with a paused job."),
    Command.FINISH: (commands.finish_job, "Finish a running or paused job."),
}


def _add_command(command: Command) -> None:
    run, summary = COMMANDS[command]

    @router.post(f"/jobs/{{job}}/{command.value}", name=f"{command.value.title()} job", description=summary)
    async def command_job(job: UUID, once: Once, actor: Operator, body: JobCommandIn | None = None) -> CommandOut:
        wanted = body or JobCommandIn()
        return await once.run(CommandOut, wanted, lambda tx: run(tx, job, wanted))


for _command in COMMANDS:
    _add_command(_command)


@router.post("/jobs/{job}/phase")
async def change_phase(job: UUID, body: PhaseIn, once: Once, actor: Operator) -> CommandOut:
    """Say that a running job is being set up, makes its first piece for approval, or produces."""
    return await once.run(CommandOut, body, lambda tx: commands.change_phase(tx, job, body))


@router.post("/jobs/{job}/crew")
async def change_crew(job: UUID, body: CrewIn, once: Once, actor: Operator) -> CommandOut:
    """Say who begins or ends to work on a job: oneself or somebody else. A person may work on several jobs at once."""
    return await once.run(CommandOut, body, lambda tx: commands.change_crew(tx, job, body))


@router.post("/jobs/{job}/send")
async def send_out(job: UUID, body: SendIn, once: Once, actor: Operator) -> CommandOut:
    """Send pieces of a subcontracted operation out; the first ones start it."""
    return await once.run(CommandOut, body, lambda tx: commands.send_out(tx, job, body))


@router.get("/jobs/{job}/sendings")
async def list_sendings(job: UUID, actor: Reader, db: Db) -> Page[SendingOut]:
    """What a subcontracted operation has sent out, in order."""
    async with db.reading() as session:
        return Page(items=await queries.list_sendings(session, job))


@router.get("/subcontractors")
async def list_subcontractors(actor: Reader, db: Db) -> Page[SubcontractorOut]:
    """To whom pieces were sent, the last one first: a hundred at most."""
    async with db.reading() as session:
        return Page(items=await queries.list_subcontractors(session))


@router.get("/jobs/{job}/runs")
async def list_runs(job: UUID, actor: Reader, db: Db) -> Page[RunOut]:
    """When the job ran, on which machine and in which phase, in order."""
    async with db.reading() as session:
        return Page(items=await queries.list_runs(session, job))


@router.get("/work-orders/{work_order}/machines")
async def list_places(work_order: UUID, actor: Reader, db: Db) -> Page[PlaceOut]:
    """The machines on which an order's operations were really worked on: by their runs, and by what was reported and stands."""
    async with db.reading() as session:
        return Page(items=await queries.list_places(session, work_order))


@router.post("/jobs/{job}/results", status_code=201, response_model=ReportOut)
async def report_result(
    request: Request,
    job: UUID,
    body: ResultIn,
    actor: Reporter,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Response:
    """Report good pieces, scrap by defect and rework at once; answered after the commit, with what the job has come to."""
    if not body.says_something():
        raise Problem(422, "invalid", errors=[FieldError("good", "nothing_reported")])
    known: set[tuple[str, str]] = request.app.state.known_references
    if not body.references() <= known:
        await _check_references(request.app.state.database, body, known)
    state = request.app.state
    report = Report(parse_key(idempotency_key), fingerprint_of(request.scope, body), job, body, actor)
    if body.stays():
        answer = await take_report(state.reporting, state.database, report)
    else:
        answer = await store_alone(state.database, report, reworking.report_result)
    return Response(answer, 201, media_type="application/json")


async def _check_references(db: Database, body: ResultIn, known: set[tuple[str, str]]) -> None:
    """Refuse a defect or a machine that there never was; what there was once is ``known`` for good."""
    wanted = body.references()
    for pause in (0.1, 0.2, 0.3, 0.4, None):
        async with db.reading() as session:
            unknown = await queries.unknown_references(session, wanted)
        known |= wanted - unknown
        if not unknown:
            return
        if pause is not None:
            await asyncio.sleep(pause)
    raise Problem(422, "invalid", errors=queries.reference_errors(body, unknown))


@router.post("/results/{result}/reverse", status_code=201)
async def reverse_result(result: UUID, body: ReverseIn, once: Once, actor: Worker) -> ReportOut:
    """Take a result back: one's own of this shift, and with a reason any as a leader or for quality; 409 when that was done already."""
    return await once.run(ReportOut, body, lambda tx: results.reverse_result(tx, actor, result, body))


@router.post("/results/{result}/correct", status_code=201)
async def correct_result(result: UUID, body: CorrectIn, once: Once, actor: Corrector) -> ReportOut:
    """Say what a result should have said: it is taken back, and a new one stands for it."""
    return await once.run(ReportOut, body, lambda tx: results.correct_result(tx, actor, result, body))


@router.get("/results/{result}")
async def get_result(result: UUID, actor: Reader, db: Db) -> ResultChainOut:
    """A result with all that it corrects and that corrects it."""
    async with db.reading() as session:
        return await queries.get_result(session, result)


@router.get("/results")
async def list_results(
    actor: Reader,
    db: Db,
    job: UUID | None = None,
    work_order: Annotated[str | None, Query(description="id or number")] = None,
    machine: str | None = None,
    begins: Annotated[Moment | None, Query(alias="from")] = None,
    ends: Annotated[Moment | None, Query(alias="to")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ResultOut]:
    """The ledger of results, in the order in which it was written."""
    async with db.reading() as session:
        return await queries.list_results(session, job, work_order, machine, begins, ends, cursor, limit)
