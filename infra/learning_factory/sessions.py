"""The tablets of a history and who is signed in on them, over the public API.

Everybody has a badge while the history is made; nobody keeps one, as nobody could hold it.
"""

import asyncio
import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from infra.demo.source import DemoError

API = "/api/v1"
SIGNED_IN_FOR = dt.timedelta(hours=11, minutes=45)
"""Before a session by badge ends; a day shift with its overtime is shorter."""
OFFICE = "현장 사무실"


@dataclass
class Floor:
    """The people of a shop at their tablets; ``admin`` may enrol tablets and change people."""

    admin: httpx.AsyncClient
    office: Collection[str]
    """Those who work at no machine, whatever they do there."""
    tablets: dict[str, str] = field(default_factory=dict)
    """The tokens of the tablets by machine; the office's has none."""
    _badges: dict[str, str] = field(default_factory=dict)
    _sessions: dict[tuple[str, str], tuple[dt.datetime, str]] = field(default_factory=dict)
    _signing_in: dict[tuple[str, str], asyncio.Lock] = field(default_factory=dict)

    async def open(self, machines: Iterable[str], people: Iterable[str]) -> None:
        """A tablet at each machine and one in the office, and a badge for everybody."""
        for machine in ("", *machines):
            name = f"{machine} 태블릿" if machine else OFFICE
            invitation = await self.send("POST", "/device-enrolments", {"name": name, "machine": machine or None})
            enrolled = await self.send("POST", "/devices", {"code": invitation["code"]})
            self.tablets[machine] = enrolled["device_token"]
        self._badges = {person: secrets.token_hex(16) for person in people}
        for person, badge in self._badges.items():
            await self.send("PATCH", f"/people/{person}", {"badge": badge})

    async def close(self) -> None:
        """Take the badges away, and end all sessions with them."""
        for person in self._badges:
            await self.send("PATCH", f"/people/{person}", {"badge": None})

    async def session(self, person: str, machine: str | None, now: dt.datetime) -> str:
        """The token of a person who is signed in on the tablet of ``machine``; signs them in when they are not."""
        where = "" if person in self.office else machine or ""
        async with self._signing_in.setdefault((person, where), asyncio.Lock()):
            until, token = self._sessions.get((person, where), (now, ""))
            if until <= now:
                body = {"badge": self._badges[person]}
                signed_in = await self.send("POST", "/sessions", body, token=self.tablets[where])
                token = str(signed_in["access_token"])
                self._sessions[person, where] = (now + SIGNED_IN_FOR, token)
            return token

    async def send(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, headers: Mapping[str, str] = {}
    ) -> Any:
        """One request, by the administrator unless a ``token`` says who; raises DemoError with the API's own reason."""
        who = {"Authorization": f"Bearer {token}"} if token else {}
        if method == "POST":
            who["Idempotency-Key"] = str(uuid4())
        try:
            answer = await self.admin.request(method, f"{API}{path}", json=body, headers=who | dict(headers))
        except httpx.HTTPError as error:
            raise DemoError(f"{method} {path}: no answer: {error!r}") from error
        if answer.is_error:
            raise DemoError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None
