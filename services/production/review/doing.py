"""What a tablet's queue can hold, and how a leader has it done: without what was only bureaucratic, in the name of whoever touched it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from services.production.execution.batch import Report
from services.production.execution.commands import (
    finish_job,
    lock_job,
    move_job,
    pause_job,
    resume_job,
    start_job,
)
from services.production.execution.domain import Command, State
from services.production.execution.queries import get_job, job_running_on, reference_errors, unknown_references
from services.production.execution.reporting import report_within
from services.production.execution.results import reverse_result
from services.production.execution.schemas import JobCommandIn, JobOut, ReportOut, ResultIn, ReverseIn
from services.production.review.domain import GOALS, moves_to
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.idempotency import fingerprint_of
from shared.kit.problem import FieldError, Problem, field_errors

PREFIX = "/api/v1/production"
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Wish:
    """A command on its way: what it is about, its content, its key and in whose name it is done."""

    place: Mapping[str, str]
    body: Any
    key: UUID
    fingerprint: bytes
    actor: Actor

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
    command: Command | None = None
    """What it is to the job's state, if it is something."""

    def wish(self, place: Mapping[str, str], body: Mapping[str, Any], at: object, key: UUID, actor: Actor) -> Wish:
        """The command with this content, made at ``at`` unless the content says otherwise; a 422 problem when that is not right."""
        timed = {"at": at} if "at" in self.content.model_fields and body.get("at") is None else {}
        try:
            meant = self.content.model_validate(body)
            dated = self.content.model_validate({**body, **timed})
        except ValidationError as error:
            raise Problem(422, "invalid", errors=field_errors(error.errors())) from error
        path = PREFIX + self.path.format_map(place)
        return Wish(place, dated, key, fingerprint_of({"method": "POST", "path": path}, meant), actor)


async def _move(tx: Transaction, wish: Wish, command: Command) -> JobOut:
    job = await lock_job(tx, wish.job)
    body: JobCommandIn = wish.body
    moves = moves_to(State(job.state), GOALS[command])
    if moves is None:
        raise Problem(409, "wrong_state", state=job.state)
    for move in moves:
        if move is Command.START or move is Command.RESUME:
            machine = job.machine if move is Command.RESUME else body.machine or job.planned_machine
            busy = await job_running_on(tx.session, machine)
            if busy is not None:
                await pause_job(tx, wish.actor, busy.id, JobCommandIn(at=body.at))
            go = start_job if move is Command.START else resume_job
            await go(tx, wish.actor, job.id, body, regardless=True)
        elif move is Command.PAUSE:
            await pause_job(tx, wish.actor, job.id, body)
        elif move is Command.FINISH:
            await finish_job(tx, wish.actor, job.id, body)
        else:
            move_job(tx, job, move)
            await tx.session.flush()
    return await get_job(tx.session, job.id)


async def _report(tx: Transaction, wish: Wish) -> ReportOut:
    body: ResultIn = wish.body
    if not body.says_something():
        raise Problem(422, "invalid", errors=[FieldError("good", "nothing_reported")])
    errors = reference_errors(body, await unknown_references(tx.session, body.references()))
    if errors:
        raise Problem(422, "invalid", errors=errors)
    return await report_within(tx, Report(wish.key, wish.fingerprint, wish.job, body, wish.actor))


async def _reverse(tx: Transaction, wish: Wish) -> ReportOut:
    return await reverse_result(tx, wish.actor, tx.zone, UUID(wish.place["result"]), wish.body.reason)


def _moving(command: Command) -> Doing:
    return Doing(
        f"/jobs/{{job}}/{command.value}", JobCommandIn, JobOut, lambda tx, wish: _move(tx, wish, command), command
    )


DOINGS = (
    *(_moving(command) for command in GOALS),
    Doing("/jobs/{job}/results", ResultIn, ReportOut, _report),
    Doing("/results/{result}/reverse", ReverseIn, ReportOut, _reverse),
)
_PLACES = {"{job}": f"(?P<job>{ID})", "{result}": f"(?P<result>{ID})"}


def find_doing(path: str) -> tuple[Doing, Mapping[str, str]] | None:
    """The kind of command that goes to ``path``, and the places in it; None for one that only its tablet knows."""
    for doing in DOINGS:
        pattern = re.sub(r"\{\w+\}", lambda place: _PLACES[place[0]], doing.path)
        found = re.fullmatch(f"(?:{PREFIX})?{pattern}", path)
        if found is not None:
            return doing, found.groupdict()
    return None
