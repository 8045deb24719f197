"""Copying of definitions, and the time at which a command counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.production.base import Base
from services.production.definitions.domain import EffectiveTime, Recording
from shared.contracts.event import Event
from shared.kit.database import Transaction
from shared.kit.inbox import Received


def effective_time(
    tx: Transaction,
    at: datetime | None,
    *not_before: datetime | None,
    released_at: datetime | None = None,
    known_at: datetime | None = None,
) -> EffectiveTime:
    """The time at which the transaction's command counts, by its device's time ``at`` and what it follows."""
    recording = Recording(tx.now, tx.believed_back, tx.actor.enrolled_at, tx.received_at)
    return recording.effective(at, *not_before, released_at=released_at, known_at=known_at)


async def copy_definitions(tx: Transaction, table: type[Base], events: Sequence[Received[Any]], **initial: Any) -> None:
    """Store the latest definition of each code.

    ``initial`` are a new row's values for the columns that the definition has not.
    """
    latest: dict[str, Event] = {received.event.code: received.event for received in events}
    known = set(table.model_fields)
    await _store(tx, table, [event.model_dump(include=known) for event in latest.values()], initial)


async def copy_shop_times(tx: Transaction, table: type[Base], events: Sequence[Received[Any]]) -> None:
    """Store the latest definition of each shift or calendar, with its version."""
    latest: dict[str, Received[Any]] = {received.event.code: received for received in events}
    rows = []
    for received in latest.values():
        written = received.event.model_dump(mode="json")
        as_json = {name: written[name] for name in written if isinstance(written[name], list)}
        rows.append(received.event.model_dump() | as_json | {"version": received.version})
    await _store(tx, table, rows, {})


async def _store(
    tx: Transaction, table: type[Base], rows: Sequence[Mapping[str, Any]], initial: Mapping[str, Any]
) -> None:
    statement = insert(table).values([{**row, **initial} for row in rows])
    columns = {name: statement.excluded[name] for name in rows[0] if name != "code"}
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=columns))
