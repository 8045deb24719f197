"""What a tablet's queue can hold, and how a leader has it done: without what was only bureaucratic, in the name of whoever touched it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from pydantic import BaseModel, ValidationError

from services.production.andon.commands import call
from services.production.andon.schemas import CallIn, CallOut
from services.production.genealogy.commands.consumption import consume
from services.production.genealogy.schemas import ConsumeIn, ConsumptionOut
from services.production.handover.commands import leave_note, read_note
from services.production.handover.schemas import HandoverIn, HandoverOut
from services.production.instructions.commands import confirm_instruction
from services.production.instructions.schemas import JobInstructionOut
from services.production.jobs.commands.crew import change_crew
from services.production.jobs.commands.execution import change_phase, finish_job, pause_job, resume_job, start_job
from services.production.jobs.commands.subcontract import send_out
from services.production.jobs.domain import JobCommand
from services.production.jobs.queries.jobs import get_job, job_running_on
from services.production.jobs.schemas import CommandOut, CrewIn, In, JobCommandIn, JobOut, PhaseIn, SendIn
from services.production.labour.commands import note_attendance
from services.production.labour.schemas import AttendanceIn, AttendanceOut
from services.production.results.commands.batch import Report
from services.production.results.commands.correct import reverse_result
from services.production.results.commands.rework import report_result
from services.production.results.queries.references import reference_errors, unknown_references
from services.production.results.schemas import ReportOut, ResultIn, ReverseIn
from services.production.review.domain import GOALS, moves_to
from services.production.unassigned.commands import keep_unassigned
from services.production.unassigned.schemas import UnassignedIn, UnassignedOut
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.idempotency import fingerprint_of, stored_answer
from shared.kit.problem import FieldError, Problem, field_errors

PREFIX = "/api/v1/production"
COMMANDS = {
    JobCommand.START: start_job,
    JobCommand.RESUME: resume_job,
    JobCommand.PAUSE: pause_job,
    JobCommand.FINISH: finish_job,
}
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Wish:
    """A command on its way: what it is about, its content, its key and in whose name it is done."""

    place: Mapping[str, str]
    body: Any
    key: UUID
    fingerprint: bytes
    actor: Actor
    why: str
    """Why it is done now, for a content that has no reason of its own."""

    @property
    def reasoned(self) -> Any:
        """The content with a reason: without one only the operator may take back, and only within the shift."""
        return self.body if self.body.reason else self.body.model_copy(update={"reason": self.why})

    @property
    def job(self) -> UUID:
        """The job that it is about."""
        return UUID(self.place["job"])


@dataclass(frozen=True)
class Doing:
    """A kind of command: where it goes, what it says, how it is done and how it is answered."""

    path: str
    content: type[BaseModel]
    answer: type[BaseModel]
    run: Callable[[Transaction, Wish], Awaitable[BaseModel]]
    command: JobCommand | None = None
    """What it is to the job's state, if it is something."""

    def wish(
        self, place: Mapping[str, str], body: Mapping[str, Any], at: object, key: UUID, actor: Actor, why: str
    ) -> Wish:
        """The command with this content, made at ``at`` unless the content says otherwise; a 422 problem when that is not right."""
        timed = {"at": at} if "at" in self.content.model_fields and body.get("at") is None else {}
        try:
            meant = self.content.model_validate(body)
            dated = self.content.model_validate({**body, **timed})
        except ValidationError as error:
            raise Problem(422, "invalid", errors=field_errors(error.errors())) from error
        path = PREFIX + self.path.format_map(place)
        said = meant if self.content.model_fields else None
        return Wish(place, dated, key, fingerprint_of({"method": "POST", "path": path}, said), actor, why)


def machine_for(move: JobCommand, touched: str | None, job: JobOut) -> str | None:
    """Where the job will run: at the machine that was touched, or where it stopped."""
    return (touched or job.machine) if move is JobCommand.START else job.machine


async def _move(tx: Transaction, wish: Wish, command: JobCommand) -> CommandOut:
    job = await get_job(tx.session, wish.job)
    body: JobCommandIn = wish.body
    moves = moves_to(job.state, GOALS[command])
    if moves is None:
        raise Problem(409, "wrong_state", state=job.state.value)
    for move in moves or [command]:
        if move in (JobCommand.START, JobCommand.RESUME):
            busy = await job_running_on(tx.session, machine_for(move, body.machine, job))
            if busy is not None and busy.id != job.id:
                await pause_job(tx, busy.id, JobCommandIn(at=body.at), has_happened=True)
        moved = await COMMANDS[move](tx, job.id, body, has_happened=True)
    return moved


async def _report(tx: Transaction, wish: Wish) -> ReportOut:
    body: ResultIn = wish.body
    if not body.has_pieces():
        raise Problem(422, "invalid", errors=[FieldError("good", "nothing_reported")])
    errors = reference_errors(body, await unknown_references(tx.session, body.references()))
    if errors:
        raise Problem(422, "invalid", errors=errors)
    return await report_result(tx, Report(wish.key, wish.fingerprint, wish.job, body, wish.actor))


async def _use(tx: Transaction, wish: Wish) -> ConsumptionOut:
    """The lot is in the machine by now: what speaks against it becomes a flag."""
    return await consume(tx, wish.job, wish.body.model_copy(update={"used": True}))


async def _reverse(tx: Transaction, wish: Wish) -> ReportOut:
    return await reverse_result(tx, wish.actor, UUID(wish.place["result"]), wish.reasoned)


async def _take_back(tx: Transaction, wish: Wish) -> ReportOut:
    """Undone at the tablet before it was told the result's id: the answer to the report's own command has it."""
    is_done, answer = await stored_answer(tx.session, UUID(wish.place["command"]))
    if not is_done or answer is None:
        raise Problem(409, "nothing_to_reverse")
    result = ReportOut.model_validate(answer).id
    return await reverse_result(tx, wish.actor, result, wish.reasoned)


def _moving(command: JobCommand) -> Doing:
    return Doing(
        f"/jobs/{{job}}/{command.value}", JobCommandIn, CommandOut, lambda tx, wish: _move(tx, wish, command), command
    )


DOINGS = (
    *(_moving(command) for command in GOALS),
    Doing(
        "/jobs/{job}/phase",
        PhaseIn,
        CommandOut,
        lambda tx, wish: change_phase(tx, wish.job, wish.body, has_happened=True),
    ),
    Doing(
        "/jobs/{job}/send", SendIn, CommandOut, lambda tx, wish: send_out(tx, wish.job, wish.body, has_happened=True)
    ),
    Doing("/attendance", AttendanceIn, AttendanceOut, lambda tx, wish: note_attendance(tx, wish.actor, wish.body)),
    Doing("/jobs/{job}/crew", CrewIn, CommandOut, lambda tx, wish: change_crew(tx, wish.job, wish.body)),
    Doing("/jobs/{job}/instruction/confirm", In, JobInstructionOut, lambda tx, wish: confirm_instruction(tx, wish.job)),
    Doing("/jobs/{job}/results", ResultIn, ReportOut, _report),
    Doing("/jobs/{job}/consumptions", ConsumeIn, ConsumptionOut, _use),
    Doing("/results/{result}/reverse", ReverseIn, ReportOut, _reverse),
    Doing("/results/of/{command}/reverse", ReverseIn, ReportOut, _take_back),
    Doing(
        "/machines/{machine}/unassigned",
        UnassignedIn,
        UnassignedOut,
        lambda tx, wish: keep_unassigned(tx, wish.place["machine"], wish.body),
    ),
    Doing(
        "/machines/{machine}/handovers",
        HandoverIn,
        HandoverOut,
        lambda tx, wish: leave_note(tx, wish.place["machine"], wish.body),
    ),
    Doing("/handovers/{note}/read", In, HandoverOut, lambda tx, wish: read_note(tx, UUID(wish.place["note"]))),
    Doing("/andon-calls", CallIn, CallOut, lambda tx, wish: call(tx, wish.body)),
)
_PLACES = {"job": ID, "result": ID, "command": ID, "note": ID, "machine": "[^/]+"}
_PATTERNS = [
    (doing, re.compile(PREFIX + re.sub(r"\{(\w+)\}", lambda place: f"(?P<{place[1]}>{_PLACES[place[1]]})", doing.path)))
    for doing in DOINGS
]


def find_doing(path: str) -> tuple[Doing, Mapping[str, str]] | None:
    """The kind of command that goes to ``path``, and the places in it; None for one that only its tablet knows."""
    for doing, pattern in _PATTERNS:
        found = pattern.fullmatch(path)
        if found is not None:
            return doing, {name: unquote(text) for name, text in found.groupdict().items()}
    return None
