"""The kinds of queued commands, done without what was only bureaucratic, in the name of who touched them."""

from collections.abc import Mapping
from uuid import UUID

from fastapi.routing import APIRoute

from services.production.andon import api as andon
from services.production.andon.commands import call
from services.production.genealogy import api as genealogy
from services.production.genealogy.commands.consumption import consume
from services.production.genealogy.commands.lots import reverse_movement
from services.production.genealogy.schemas import ConsumptionOut
from services.production.handover import api as handover
from services.production.handover.commands import leave_note, read_note
from services.production.instructions import api as instructions
from services.production.instructions.commands import confirm_instruction
from services.production.jobs import api as jobs
from services.production.jobs.commands.crew import change_crew
from services.production.jobs.commands.execution import change_phase, pause_job
from services.production.jobs.commands.stops import correct_stop
from services.production.jobs.commands.subcontract import send_out
from services.production.jobs.domain import JobCommand
from services.production.jobs.queries.jobs import get_job, job_running_on
from services.production.jobs.schemas import CommandOut, JobCommandIn, JobOut
from services.production.labour import api as labour
from services.production.labour.commands import note_attendance
from services.production.results.api import routes as results
from services.production.results.commands.batch import Report
from services.production.results.commands.correct import reverse_result
from services.production.results.commands.rework import report_result
from services.production.results.queries.references import reference_errors, unknown_references
from services.production.results.schemas import ReportOut, ResultIn
from services.production.review.commands.kinds import CommandKind, QueuedCommand, command_kind
from services.production.review.domain import GOALS, moves_to
from services.production.unassigned import api as unassigned
from services.production.unassigned.commands import report_unassigned
from shared.kit.database import Transaction
from shared.kit.idempotency import stored_answer
from shared.kit.problem import FieldError, Problem
from shared.kit.routing import API

PREFIX = f"{API}/production"
SLICES = (andon, genealogy, handover, instructions, jobs, labour, results, unassigned)
ROUTES = {
    route.path.removeprefix(PREFIX): route
    for slice_ in SLICES
    for route in slice_.router.routes
    if isinstance(route, APIRoute) and "POST" in (route.methods or ())
}
MOVES = {command: run for command, (run, _) in jobs.COMMANDS.items()}


def machine_for(move: JobCommand, touched: str | None, job: JobOut) -> str | None:
    """The machine on which the job will run: the one that was touched, or where it stopped."""
    return (touched or job.machine) if move is JobCommand.START else job.machine


async def _move(tx: Transaction, queued: QueuedCommand, command: JobCommand) -> CommandOut:
    job = await get_job(tx.session, queued.job)
    body: JobCommandIn = queued.body
    moves = moves_to(job.state, GOALS[command])
    if moves is None:
        raise Problem(409, "wrong_state", state=job.state.value)
    for move in moves or [command]:
        if move in (JobCommand.START, JobCommand.RESUME):
            busy = await job_running_on(tx.session, machine_for(move, body.machine, job))
            if busy is not None and busy.id != job.id:
                await pause_job(tx, busy.id, JobCommandIn(at=body.at), has_happened=True)
        moved = await MOVES[move](tx, job.id, body, has_happened=True)
    return moved


async def _report(tx: Transaction, queued: QueuedCommand) -> ReportOut:
    body: ResultIn = queued.body
    if not body.has_pieces():
        raise Problem(422, "invalid", errors=[FieldError("good", "nothing_reported")])
    errors = reference_errors(body, await unknown_references(tx.session, body.references()))
    if errors:
        raise Problem(422, "invalid", errors=errors)
    return await report_result(tx, Report(queued.key, queued.fingerprint, queued.job, body, queued.actor))


async def _consume(tx: Transaction, queued: QueuedCommand) -> ConsumptionOut:
    """The lot is in the machine by now: what speaks against it becomes a flag."""
    return await consume(tx, queued.job, queued.body.model_copy(update={"used": True}))


async def _reverse_own(tx: Transaction, queued: QueuedCommand) -> ReportOut:
    """Undone at the tablet before it knew the result's id: the answer to the report's own command has it."""
    is_done, answer = await stored_answer(tx.session, UUID(queued.params["command"]))
    if not is_done or answer is None:
        raise Problem(409, "nothing_to_reverse")
    result = ReportOut.model_validate(answer).id
    return await reverse_result(tx, queued.actor, result, queued.reasoned)


def _moving(command: JobCommand) -> CommandKind:
    return command_kind(
        ROUTES[f"/jobs/{{job}}/{command.value}"], lambda tx, queued: _move(tx, queued, command), move=command
    )


KINDS = (
    *(_moving(command) for command in GOALS),
    command_kind(ROUTES["/jobs/{job}/results"], _report),
    command_kind(ROUTES["/jobs/{job}/consumptions"], _consume),
    command_kind(
        ROUTES["/jobs/{job}/phase"], lambda tx, queued: change_phase(tx, queued.job, queued.body, has_happened=True)
    ),
    command_kind(
        ROUTES["/jobs/{job}/send"], lambda tx, queued: send_out(tx, queued.job, queued.body, has_happened=True)
    ),
    command_kind(ROUTES["/jobs/{job}/crew"], lambda tx, queued: change_crew(tx, queued.job, queued.body)),
    command_kind(ROUTES["/jobs/{job}/instruction/confirm"], lambda tx, queued: confirm_instruction(tx, queued.job)),
    command_kind(
        ROUTES["/results/{result}/reverse"],
        lambda tx, queued: reverse_result(tx, queued.actor, UUID(queued.params["result"]), queued.reasoned),
    ),
    command_kind(ROUTES["/results/{result}/reverse"], _reverse_own, path=f"{PREFIX}/results/of/{{command}}/reverse"),
    command_kind(
        ROUTES["/lot-movements/{movement}/reverse"],
        lambda tx, queued: reverse_movement(tx, UUID(queued.params["movement"]), queued.body.reason),
    ),
    command_kind(
        ROUTES["/machines/{code}/timeline/{state_id}/reason"],
        lambda tx, queued: correct_stop(
            tx, queued.actor, queued.params["code"], UUID(queued.params["state_id"]), queued.body
        ),
    ),
    command_kind(ROUTES["/attendance"], lambda tx, queued: note_attendance(tx, queued.actor, queued.body)),
    command_kind(
        ROUTES["/machines/{machine}/unassigned"],
        lambda tx, queued: report_unassigned(tx, queued.params["machine"], queued.body),
    ),
    command_kind(
        ROUTES["/machines/{machine}/handovers"],
        lambda tx, queued: leave_note(tx, queued.params["machine"], queued.body),
    ),
    command_kind(
        ROUTES["/handovers/{handover}/read"], lambda tx, queued: read_note(tx, UUID(queued.params["handover"]))
    ),
    command_kind(ROUTES["/andon-calls"], lambda tx, queued: call(tx, queued.body)),
)


def find_kind(path: str) -> tuple[CommandKind, Mapping[str, str]] | None:
    """The kind of command that goes to ``path``, and the parameters in it; None for one that only its tablet knows."""
    for kind in KINDS:
        params = kind.params_of(path)
        if params is not None:
            return kind, params
    return None
