"""Genealogy on a history of a million consumptions: a trace and a recall through the gateway, against the bare walk
in PostgreSQL."""

import http.client
import json
import random
import statistics
import time
from typing import Any

import asyncpg

from tests.bench.harness import ROUNDS, Figure, console, furnished, percentile, spread
from tests.support.floor import Floor
from tests.support.lot_history import LEVELS, fill_lot_history
from tests.support.suite import Suite

REQUESTS = 20
LAST = len(LEVELS) - 1
WALKS = {
    "backward": "SELECT e.source FROM lot_edge e WHERE e.target = walk.lot",
    "forward": "SELECT e.target FROM lot_edge e WHERE e.source = walk.lot",
}
WALK = (
    "WITH RECURSIVE walk (lot) AS (SELECT $1::text UNION SELECT next.* FROM walk, LATERAL ({} OFFSET 0) AS next)"
    " SELECT lot FROM walk"
)
QUESTIONS = {
    "backward": ("trace?direction=backward&limit=5000", LAST, "a finished lot traced back to its coils"),
    "forward": ("trace?direction=forward&limit=5000", 0, "a coil traced forward to what was shipped"),
    "recall": ("recall", 0, "the recall of a coil"),
    "drum": ("recall", None, "the recall of a drum of glue that is in 4,000 lots"),
}


async def measure() -> list[Figure]:
    """Alternate questions to the API and bare walks, about other lots each time."""
    async with furnished(processes=False, orders=1) as (suite, floor):
        count = await fill_lot_history(suite.database_url("dure_production"))
        console.print(f"  {count:,} consumptions of {sum(LEVELS):,} lots")
        return [await _question(suite, floor, name, count) for name in QUESTIONS]


async def _question(suite: Suite, floor: Floor, name: str, count: int) -> Figure:
    what, level, meaning = QUESTIONS[name]
    chosen = random.Random(name)
    connection = await asyncpg.connect(suite.database_url("dure_production"), timeout=5)
    door = http.client.HTTPConnection("127.0.0.1", suite.port, timeout=20)
    asked, walked, sizes = [], [], []
    try:
        for _ in range(ROUNDS):
            for _ in range(REQUESTS if level is not None else 1):
                lot = "DRUM" if level is None else f"L{level}-{chosen.randrange(LEVELS[level])}"
                begun = time.perf_counter()
                answer = _ask(door, floor.token, f"/api/v1/production/lots/{lot}/{what}")
                asked.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                lots = await connection.fetch(WALK.format(WALKS["backward" if name == "backward" else "forward"]), lot)
                walked.append(time.perf_counter() - begun)
                assert len(answer.get("nodes", answer.get("lots"))) == len(lots)
                sizes.append(len(lots))
    finally:
        door.close()
        await connection.close()
    return Figure(
        f"{meaning}, {count:,} consumptions",
        "≤ 1 s",
        f"{spread([one * 1e3 for one in asked], '.0f')} ms, p95 {percentile(asked, 0.95) * 1e3:.0f} ms;"
        f" {spread(sizes, '.0f')} lots",
        f"{spread([one * 1e3 for one in walked], '.1f')} ms, the bare walk",
        {
            "asked_s": asked,
            "walked_s": walked,
            "lots": sizes,
            "ratio": statistics.median(asked) / statistics.median(walked),
        },
    )


def _ask(door: http.client.HTTPConnection, token: str, path: str) -> dict[str, Any]:
    door.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer: dict[str, Any] = json.loads(door.getresponse().read())
    return answer
