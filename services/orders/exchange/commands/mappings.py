"""Saved mappings of columns to fields."""

from services.orders.exchange.tables import ImportMapping
from shared.kit.database import Transaction
from shared.kit.importing import Mapped
from shared.kit.problem import Problem


async def save_mapping(tx: Transaction, kind: str, name: str, mapping: Mapped) -> ImportMapping:
    """Save a mapping by name, or replace the one of this name."""
    row = await tx.lock(ImportMapping, (kind, name))
    if row is None:
        row = ImportMapping(kind=kind, name=name, mapping=mapping, person=tx.actor.person, updated_at=tx.now)
        tx.add(row, (kind, name))
    else:
        row.sqlmodel_update({"mapping": mapping, "person": tx.actor.person, "updated_at": tx.now})
    tx.audit("save", ImportMapping.subject_of(f"{kind}.{name}"), [("mapping", None, mapping)])
    return row


async def delete_mapping(tx: Transaction, kind: str, name: str) -> None:
    """Delete a mapping; 404 when there is none of this name."""
    row = await tx.lock(ImportMapping, (kind, name))
    if row is None:
        raise Problem(404, "not_found")
    await tx.session.delete(row)
    tx.audit("delete", ImportMapping.subject_of(f"{kind}.{name}"), [("mapping", row.mapping, None)])
