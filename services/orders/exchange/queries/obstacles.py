"""The obstacles to undoing an import."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import select

from services.orders.exchange.commands.kinds.registry import KINDS
from services.orders.exchange.domain.documents import references
from services.orders.exchange.schemas import ObstacleOut, RunDetail, RunOut
from services.orders.exchange.tables import ImportChange, ImportRun
from services.orders.work_orders.queries.orders import list_orders_since
from shared.kit.database import Transaction
from shared.kit.problem import Problem

BY_ITEM = ("items", "routings", "boms")
"""The kinds whose keys are items: orders use them."""
SHOWN = 50
RunChanges = Mapping[str, Mapping[str, ImportChange]]
"""By kind and key."""


async def read_changes(tx: Transaction, run: UUID) -> RunChanges:
    """The changes of the run, by kind and key."""
    found: dict[str, dict[str, ImportChange]] = {}
    for change in await tx.session.scalars(select(ImportChange).where(ImportChange.run == run)):
        found.setdefault(change.kind, {})[change.key] = change
    return found


async def find_obstacles(tx: Transaction, run: ImportRun, changes: RunChanges) -> list[ObstacleOut]:
    """The changes and uses of the run's entries since."""
    uses = []
    for name, kind in KINDS.items():
        own = changes.get(name, {})
        present = await kind.store.read(tx, list(own)) if own else {}
        uses += [
            ObstacleOut(kind=name, key=key, by="change", by_key=name)
            for key, change in own.items()
            if present.get(key) != change.after
        ]
    return uses + await _referring_entries(tx, changes) + await _orders_made(tx, run, changes)


async def _referring_entries(tx: Transaction, changes: RunChanges) -> list[ObstacleOut]:
    """Entries outside of the run that refer to what it made."""
    made = {(name, key) for name, own in changes.items() for key, change in own.items() if change.before is None}
    kinds = {name for name, _ in made}
    uses = []
    for name, kind in KINDS.items():
        if not kinds & {field.refers for field in kind.fields}:
            continue
        own = changes.get(name, {}).keys() | changes.get(kind.past, {}).keys()
        for key, document in (await kind.store.read(tx)).items():
            if key in own or document.get("active") is False:
                continue
            uses += [
                ObstacleOut(kind=other, key=referred, by=name, by_key=key)
                for _, other, referred in references(kind, key, document)
                if (other, referred) in made
            ]
    return uses


async def _orders_made(tx: Transaction, run: ImportRun, changes: RunChanges) -> list[ObstacleOut]:
    """Orders for items that the run made, and orders that were released by what it changed."""
    by_item: dict[str, ImportChange] = {}
    for name in reversed(BY_ITEM):
        by_item |= changes.get(name, {})
    uses = []
    for order in await list_orders_since(tx.session, list(by_item), run.at):
        change = by_item[order.item]
        made = change.kind == "items" and change.before is None
        if made or (order.released_at is not None and order.released_at >= run.at):
            uses.append(ObstacleOut(kind=change.kind, key=order.item, by="work_orders", by_key=order.number))
    return uses


async def describe_run(tx: Transaction, run: UUID) -> RunDetail:
    """A run, and the obstacles to undoing it; 404 when there is none."""
    row = await tx.session.get(ImportRun, run)
    if row is None:
        raise Problem(404, "not_found")
    applied = row.state == "applied"
    uses = await find_obstacles(tx, row, await read_changes(tx, run)) if applied else []
    return RunDetail(**RunOut.model_validate(row).model_dump(), can_undo=applied and not uses, why_not=uses[:SHOWN])
