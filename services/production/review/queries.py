"""Reads of reviews."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.execution.domain import Command, State
from services.production.execution.queries import job_running_on, jobs_by_id
from services.production.execution.schemas import JobOut
from services.production.review.doing import find_doing, machine_for
from services.production.review.domain import GOALS, Way, effects_of, moves_to
from services.production.review.schemas import (
    CommandOut,
    FieldOut,
    OtherJobOut,
    OutcomeOut,
    ProblemOut,
    ReviewJobOut,
    ReviewOut,
    WayOut,
)
from services.production.review.tables import Review
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import Messages, Problem

STATES = ("open", "resolved")


class Reader:
    """Tells reviews in a reader's language."""

    def __init__(self, session: AsyncSession, messages: Messages, language: str) -> None:
        self._session = session
        self._messages = messages
        self._language = language

    async def get(self, id_: UUID) -> ReviewOut:
        """One review with its ways out, or a 404 problem."""
        review = await self._session.get(Review, id_)
        return await self._one(review)

    async def of_command(self, command: UUID) -> ReviewOut:
        """The review of a command of a tablet's queue, or a 404 problem."""
        return await self._one(await self._session.scalar(select(Review).where(Review.command == command)))

    async def list(
        self, state: str | None, machine: str | None, person: str | None, cursor: str | None, limit: int
    ) -> Page[ReviewOut]:
        """Open reviews in the order in which they came; otherwise the newest first."""
        order = col(Review.id) if state == "open" else col(Review.id).desc()
        wanted = select(Review).order_by(order).limit(limit + 1)
        if state:
            is_open = col(Review.resolution).is_(None)
            wanted = wanted.where(is_open if state == "open" else ~is_open)
        if machine:
            wanted = wanted.where(Review.machine == machine)
        if person:
            wanted = wanted.where(Review.person == person)
        if key := decode_cursor(cursor, 1):
            try:
                last = UUID(key[0])
            except ValueError as error:
                raise Problem(422, "cursor_invalid") from error
            wanted = wanted.where(col(Review.id) > last if state == "open" else col(Review.id) < last)
        rows = list(await self._session.scalars(wanted))
        page = rows[:limit]
        jobs = await jobs_by_id(self._session, [review.job for review in page if review.job])
        items = [self._told(review, jobs.get(review.job) if review.job else None, []) for review in page]
        return Page(items=items, next_cursor=encode_cursor(str(page[-1].id)) if len(rows) > limit else None)

    async def _one(self, review: Review | None) -> ReviewOut:
        if review is None:
            raise Problem(404, "not_found")
        jobs = await jobs_by_id(self._session, [review.job] if review.job else [])
        job = jobs.get(review.job) if review.job else None
        return self._told(review, job, [] if review.resolution else await self._ways(review, job))

    async def _ways(self, review: Review, job: JobOut | None) -> Sequence[WayOut]:
        found = find_doing(review.path)
        if found is None:
            return [WayOut(way=Way.DISMISS)]
        doing, place = found
        ways = [WayOut(way=Way.CORRECT), WayOut(way=Way.DISMISS)]
        if "job" in place:
            ways.insert(1, WayOut(way=Way.ASSIGN))
        if doing.command is None:
            return [WayOut(way=Way.ACCEPT, effects=["record"]), *ways]
        moves = moves_to(job.state, GOALS[doing.command]) if job else None
        if job is None or moves is None:
            return ways
        effects = effects_of(moves, job.state, is_held="order_on_hold" in job.blocked_by)
        other = None
        if moves and moves[0] in (Command.START, Command.RESUME):
            machine = machine_for(moves[0], review.body.get("machine"), job)
            running = await job_running_on(self._session, machine)
            other = OtherJobOut(number=running.number, op=running.op) if running and running.id != job.id else None
        return [WayOut(way=Way.ACCEPT, effects=effects, other=other), *ways]

    def _told(self, review: Review, job: JobOut | None, ways: Sequence[WayOut]) -> ReviewOut:
        command = review.model_dump(include={"kind", "path", "body", "person", "at"})
        kept = review.model_dump(
            include={"id", "device", "sent_by", "received_at", "machine", "resolution", "resolved_by", "resolved_at"}
            | {"reason", "done_body"}
        )
        return ReviewOut(
            **kept,
            state="resolved" if review.resolution else "open",
            command=CommandOut(id=review.command, **command),
            job=ReviewJobOut.model_validate(job) if job else None,
            problem=self._problem(review.problem),
            ways=list(ways),
            outcome=OutcomeOut.model_validate(review.outcome) if review.outcome else None,
        )

    def _problem(self, problem: dict[str, Any]) -> ProblemOut:
        code, messages, language = problem["code"], self._messages, self._language
        params = problem | ({"state": self._state(problem["state"])} if "state" in problem else {})
        fields = [
            FieldOut(
                field=str(error.get("field", "")),
                code=str(error.get("code", "")),
                message=self._field_message(error),
            )
            for error in problem["errors"]
        ]
        title = messages.text(language, code, params) if messages.has(code) else problem.get("title") or code
        if messages.has(f"{code}.detail"):
            detail = messages.text(language, f"{code}.detail", params)
        else:
            told = problem.get("detail") if not messages.has(code) else None
            detail = " ".join(field.message for field in fields) or told or title
        return ProblemOut(status=problem["status"], code=code, title=title, detail=detail, errors=fields)

    def _field_message(self, error: dict[str, Any]) -> str:
        code, params = str(error.get("code", "")), error.get("params")
        if self._messages.has(code) and isinstance(params, dict):
            return self._messages.text(self._language, code, params)
        return str(error.get("message") or code)

    def _state(self, state: object) -> str:
        return self._messages.text(self._language, f"state.{state}", {}) if state in set(State) else str(state)
