"""The whole past of BOMs and routings."""

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy import inspect
from sqlmodel import col, select

from services.orders.products.schemas import BomHistory, PastBom, PastBomLine, PastRouting, RoutingHistory
from services.orders.products.tables import BomLine, BomRevision, RoutingOperation, RoutingRevision
from shared.kit.database import Transaction

Past = TypeVar("Past", PastBom, PastRouting)
R = TypeVar("R", BomRevision, RoutingRevision)
L = TypeVar("L", BomLine, RoutingOperation)
READ_AT_ONCE = 500
"""Items whose past is read at once."""


async def read_boms(tx: Transaction, items: Collection[str] | None) -> dict[str, BomHistory]:
    """All revisions of the BOMs of these items, or of all."""
    found = await _read(tx, BomRevision, BomLine, items, _past_bom)
    return {item: BomHistory(revisions=revisions) for item, revisions in found.items()}


async def read_routings(tx: Transaction, items: Collection[str] | None) -> dict[str, RoutingHistory]:
    """All revisions of the routings of these items, or of all."""
    found = await _read(tx, RoutingRevision, RoutingOperation, items, _past_routing)
    return {item: RoutingHistory(revisions=revisions) for item, revisions in found.items()}


def _past_bom(revision: BomRevision, lines: list[BomLine]) -> PastBom:
    return PastBom.model_validate(
        revision.model_dump(exclude={"item"})
        | {"lines": [PastBomLine.model_validate(line, from_attributes=True) for line in lines]}
    )


def _past_routing(revision: RoutingRevision, steps: list[RoutingOperation]) -> PastRouting:
    operations = [step.values() for step in steps]
    return PastRouting.model_validate(revision.model_dump(exclude={"item"}) | {"operations": operations})


async def _read(
    tx: Transaction,
    table: type[R],
    lines: type[L],
    items: Collection[str] | None,
    past: Callable[[R, list[L]], Past],
) -> dict[str, list[Past]]:
    if items is None:
        items = list(await tx.session.scalars(select(table.item).distinct().order_by(col(table.item))))
    found: defaultdict[str, list[Past]] = defaultdict(list)
    requested = sorted(items)
    for first in range(0, len(requested), READ_AT_ONCE):
        some = col(table.item).in_(requested[first : first + READ_AT_ONCE])
        by_revision: defaultdict[tuple[str, int], list[L]] = defaultdict(list)
        of_some = select(lines).where(col(lines.item).in_(requested[first : first + READ_AT_ONCE]))
        for line in await tx.session.scalars(of_some.order_by(*inspect(lines).primary_key)):
            by_revision[line.item, line.revision].append(line)
        for revision in await tx.session.scalars(
            select(table).where(some).order_by(col(table.item), col(table.revision))
        ):
            found[revision.item].append(past(revision, by_revision[revision.item, revision.revision]))
    return dict(found)
