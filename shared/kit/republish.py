"""Publishing present states again: for a consumer that did not listen when they were published, or whose data are
renewed by a migration.

A request is a row. Whoever works on it publishes a page of aggregates and moves the row on in one transaction: so it
goes on where it stopped, and two processes that work on it share its pages. Each aggregate gets its next version:
consumers see neither a gap nor a double.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeVar

import structlog
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy import ColumnElement, Select, inspect, select, text

from shared.contracts.event import Event
from shared.kit.auth import Actor, allow
from shared.kit.database import Database, Transaction
from shared.kit.idempotency import Once
from shared.kit.problem import Problem, is_unavailable, unprocessable
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.routing import api_router
from shared.kit.tasks import end

log = structlog.get_logger(__name__)
Row = TypeVar("Row")

PAGE = 500
MOST_IDS = 500
AGAIN_S = 1.0
INSERT = text("INSERT INTO republish_request (kind, ids) VALUES (:kind, CAST(:ids AS text[])) RETURNING id")
OLDEST = text(
    "SELECT id FROM republish_request WHERE finished_at IS NULL AND kind = ANY(CAST(:kinds AS text[]))"
    " ORDER BY id LIMIT 1"
)
LOCK = text("SELECT kind, ids, after, finished_at FROM republish_request WHERE id = :id FOR UPDATE")
STATE = text("SELECT published, finished_at FROM republish_request WHERE id = :id")
ADVANCE = text(
    "UPDATE republish_request SET after = :after, published = published + :published, finished_at = :finished_at"
    " WHERE id = :id"
)


@dataclass(frozen=True)
class Republishable:
    """A kind of aggregate that a slice can publish again; a slice lists its own as ``REPUBLISHES``."""

    kind: str
    """The aggregate's kind, as in ``<kind>/<id>``."""
    table: type[Any]
    """The aggregate's row: its key is one column, its ``version`` the one that events carry."""
    events_of: Callable[[Transaction, Sequence[Any]], Awaitable[Sequence[Event]]]
    """Gives the events of the present state of these rows, in their order."""

    @property
    def key(self) -> "ColumnElement[Any]":
        """The column of the aggregate's id."""
        key: ColumnElement[Any] = inspect(self.table).primary_key[0]
        return key

    def of(self, keys: Sequence[Any]) -> "Select[tuple[Any]]":
        """A query for the rows with these keys."""
        return select(self.table).where(self.key.in_(keys)).order_by(self.key)

    def parse_id(self, id_: str) -> Any:
        """The id as the key's type. Raises ValueError."""
        return TypeAdapter(self.table.model_fields[self.key.key].annotation).validate_python(id_)


def republish(kind: str, table: type[Row], event_of: Callable[[Row], Event]) -> Republishable:
    """Have the aggregates of ``table`` published again by the event that a row alone makes."""

    async def events_of(_: Transaction, rows: Sequence[Row]) -> Sequence[Event]:
        return [event_of(row) for row in rows]

    return Republishable(kind, table, events_of)


def republish_with_people(kind: str, table: type[Row], event_of: Callable[[Row, Pseudonyms], Event]) -> Republishable:
    """The same for events that name persons."""

    async def events_of(tx: Transaction, rows: Sequence[Row]) -> Sequence[Event]:
        return [event_of(row, tx.people) for row in rows]

    return Republishable(kind, table, events_of)


class RepublishIn(BaseModel):
    """A kind of aggregate, and the ids of some of them; without ids it is all."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=100)
    ids: list[Annotated[str, Field(max_length=200)]] | None = Field(default=None, min_length=1, max_length=MOST_IDS)


class RepublishOut(BaseModel):
    """The number of aggregates of the kind that were published again."""

    kind: str
    published: int


class RequestOut(BaseModel):
    """A request for republishing."""

    id: int


class Republisher:
    """Works on one service's requests for republishing, the oldest first, until none is left."""

    def __init__(self, database: Database, kinds: Iterable[Republishable]) -> None:
        self._database = database
        self.kinds = {each.kind: each for each in kinds}
        """What can be published again, by kind."""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work on what is requested, if that is not going on."""
        if self.kinds and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run(), name="republisher")

    async def stop(self) -> None:
        """Stop; what is not finished goes on with the next start."""
        await end(self._task)

    async def request(self, tx: Transaction, kind: str, ids: Sequence[str] | None = None) -> int:
        """Store a request and return its id.

        A 422 problem for a kind that this service cannot publish again, or an id that it does not know.
        """
        if kind not in self.kinds:
            raise unprocessable("kind", "choice_invalid", expected=", ".join(sorted(self.kinds)))
        if ids is not None:
            await _require_known(tx, self.kinds[kind], ids)
        id_ = int(await tx.session.scalar(INSERT, {"kind": kind, "ids": list(ids) if ids else None}))
        tx.audit("republish", f"republish_request/{id_}", [("kind", None, kind), ("ids", None, ids)])
        return id_

    async def finish(self, request: int) -> int:
        """Wait until a request is finished; how many aggregates it published. A 503 problem when that fails."""
        while True:
            async with self._database.reading() as session:
                state = (await session.execute(STATE, {"id": request})).one()
            if state.finished_at is not None:
                return int(state.published)
            if self._task is not None and self._task.done() and not self._task.cancelled() and self._task.exception():
                self._task = None
                raise Problem(503, "unavailable", headers={"Retry-After": "2"})
            self.start()
            assert self._task is not None  # noqa: S101  a request is of a kind that there is
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            try:
                async with self._database.reading() as session:
                    request = await session.scalar(OLDEST, {"kinds": list(self.kinds)})
                if request is None:
                    return
                while not await self._database.run(partial(self._publish_page, request=request)):
                    pass
            except Exception as error:
                if not is_unavailable(error):
                    log.exception("republishing failed")
                    raise
                log.warning("republishing interrupted", error=str(error) or type(error).__name__)
                await asyncio.sleep(AGAIN_S)

    async def _publish_page(self, tx: Transaction, request: int) -> bool:
        """Publish the request's next aggregates; True when these were the last ones."""
        state = (await tx.session.execute(LOCK, {"id": request})).one()
        if state.finished_at is not None:
            return True
        kind = self.kinds[state.kind]
        statement = select(kind.table).order_by(kind.key).limit(PAGE).with_for_update(key_share=True)
        if state.ids is not None:
            statement = statement.where(kind.key.in_([kind.parse_id(id_) for id_ in state.ids]))
        if state.after is not None:
            statement = statement.where(kind.key > kind.parse_id(state.after))
        rows = list(await tx.session.scalars(statement))
        for row in rows:
            row.version += 1
        ids = [str(inspect(row).identity[0]) for row in rows]
        for row, id_, event in zip(rows, ids, await kind.events_of(tx, rows), strict=True):
            tx.record(event, aggregate=f"{kind.kind}/{id_}", version=row.version)
        is_last = len(rows) < PAGE
        values = {
            "id": request,
            "after": ids[-1] if ids else state.after,
            "published": len(rows),
            "finished_at": tx.now if is_last else None,
        }
        await tx.session.execute(ADVANCE, values)
        return is_last


async def _require_known(tx: Transaction, kind: Republishable, ids: Sequence[str]) -> None:
    parsed: list[Any] = []
    for index, id_ in enumerate(ids):
        try:
            parsed.append(kind.parse_id(id_))
        except ValueError as error:
            raise unprocessable(f"ids.{index}", "unknown_reference", value=id_) from error
    known = set(await tx.session.scalars(select(kind.key).where(kind.key.in_(parsed))))
    for index, key in enumerate(parsed):
        if key not in known:
            raise unprocessable(f"ids.{index}", "unknown_reference", value=ids[index])


def republish_router(publisher: str) -> APIRouter:
    """The route by which an admin has a service publish present states again."""
    router = api_router(publisher, "republish")

    @router.post("/republish")
    async def republish_states(
        body: RepublishIn, request: Request, once: Once, actor: Annotated[Actor, Depends(allow("admin"))]
    ) -> RepublishOut:
        """Publish the present state of a kind of aggregate again, of all or of those with ``ids``.

        The same key goes on where it stopped.
        """
        republisher: Republisher = request.app.state.republisher

        async def enter(tx: Transaction) -> RequestOut:
            return RequestOut(id=await republisher.request(tx, body.kind, body.ids))

        entered = await once.run(RequestOut, body, enter)
        return RepublishOut(kind=body.kind, published=await republisher.finish(entered.id))

    return router
