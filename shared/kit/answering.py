"""The headers of answers that follow from the routes: where what was made is found, and that it has a version.

``POST …/results`` makes what ``GET …/results/{result}`` reads; so does every other route that makes the same model.
"""

import json
from collections.abc import Sequence
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kit.paging import precondition


def has_etag(route: APIRoute, routes: Sequence[APIRoute]) -> bool:
    """True if a route answers with a document that is changed by its version."""
    return any(
        precondition in (part.call for part in other.dependant.dependencies)
        for other in routes
        if other is route or (route.methods == {"GET"} and other.path_format == route.path_format)
    )


def location_of(route: APIRoute, routes: Sequence[APIRoute]) -> str | None:
    """The path of what a POST makes, with a field of its answer in braces; None when there is no way to read it."""
    if route.methods != {"POST"} or route.status_code != 201:
        return None
    makers = [route, *(other for other in routes if other.response_model is route.response_model)]
    return next((path for maker in makers if (path := _path_of_one(maker, routes)) is not None), None)


def _path_of_one(maker: APIRoute, routes: Sequence[APIRoute]) -> str | None:
    """The path of one thing of the collection to which a route posts."""
    collection = maker.path_format.rpartition("/")[2]
    fields = getattr(maker.response_model, "model_fields", {})
    for route in routes:
        base, _, parameter = route.path_format.rpartition("/")
        if route.methods == {"GET"} and parameter.startswith("{") and base.rpartition("/")[2] == collection:
            field = parameter if parameter[1:-1] in fields else "{id}"
            return f"{base}/{field}" if field[1:-1] in fields else None
    return None


class Located:
    """Says in a 201 where what was made is found."""

    def __init__(self, app: ASGIApp, location: str | None) -> None:
        self.app = app
        base, _, field = (location or "").removesuffix("}").rpartition("{")
        self._base = base
        self._field = field

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        start: Message | None = None

        async def located(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == 201:
                start = message
                return
            if start is not None:
                path = self._path(message.get("body", b"")) if self._field else quote(scope["path"])
                start["headers"].append((b"location", path.encode()))
                await send(start)
                start = None
            await send(message)

        await self.app(scope, receive, located)

    def _path(self, body: bytes) -> str:
        return self._base + quote(str(json.loads(body)[self._field]), safe="")


def complete_answers(app: FastAPI) -> None:
    """Have the routes of ``app`` say where what they made is found."""
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    for route in routes:
        if isinstance(route.app, Located):
            continue  # a slice's routes are of every app of its service that this process makes
        location = location_of(route, routes)
        if location is not None or route.methods == {"PUT"}:
            route.app = Located(route.app, location)
