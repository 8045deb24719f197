"""Whatever happens to lots, in whatever order: no quantity is lost, doubled or made up."""

import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.lots import define_lots, jobs_for, post, receive
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio
STEPS = 60
WRONG = {
    "a lot's remaining quantity is the sum of its movements": """
        SELECT l.code FROM lot l LEFT JOIN movement m ON m.lot = l.code
        GROUP BY l.code HAVING l.remaining <> coalesce(sum(m.quantity), 0)""",
    "what came in is what was received, produced, split off into it or merged": """
        SELECT l.code FROM lot l LEFT JOIN movement m ON m.lot = l.code
          AND (m.kind IN ('received', 'produced') OR (m.kind IN ('split', 'merged') AND m.quantity > 0)
            OR (m.kind = 'recovered' AND m.quantity < 0))
        GROUP BY l.code HAVING l.came_in <> coalesce(sum(m.quantity), 0)""",
    "a job was given what its lots lost to it": """
        SELECT s.job FROM (SELECT job, lot, sum(scanned + drawn) AS given FROM job_supply GROUP BY job, lot) s
          LEFT JOIN movement m ON m.job = s.job AND m.lot = s.lot AND m.kind IN ('consumed', 'drawn')
        GROUP BY s.job, s.lot, s.given HAVING s.given <> -coalesce(sum(m.quantity), 0)""",
    "no more of a lot is in products than a job was given of it": """
        SELECT e.source FROM (SELECT source, via, sum(quantity) AS used FROM lot_edge WHERE kind = 'made'
          GROUP BY source, via) e WHERE e.used > (
          SELECT sum(s.scanned + s.drawn) FROM job_supply s WHERE s.job = e.via AND s.lot = e.source)""",
    "no more numbered pieces are in a lot than it has left": """
        SELECT l.code FROM lot l JOIN serial s ON s.lot = l.code AND s.state = 'in_stock'
        GROUP BY l.code HAVING count(*) > greatest(l.remaining, 0)""",
    "splitting and merging neither make nor lose anything": """
        SELECT 1 FROM movement WHERE kind IN ('split', 'merged') HAVING sum(quantity) <> 0""",
    "pieces in lots are the good pieces of their job, those included that went back to be reworked": """
        SELECT j.number FROM job j JOIN movement m ON m.job = j.id AND m.kind = 'produced'
        WHERE j.traced GROUP BY j.id HAVING sum(m.quantity) <> j.good - (
          SELECT coalesce(sum(r.good), 0) FROM result r WHERE r.job = j.id AND r.returned_by IS NOT NULL)""",
    "the second operation has taken the pieces that it worked on, as far as there were any": """
        SELECT j.number FROM job j JOIN job_output o ON o.job = j.id WHERE j.op = 20 AND j.traced
        GROUP BY j.id HAVING sum(o.pieces) < (
          SELECT coalesce(sum(s.drawn), 0) FROM job_supply s WHERE s.job = j.id AND s.line = '/10')""",
}
"""Rows that must not be there."""


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("ledger"), ["orders", "production", "quality"]) as world:
        await define_lots(world)
        yield world


class Shift:
    """A busy shift: people do this and that; what is refused changes nothing."""

    def __init__(self, floor: httpx.AsyncClient, chance: random.Random, jobs: list[dict[str, Any]]) -> None:
        self.floor, self.chance, self.jobs = floor, chance, jobs
        self.lots: list[str] = []
        self.results: list[str] = []
        self.scans: list[str] = []

    async def receive(self) -> None:
        """A delivery."""
        item = self.chance.choice(["COIL", "PLATE", "GLUE"])
        self.lots.append(await receive(self.floor, item, self._quantity()))

    async def report(self) -> None:
        """Pieces, good and bad, some to be reworked, some that were."""
        body: dict[str, Any] = {"good": self.chance.randint(0, 9), "rework": self.chance.choice([0, 0, 2])}
        if self.chance.random() < 0.3:
            body["scrap"] = [{"defect": "BURR", "quantity": self.chance.randint(1, 3)}]
        elif self.chance.random() < 0.2:
            body = {"good": 1, "reworked": True}
        if answer := await self._try(f"/jobs/{self._job()}/results", **body):
            self.results.append(answer["id"])

    async def scan(self) -> None:
        """A lot for a job, the right one or not; sometimes it is in the machine already."""
        if self.lots:
            more = {"quantity": self._quantity()} if self.chance.random() < 0.5 else {}
            used = self.chance.random() < 0.3
            answer = await self._try(
                f"/jobs/{self._job()}/consumptions", lot=self.chance.choice(self.lots), used=used, **more
            )
            self.scans += [answer["id"]] if answer else []

    async def take_back(self) -> None:
        """A report or a scan that was wrong."""
        if self.results and self.chance.random() < 0.6:
            await self._try(f"/results/{self.chance.choice(self.results)}/reverse", reason="오입력")
        elif self.scans:
            await self._try(f"/lot-movements/{self.chance.choice(self.scans)}/reverse", reason="오스캔")

    async def store(self) -> None:
        """The movements of the store."""
        if len(self.lots) < 2:
            return
        lot, other = self.chance.sample(self.lots, 2)
        what = self.chance.choice(["split", "merge", "count", "ship", "hold"])
        if what == "merge":
            answer = await self._try("/lots/merge", lots=[lot, other])
        elif what == "hold":
            answer = await self._try(f"/lots/{lot}/hold", reason="확인")
        else:
            facts = {"count": {"reason": "실사"}, "ship": {"customer": "대성"}, "split": {}}[what]
            answer = await self._try(f"/lots/{lot}/{what}", quantity=self._quantity(), **facts)
        if answer and what in ("split", "merge"):
            self.lots.append(answer["lot"])

    def _job(self) -> str:
        return str(self.chance.choice(self.jobs)["id"])

    def _quantity(self) -> str:
        return f"{self.chance.uniform(0.6, 12):.{self.chance.choice([0, 1, 3])}f}"

    async def _try(self, path: str, **body: Any) -> dict[str, Any] | None:
        answer = await self.floor.post(path, json=body, headers=key())
        assert answer.status_code < 500, (path, body, answer.text)
        outcome: dict[str, Any] = answer.json()
        return outcome if answer.status_code < 300 else None


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
async def test_a_busy_shift_conserves_every_quantity(world: World, seed: int) -> None:
    chance = random.Random(seed)
    async with world.client("production", "operator", "quality", "leader") as floor:
        jobs = [job for _ in range(2) for job in await jobs_for(world, floor)]
        shift = Shift(floor, chance, jobs)
        for _ in range(STEPS):
            act = chance.choice([shift.receive, shift.report, shift.report, shift.scan, shift.take_back, shift.store])
            await act()
        wrong = {law: await world.fetch("production", query) for law, query in WRONG.items()}
        assert {law: rows for law, rows in wrong.items() if rows} == {}
        assert shift.results
        assert shift.scans


async def test_a_recall_of_everything_accounts_for_everything(world: World) -> None:
    async with world.client("production", "operator", "quality", "leader") as floor:
        stamping, assembly = await jobs_for(world, floor, quantity=50)
        coil = await receive(floor, "COIL", 30)
        await post(floor, f"/jobs/{stamping['id']}/consumptions", lot=coil, quantity=30)
        await post(floor, f"/jobs/{stamping['id']}/results", good=20)
        balance = (await floor.get(f"/lots/{coil}/recall")).json()["balance"]
        assert (balance["used"], balance["at_jobs"], balance["percent"]) == ("11", "19", "100")
        for command in ("start", "finish"):
            await floor.post(f"/jobs/{stamping['id']}/{command}", headers=key())
        balance = (await floor.get(f"/lots/{coil}/recall")).json()["balance"]
        assert (balance["at_jobs"], balance["unexplained"], balance["percent"]) == ("0", "19", "36.7")
        assert assembly["op"] == 20
