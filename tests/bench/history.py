"""A shop with one month of history and the same with 24: every GET route of the API, and what it takes on disk.

Both are grown from one day that was lived through the API. ``MONTHS=6 ORDERS=12`` in the environment is a quick try.
"""

import http.client
import json
import os
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from shared.kit.clock import utc_now
from tests.bench.harness import Figure, console
from tests.support import caller
from tests.support.ageing import age, remember
from tests.support.one_day import Crew, Shop, furnish, leave_open, live
from tests.support.questions import Question, Questions
from tests.support.suite import Suite, copy_folder, running_suite

ROUNDS = 5
MONTHS = int(os.environ.get("MONTHS", "24"))
SHOP = Shop(machines=50, orders=int(os.environ.get("ORDERS", "84")), reports=6)
MONTH = 30
SERVICES = ("orders", "production", "quality", "erp_bridge")
GOAL = 1.5
SOON = 0.005
"""Seconds: what takes less in an old shop nobody waits for."""
SEARCHED = {
    "/api/v1/production/lots": ("POSCO", "H-1", "HB1000", "코일"),
    "/api/v1/orders/work-orders": ("S-1", "HB1000", "한미"),
    "/api/v1/erp/orders": ("S-1", "HB1000", "대성"),
}
"""What all or many have: whether it is read in the list's order or sorted is the planner's estimate."""
FLOOR = 10
"""People on the floor."""
SHOWN = 25
NOTED = (200, 404, 422)
"""Answers of routes; the last two where there is nothing to say: no instruction, nothing that is missing."""


@dataclass(frozen=True)
class Asked:
    """A question with the seconds that the answers took: of the young shop, and of the old one."""

    question: Question
    young: list[float]
    old: list[float]

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return statistics.median(self.old) / statistics.median(self.young)

    @property
    def is_over(self) -> bool:
        """Above the goal by the medians, and by the quickest answers: what else runs makes no answer quicker."""
        return self.ratio > GOAL and min(self.old) > GOAL * min(self.young) and min(self.old) >= SOON

    @property
    def text(self) -> str:
        young, old = (statistics.median(times) * 1e3 for times in (self.young, self.old))
        return f"{self.ratio:.2f} × = {young:.1f} → {old:.1f} ms"


async def measure() -> list[Figure]:
    """Live a day, let one copy of the shop grow by a month and another by all, and ask both in turn."""
    with TemporaryDirectory(prefix="dure-history-") as name:
        folder = Path(name)
        begins = (utc_now() - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
        token = await _lived(folder / "day", begins)
        for shop in ("young", "old"):
            copy_folder(folder / "day", folder / shop / "data")
        with running_suite(folder / "young" / "data") as young, running_suite(folder / "old" / "data") as old:
            await age(_urls(young), 1, MONTH)
            before = await _sizes(old)
            begun = time.monotonic()
            await age(_urls(old), 1, MONTH * MONTHS)
            console.print(f"  {MONTHS} months were laid down in {time.monotonic() - begun:.0f} s")
            after = await _sizes(old)
            results = (await old.execute("dure_production", "SELECT count(*) AS n FROM result"))[0]["n"]
            with _door(young, token) as first, _door(old, token) as second:
                asked, pages = await _ask(first, second, begins)
        return [*_routes(asked), *_pages(pages), _disk(before, after, results)]


async def _lived(data: Path, begins: datetime) -> str:
    """A furnished shop after a day of work, stopped; the session of its administrator."""
    with running_suite(data, keep=True) as suite:
        async with caller.Shop(suite) as people:
            office = await people.set_up()
            floor = []
            roles = ["operator", "leader", "quality", "planner", "admin"]
            for number in range(1, FLOOR + 1):
                person = {"code": f"P{number:02}", "name": f"김 {number}", "roles": roles}
                person |= {"login": f"p{number}", "password": caller.PASSWORD}
                await office.post("/people", person)
                floor.append(await people.sign_in(f"p{number}"))
            crew = Crew(office, tuple(floor), await people.erp(office))
            begun = time.monotonic()
            await furnish(crew, SHOP)
            await live(crew, SHOP, begins)
            await remember(_urls(suite))
            await leave_open(crew, SHOP)
            console.print(f"  a day of {SHOP.orders} orders was lived in {time.monotonic() - begun:.0f} s")
            return str(office.http.headers["Authorization"])


def _urls(suite: Suite) -> dict[str, str]:
    return {service: suite.database_url(f"dure_{service}") for service in SERVICES}


async def _sizes(suite: Suite) -> dict[str, int]:
    """Bytes of each database, with its indexes."""
    size = "SELECT pg_database_size(current_database()) AS bytes"
    return {service: (await suite.execute(f"dure_{service}", size))[0]["bytes"] for service in SERVICES}


class Door:
    """One connection to a suite, as its administrator."""

    def __init__(self, suite: Suite, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", suite.port, timeout=30)
        self._headers = {"Authorization": token, "Accept-Language": "ko"}

    def ask(self, path: str) -> tuple[float, int, bytes]:
        """The seconds that an answer took, its status and its content."""
        begun = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        return time.perf_counter() - begun, answer.status, content

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _door(suite: Suite, token: str) -> Iterator[Door]:
    door = Door(suite, token)
    try:
        yield door
    finally:
        door.close()


async def _ask(young: Door, old: Door, begins: datetime) -> tuple[list[Asked], list[Asked]]:
    """All questions, to both in turn; those of the routes and those of the pages."""

    async def get(path: str) -> Any:
        return _content(young, path)

    asking = Questions(get, begins)
    routes = await asking.of(_content(young, "/openapi.json"))
    routes += [Question(path, f"{path}?q={quote(q)}&limit=5") for path, searched in SEARCHED.items() for q in searched]
    return [_timed(young, old, one) for one in routes], [_timed(young, old, one) for one in await asking.pages()]


def _content(door: Door, path: str) -> Any:
    _, status, content = door.ask(path)
    if status != 200:
        raise RuntimeError(f"{path}: {status} {content[:500]!r}")
    return json.loads(content)


def _timed(young: Door, old: Door, question: Question) -> Asked:
    times: dict[Door, list[float]] = {young: [], old: []}
    for round_ in range(ROUNDS + 1):
        for door in (young, old):
            seconds, status, content = door.ask(question.path)
            if status not in NOTED:
                raise RuntimeError(f"{question.path}: {status} {content[:500]!r}")
            if round_:  # the first answer warms what both need
                times[door].append(seconds)
    return Asked(question, times[young], times[old])


def _routes(asked: list[Asked]) -> list[Figure]:
    """All requests as one figure, and the worst of them by themselves."""
    asked = sorted(asked, key=lambda one: (not one.is_over, -min(one.old) / min(one.young)))
    for one in asked[:SHOWN]:
        console.print(f"  {'over ' if one.is_over else ''}{one.text}  {one.question.path}", soft_wrap=True)
    over = [one for one in asked if one.is_over]
    return [
        Figure(
            f"{len(asked)} requests of {len({one.question.route for one in asked})} GET routes, {MONTHS} months to 1",
            "≤ 1.5 × each",
            f"median {statistics.median(one.ratio for one in asked):.2f} ×; {len(over)} are above;"
            f" the worst {asked[0].text}: {asked[0].question.path}",
            "the same shop with 1 month",
            {"requests": {one.question.path: [one.young, one.old] for one in asked}},
        )
    ]


def _pages(asked: list[Asked]) -> list[Figure]:
    return [
        Figure(one.question.path, "≤ 1.5 ×", one.text, "the same with 1 month", {"s": [one.young, one.old]})
        for one in asked
    ]


def _disk(before: Mapping[str, int], after: Mapping[str, int], results: int) -> Figure:
    """Megabytes by database for a million reports, with all that comes with them."""
    grown = {service: (after[service] - before[service]) / 1e6 / (results / 1e6) for service in SERVICES}
    return Figure(
        f"disk for a million reports, of {results:,}",
        "–",
        f"{sum(grown.values()):,.0f} MB: {', '.join(f'{service} {mb:,.0f}' for service, mb in grown.items())}",
        f"{sum(after.values()) / 1e6:,.0f} MB in all",
        {"mb_per_million": grown, "before": dict(before), "after": dict(after), "results": results},
    )
