"""Acknowledgement of flagged results."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.production.results.tables import Result, ResultAcknowledgement
from shared.kit.database import Transaction
from shared.kit.problem import Problem


async def acknowledge_results(tx: Transaction, results: Sequence[UUID], reason: str | None) -> int:
    """Note that the caller has looked at these results, and return how many nobody had looked at before.

    A 404 problem for one that is not there.
    """
    known = set(await tx.session.scalars(select(Result.id).where(col(Result.id).in_(results))))
    if known != set(results):
        raise Problem(404, "not_found")
    rows = [{"result": id_, "person": tx.actor.person, "at": tx.now, "reason": reason} for id_ in sorted(known)]
    new = await tx.session.scalars(
        insert(ResultAcknowledgement).values(rows).on_conflict_do_nothing().returning(col(ResultAcknowledgement.result))
    )
    acknowledged = list(new)
    for id_ in acknowledged:
        tx.audit("acknowledge", f"result/{id_}", reason=reason)
    return len(acknowledged)
