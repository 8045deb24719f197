"""A shop grows old: the rows that a request reads do not grow with what has been finished long ago."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from sqlalchemy import Engine, event

from shared.kit.clock import utc_now
from tests.support.ageing import age, remember
from tests.support.documented import document_of
from tests.support.one_day import Crew, Shop, furnish, leave_open, live
from tests.support.questions import Question, Questions
from tests.support.whole_shop import caller
from tests.support.world import TestCluster, World, running

pytestmark = [pytest.mark.anyio, pytest.mark.long]
SERVICES = ("orders", "production", "quality", "erp_bridge")
SHOP = Shop(machines=4, orders=4, reports=2)
YOUNG, OLD = 100, 300
"""Days; the longest period that a list or a report is asked about is shorter than the first."""
SURE = {"/api/v1/orders/work-orders", "/api/v1/production/results", "/api/v1/quality/pareto", "/api/v1/erp/orders"}
"""Some routes that read something: what is weighed is what they read."""
LARGE = "SET enable_seqscan = off; SET cpu_tuple_cost = 1; SET cpu_index_tuple_cost = 0.5"
"""The planner chooses as among a hundred times as many rows: what no index bounds is read whole, by whatever way."""
GROWTH, FEW = 1.5, 140
"""Rows of an old shop for each of a young one, and more that may always be: fewer than one for each day between."""
NOTHING = {
    ("/api/v1/orders/demand/orders/{work_order}/missing", 422),
    ("/api/v1/production/jobs/{job}/instruction", 404),
}
"""The answers for an order that lacks nothing, and for a job without an instruction."""


@dataclass
class Listener:
    """The statements that the services run, with their values, by database."""

    heard: list[tuple[str, str, Any]] = field(default_factory=list)

    def __call__(self, connection: Any, _cursor: object, statement: str, values: Any, *_: object) -> None:
        self.heard.append((connection.engine.url.database, statement, values))


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """Hears every statement of the engines that are made from now on."""
    listener = Listener()
    event.listen(Engine, "before_cursor_execute", listener)
    yield listener
    event.remove(Engine, "before_cursor_execute", listener)


@dataclass
class Reading:
    """What one statement read: rows by table, and the statement."""

    statement: str
    rows: dict[str, int] = field(default_factory=dict)

    def add(self, node: Mapping[str, Any], above: str = "") -> None:
        """The rows that a node of a plan took from a table or an index, be they of use or not."""
        is_seen_above = node["Node Type"] == "Bitmap Index Scan" and above == "Bitmap Heap Scan"
        if not is_seen_above and (table := node.get("Relation Name") or node.get("Index Name")):
            each = node["Actual Rows"] + sum(value for name, value in node.items() if name.startswith("Rows Removed"))
            self.rows[table] = self.rows.get(table, 0) + round(each * node["Actual Loops"])
        for part in node.get("Plans", ()):
            self.add(part, node["Node Type"])

    @property
    def total(self) -> int:
        return sum(self.rows.values())


class Scales:
    """Weighs requests by the rows that their statements read."""

    def __init__(self, world: World, client: httpx.AsyncClient, listener: Listener) -> None:
        self._urls = {urlsplit(url).path[1:]: url for url in world.urls.values()}
        self._client = client
        self._listener = listener

    async def weigh(self, questions: list[Question]) -> dict[Question, list[Reading]]:
        """Ask each question, and run what it ran once more under EXPLAIN."""
        connections = {name: await asyncpg.connect(url) for name, url in self._urls.items()}
        try:
            for connection in connections.values():
                await connection.execute(LARGE)
            return {question: await self._weigh(question, connections) for question in questions}
        finally:
            for connection in connections.values():
                await connection.close()

    async def _weigh(self, question: Question, connections: Mapping[str, Any]) -> list[Reading]:
        self._listener.heard.clear()
        answer = await self._client.get(question.path.removeprefix("/api/v1"))
        heard = list(self._listener.heard)
        is_answer = answer.status_code == 200 or (question.route, answer.status_code) in NOTHING
        assert is_answer, f"{question.path}: {answer.text[:500]}"
        readings = []
        for database, statement, values in heard:
            if database in connections and statement.lstrip().upper().startswith(("SELECT", "WITH")):
                plan = await connections[database].fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *values)
                readings.append(Reading(statement))
                readings[-1].add(json.loads(plan)[0]["Plan"])
        return readings


@pytest.fixture(scope="module")
async def world(
    cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory, listener: Listener
) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("old"), SERVICES) as world:
        yield world


async def test_the_rows_that_a_request_reads_do_not_grow_with_the_history(world: World, listener: Listener) -> None:
    people = [caller(world, f"P{number:02}") for number in range(1, 4)]
    crew = Crew(people[0], tuple(people[1:]), people[0])
    begins = (utc_now() - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    await furnish(crew, SHOP)
    await live(crew, SHOP, begins)
    await remember(world.urls)
    await leave_open(crew, SHOP)
    await age(world.urls, 1, YOUNG)
    questions = await _questions(crew, begins)
    scales = Scales(world, crew.office.http, listener)
    young = await scales.weigh(questions)
    await age(world.urls, YOUNG + 1, OLD)
    old = await scales.weigh(questions)
    assert {question.route for question in questions if _rows(young[question])} >= SURE
    grown = [
        _told(question, young[question], old[question])
        for question in questions
        if _rows(old[question]) > GROWTH * _rows(young[question]) + FEW
    ]
    for one in people:
        await one.http.aclose()
    assert not grown, f"{len(grown)} of {len(questions)} requests read more:\n" + "\n".join(sorted(grown))


async def _questions(crew: Crew, day: datetime) -> list[Question]:
    async def get(path: str) -> Any:
        answer = await crew.office.http.get(path.removeprefix("/api/v1"))
        assert answer.status_code == 200, f"{path}: {answer.text[:500]}"
        return answer.json()

    asking = Questions(get, day)
    found = [question for service in SERVICES for question in await asking.of(document_of(service))]
    return list(dict.fromkeys([*found, *await asking.pages()]))


def _rows(readings: list[Reading]) -> int:
    return sum(reading.total for reading in readings)


def _told(question: Question, young: list[Reading], old: list[Reading]) -> str:
    """The request, and the statement that grew most."""
    before, after = max(zip(young, old, strict=False), key=lambda pair: pair[1].total - pair[0].total)
    counts = f"{_rows(young)} → {_rows(old)} rows"
    return f"{question.path}: {counts}; most of it {before.rows} → {after.rows} by {' '.join(after.statement.split())}"
