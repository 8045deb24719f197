"""Every GET route of the API as a client would ask it: with ids that there are, and with each filter that it offers.

The routes come from the OpenAPI documents. A parameter for which nothing here has a value fails: a later route is not
forgotten.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

API = "/api/v1"
LEFT_OUT = {f"{API}/live", f"{API}/devices/current"}
"""The first has no end, the second is a tablet's."""
PATHS: dict[str, tuple[str, str]] = {
    "work_order": ("/orders/work-orders?state=closed", "id"),
    "job": ("/production/jobs?state=done", "id"),
    "result": ("/production/results", "id"),
    "lot": ("/production/lots?state=empty&item=HB1000", "lot"),
    "label": ("/production/labels", "id"),
    "review": ("/production/reviews", "id"),
    "command": ("/production/reviews", "command.id"),
    "machine": ("/production/machines", "code"),
    "change": ("/orders/changes", "id"),
    "run": ("/orders/imports", "id"),
    "item": ("/orders/items?q=HB", "code"),
    "media": ("/quality/defects", "picture_id"),
    "person": ("/orders/person-skills", "person"),
    "/erp/imports/{run}/rows": ("/erp/imports", "id"),
    "/orders/media/{media}": ("/orders/items?q=HB1000", "picture_id"),
    "/orders/demand/orders/{work_order}/missing": ("/orders/work-orders?state=released", "id"),
}
"""Where a path's parameter is found: a list, and the field of its first entry; by the parameter's name, or by the path
where it means something else. A ``code`` is that of the first entry of the list above it."""
WORDS = {
    "kind": ("items",),
    "name": ("ERP",),
    "form": ("xlsx", "json", "zip"),
    "key": (str(uuid4()),),
    "sort": tuple(f"{way}{name}" for name in ("due_at", "number", "item", "priority", "quantity") for way in ("", "-")),
    "font": ("E:ARIAL.TTF",),
    "flag": ("over_production",),
    "shift": ("D",),
    "work_center": ("W0",),
    "customer": ("한미",),
    "defect": ("BURR",),
    "revision": ("1",),
    "topics": ("machines",),
    "direction": ("backward", "forward"),
    "q": ("HB1000", "버", "아무것도 아님"),
    "/orders/work-orders q": ("아무것도 아님", "도장", "ZZ", "q"),
    "/erp/orders q": ("아무것도 아님", "도장", "ZZ", "q"),
    "/production/lots q": ("아무것도 아님",),
    "/production/serials q": ("MOTOR", "아무것도 아님"),
    "/orders/instructions state": ("approved", "draft"),
    "/orders/work-orders state": (
        *("draft", "planned", "released", "in_progress", "on_hold", "completed", "closed", "cancelled"),
        *("draft,planned,released,in_progress,on_hold", "completed,closed"),
    ),
    "/orders/changes state": ("proposed", "applied", "refused"),
    "/production/jobs state": (
        *("waiting", "ready", "running", "paused", "done", "blocked", "skipped", "cancelled"),
        "waiting,ready,running,paused,blocked",
    ),
    "/production/lots state": ("available", "on_hold", "expired", "empty", "available,on_hold"),
    "/production/reviews state": ("open", "resolved"),
    "/production/andon-calls state": ("open", "acknowledged", "resolved", "open,acknowledged"),
    "/erp/orders state": ("received", "accepted", "refused", "cancelled"),
}
"""Values that are words, by the parameter's name, or by its path and name."""
FOUND = {"work_order", "job", "machine", "item", "lot", "parent", "split_from", "id", "subject", "person"}
"""Filters that name something which is found."""


@dataclass(frozen=True)
class Question:
    """A request: the route, and its path with the query."""

    route: str
    path: str


class Questions:
    """The questions about a shop that ``get`` answers; ``day`` is one on which it has worked."""

    def __init__(self, get: Callable[[str], Awaitable[Any]], day: datetime) -> None:
        self._get = get
        self._day = day
        self._seen: dict[str, Any] = {}

    async def of(self, document: Mapping[str, Any]) -> list[Question]:
        """The questions for each GET route of an OpenAPI document."""
        asked: list[Question] = []
        for route, operations in document["paths"].items():
            if "get" in operations and route.startswith(API) and route not in LEFT_OUT:
                asked += await self._of_route(route, list(_parameters(document, operations["get"])))
        return list(dict.fromkeys(asked))

    async def pages(self) -> list[Question]:
        """The requests of the pages that a shop looks at each minute, as they ask them."""
        machine, job = await self._find("machine"), await self._find("job")
        begins, ends = self._window()
        opened = "draft,planned,released,in_progress,on_hold"
        asked: list[tuple[str, dict[str, Any]]] = [
            ("/production/results", {"machine": machine, "from": begins, "to": ends, "limit": 200}),
            ("/production/jobs", {"machine": machine, "state": "waiting,ready,running,paused,blocked"}),
            ("/production/jobs", {"machine": machine, "finished_after": begins}),
            ("/production/lot-movements", {"job": job, "kind": "consumed"}),
            ("/production/handovers", {"unread": "true", "machine": machine}),
            ("/orders/work-orders", {"state": opened, "limit": 200}),
            ("/orders/work-orders", {"state": opened, "sort": "-priority"}),
            ("/orders/work-orders", {"state": "completed,closed", "sort": "-due_at"}),
            ("/orders/work-orders", {"state": opened, "q": "한미"}),
            ("/production/labour", {"by": "person", "first_date": begins[:10], "last_date": begins[:10]}),
        ]
        return [Question(f"{API}{path}", _url(f"{API}{path}", query)) for path, query in asked]

    async def _of_route(self, route: str, parameters: Sequence[Mapping[str, Any]]) -> list[Question]:
        places = [one["name"] for one in parameters if one["in"] == "path"]
        filters = [one for one in parameters if one["in"] == "query" and one["name"] not in ("cursor", "limit")]
        paged = {"limit": "5"} if any(one["name"] == "limit" for one in parameters) else {}
        asked = []
        for path in await self._paths(route, places):
            needed = {one["name"]: (await self._values(route, one))[0] for one in filters if one.get("required")}
            asked.append(_url(path, needed | paged))
            for one in filters:
                values = await self._values(route, one)
                asked += [_url(path, needed | {one["name"]: value} | paged) for value in values]
            if {"from", "to"} <= {one["name"] for one in filters}:
                asked.append(_url(path, dict(zip(("from", "to"), self._window(), strict=True)) | paged))
            if paged and any(one["name"] == "cursor" for one in parameters):
                cursor = (await self._get(_url(path, needed | paged)))["next_cursor"]
                asked += [_url(path, needed | paged | {"cursor": cursor})] if cursor else []
        return [Question(route, url) for url in asked]

    async def _paths(self, route: str, places: Sequence[str]) -> list[str]:
        paths = [route]
        for place in places:
            values = WORDS.get(place) or (await self._find(place, route),)
            paths = [path.replace(f"{{{place}}}", quote(str(value), safe="")) for path in paths for value in values]
        return paths

    async def _values(self, route: str, parameter: Mapping[str, Any]) -> Sequence[str]:
        name, schema = parameter["name"], parameter["schema"]
        path = route.removeprefix(API)
        if words := WORDS.get(f"{path} {name}") or tuple(map(str, schema.get("enum", ()))) or WORDS.get(name):
            return words
        if schema.get("type") == "boolean":
            return ("true", "false")
        if name in ("from", "to", "finished_after", "due_before"):
            return self._window()
        if name == "on":
            return ((self._day + timedelta(days=3)).date().isoformat(),)
        if name in ("date", "first_date", "last_date"):
            return (self._day.date().isoformat(),)
        if name == "subject":
            return (f"{'machine' if 'production' in path else 'work_order'}/{await self._find('work_order')}",)
        if name in ("id", "parent", "split_from"):
            return (await self._find("work_order"),)
        if name in FOUND:
            return ("P01",) if name == "person" else (await self._find(name),)
        raise LookupError(f"{route}: no value for the parameter {name!r}")

    async def _find(self, place: str, route: str = "") -> str:
        """A value for a path's parameter, of the first entry of its list."""
        path = route.removeprefix(API)
        source = PATHS.get(path) or PATHS.get(place)
        if source is None and place == "code":
            source = (path[: path.index("/{code}")], "code")
        if source is None:
            raise LookupError(f"{route}: nothing says where the parameter {place!r} is found")
        listed, field = source
        if listed not in self._seen:
            self._seen[listed] = (await self._get(f"{API}{listed}"))["items"]
        for entry in self._seen[listed]:
            for part in field.split("."):
                entry = entry[part]
            if entry is not None:
                return str(entry)
        raise LookupError(f"{route}: {listed} has no entry with {field!r} for the parameter {place!r}")

    def _window(self) -> tuple[str, str]:
        return self._day.isoformat(), (self._day + timedelta(days=1)).isoformat()


def _parameters(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parameters of an operation, with their schemas in them."""
    for one in operation.get("parameters", []):
        parameter = _resolved(document, one)
        options = parameter["schema"].get("anyOf", [parameter["schema"]])
        yield {**parameter, "schema": _resolved(document, next(o for o in options if o.get("type") != "null"))}


def _resolved(document: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return {**found, **{key: value for key, value in part.items() if key != "$ref"}}


def _url(path: str, query: Mapping[str, Any]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
