"""Routes of reviews: refused commands, and results at which somebody should look."""

from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from services.production.permissions import CanOpenReviews, CanReadReviews, CanResolveReviews
from services.production.results.commands.acknowledge import acknowledge_results
from services.production.results.queries import flagged
from services.production.results.schemas import FlaggedOut
from services.production.review.commands.resolve import open_review, refusal_of, resolve_review
from services.production.review.domain import ResolveAction, ReviewState
from services.production.review.queries.reviews import ReviewReader
from services.production.review.schemas import (
    AcceptReviewIn,
    AcknowledgedOut,
    AcknowledgeResultIn,
    AcknowledgeResultsIn,
    AssignReviewIn,
    CorrectReviewIn,
    DismissReviewIn,
    ReceiptOut,
    ReviewIn,
    ReviewOut,
)
from shared.kit.database import Transaction
from shared.kit.idempotency import Db, Once, OnceRunner
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.problem import language_of
from shared.kit.routing import api_router

router = api_router("production", "reviews")


def _reader(request: Request, session: AsyncSession) -> ReviewReader:
    language = language_of(request.headers.get("accept-language"))
    return ReviewReader(session, request.app.state.messages, language)


@router.post("/reviews", status_code=201)
async def hand_over_command(body: ReviewIn, once: Once, actor: CanOpenReviews) -> ReceiptOut:
    """Hand over a command that was refused: it waits for a leader. The same command again is the same review."""
    return await once.run(ReceiptOut, body, lambda tx: open_review(tx, body))


@router.get("/reviews")
async def list_reviews(
    request: Request,
    actor: CanReadReviews,
    db: Db,
    state: ReviewState | None = None,
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
    actor: CanReadReviews,
    db: Db,
    machine: str | None = None,
    person: str | None = None,
    flag: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[FlaggedOut]:
    """Flagged results that nobody has looked at yet, the oldest first."""
    async with db.reading() as session:
        return await flagged.list_flagged(session, machine, person, flag, cursor, limit)


@router.post("/reviews/flagged/acknowledge")
async def acknowledge_many(body: AcknowledgeResultsIn, once: Once, actor: CanResolveReviews) -> AcknowledgedOut:
    """Acknowledge several flagged results."""

    async def run(tx: Transaction) -> AcknowledgedOut:
        return AcknowledgedOut(acknowledged=await acknowledge_results(tx, body.result_ids, body.reason))

    return await once.run(AcknowledgedOut, body, run)


@router.post("/results/{result}/acknowledge")
async def acknowledge_result(
    result: UUID, once: Once, actor: CanResolveReviews, body: AcknowledgeResultIn | None = None
) -> AcknowledgedOut:
    """Acknowledge a flagged result."""
    acknowledgement = body or AcknowledgeResultIn()

    async def run(tx: Transaction) -> AcknowledgedOut:
        return AcknowledgedOut(acknowledged=await acknowledge_results(tx, [result], acknowledgement.reason))

    return await once.run(AcknowledgedOut, acknowledgement, run)


@router.get("/reviews/of-command/{command}")
async def get_review_of_command(command: UUID, request: Request, actor: CanOpenReviews, db: Db) -> ReviewOut:
    """The review of a command that its tablet handed over."""
    async with db.reading() as session:
        return await _reader(request, session).of_command(command)


@router.get("/reviews/{review}")
async def get_review(review: UUID, request: Request, actor: CanReadReviews, db: Db) -> ReviewOut:
    """One review with the effects of each option: accepting it is tried and rolled back."""
    refusal = await db.rehearse(lambda tx: refusal_of(tx, review), actor)
    async with db.reading() as session:
        return await _reader(request, session).get(review, refusal)


async def _resolve(
    once: OnceRunner,
    review: UUID,
    action: ResolveAction,
    body: AcceptReviewIn | CorrectReviewIn | AssignReviewIn | DismissReviewIn,
) -> ReviewOut:
    async def run(tx: Transaction) -> ReviewOut:
        await resolve_review(tx, review, action, **body.model_dump())
        await tx.flush()
        return await _reader(once.request, tx.session).get(review)

    return await once.run(ReviewOut, body, run)


@router.post("/reviews/{review}/accept")
async def accept_review(
    review: UUID, once: Once, actor: CanResolveReviews, body: AcceptReviewIn | None = None
) -> ReviewOut:
    """Do it as it was meant, without what was only bureaucratic; 409 when it cannot be done from the job's state."""
    return await _resolve(once, review, ResolveAction.ACCEPT, body or AcceptReviewIn())


@router.post("/reviews/{review}/correct")
async def correct_review(review: UUID, body: CorrectReviewIn, once: Once, actor: CanResolveReviews) -> ReviewOut:
    """Do it with another content."""
    return await _resolve(once, review, ResolveAction.CORRECT, body)


@router.post("/reviews/{review}/assign")
async def assign_review(review: UUID, body: AssignReviewIn, once: Once, actor: CanResolveReviews) -> ReviewOut:
    """Do it on another job."""
    return await _resolve(once, review, ResolveAction.ASSIGN, body)


@router.post("/reviews/{review}/dismiss")
async def dismiss_review(review: UUID, body: DismissReviewIn, once: Once, actor: CanResolveReviews) -> ReviewOut:
    """Do not do it; the command stays readable."""
    return await _resolve(once, review, ResolveAction.DISMISS, body)
