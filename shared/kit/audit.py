"""The audit trail: who changed what, when, on which device, from what to what, and why. Append-only, and chained by
hashes.

Entries are numbered without a hole, and each hash covers the entry and the hash before it: an altered entry, a removed
one and a renumbered one are found by ``check_chain``. What is cut off at the end is found against a head that was noted
elsewhere.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.kit.auth import Actor
from shared.kit.chunks import in_chunks

LOCK = text("SELECT pg_advisory_xact_lock(1685418601)")
HEAD = text("SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1")
INSERT = text(
    "INSERT INTO audit (position, at, person, device, action, subject, changes, reason, hash)"
    " SELECT * FROM unnest(CAST(:positions AS bigint[]), CAST(:ats AS timestamptz[]), CAST(:people AS text[]),"
    " CAST(:devices AS text[]),"
    " CAST(:actions AS text[]), CAST(:subjects AS text[]), CAST(:changes AS json[]), CAST(:reasons AS text[]),"
    " CAST(:hashes AS bytea[]))"
)
CHAIN = text(
    "SELECT position, at, person, device, action, subject, changes::text AS changes, reason, hash FROM audit"
    " ORDER BY position"
)
FIRST_AT = text("SELECT at FROM audit WHERE position = 1")
FIRST = b""


@dataclass(frozen=True)
class Entry:
    """One change as a command records it; ``changes`` are [field, before, after]."""

    actor: Actor
    at: datetime
    action: str
    subject: str
    changes: Sequence[tuple[str, Any, Any]]
    reason: str | None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """The fields whose values differ, with both values."""
    return [
        (name, before.get(name), after.get(name))
        for name in [*before, *(name for name in after if name not in before)]
        if before.get(name) != after.get(name)
    ]


def digest(
    before: bytes,
    position: int,
    at: datetime,
    person: str,
    device: str | None,
    action: str,
    subject: str,
    changes: str,
    reason: str | None,
) -> bytes:
    """SHA-256 over the hash before and the entry's own values."""
    content = json.dumps([position, at.astimezone(UTC).isoformat(), person, device, action, subject, changes, reason])
    return hashlib.sha256(before + content.encode()).digest()


async def store_entries(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Append the entries; other transactions that append wait until this one is committed."""
    await session.execute(LOCK)
    head = (await session.execute(HEAD)).one_or_none()
    position, hash_ = (head.position, bytes(head.hash)) if head else (0, FIRST)
    names = ("positions", "ats", "people", "devices", "actions", "subjects", "changes", "reasons", "hashes")
    async for some in in_chunks(entries):
        rows = []
        for entry in some:
            position += 1
            changes = json.dumps(to_jsonable_python(entry.changes), ensure_ascii=False)
            values = (
                entry.at,
                entry.actor.person,
                entry.actor.device,
                entry.action,
                entry.subject,
                changes,
                entry.reason,
            )
            hash_ = digest(hash_, position, *values)
            rows.append((position, *values, hash_))
        await session.execute(INSERT, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


async def first_entry_at(session: AsyncSession) -> datetime | None:
    """When the first entry was made; None while there is none."""
    at: datetime | None = await session.scalar(FIRST_AT)
    return at


async def check_chain(session: AsyncSession) -> tuple[int, bytes, int | None]:
    """The length and the head of the chain,
    and the position of the first entry that does not fit (None when all do)."""
    position, hash_ = 0, FIRST
    async for row in _chain(session):
        position += 1
        values = (row.at, row.person, row.device, row.action, row.subject, row.changes, row.reason)
        hash_ = digest(hash_, position, *values)
        if row.position != position or bytes(row.hash) != hash_:
            return position, hash_, position
    return position, hash_, None


async def _chain(session: AsyncSession) -> AsyncIterator[Any]:
    async for row in await session.stream(CHAIN):
        yield row
