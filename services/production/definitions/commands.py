"""Copying of definitions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.production.base import Base
from shared.contracts.event import Event
from shared.kit.database import Transaction
from shared.kit.inbox import Received


async def copy_definitions(tx: Transaction, table: type[Base], events: Sequence[Received[Any]], **initial: Any) -> None:
    """Store the latest definition of each code.

    ``initial`` are a new row's values for the columns that the definition has not.
    """
    latest: dict[str, Event] = {received.event.code: received.event for received in events}
    known = set(table.model_fields)
    rows = [event.model_dump(include=known) for event in latest.values()]
    statement = insert(table).values([row | initial for row in rows])
    columns = {name: statement.excluded[name] for name in rows[0] if name != "code"}
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=columns))
