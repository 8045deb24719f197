"""Tablets that report without a break: each sends a report again, under the same key, until it is answered."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import aiohttp
from rich.console import Console

from tests.support.floor import DEFECTS, Floor

tell = Console(highlight=False, soft_wrap=True).print
"""Prints a figure."""

PATIENCE_S = 3.0
"""A tablet waits so long for an answer and then sends the report again."""
GIVES_UP = 0.1
"""The chance that a report is given up after a failure: nobody knows then whether it was taken."""


@dataclass
class Report:
    """What was sent; ``at`` is its own, so that it can be found in the ledger."""

    key: str
    job: str
    at: datetime
    good: int
    scrap: dict[str, int]
    result: str | None = None
    """The acknowledged result's id."""

    @property
    def body(self) -> dict[str, object]:
        scrap = [{"defect": defect, "quantity": quantity} for defect, quantity in self.scrap.items()]
        return {"good": self.good, "scrap": scrap, "at": self.at.isoformat()}


@dataclass
class Reporters:
    """All tablets of the floor, and what they sent."""

    floor: Floor
    dice: random.Random
    reports: list[Report] = field(default_factory=list)
    reversed: dict[str, bool] = field(default_factory=dict)
    """Results that were to be taken back; whether that was acknowledged."""
    failures: Counter[str] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)
    last_answer: float = 0.0
    silence: float = 0.0
    """The longest time in seconds between two answers since this was set to 0."""
    _last: datetime = field(default_factory=lambda: datetime.now(UTC))
    _over: bool = False

    @property
    def acknowledged(self) -> list[Report]:
        return [report for report in self.reports if report.result is not None]

    def summary(self) -> str:
        """The figures of the load."""
        failures = ", ".join(f"{count} × {what}" for what, count in self.failures.most_common())
        return (
            f"{len(self.reports)} reports, {len(self.acknowledged)} acknowledged, {len(self.reversed)} taken back,"
            f" {sum(self.failures.values())} failures ({failures or 'none'})"
        )

    @asynccontextmanager
    async def at_work(self, count: int, pause: float) -> AsyncIterator[None]:
        """``count`` tablets report, with ``pause`` seconds between two reports at most."""
        self._over = False
        async with aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self.floor.token}"},
            timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
        ) as session:
            tablets = [asyncio.create_task(self._tablet(session, pause)) for _ in range(count)]
            try:
                yield
            finally:
                self._over = True
                await asyncio.gather(*tablets)

    async def answered(self, seconds: float = 60) -> float:
        """Wait for the next report that is acknowledged; the seconds until then."""
        begun = time.monotonic()
        while self.last_answer <= begun:
            assert time.monotonic() - begun < seconds, f"no report was taken for {seconds} s"
            await asyncio.sleep(0.01)
        return time.monotonic() - begun

    async def silence_until_now(self) -> float:
        """The longest silence since the last time that this was asked, once tablets are answered again."""
        await self.answered()
        longest, self.silence = self.silence, 0.0
        return longest

    def _answered(self, now: float) -> None:
        if self.last_answer:
            self.silence = max(self.silence, now - self.last_answer)
        self.last_answer = now

    async def _tablet(self, session: aiohttp.ClientSession, pause: float) -> None:
        while not self._over:
            report = self._next()
            self.reports.append(report)
            path = f"/production/jobs/{report.job}/results"
            report.result = await self._send(session, path, report.key, report.body)
            if report.result is not None and self.dice.random() < 0.02:
                path = f"/production/results/{report.result}/reverse"
                self.reversed[report.result] = False
                done = await self._send(session, path, str(uuid4()), {"reason": "counted twice"})
                self.reversed[report.result] = done is not None
            await asyncio.sleep(self.dice.random() * pause)

    def _next(self) -> Report:
        scrap = {defect: self.dice.randint(1, 3) for defect in DEFECTS if self.dice.random() < 0.15}
        at = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
        self._last = at
        return Report(str(uuid4()), self.dice.choice(self.floor.jobs).id, at, self.dice.randint(1, 20), scrap)

    async def _send(self, session: aiohttp.ClientSession, path: str, key: str, body: object) -> str | None:
        """The result's id; None when the tablet gave up, or when the report was refused, which must not happen."""
        while True:
            try:
                async with session.post(
                    f"{self.floor.origin}/api/v1{path}", json=body, headers={"Idempotency-Key": key}
                ) as answer:
                    if answer.status == 201:
                        self._answered(time.monotonic())
                        return str((await answer.json())["id"])
                    problem = await answer.text()
                    failure = str(answer.status)
                    if answer.status != 503 and "in_flight" not in problem:
                        self.refusals.append(f"{answer.status} {problem}")
                        return None
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                failure = type(error).__name__
            self.failures[failure] += 1
            if self.dice.random() < GIVES_UP:
                return None
            await asyncio.sleep(self.dice.uniform(0.05, 0.3))
