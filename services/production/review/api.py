"""Routes of reviews: refused commands, and results at which somebody should look."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from services.production.results.commands.acknowledge import acknowledge_results
from services.production.results.queries.flagged import list_flagged as list_flagged_results
from services.production.results.schemas import FlaggedOut
from services.production.review.commands import open_review, refusal_of, resolve
from services.production.review.domain import Way
from services.production.review.queries import Reader
from services.production.review.schemas import (
    AcceptIn,
    AcknowledgedOut,
    AcknowledgeIn,
    AcknowledgeManyIn,
    AssignIn,
    CorrectIn,
    DismissIn,
    ReceiptOut,
    ReviewIn,
    ReviewOut,
)
from shared.kit.auth import EVERYBODY, Actor, allow
from shared.kit.database import Transaction
from shared.kit.idempotency import Db, Once, OnceRunner
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.problem import language_of

router = APIRouter(tags=["reviews"])
Anybody = Annotated[Actor, Depends(allow(*EVERYBODY))]
Worker = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "maintenance", "admin"))]
Leader = Annotated[Actor, Depends(allow("leader", "quality", "admin"))]


def _reader(request: Request, session: AsyncSession) -> Reader:
    language = language_of(request.headers.get("accept-language"))
    return Reader(session, request.app.state.messages, language)


@router.post("/reviews", status_code=201)
async def keep_command(body: ReviewIn, once: Once, actor: Worker) -> ReceiptOut:
    """Hand over a command that was refused: it waits for a leader. The same command again is the same review."""
    return await once.run(ReceiptOut, body, lambda tx: open_review(tx, body))


@router.get("/reviews")
async def list_reviews(
    request: Request,
    actor: Anybody,
    db: Db,
    state: Literal["open", "resolved"] | None = None,
    machine: str | None = None,
    person: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReviewOut]:
    """Reviews: open ones in the order in which they came, resolved ones newest first."""
    async with db.reading() as session:
        reader = _reader(request, session)
        return await reader.list(state, machine, person, cursor, limit)


@router.get("/reviews/flagged")
async def list_flagged(
    actor: Anybody,
    db: Db,
    machine: str | None = None,
    person: str | None = None,
    flag: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[FlaggedOut]:
    """Flagged results that nobody has looked at yet, the oldest first."""
    async with db.reading() as session:
        return await list_flagged_results(session, machine, person, flag, cursor, limit)


@router.post("/reviews/flagged/acknowledge")
async def acknowledge_many(body: AcknowledgeManyIn, once: Once, actor: Leader) -> AcknowledgedOut:
    """Say that one has looked at several results."""

    async def run(tx: Transaction) -> AcknowledgedOut:
        return AcknowledgedOut(acknowledged=await acknowledge_results(tx, body.results, body.reason))

    return await once.run(AcknowledgedOut, body, run)


@router.post("/results/{result}/acknowledge")
async def acknowledge_result(
    result: UUID, once: Once, actor: Leader, body: AcknowledgeIn | None = None
) -> AcknowledgedOut:
    """Say that one has looked at a flagged result."""
    wanted = body or AcknowledgeIn()

    async def run(tx: Transaction) -> AcknowledgedOut:
        return AcknowledgedOut(acknowledged=await acknowledge_results(tx, [result], wanted.reason))

    return await once.run(AcknowledgedOut, wanted, run)


@router.get("/reviews/of-command/{command}")
async def get_review_of_command(command: UUID, request: Request, actor: Anybody, db: Db) -> ReviewOut:
    """What became of a command that its tablet handed over."""
    async with db.reading() as session:
        return await _reader(request, session).of_command(command)


@router.get("/reviews/{review}")
async def get_review(review: UUID, request: Request, actor: Anybody, db: Db) -> ReviewOut:
    """One review, and what each way out of it will do: whether accepting it is possible is tried, and taken back."""
    refusal = await db.rehearse(lambda tx: refusal_of(tx, review), actor)
    async with db.reading() as session:
        return await _reader(request, session).get(review, refusal)


async def _resolve(
    once: OnceRunner, review: UUID, way: Way, body: AcceptIn | CorrectIn | AssignIn | DismissIn
) -> ReviewOut:
    async def run(tx: Transaction) -> ReviewOut:
        await resolve(tx, review, way, **body.model_dump())
        await tx.flush()
        return await _reader(once.request, tx.session).get(review)

    return await once.run(ReviewOut, body, run)


@router.post("/reviews/{review}/accept")
async def accept_review(review: UUID, once: Once, actor: Leader, body: AcceptIn | None = None) -> ReviewOut:
    """Do it as it was meant, without what was only bureaucratic; 409 when it cannot be done from where the job stands."""
    return await _resolve(once, review, Way.ACCEPT, body or AcceptIn())


@router.post("/reviews/{review}/correct")
async def correct_review(review: UUID, body: CorrectIn, once: Once, actor: Leader) -> ReviewOut:
    """Do it with another content."""
    return await _resolve(once, review, Way.CORRECT, body)


@router.post("/reviews/{review}/assign")
async def assign_review(review: UUID, body: AssignIn, once: Once, actor: Leader) -> ReviewOut:
    """Do it on another job."""
    return await _resolve(once, review, Way.ASSIGN, body)


@router.post("/reviews/{review}/dismiss")
async def dismiss_review(review: UUID, body: DismissIn, once: Once, actor: Leader) -> ReviewOut:
    """Do not do it; the command stays readable."""
    return await _resolve(once, review, Way.DISMISS, body)
