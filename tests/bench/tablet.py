"""Row 12: what a tablet loads at its first visit, and how soon it answers a touch without a network on a slow
processor."""

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page

from tests.bench.harness import Figure, percentile, spread
from tests.support.browser import Window, chromium
from tests.support.caller import Caller, Shop
from tests.support.press import MACHINE, OPERATOR, PIN, prepare
from tests.support.suite import running_suite
from tests.support.wire import Wire

SLOWER = 4
TOUCHES = 30
QUEUED = (0, 3000)
FIRST_LOAD_KB = 120
FIRST_LOAD_FILES = 60
ANSWER_MS = 100
FILL = """async ({ machine, number, total }) => {
    const main = await import("/js/main.js"); // it is there without a network
    const { add } = main.$js_floor_queue_js;
    const { report } = main.$js_floor_commands_js;
    const { cachedValue } = main.$js_floor_cache_js;
    const job = (await cachedValue(`station/${machine}`)).station.jobs.find((one) => one.number === number);
    for (let index = 0; index < total; index++) {
        await add({ ...report(job, machine, { good: 1, scrap: [] }), person: "OP7", device: null });
    }
}"""
TOUCH = """() => new Promise((done) => {
    const shown = document.querySelector('[data-testid="job-good"]');
    const button = document.querySelector('[data-testid="good-plus-box"]');
    const begun = performance.now();
    new MutationObserver((_, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
    }).observe(shown, { attributes: true, attributeFilter: ["data-value"] });
    button.click();
})"""


async def measure() -> list[Figure]:
    """One tablet, first with an empty queue, then with that of a whole shift."""
    with TemporaryDirectory(prefix="dure-bench-") as folder, running_suite(Path(folder) / "data") as suite:
        async with Shop(suite) as shop, Wire(suite.port) as wire, chromium() as browser:
            admin = await prepare(shop, orders=1)
            window = await Window.open(browser, wire.address, has_touch=True, service_workers="allow")
            loaded = await _first_visit(window, admin)
            await window.find("job-start").click()
            number = (await window.page.locator(".job").get_attribute("data-testid") or "")[4:-3]
            await window.find("good-plus-box").wait_for()
            await wire.cut()
            session = await window.context.new_cdp_session(window.page)
            figures = [_first_load(loaded)]
            for queued in QUEUED:
                await window.page.evaluate(FILL, {"machine": MACHINE, "number": number, "total": queued})
                await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                figures.append(_answers(queued, await _touches(window.page)))
                await session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            return figures


async def _first_visit(window: Window, admin: Caller) -> dict[str, int]:
    """Bytes on the wire of each file, from the enrolment link to the operator's screen."""
    session = await window.context.new_cdp_session(window.page)
    paths: dict[str, str] = {}
    loaded: dict[str, int] = {}
    await session.send("Network.enable")
    session.on(
        "Network.responseReceived",
        lambda parameters: paths.update({parameters["requestId"]: parameters["response"]["url"]}),
    )

    def finished(parameters: dict[str, object]) -> None:
        url = paths.get(str(parameters["requestId"]), "")
        if url and "/api/" not in url:
            loaded[url] = loaded.get(url, 0) + int(str(parameters["encodedDataLength"]).split(".")[0])

    session.on("Network.loadingFinished", finished)
    invited = await admin.post("/device-enrolments", {"name": "tablet", "machine": MACHINE})
    await window.join(f"{window.address}/devices#enrol={invited['code']}")
    await window.sign_in_by_pin(OPERATOR, PIN)
    await window.find("job-start").wait_for()
    return loaded


def _first_load(loaded: dict[str, int]) -> Figure:
    total = sum(loaded.values()) / 1024
    return Figure(
        "the tablet: first load, enrolment to the operator's screen",
        f"≤ {FIRST_LOAD_KB} KB in ≤ {FIRST_LOAD_FILES} files",
        f"{total:.0f} KB in {len(loaded)} files",
        "–",
        {"kilobytes": total, "files": len(loaded)},
    )


async def _touches(page: Page) -> list[float]:
    """Milliseconds from a touch to the picture that answers it."""
    answers = []
    for _ in range(TOUCHES):
        await page.wait_for_timeout(700)
        answers.append(await page.evaluate(TOUCH))
    return answers


def _answers(queued: int, answers: list[float]) -> Figure:
    return Figure(
        f"a touch without a network, processor {SLOWER}× slower, {queued} commands queued",
        f"≤ {ANSWER_MS} ms",
        f"{spread(answers, '.0f')} ms, p95 {percentile(answers, 0.95):.0f} ms",
        "–",
        {"median": statistics.median(answers), "all": answers},
    )
