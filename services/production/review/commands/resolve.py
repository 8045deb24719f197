"""Open a review of what a tablet could not do, and resolve it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.production.genealogy.schemas import ConsumptionOut
from services.production.jobs.queries.jobs import jobs_by_id
from services.production.jobs.schemas import CommandOut, JobOut
from services.production.results.commands.acknowledge import acknowledge_results
from services.production.results.schemas import ReportOut
from services.production.review.commands.dispatch import find_kind
from services.production.review.domain import RESOLUTIONS, ResolveAction
from services.production.review.events import review_changed
from services.production.review.schemas import OutcomeOut, ReceiptOut, ReviewIn
from services.production.review.tables import Review
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.idempotency import store_answer, stored_answer
from shared.kit.ids import new_id
from shared.kit.problem import Problem

SEAL = b"resolved otherwise"
"""The fingerprint under the key of a command that was done otherwise: its tablet is refused if it sends it again."""


async def open_review(tx: Transaction, body: ReviewIn) -> ReceiptOut:
    """Store a refused command; the same command again is the same review."""
    command = body.command
    found = find_kind(command.path)
    params = found[1] if found else {}
    job_id = params.get("job")
    job = (await jobs_by_id(tx.session, [UUID(job_id)])).get(UUID(job_id)) if job_id else None
    touched = command.body.get("machine")
    row = {
        "id": new_id(),
        "command": command.id,
        **command.model_dump(include={"kind", "path", "body", "person", "at"}),
        "device": tx.actor.device,
        "device_enrolled_at": tx.actor.enrolled_at,
        "sent_by": tx.actor.person,
        "received_at": tx.now,
        "problem": body.problem.model_dump(mode="json"),
        "machine": params.get("machine")
        or (touched if isinstance(touched, str) else command.machine or (job.machine if job else None)),
        "job": job.id if job else None,
        "version": 1,
    }
    new = await tx.session.scalar(
        insert(Review).values(row).on_conflict_do_nothing(index_elements=["command"]).returning(col(Review.id))
    )
    review = (await tx.session.scalars(select(Review).where(Review.command == command.id))).one()
    if new is not None:
        _publish(tx, review)
    return ReceiptOut(id=review.id, state=review.state)


async def resolve_review(
    tx: Transaction,
    id_: UUID,
    action: ResolveAction,
    *,
    reason: str | None = None,
    body: Mapping[str, Any] | None = None,
    job_id: UUID | None = None,
) -> UUID:
    """Resolve an open review.

    Its command is done in the name of who touched it, and who resolved it stays with the review.
    A 409 problem when it was resolved already or cannot be done from where the job stands; then it stays open.
    """
    review = await tx.session.get(Review, id_, with_for_update=True)
    if review is None:
        raise Problem(404, "not_found")
    if review.resolution is not None:
        raise Problem(409, "review_resolved", state=review.resolution, person=review.resolved_by)
    is_done, answer = await stored_answer(tx.session, review.command)
    if is_done and action is not ResolveAction.ACCEPT:
        raise Problem(409, "command_done")
    if action is ResolveAction.DISMISS:
        await store_answer(tx.session, review.command, SEAL, None)
    else:
        await _do(tx, review, reason, body, job_id, answer if is_done else None)
    review.resolution = RESOLUTIONS[action].value
    review.resolved_by, review.resolved_at, review.reason = tx.actor.person, tx.now, reason
    review.version += 1
    tx.audit(action.value, f"review/{review.id}", [("resolution", None, review.resolution)], reason)
    _publish(tx, review)
    return review.id


async def refusal_of(tx: Transaction, id_: UUID) -> Problem | None:
    """The problem with which accepting the review would be refused now; to be rehearsed."""
    try:
        await resolve_review(tx, id_, ResolveAction.ACCEPT)
        await tx.flush()
    except Problem as problem:
        return problem
    return None


async def _do(
    tx: Transaction,
    review: Review,
    reason: str | None,
    body: Mapping[str, Any] | None,
    job_id: UUID | None,
    answer: Any | None,
) -> None:
    """Do the command of a review, with another body or on another job.

    ``answer`` is that of the command when it was done already.
    """
    found = find_kind(review.path)
    if found is None:
        raise Problem(409, "review_for_tablet")
    kind, params = found
    if job_id is not None:
        if "job" not in params:
            raise Problem(409, "review_without_job")
        params = {**params, "job": str(job_id)}
    person, enrolled_at = review.person or review.sent_by, review.device_enrolled_at
    actor = Actor(person, tx.actor.roles, review.device, tx.actor.site, enrolled_at)
    why = reason or review.problem["detail"] or review.problem["title"] or review.problem["code"]
    content = review.body if body is None else body
    queued = kind.prepare(params, content, review.at.isoformat(), review.command, actor, why)
    if body is not None or job_id is not None:
        queued = replace(queued, fingerprint=SEAL)
    if answer is not None:
        done = kind.answer.model_validate(answer)
    else:
        leader, tx.actor, tx.received_at = tx.actor, actor, review.received_at
        done = await kind.run(tx, queued)
        tx.actor, tx.received_at = leader, None
    review.done_body = None if body is None else dict(body)
    outcome = _outcome(done)
    review.outcome = outcome.model_dump(mode="json")
    if answer is None:
        await store_answer(tx.session, queued.key, queued.fingerprint, done)
    if outcome.result_id is not None and outcome.flags:
        await acknowledge_results(tx, [outcome.result_id], None)


def _outcome(done: BaseModel) -> OutcomeOut:
    if isinstance(done, ReportOut):
        return OutcomeOut(result_id=done.id, flags=done.flags, **_job_fields(done.job))
    if isinstance(done, CommandOut):
        return OutcomeOut(flags=done.command_flags, **_job_fields(done))
    if isinstance(done, ConsumptionOut):
        return OutcomeOut(job_id=done.job_id, flags=done.flags)
    return OutcomeOut()


def _job_fields(job: JobOut) -> dict[str, Any]:
    return {"job_id": job.id, "number": job.number, "op": job.op, "job_state": job.state}


def _publish(tx: Transaction, review: Review) -> None:
    tx.record(review_changed(review, tx.people), aggregate=f"review/{review.id}", version=review.version)
