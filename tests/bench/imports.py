"""A file of 10,000 rows: checked, applied, applied again with changes; against COPY of the same rows. And what
everybody else waits for meanwhile."""

import asyncio
import time
from typing import Any

import asyncpg
import httpx

from tests.bench.harness import ROUNDS, Figure, console, furnished, percentile, spread
from tests.support.floor import Floor
from tests.support.world import key

ROWS = 10_000
TABLE = "CREATE TABLE IF NOT EXISTS bench_item (code text PRIMARY KEY, name text, kind text, unit text, box numeric)"
LOOK_EVERY_S = 0.02


async def measure() -> list[Figure]:
    """Alternate COPY and the imports of items, then of routings, each round with codes of its own."""
    async with furnished(processes=False) as (suite, floor):
        connection = await asyncpg.connect(suite.database_url("dure_orders"), timeout=5)
        try:
            await connection.execute(TABLE)
            items, waits = await _items(floor, connection)
            return [*items, *await _routings(floor, connection), waits]
        finally:
            await connection.close()


def _rows(round_: int, box: int) -> list[tuple[str, str, str, str, int]]:
    return [(f"B{round_}-{row:05}", f"품목 {row}", "완제품", "EA", box + row % 50) for row in range(ROWS)]


async def _items(floor: Floor, connection: "asyncpg.Connection[asyncpg.Record]") -> tuple[list[Figure], Figure]:
    taken: dict[str, list[float]] = {"checked": [], "applied": [], "changed": []}
    limits: list[float] = []
    waits: list[float] = []
    async with floor.client() as client:
        client.timeout = httpx.Timeout(120)
        for round_ in range(ROUNDS):
            limits.append(await _copy(connection, _rows(round_, 10)))
            for name, box, dry_run, verdict in (
                ("checked", 10, "true", "created"),
                ("applied", 10, "false", "created"),
                ("changed", 11, "false", "updated"),
            ):
                lines = (",".join(map(str, row)) for row in _rows(round_, box))
                file = "품번,품명,구분,단위,박스수량\n" + "\n".join(lines)
                await _published(connection)
                watch = asyncio.create_task(_watch(client, waits))
                taken[name].append(await _import(client, "items", file, dry_run, verdict))
                watch.cancel()
            console.print(
                f"  items {round_ + 1}/{ROUNDS}: " + ", ".join(f"{k} {v[-1]:.2f} s" for k, v in taken.items())
            )
    limit = f"{spread([limit * 1e3 for limit in limits], '.0f')} ms, COPY of the rows"
    figures = [
        Figure(f"{ROWS:,} items {name}", "≤ 5 s", f"{spread(found)} s", limit, {"seconds": found, "copy_s": limits})
        for name, found in taken.items()
    ]
    worst = [wait * 1e3 for wait in waits]
    waited = Figure(
        "another request while they run, p50 / p99",
        "p99 ≤ 200 ms",
        f"{percentile(worst, 0.5):.1f} / {percentile(worst, 0.99):.0f} ms (at most {max(worst):.0f})",
        f"{len(worst)} requests",
        {"waits_ms": [round(wait, 2) for wait in worst]},
    )
    return figures, waited


async def _routings(floor: Floor, connection: "asyncpg.Connection[asyncpg.Record]") -> list[Figure]:
    """Four operations an item, for items of the first round."""
    taken: dict[str, list[float]] = {"checked": [], "applied": []}
    async with floor.client() as client:
        client.timeout = httpx.Timeout(120)
        await client.put("/orders/work-centers/BENCH", json={"name": "작업장"})
        for round_ in range(ROUNDS):
            lines = (
                f"B{round_}-{row // 4:05},{10 * (row % 4 + 1)},공정 {row % 4},BENCH,{row % 9 + 1}"
                for row in range(ROWS)
            )
            file = "품번,공정순서,공정명,작업장,사이클타임(초)\n" + "\n".join(lines)
            await _published(connection)
            for name, dry_run in (("checked", "true"), ("applied", "false")):
                taken[name].append(await _import(client, "routings", file, dry_run, "created"))
            console.print(
                f"  routings {round_ + 1}/{ROUNDS}: " + ", ".join(f"{k} {v[-1]:.2f} s" for k, v in taken.items())
            )
    return [
        Figure(f"{ROWS:,} operations of routings {name}", "≤ 8 s", f"{spread(found)} s", "–", {"seconds": found})
        for name, found in taken.items()
    ]


async def _published(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Until the events of the import before are published, and a moment for those who read them."""
    while await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL"):
        await asyncio.sleep(0.2)
    await asyncio.sleep(3)


async def _copy(connection: "asyncpg.Connection[asyncpg.Record]", rows: list[tuple[Any, ...]]) -> float:
    begun = time.perf_counter()
    await connection.copy_records_to_table("bench_item", records=rows)
    return time.perf_counter() - begun


async def _import(client: httpx.AsyncClient, kind: str, file: str, dry_run: str, verdict: str) -> float:
    begun = time.perf_counter()
    answer = await client.post(
        "/orders/imports",
        files={"file": ("bench.csv", file.encode())},
        data={"kind": kind, "dry_run": dry_run},
        headers=key(),
    )
    took = time.perf_counter() - begun
    summary = answer.json().get("summary", {})
    if summary.get(verdict) != ROWS:
        raise RuntimeError(f"{answer.status_code} {summary or answer.text[:500]}")
    return took


async def _watch(client: httpx.AsyncClient, waits: list[float]) -> None:
    """Look at the machines again and again, from now until cancelled; a latency counts from when it was due."""
    due = time.perf_counter()
    while True:
        await client.get("/production/machines")
        waits.append(time.perf_counter() - due)
        due = max(due + LOOK_EVERY_S, time.perf_counter())
        await asyncio.sleep(due - time.perf_counter())
