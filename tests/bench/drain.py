"""Thirty tablets come back after eight hours without a network: how long until the server has everything, and
whether it has it once."""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from tests.bench.harness import MODES, Figure, console, furnished
from tests.support.floor import Floor, Job
from tests.support.suite import Suite

TABLETS = 30
COMMANDS = 1000
"""A tablet's queue after a shift of eight hours: a touch every 29 seconds."""
SHIFT = timedelta(hours=8)
LOST_ANSWERS = 0.02
"""Of the answers are lost on the way, so that the tablet sends the command once more."""
GOAL_S = 300


@dataclass
class Tablet:
    """A tablet's queue: paths and bodies in the order of the touches, and what they add up to."""

    job: Job
    machine: str
    commands: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    good: int = 0
    results: int = 0
    refused: int = 0

    def fill(self, now: datetime, is_started: bool) -> None:
        """A shift's touches: a start, boxes, a stop every now and then, a finish."""
        kinds = [
            "pause" if number % 50 == 20 else "resume" if number % 50 == 21 else "results" for number in range(COMMANDS)
        ]
        kinds[-1] = "finish"
        if not is_started:
            kinds[0] = "start"
        for number, kind in enumerate(kinds):
            body: dict[str, object] = {
                "at": (now - SHIFT + SHIFT * number / COMMANDS).isoformat(),
                "machine": self.machine,
            }
            if kind == "results":
                body |= {"good": 10, "scrap": [{"defect": "BURR", "quantity": 1}]}
                self.good += 10
                self.results += 1
            self.commands.append((f"/api/v1/production/jobs/{self.job.id}/{kind}", body))

    async def drain(self, floor: Floor, chance: random.Random) -> None:
        """Send one command after the other; again, with the same key, when the answer was lost."""
        reader, writer = await asyncio.open_connection("127.0.0.1", int(floor.origin.rpartition(":")[2]))
        for path, body in self.commands:
            content = json.dumps(body).encode()
            head = (
                f"POST {path} HTTP/1.1\r\nHost: tablet\r\nAuthorization: Bearer {floor.token}\r\n"
                "Content-Type: application/json\r\n"
                f"Content-Length: {len(content)}\r\nIdempotency-Key: {uuid4()}\r\n\r\n"
            ).encode()
            for _ in range(2 if chance.random() < LOST_ANSWERS else 1):
                writer.write(head + content)
                status = await _answer(reader)
            self.refused += status >= 300
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    at = head.index(b"content-length:") + 15
    await reader.readexactly(int(head[at : head.index(b"\r", at)]))
    return int(head[9:12])


async def measure() -> list[Figure]:
    """Both ways to run the suite, once each: what counts is that nothing is lost."""
    return [await _mode(name, processes=processes) for name, processes in MODES.items()]


async def _mode(name: str, *, processes: bool) -> Figure:
    async with furnished(processes=processes, orders=TABLETS) as (suite, floor):
        tablets = await _tablets(floor)
        begun = time.perf_counter()
        await asyncio.gather(*(tablet.drain(floor, random.Random(place)) for place, tablet in enumerate(tablets)))
        seconds = time.perf_counter() - begun
        lost, doubled = await _compare(suite, tablets)
    sent = sum(len(tablet.commands) for tablet in tablets)
    refused = sum(tablet.refused for tablet in tablets)
    console.print(f"  {name}: {sent} commands in {seconds:.0f} s, {refused} refused, {lost} lost, {doubled} doubled")
    return Figure(
        f"{TABLETS} tablets after 8 h, {COMMANDS} commands each: {name}",
        f"≤ {GOAL_S} s, 0 lost, 0 doubled",
        f"{seconds:.0f} s ({sent / seconds:.0f}/s), {refused} refused, {lost} lost, {doubled} doubled",
        "–",
        {"seconds": seconds, "commands": sent, "refused": refused, "lost": lost, "doubled": doubled},
    )


async def _tablets(floor: Floor) -> list[Tablet]:
    """A machine each, and a full queue."""
    now = datetime.now(UTC)
    tablets = []
    async with floor.client() as client:
        for place, job in enumerate(job for job in floor.jobs if job.op == 10):
            state = (await client.get(f"/production/jobs/{job.id}")).json()
            machine = state["machine"] if state["state"] == "running" else f"T{place:02}"
            if state["state"] != "running":
                await _put_machine(client, machine)
            tablets.append(Tablet(job, machine))
            tablets[-1].fill(now, is_started=state["state"] == "running")
        while len((await client.get("/production/machines")).json()["items"]) < TABLETS + 1:
            await asyncio.sleep(0.1)
    return tablets


async def _put_machine(client: httpx.AsyncClient, code: str) -> None:
    answer = await client.put(f"/orders/machines/{code}", json={"name": code, "work_center": "PRESS"})
    answer.raise_for_status()


async def _compare(suite: Suite, tablets: list[Tablet]) -> tuple[int, int]:
    """Results that are missing, and results that are there twice."""
    rows = await suite.execute(
        "dure_production", "SELECT job, count(*) AS n, sum(good) AS good FROM result GROUP BY job"
    )
    held = {str(row["job"]): (row["n"], row["good"]) for row in rows}
    differences = [held.get(tablet.job.id, (0, 0))[0] - tablet.results for tablet in tablets]
    for tablet in tablets:
        if differences == [0] * len(tablets) and held[tablet.job.id][1] != tablet.good:
            raise RuntimeError("as many results, other pieces")
    return sum(max(0, -difference) for difference in differences), sum(max(0, difference) for difference in differences)
