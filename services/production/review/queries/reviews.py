"""Reviews and the options to resolve them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.jobs.domain import JobCommand
from services.production.jobs.queries.jobs import job_running_on, jobs_by_id
from services.production.jobs.schemas import JobOut
from services.production.review.commands.dispatch import find_kind, machine_for
from services.production.review.domain import GOALS, ResolveAction, effects_of, moves_to
from services.production.review.queries.rendering import ProblemRenderer
from services.production.review.schemas import (
    OtherJobOut,
    OutcomeOut,
    QueuedCommandOut,
    ResolveOptionOut,
    ReviewJobOut,
    ReviewOut,
)
from services.production.review.tables import Review
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import Messages, Problem


class ReviewReader:
    """Reads reviews in a reader's language."""

    def __init__(self, session: AsyncSession, messages: Messages, language: str) -> None:
        self._session = session
        self._renderer = ProblemRenderer(messages, language)

    async def get(self, id_: UUID, refusal: Problem | None = None) -> ReviewOut:
        """One review with its options, or a 404 problem; ``refusal`` is the problem that accepting it would meet."""
        return await self._one(await self._session.get(Review, id_), refusal)

    async def of_command(self, command: UUID) -> ReviewOut:
        """The review of a command of a tablet's queue, or a 404 problem."""
        return await self._one(await self._session.scalar(select(Review).where(Review.command == command)))

    async def list(
        self, state: str | None, machine: str | None, person: str | None, cursor: str | None, limit: int
    ) -> Page[ReviewOut]:
        """Open reviews in the order in which they came; otherwise the newest first."""
        order = col(Review.id) if state == "open" else col(Review.id).desc()
        statement = select(Review).order_by(order).limit(limit + 1)
        if state:
            is_open = col(Review.resolution).is_(None)
            statement = statement.where(is_open if state == "open" else ~is_open)
        if machine:
            statement = statement.where(Review.machine == machine)
        if person:
            statement = statement.where(Review.person == person)
        if key := read_cursor(cursor, UUID):
            statement = statement.where(col(Review.id) > key[0] if state == "open" else col(Review.id) < key[0])
        page = page_of((await self._session.scalars(statement)).all(), limit, lambda review: (review.id,))
        jobs = await jobs_by_id(self._session, [review.job for review in page.items if review.job])
        items = [self._out(review, jobs.get(review.job) if review.job else None, []) for review in page.items]
        return Page(items=items, next_cursor=page.next_cursor)

    async def _one(self, review: Review | None, refusal: Problem | None = None) -> ReviewOut:
        if review is None:
            raise Problem(404, "not_found")
        jobs = await jobs_by_id(self._session, [review.job] if review.job else [])
        job = jobs.get(review.job) if review.job else None
        return self._out(review, job, [] if review.resolution else await self._options(review, job, refusal))

    async def _options(self, review: Review, job: JobOut | None, refusal: Problem | None) -> Sequence[ResolveOptionOut]:
        found = find_kind(review.path)
        if found is None:
            return [ResolveOptionOut(way=ResolveAction.DISMISS)]
        kind, params = found
        accept = ResolveOptionOut(way=ResolveAction.ACCEPT, effects=["record"])
        if refusal is not None:
            accept = ResolveOptionOut(way=ResolveAction.ACCEPT, refusal=self._renderer.render(refusal))
        elif kind.move is not None and job is not None:
            accept = await self._accept_move(review, kind.move, job)
        assign = [ResolveOptionOut(way=ResolveAction.ASSIGN)] if "job" in params else []
        return [
            accept,
            ResolveOptionOut(way=ResolveAction.CORRECT),
            *assign,
            ResolveOptionOut(way=ResolveAction.DISMISS),
        ]

    async def _accept_move(self, review: Review, command: JobCommand, job: JobOut) -> ResolveOptionOut:
        moves = moves_to(job.state, GOALS[command]) or []
        other = None
        if moves and moves[0] in (JobCommand.START, JobCommand.RESUME):
            running = await job_running_on(self._session, machine_for(moves[0], review.body.get("machine"), job))
            other = OtherJobOut(number=running.number, op=running.op) if running and running.id != job.id else None
        effects = effects_of(moves, job.state, is_held="order_on_hold" in job.blocked_by)
        return ResolveOptionOut(way=ResolveAction.ACCEPT, effects=effects, other=other)

    def _out(self, review: Review, job: JobOut | None, options: Sequence[ResolveOptionOut]) -> ReviewOut:
        problem = review.problem
        if problem["code"] == "not_found" and job is None and "/jobs/" in review.path:
            problem = problem | {"code": "job_unknown"}
        command = review.model_dump(include={"kind", "path", "body", "person", "at"})
        fields = review.model_dump(
            include={"id", "device", "sent_by", "received_at", "machine", "resolution", "resolved_by", "resolved_at"}
            | {"reason", "done_body"}
        )
        return ReviewOut(
            **fields,
            state=review.state,
            command=QueuedCommandOut(id=review.command, **command),
            job=ReviewJobOut.model_validate(job) if job else None,
            problem=self._renderer.render_stored(problem),
            ways=list(options),
            outcome=OutcomeOut.model_validate(review.outcome) if review.outcome else None,
        )
