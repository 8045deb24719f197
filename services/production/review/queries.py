"""Reads of reviews."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.jobs.domain import JobCommand
from services.production.jobs.queries.jobs import job_running_on, jobs_by_id
from services.production.jobs.schemas import JobOut
from services.production.review.doing import find_doing, machine_for
from services.production.review.domain import GOALS, Way, effects_of, moves_to
from services.production.review.schemas import (
    CommandOut,
    OtherJobOut,
    OutcomeOut,
    ReviewJobOut,
    ReviewOut,
    WayOut,
)
from services.production.review.tables import Review
from services.production.review.telling import Teller
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import Messages, Problem

STATES = ("open", "resolved")


class Reader:
    """Tells reviews in a reader's language."""

    def __init__(self, session: AsyncSession, messages: Messages, language: str) -> None:
        self._session = session
        self._teller = Teller(messages, language)

    async def get(self, id_: UUID, refusal: Problem | None = None) -> ReviewOut:
        """One review with its ways out, or a 404 problem; ``refusal`` is what accepting it would meet."""
        review = await self._session.get(Review, id_)
        return await self._one(review, refusal)

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

    async def _one(self, review: Review | None, refusal: Problem | None = None) -> ReviewOut:
        if review is None:
            raise Problem(404, "not_found")
        jobs = await jobs_by_id(self._session, [review.job] if review.job else [])
        job = jobs.get(review.job) if review.job else None
        return self._told(review, job, [] if review.resolution else await self._ways(review, job, refusal))

    async def _ways(self, review: Review, job: JobOut | None, refusal: Problem | None) -> Sequence[WayOut]:
        found = find_doing(review.path)
        if found is None:
            return [WayOut(way=Way.DISMISS)]
        doing, place = found
        accept = WayOut(way=Way.ACCEPT, effects=["record"])
        if refusal is not None:
            accept = WayOut(way=Way.ACCEPT, refusal=self._teller.tell(refusal))
        elif doing.command is not None and job is not None:
            accept = await self._moving(review, doing.command, job)
        assign = [WayOut(way=Way.ASSIGN)] if "job" in place else []
        return [accept, WayOut(way=Way.CORRECT), *assign, WayOut(way=Way.DISMISS)]

    async def _moving(self, review: Review, command: JobCommand, job: JobOut) -> WayOut:
        moves = moves_to(job.state, GOALS[command]) or []
        other = None
        if moves and moves[0] in (JobCommand.START, JobCommand.RESUME):
            running = await job_running_on(self._session, machine_for(moves[0], review.body.get("machine"), job))
            other = OtherJobOut(number=running.number, op=running.op) if running and running.id != job.id else None
        effects = effects_of(moves, job.state, is_held="order_on_hold" in job.blocked_by)
        return WayOut(way=Way.ACCEPT, effects=effects, other=other)

    def _told(self, review: Review, job: JobOut | None, ways: Sequence[WayOut]) -> ReviewOut:
        problem = review.problem
        if problem["code"] == "not_found" and job is None and "/jobs/" in review.path:
            problem = problem | {"code": "job_unknown"}
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
            problem=self._teller.tell_again(problem),
            ways=list(ways),
            outcome=OutcomeOut.model_validate(review.outcome) if review.outcome else None,
        )
