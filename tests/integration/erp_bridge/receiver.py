"""An ERP's webhook receiver: a real HTTP server that keeps what it gets and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook


@dataclass(frozen=True)
class Got:
    """One message as it came."""

    headers: dict[str, str]
    body: str
    port: int | None

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def read(self, secret: str) -> dict[str, Any]:
        """The confirmation in it, after its signature was checked."""
        message: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        assert message["type"] == "confirmation"
        data: dict[str, Any] = message["data"]
        return data


@dataclass
class Receiver:
    """``answers`` are given one after the other, the last one for good; None hangs up without an answer."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: list[web.Response | None] = field(default_factory=lambda: [web.Response(status=204)])
    at_once: int = 0
    most_at_once: int = 0

    def answer(self, *statuses: int | None, text: str = "", **headers: str) -> None:
        """Give these answers from now on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers = [None if s is None else web.Response(status=s, text=text, headers=named) for s in statuses]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            peer = request.transport.get_extra_info("peername") if request.transport else None
            self.got.append(Got(dict(request.headers), await request.text(), peer[1] if peer else None))
            await asyncio.sleep(0.001)
            chosen = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if chosen is None:
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            return web.Response(
                status=chosen.status,
                text=chosen.text,
                headers={"Retry-After": chosen.headers["Retry-After"]} if "Retry-After" in chosen.headers else None,
            )
        finally:
            self.at_once -= 1


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a free port of the loopback interface."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()
