"""Undoes an import as a whole, while nothing has used or changed what it made."""

from uuid import UUID

from services.orders.exchange.commands.kinds.registry import KINDS
from services.orders.exchange.queries.obstacles import SHOWN, find_obstacles, read_changes
from services.orders.exchange.tables import ImportRun
from shared.kit.database import Transaction
from shared.kit.problem import Problem


async def undo_import(tx: Transaction, run: UUID, reason: str | None) -> ImportRun:
    """Restore what was there before; 409 with what was used or changed meanwhile, or when it was taken back already."""
    row = await tx.session.get(ImportRun, run, with_for_update=True)
    if row is None:
        raise Problem(404, "not_found")
    if row.state != "applied":
        raise Problem(409, "wrong_state", state=row.state)
    changes = await read_changes(tx, run)
    uses = await find_obstacles(tx, row, changes)
    if uses:
        what = ", ".join(f"{use.key} ({use.by_key})" for use in uses[:5])
        raise Problem(409, "import_used", what=what, uses=[use.model_dump() for use in uses[:SHOWN]])
    for name, kind in reversed(KINDS.items()):
        for key, change in changes.get(name, {}).items():
            if change.before is None:
                await kind.store.withdraw(tx, key, change.after)
            else:
                await kind.store.put(tx, key, kind.body.model_validate(change.before))
        await tx.flush()
    row.sqlmodel_update({"state": "undone", "undone_at": tx.now, "undone_by": tx.actor.person, "reason": reason})
    tx.audit("undo", f"import/{run}", [("state", "applied", "undone")], reason)
    return row
