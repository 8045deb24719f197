"""The order board with 5,000 open orders: a page of the list against a bare SELECT of the same rows, and what a
planner waits for in the browser."""

import http.client
import json
import statistics
import time
from typing import Any

import asyncpg

from tests.bench.harness import ROUNDS, Figure, console, furnished, percentile, spread
from tests.support.browser import Window, chromium
from tests.support.floor import PASSWORD, Floor
from tests.support.order_book import fill_order_book
from tests.support.suite import Suite

ORDERS = 5000
PAGE = 200
REQUESTS = 20
OPEN = "draft,planned,released,in_progress,on_hold"
ROWS = (
    f"SELECT o.*, i.name AS item_name, i.unit FROM work_order AS o JOIN item AS i ON i.code = o.item"
    f" WHERE o.state = ANY(string_to_array('{OPEN}', ',')) ORDER BY o.due_at, o.number LIMIT {PAGE}"
)
OPERATIONS = "SELECT * FROM work_order_operation WHERE work_order = ANY($1) ORDER BY op"
WAITS = """async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const painted = async (act) => {
        const begun = performance.now();
        act();
        await frame();
        await new Promise((done) => {
            const channel = new MessageChannel();
            channel.port1.onmessage = done;
            requestAnimationFrame(() => channel.port2.postMessage(0));
        });
        return performance.now() - begun;
    };
    const input = document.querySelector(".search input");
    const type = (text) => () => { input.value = text; input.dispatchEvent(new Event("input", { bubbles: true })); };
    const measured = { key: [], filter: [], frames: [], rows: 0 };
    for (const text of ["대", "대성", "대성 HB", "대성 HB2", "B-0", "B-01", "zzz", ""]) {
        measured.key.push(await painted(type(text)));
        await pause(60);
    }
    for (const name of ["late", "released", "in_progress", "open"]) {
        measured.filter.push(await painted(() => document.querySelector(`[data-testid=filter-${name}]`).click()));
        await pause(60);
    }
    const scroll = async (box) => {
        const frames = [];
        let last = await frame();
        for (let step = 0; step < 150; step += 1) {
            box.scrollTop += 252;
            const now = await frame();
            frames.push(now - last);
            last = now;
        }
        return frames;
    };
    const board = document.querySelector(".orders-table");
    measured.rows = board.querySelectorAll("tbody tr").length;
    measured.frames = await scroll(board);
    board.scrollTop = 0;
    await pause(100);
    // the same rows, all of them in the page and none ever drawn anew: what the browser itself needs to scroll
    const still = board.cloneNode(true);
    const rows = [...still.querySelectorAll("tbody tr")];
    still.firstElementChild.style.padding = "0";
    while (still.querySelectorAll("tbody tr").length < 640) still.querySelector("tbody").append(...rows.map((row) =>
    row.cloneNode(true)));
    board.replaceWith(still);
    measured.still = await scroll(still);
    return measured;
}"""
"""From a keystroke or a touch to the frame after the rows were drawn; then 150 frames of fast scrolling, four rows
each, and the same with rows that stand still."""


async def measure() -> list[Figure]:
    """Alternate pages of the API and SELECTs, then sit down in front of the board."""
    async with furnished(processes=False) as (suite, floor):
        await fill_order_book(suite.database_url("dure_orders"), ORDERS)
        return [await _pages(suite, floor), *await _board(suite)]


async def _pages(suite: Suite, floor: Floor) -> Figure:
    connection = await asyncpg.connect(suite.database_url("dure_orders"), timeout=5)
    door = http.client.HTTPConnection("127.0.0.1", suite.port, timeout=20)
    pages, selects = [], []
    try:
        for _ in range(ROUNDS):
            pages.append(statistics.median(_page(door, floor.token) for _ in range(REQUESTS)))
            selects.append(statistics.median([await _select(connection) for _ in range(REQUESTS)]))
    finally:
        door.close()
        await connection.close()
    ratios = [page / select for page, select in zip(pages, selects, strict=True)]
    return Figure(
        f"a page of {PAGE} of {ORDERS:,} open orders, p50",
        "≤ 5 ×",
        f"{spread(ratios)} × = {spread([page * 1e3 for page in pages])} ms",
        f"{spread([select * 1e3 for select in selects])} ms, two bare SELECTs",
        {"ratios": ratios, "page_s": pages, "select_s": selects},
    )


def _page(door: http.client.HTTPConnection, token: str) -> float:
    begun = time.perf_counter()
    door.request(
        "GET",
        f"/api/v1/orders/work-orders?state={OPEN}&limit={PAGE}",
        headers={"Authorization": f"Bearer {token}"},
    )
    answer = door.getresponse().read()
    took = time.perf_counter() - begun
    assert len(json.loads(answer)["items"]) == PAGE
    return took


async def _select(connection: "asyncpg.Connection[asyncpg.Record]") -> float:
    begun = time.perf_counter()
    rows = await connection.fetch(ROWS)
    await connection.fetch(OPERATIONS, [row["id"] for row in rows])
    return time.perf_counter() - begun


async def _board(suite: Suite) -> list[Figure]:
    loads: list[float] = []
    measured: list[dict[str, Any]] = []
    async with chromium() as browser:
        window = await Window.open(browser, suite.address, service_workers="allow")
        await window.sign_in("/", login="kim", password=PASSWORD)
        for round_ in range(ROUNDS):
            begun = time.perf_counter()
            await window.page.goto(f"{suite.address}/orders")
            await window.page.locator(f'[data-orders="{ORDERS + 4}"][data-complete="true"]').wait_for()
            loads.append(time.perf_counter() - begun)
            measured.append(await window.page.evaluate(WAITS))
            console.print(f"  board {round_ + 1}/{ROUNDS}: all orders after {loads[-1]:.2f} s")
        await window.context.close()
    keys = [statistics.median(one["key"]) for one in measured]
    filters = [statistics.median(one["filter"]) for one in measured]
    frames = [statistics.mean(one["frames"]) for one in measured]
    still = [statistics.mean(one["still"]) for one in measured]
    ratios = [mine / plain for mine, plain in zip(frames, still, strict=True)]
    most = max(one["rows"] for one in measured)
    return [
        Figure(
            "keystroke in the search → rows painted",
            "≤ 100 ms",
            f"{spread(keys, '.0f')} ms",
            f"{spread(filters, '.0f')} ms for a filter",
            {"key_ms": [one["key"] for one in measured], "filter_ms": [one["filter"] for one in measured]},
        ),
        Figure(
            "scrolling the board, four rows a frame",
            "≤ 1.5 ×",
            f"{spread(ratios)} × = {spread(frames, '.0f')} ms a frame, {most} rows in the page",
            f"{spread(still, '.0f')} ms a frame with 640 rows that are never drawn anew",
            {
                "ratios": ratios,
                "frames_ms": [one["frames"] for one in measured],
                "still_ms": [one["still"] for one in measured],
                "p95_ms": [percentile(one["frames"], 0.95) for one in measured],
            },
        ),
        Figure(
            f"page opened → all {ORDERS:,} orders there",
            "≤ 5 s",
            f"{spread(loads)} s",
            "26 pages one after the other",
            {"load_s": loads},
        ),
    ]
