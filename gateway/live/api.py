"""The live stream's route."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Header, Query, Request, Response
from starlette.types import Receive, Scope, Send

from gateway.identity.adapters.sessions import Sessions
from gateway.live.adapters.hub import Hub
from gateway.live.adapters.listener import Listener
from gateway.permissions import CanListen
from shared.kit.problem import is_unavailable
from shared.kit.routing import api_router

router = api_router("", "live")
GREETING = b": live\n\n"
"""A comment, so that a reader knows that it is heard."""


class EventStream(Response):
    """Server-sent events, straight from the hub to the connection."""

    media_type = "text/event-stream"

    def __init__(
        self, hub: Hub, topics: list[str], last_event_id: str | None, may_go_on: Callable[[], Awaitable[bool]]
    ) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._topics = topics
        self._last_event_id = last_event_id
        self._may_go_on = may_go_on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until somebody has had enough."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if self._last_event_id is not None:
            await self._hub.settle()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  a coroutine that runs has a task
        with self._hub.listening(self._topics, task.cancel) as listener:
            leaving = asyncio.create_task(_until_left(receive, listener))
            try:
                await self._send_events(listener, send)
            except asyncio.CancelledError:
                if not listener.is_over:
                    raise
                return  # cut: whoever does not read would not read an end either
            finally:
                leaving.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_events(self, listener: Listener, send: Send) -> None:
        chunk = b""
        if self._last_event_id is not None:
            chunk = await self._hub.missed(self._last_event_id, listener)
        chunk = chunk or GREETING
        while not listener.is_over:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            chunk = await listener.take()
            if listener.must_prove:
                listener.must_prove = False
                if not await self._may_go_on():
                    return


async def _until_left(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


@router.get("/live", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
async def stream_events(
    request: Request,
    actor: CanListen,
    topics: Annotated[str, Query(max_length=500, description="names with commas; all when empty")] = "",
    last_event_id: Annotated[str | None, Header(max_length=200, description="resumes after this id")] = None,
) -> Response:
    """Server-sent events as they happen, each with its position as ``id``.

    ``event: reset`` means: read anew, the position is older than what is stored. Whoever comes back without a position,
    as no event has come yet, reads anew too.
    """
    sessions: Sessions = request.app.state.sessions
    token = request.headers["authorization"].partition(" ")[2]

    async def may_go_on() -> bool:
        try:
            return await sessions.find(token) is not None
        except Exception as error:
            if is_unavailable(error):
                return False
            raise

    requested = [topic for topic in topics.split(",") if topic]
    return EventStream(request.app.state.hub, requested, last_event_id, may_go_on)
