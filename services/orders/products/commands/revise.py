"""The revisions that BOMs and routings share: locked, begun, ended, and their lines stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from services.orders.products.domain import ONE_DAY, cut_in, in_force, is_empty, rewrites_the_past
from services.orders.products.tables import BomLine, Document, Revision, RoutingOperation
from shared.kit.database import Transaction
from shared.kit.paging import Precondition, check_etag
from shared.kit.problem import FieldError, Problem, unprocessable

L = TypeVar("L", BomLine, RoutingOperation)
R = TypeVar("R", bound=Revision)
D = TypeVar("D", bound=Document)


async def withdraw_document(tx: Transaction, document: type[D], table: type[R], item: str) -> None:
    row, revisions = await lock_document(tx, document, table, item, None)
    later = (r for r in revisions if r.effective_from > tx.today and not is_empty(r))
    ended = in_force(revisions, tx.today) or next(later, None)
    if row is None or ended is None:
        return
    before = ended.effective_to
    ended.effective_to = max(ended.effective_from, tx.today) - ONE_DAY
    row.sqlmodel_update({"version": row.version + 1, "updated_at": tx.now})
    changes = [("effective_to", before, ended.effective_to)]
    tx.audit("withdraw", document.subject_of(item), changes)


async def lines_of(tx: Transaction, table: type[L], item: str, revision: Revision | None) -> list[L]:
    """The lines of a revision, in order; none of none."""
    rows = await tx.group(table, "item", item) if revision else []
    return [row for row in rows if revision and row.revision == revision.revision]


async def store_lines(tx: Transaction, item: str, lines: Sequence[L]) -> None:
    """Add these lines to the item's."""
    for line in lines:
        tx.add(line)
        (await tx.group(type(line), "item", item)).append(line)


def raise_faults(faults: Sequence[tuple[str, str]]) -> None:
    """A 422 problem with these faults (field, code), if there are any."""
    if faults:
        raise Problem(422, "invalid", errors=[FieldError(name, code) for name, code in faults])


async def lock_document(
    tx: Transaction, document: type[D], table: type[R], item: str, if_match: Precondition | None
) -> tuple[D | None, list[R]]:
    """The document, locked, with its revisions; a 412 problem when somebody changed it meanwhile."""
    row = await tx.lock(document, item)
    check_etag(if_match, row.version if row else 0)
    return row, await tx.group(table, "item", item)


def begin_revision(
    tx: Transaction,
    document: type[D],
    table: type[R],
    item: str,
    row: D | None,
    revisions: list[R],
    begins: date,
) -> tuple[R, list[tuple[str, Any, Any]]]:
    """A new revision from a day on, and its changes for the audit trail.

    The one in force on that day ends the day before.
    """
    if rewrites_the_past(revisions, begins, tx.today):
        raise unprocessable("effective_from", "effective_in_the_past", today=tx.today.isoformat())
    superseded, ends = cut_in(revisions, begins)
    if row is None:
        tx.add(document(item=item, version=1, updated_at=tx.now), item)
    else:
        row.sqlmodel_update({"version": row.version + 1, "updated_at": tx.now})
    number = max((revision.revision for revision in revisions), default=0) + 1
    if superseded is not None:
        superseded.effective_to = date.fromordinal(begins.toordinal() - 1)
    new = table(item=item, revision=number, effective_from=begins, effective_to=ends, created_at=tx.now)
    tx.add(new)
    revisions.append(new)
    return new, [
        ("revision", superseded.revision if superseded else None, number),
        ("effective_from", superseded.effective_from if superseded else None, begins),
    ]
