"""Whoever speaks to the public API: a planner in the office, an operator at a tablet, an ERP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx

from tests.support.suite import Suite
from tests.support.world import TRUST, key

LOGIN = "boss"
PASSWORD = "correct horse battery 7"


class Caller:
    """Requests with a token and in a language; what is refused fails the test with the API's own words."""

    def __init__(self, address: str, token: str | None = None, language: str = "en") -> None:
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.http = httpx.AsyncClient(base_url=f"{address}/api/v1", headers=headers, timeout=30, verify=TRUST)

    async def get(self, path: str, **query: Any) -> Any:
        return _told(await self.http.get(path, params=query))

    async def put(self, path: str, body: Any) -> Any:
        return _told(await self.http.put(path, json=body))

    async def post(self, path: str, body: Any = None, **content: Any) -> Any:
        json_body = {} if body is None and not content else body
        return _told(await self.http.post(path, json=json_body, headers=key(), **content))

    async def send_file(self, path: str, name: str, file: bytes, *, dry_run: bool = False, **form: str) -> Any:
        """A file as the import wizard sends it; the report."""
        data = form | {"dry_run": str(dry_run).lower()}
        return _told(await self.http.post(path, files={"file": (name, file)}, data=data, headers=key()))

    async def every(self, path: str, **query: Any) -> list[Any]:
        """All items of a list, page by page."""
        items: list[Any] = []
        cursor: Any = None
        while True:
            page = await self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items


def _told(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url} → {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


class Shop:
    """The people and systems around a running suite; they all leave when it closes."""

    def __init__(self, suite: Suite, language: str = "en") -> None:
        self.suite = suite
        self.language = language
        self._callers = AsyncExitStack()

    def caller(self, token: str | None = None, language: str | None = None) -> Caller:
        """Whoever holds this token."""
        caller = Caller(self.suite.address, token, language or self.language)
        self._callers.push_async_callback(caller.http.aclose)
        return caller

    async def set_up(self) -> Caller:
        """Follow the set-up link; the first administrator."""
        body = {"token": self.suite.setup_token, "login": LOGIN, "name": "박한별", "password": PASSWORD}
        return self.caller((await self.caller().post("/setup", body))["access_token"])

    async def sign_in(self, login: str = LOGIN, password: str = PASSWORD) -> Caller:
        """Somebody with a password, at a desk."""
        session = await self.caller().post("/sessions", {"login": login, "password": password})
        return self.caller(session["access_token"])

    async def enrol(self, admin: Caller, machine: str) -> Caller:
        """A tablet that stands at a machine."""
        enrolment = await admin.post("/device-enrolments", {"name": f"tablet at {machine}", "machine": machine})
        return self.caller((await self.caller().post("/devices", {"code": enrolment["code"]}))["device_token"])

    async def sign_in_on(self, tablet: Caller, person: str, pin: str) -> Caller:
        """An operator at a tablet."""
        session = await tablet.post("/sessions", {"person": person, "pin": pin})
        return self.caller(session["access_token"])

    async def erp(self, admin: Caller) -> Caller:
        """An ERP with a key of its own."""
        return self.caller((await admin.post("/api-keys", {"name": "ERP", "roles": ["erp"]}))["key"])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._callers.aclose()


@dataclass(frozen=True)
class LiveEvent:
    """One message of the live stream."""

    id: str
    topic: str
    envelope: dict[str, Any]


class Ear:
    """The events that a page hears on the live stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer
        self.heard: list[LiveEvent] = []
        self._news = asyncio.Event()

    async def listen(self) -> None:
        fields: dict[str, str] = {}
        async for line in self._answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = value
            elif not line and "data" in fields:
                self.heard.append(LiveEvent(fields.get("id", ""), fields["event"], json.loads(fields["data"])))
                self._news.set()
            if not line:
                fields = {}

    async def hears(self, event_type: str, *, within: float = 10, **facts: Any) -> LiveEvent:
        """The first event of a type with these facts in its body, at the latest after ``within`` seconds."""
        async with asyncio.timeout(within):
            while True:
                for event in self.heard:
                    body = event.envelope.get("data", {})
                    if event.envelope.get("type") == event_type and facts.items() <= body.items():
                        return event
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def listening(caller: Caller, topics: str) -> AsyncIterator[Ear]:
    """An open live stream."""
    async with caller.http.stream("GET", "/live", params={"topics": topics}, timeout=None) as answer:
        assert answer.status_code == 200
        ear = Ear(answer)
        task = asyncio.create_task(ear.listen())
        try:
            yield ear
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
