"""A service's database: transactions that carry their events, and a raw pool for the hot path."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import inspect, select, text
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine

from shared.contracts.event import MAX_BYTES, Event
from shared.kit.audit import Entry, store_entries
from shared.kit.auth import SYSTEM, Actor
from shared.kit.chunks import in_chunks
from shared.kit.clock import utc_now
from shared.kit.ids import new_id
from shared.kit.problem import Problem
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.sparing_pool import SparingPool
from shared.kit.tracing import current_traceparent

T = TypeVar("T")
Row = TypeVar("Row")
UTC = ZoneInfo("UTC")
BELIEVED_BACK = timedelta(days=90)
"""So far back the time of a device is believed, unless the shop says otherwise."""
RETRIED = {"40001", "40P01", "23505"}
"""serialization_failure, deadlock_detected, unique_violation: another was faster;
run again, three times at most, and see its work."""

IDLE_S = 30.0
"""After this a connection of the hot path that nobody uses is closed."""
PLANNED_ONCE = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "jit": "off"}
"""The hot path's few statements are planned once, by indexes: planning one anew takes longer than answering it, and a
plan by the size that a table has now would outlive it."""
INSERT_OUTBOX = text(
    "INSERT INTO outbox (id, type, aggregate, version, time, body, traceparent)"
    " SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:aggregates AS text[]),"
    " CAST(:versions AS int[]),"
    " CAST(:times AS timestamptz[]), CAST(:bodies AS json[]), CAST(:traces AS text[]))"
)


async def leave_as_it_is(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """No clean-up between a connection's users:
    nobody changes its settings or takes its locks, and a round trip is saved."""


def refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Have the engine's pool replace a connection that the server closed meanwhile: known without a round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


@dataclass(frozen=True)
class OutboxRow:
    """One event on its way into the outbox."""

    id: UUID
    type: str
    aggregate: str
    version: int
    time: datetime
    body: str
    traceparent: str | None = None


def outbox_row(event: Event, aggregate: str, version: int, now: datetime, traceparent: str | None = None) -> OutboxRow:
    """The row of ``event``; ``aggregate`` is ``<kind>/<id>``, ``version`` the aggregate's after this event."""
    return OutboxRow(new_id(), event.TYPE, aggregate, version, now, event.model_dump_json(), traceparent)


@dataclass
class Transaction:
    """One unit of work: what a command stores and what it publishes, committed together."""

    session: AsyncSession
    now: datetime
    actor: Actor = SYSTEM
    zone: ZoneInfo = UTC
    pseudonyms: Pseudonyms | None = None
    believed_back: timedelta = BELIEVED_BACK
    received_at: datetime | None = None
    """When the server first heard of what is stored, where that was before ``now``."""
    events: list[OutboxRow] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    known: dict[tuple[type[Any], Any], Any] = field(default_factory=dict)
    """Rows that were read ahead, by table and key; None where there is none."""
    locked: set[tuple[type[Any], Any]] = field(default_factory=set)
    groups: dict[tuple[type[Any], Any], list[Any]] = field(default_factory=dict)
    """Rows of parents that were read ahead, by table and the parent's key."""
    fresh: list[Any] = field(default_factory=list)
    """New rows that are not written yet."""

    async def read_ahead(self, table: type[Row], keys: Collection[Any], *, lock: bool = False) -> list[Row]:
        """The rows with these keys, in one query for all; ``find`` and ``lock`` then ask no more."""
        asked = [key for key in keys if (table, key) not in (self.locked if lock else self.known)]
        if asked:
            primary = inspect(table).primary_key[0]
            statement = select(table).where(primary.in_(asked)).order_by(primary)
            if lock:
                statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
                self.locked |= {(table, key) for key in asked}
            self.known |= {(table, key): None for key in asked}
            self.known |= {(table, getattr(row, primary.key)): row for row in await self.session.scalars(statement)}
        return [row for key in keys if (row := self.known[table, key]) is not None]

    async def find(self, table: type[Row], key: Any) -> Row | None:
        """The row with this key, if there is one."""
        if (table, key) in self.known:
            row: Row | None = self.known[table, key]
            return row
        return await self.session.get(table, key)

    async def lock(self, table: type[Row], key: Any) -> Row | None:
        """The row with this key, locked until the end, if there is one; others may still refer to it."""
        if (table, key) in self.locked:
            row: Row | None = self.known[table, key]
            return row
        return await self.session.get(table, key, with_for_update={"key_share": True})

    async def read_groups(self, table: type[Row], parent: str, keys: Collection[Any]) -> None:
        """Read the rows of these parents ahead, in one query for all; ``group`` then asks no more."""
        asked = [key for key in keys if (table, key) not in self.groups]
        if not asked:
            return
        self.groups |= {(table, key): [] for key in asked}
        statement = select(table).where(getattr(table, parent).in_(asked)).order_by(*inspect(table).primary_key)
        for row in await self.session.scalars(statement):
            self.groups[table, getattr(row, parent)].append(row)

    async def group(self, table: type[Row], parent: str, key: Any) -> list[Row]:
        """The rows of a parent, by their keys; the list may be added to."""
        await self.read_groups(table, parent, [key])
        rows: list[Row] = self.groups[table, key]
        return rows

    def add(self, row: Any, key: Any = None) -> None:
        """Store a new row, when ``flush`` is next called; with its key it is found before."""
        self.fresh.append(row)
        if key is not None:
            self.known[type(row), key] = row
            self.locked.add((type(row), key))

    async def flush(self) -> None:
        """Write what is new or changed: parents before the rows that refer to them, a statement for each table."""
        fresh, self.fresh = self.fresh, []
        by_table: dict[Any, list[Any]] = {}
        for row in fresh:
            by_table.setdefault(inspect(type(row)).local_table, []).append(row)
        if by_table:
            for table in next(iter(by_table)).metadata.sorted_tables:
                if table in by_table:
                    self.session.add_all(by_table[table])
                    await self.session.flush()
        await self.session.flush()

    @property
    def today(self) -> date:
        """The day it is at the shop."""
        return self.now.astimezone(self.zone).date()

    @property
    def people(self) -> Pseudonyms:
        """The ids by which events name persons."""
        assert self.pseudonyms is not None, "a database without a pseudonym key knows no ids of persons"  # noqa: S101
        return self.pseudonyms

    def record(self, event: Event, *, aggregate: str, version: int) -> None:
        """Publish ``event`` when this transaction commits; it belongs to the current trace.

        A 422 problem when it is larger than an event may be.
        """
        row = outbox_row(event, aggregate, version, self.now, current_traceparent())
        if (size := len(row.body.encode())) > MAX_BYTES:
            raise Problem(422, "event_too_large", type=event.TYPE, kib=ceil(size / 1024), limit=MAX_BYTES // 1024)
        self.events.append(row)

    def audit(
        self, action: str, subject: str, changes: Sequence[tuple[str, Any, Any]] = (), reason: str | None = None
    ) -> None:
        """Record a change of ``subject`` (``<kind>/<id>``) into the audit trail when this transaction commits."""
        self.entries.append(Entry(self.actor, self.now, action, subject, changes, reason))

    async def store_recorded(self) -> None:
        """Write the recorded events into the outbox, and the entries into the audit trail, whose lock comes last."""
        await self.store_events()
        if self.entries:
            entries, self.entries = self.entries, []
            await store_entries(self.session, entries)

    async def store_events(self) -> None:
        """Write the events recorded so far into the outbox, ahead of those that another statement will write there."""
        if not self.events:
            return
        rows, self.events = self.events, []
        async for some in in_chunks(rows):
            columns = {
                "ids": [row.id for row in some],
                "types": [row.type for row in some],
                "aggregates": [row.aggregate for row in some],
                "versions": [row.version for row in some],
                "times": [row.time for row in some],
                "bodies": [row.body for row in some],
                "traces": [row.traceparent for row in some],
            }
            await self.session.execute(INSERT_OUTBOX, columns)


class Database:
    """One service's database.

    Connections are made when they are first needed, so that a service starts while its database is still starting.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 8,
        clock: Callable[[], datetime] = utc_now,
        zone: ZoneInfo = UTC,
        pseudonyms: Pseudonyms | None = None,
        believed_back: timedelta = BELIEVED_BACK,
    ) -> None:
        self.url = url.replace("postgresql+asyncpg://", "postgresql://")
        self.clock = clock
        self.zone = zone
        self.pseudonyms = pseudonyms
        self.believed_back = believed_back
        self._engine = create_async_engine(
            self.url.replace("postgresql://", "postgresql+asyncpg://", 1),
            poolclass=SparingPool,
            pool_use_lifo=True,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=4,
            pool_recycle=1800,
            connect_args={"timeout": 4, "command_timeout": 8},
        )
        listen(self._engine.sync_engine, "checkout", refuse_closed)
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._committed: list[Callable[[], None]] = []

    @property
    def people(self) -> Pseudonyms:
        """The ids by which events name persons."""
        assert self.pseudonyms is not None, "a database without a pseudonym key knows no ids of persons"  # noqa: S101
        return self.pseudonyms

    @property
    def today(self) -> date:
        """The day it is at the shop."""
        return self.clock().astimezone(self.zone).date()

    def on_commit(self, hook: Callable[[], None]) -> None:
        """Call ``hook`` after every commit that recorded an event."""
        self._committed.append(hook)

    def events_committed(self) -> None:
        """Run the hooks: the outbox has something new."""
        for hook in self._committed:
            hook()

    @asynccontextmanager
    async def transaction(self, actor: Actor = SYSTEM) -> AsyncIterator[Transaction]:
        """Begin; commit at the end of the block, with the events; roll back on any error."""
        has_events = False
        async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
            tx = self._begin(session, actor)
            yield tx
            await tx.flush()
            has_events = bool(tx.events)
            await tx.store_recorded()
        if has_events:
            self.events_committed()

    async def run(self, command: Callable[[Transaction], Awaitable[T]], actor: Actor = SYSTEM) -> T:
        """Run ``command`` in a transaction of its own.

        Repeat it when the database says that it collided with another.
        """
        for attempt in range(4):
            try:
                async with self.transaction(actor) as tx:
                    return await command(tx)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in RETRIED or attempt == 3:
                    raise
                await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311  jitter is no secret
        raise AssertionError  # the loop either returns or raises

    async def rehearse(self, command: Callable[[Transaction], Awaitable[T]], actor: Actor = SYSTEM) -> T:
        """Run ``command`` and roll everything back: what would happen."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            answer = await command(self._begin(session, actor))
            await session.rollback()
            return answer

    def _begin(self, session: AsyncSession, actor: Actor) -> Transaction:
        return Transaction(session, self.clock(), actor, self.zone, self.pseudonyms, self.believed_back)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for reads, all of one moment: what was committed between two of them is seen by neither."""
        async with AsyncSession(self._reader) as session:
            yield session

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A plain connection, for what needs no session."""
        async with self._engine.begin() as connection:
            yield connection

    async def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """The raw pool for the hot path: prepared statements, no ORM."""
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                self.url,
                min_size=0,
                max_size=4,
                max_inactive_connection_lifetime=IDLE_S,
                timeout=4,
                command_timeout=8,
                server_settings=PLANNED_ONCE,
                reset=leave_as_it_is,
            )
        return self._pool

    async def connect_raw(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A raw connection of the caller's own, to be closed by it."""
        return await asyncpg.connect(self.url, timeout=4, command_timeout=8)

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            self._pool.terminate()
        await self._engine.dispose()
