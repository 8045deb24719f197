"""Keep what a tablet could not do, and resolve it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.production.execution.flagged import acknowledge_results
from services.production.execution.queries import jobs_by_id
from services.production.execution.schemas import CommandOut, JobOut, ReportOut
from services.production.genealogy.schemas import ConsumptionOut
from services.production.review.doing import find_doing
from services.production.review.domain import RESOLUTIONS, Way
from services.production.review.schemas import OutcomeOut, ReceiptOut, ReviewIn
from services.production.review.tables import Review
from shared.contracts.production.review import ReviewChanged
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.idempotency import store_answer, stored_answer
from shared.kit.ids import new_id
from shared.kit.problem import Problem

SEAL = b"resolved otherwise"
"""The fingerprint under the key of a command that was not done as it was meant: should its tablet send it once more, it is refused."""


async def open_review(tx: Transaction, body: ReviewIn) -> ReceiptOut:
    """Keep a refused command; the same command again is the same review."""
    command = body.command
    found = find_doing(command.path)
    place = found[1] if found else {}
    named = place.get("job")
    job = (await jobs_by_id(tx.session, [UUID(named)])).get(UUID(named)) if named else None
    touched = command.body.get("machine")
    row = {
        "id": new_id(),
        "command": command.id,
        **command.model_dump(include={"kind", "path", "body", "person", "at"}),
        "device": tx.actor.device,
        "sent_by": tx.actor.person,
        "received_at": tx.now,
        "problem": body.problem.model_dump(mode="json"),
        "machine": place.get("machine")
        or (touched if isinstance(touched, str) else command.machine or (job.machine if job else None)),
        "job": job.id if job else None,
        "version": 1,
    }
    new = await tx.session.scalar(
        insert(Review).values(row).on_conflict_do_nothing(index_elements=["command"]).returning(col(Review.id))
    )
    review = (await tx.session.scalars(select(Review).where(Review.command == command.id))).one()
    if new is not None:
        _tell(tx, review)
    return ReceiptOut(id=review.id, state="resolved" if review.resolution else "open")


async def resolve(
    tx: Transaction,
    id_: UUID,
    way: Way,
    *,
    reason: str | None = None,
    body: Mapping[str, Any] | None = None,
    job: UUID | None = None,
) -> UUID:
    """Resolve an open review: what is done is done in the name of who touched it, and who resolved it stays with the review.

    A 409 problem when it was resolved already or cannot be done from where the job stands; then it stays open.
    """
    review = await tx.session.get(Review, id_, with_for_update=True)
    if review is None:
        raise Problem(404, "not_found")
    if review.resolution is not None:
        raise Problem(409, "review_resolved", state=review.resolution, person=review.resolved_by)
    is_done, answer = await stored_answer(tx.session, review.command)
    if is_done and way is not Way.ACCEPT:
        raise Problem(409, "command_done")
    if way is Way.DISMISS:
        await store_answer(tx.session, review.command, SEAL, None)
    else:
        await _do(tx, review, reason, body, job, answer if is_done else None)
    review.resolution = RESOLUTIONS[way].value
    review.resolved_by, review.resolved_at, review.reason = tx.actor.person, tx.now, reason
    review.version += 1
    tx.audit(way.value, f"review/{review.id}", [("resolution", None, review.resolution)], reason)
    _tell(tx, review)
    return review.id


async def refusal_of(tx: Transaction, id_: UUID) -> Problem | None:
    """What accepting the review would be refused with now; to be rehearsed."""
    try:
        await resolve(tx, id_, Way.ACCEPT)
        await tx.flush()
    except Problem as problem:
        return problem
    return None


async def _do(
    tx: Transaction,
    review: Review,
    reason: str | None,
    body: Mapping[str, Any] | None,
    job: UUID | None,
    answer: Any | None,
) -> None:
    found = find_doing(review.path)
    if found is None:
        raise Problem(409, "review_for_tablet")
    doing, named = found
    place = dict(named)
    if job is not None:
        if "job" not in place:
            raise Problem(409, "review_without_job")
        place["job"] = str(job)
    person = review.person or review.sent_by
    actor = Actor(person, tx.actor.roles, review.device, tx.actor.site)
    meant = review.body if body is None else body
    why = reason or review.problem["detail"] or review.problem["title"] or review.problem["code"]
    wish = doing.wish(place, meant, review.at.isoformat(), review.command, actor, why)
    if body is not None or job is not None:
        wish = replace(wish, fingerprint=SEAL)
    if answer is not None:
        done = doing.answer.model_validate(answer)
    else:
        leader, tx.actor = tx.actor, actor
        done = await doing.run(tx, wish)
        tx.actor = leader
    review.done_body = None if body is None else dict(body)
    outcome = _outcome(done)
    review.outcome = outcome.model_dump(mode="json")
    if answer is None:
        await store_answer(tx.session, wish.key, wish.fingerprint, done)
    if outcome.result is not None and outcome.flags:
        await acknowledge_results(tx, [outcome.result], None)


def _outcome(done: BaseModel) -> OutcomeOut:
    if isinstance(done, ReportOut):
        return OutcomeOut(result=done.id, flags=done.flags, **_place(done.job))
    if isinstance(done, CommandOut):
        return OutcomeOut(flags=done.command_flags, **_place(done))
    if isinstance(done, ConsumptionOut):
        return OutcomeOut(job=done.job, flags=done.flags)
    return OutcomeOut()


def _place(job: JobOut) -> dict[str, Any]:
    return {"job": job.id, "number": job.number, "op": job.op, "job_state": job.state}


def _tell(tx: Transaction, review: Review) -> None:
    told = review.model_dump(include={"kind", "machine", "job", "person", "device", "at", "resolution", "resolved_by"})
    event = ReviewChanged(
        review=review.id, command=review.command, state="resolved" if review.resolution else "open", **told
    )
    tx.record(event, aggregate=f"review/{review.id}", version=review.version)
