"""What an operator does all day, in no more touches than the floor allows; with a network and without one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.async_api import Browser, Locator, Playwright, expect

from tests.support.browser import PATIENCE_MS, Window
from tests.support.caller import Caller, Shop
from tests.support.film import film_of
from tests.support.press import MACHINE, OPERATOR, PIN, SECOND, prepare, release_order, until
from tests.support.suite import Suite, running_suite
from tests.support.tablet import Tablet, scan
from tests.support.waiting import receive
from tests.support.wire import Wire
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
COIL = "RM-SPHC20"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    nearby = {"DURE_PRINTER_NETWORKS": '["127.0.0.0/8"]'}
    with running_suite(tmp_path_factory.mktemp("touches") / "data", **nearby) as suite:
        yield suite


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        admin = await prepare(shop, orders=0)
        coil = {"name": {"ko": "열연코일", "en": "coil"}, "kind": "raw", "unit": "kg", "lot_tracked": True}
        await admin.put(f"/orders/items/{COIL}", coil)
        await admin.put("/orders/items/RM-OTHER", coil)
        bom = {"lines": [{"component": COIL, "quantity": "0.4"}]}
        await admin.put("/orders/boms/HB1001", bom)
        for lot, item in (("C-OLD", COIL), ("C-NEW", COIL), ("C-HELD", COIL), ("X-0001", "RM-OTHER")):
            await receive(admin, item=item, quantity="5000", lot=lot)
        await admin.post("/production/lots/C-HELD/hold", {"reason": "rust"})
        yield admin


class Finger:
    """Counts what an operator touches."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.touches = 0

    async def __call__(self, name: str, within: Locator | None = None) -> None:
        self.touches += 1
        await (within or self.window.page).get_by_test_id(name).first.click()

    def count(self) -> int:
        """The touches since the last count."""
        touches, self.touches = self.touches, 0
        return touches


@pytest.fixture
async def wire(suite: Suite) -> AsyncIterator[Wire]:
    async with Wire(suite.port) as wire:
        yield wire


@pytest.fixture
async def tablet(wire: Wire, admin: Caller, browser: Browser) -> AsyncIterator[Window]:
    window = await Window.open(browser, wire.address, has_touch=True)
    invited = await admin.post("/device-enrolments", {"name": "tablet", "machine": MACHINE})
    await window.join(f"{wire.address}/devices#enrol={invited['code']}")
    await window.sign_in_by_pin(OPERATOR, PIN)
    yield window
    await window.context.close()


@pytest.fixture
async def order(admin: Caller, tablet: Window) -> AsyncIterator[dict[str, Any]]:
    order = await release_order(admin)
    await expect(tablet.find(f"job-{order['number']}-10")).to_be_visible()
    yield order
    job = await until(admin, order)
    if job["state"] in ("running", "paused"):
        await admin.post(f"/production/jobs/{job['id']}/finish")


def card(window: Window, order: dict[str, Any]) -> Locator:
    """The job that the screen is about."""
    return window.page.locator(f'.job[data-testid="job-{order["number"]}-10"]')


async def test_a_working_day_takes_no_more_touches_than_the_floor_allows(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    touch = Finger(tablet)
    await scan(tablet, f"DURE:OP:{order['number']}:10")
    await expect(card(tablet, order)).to_be_visible()
    await touch("job-start")
    await expect(card(tablet, order)).to_have_attribute("data-state", "running")
    assert touch.count() == 1, "start: a scan and a touch"

    await touch("good-plus-box")
    await expect(tablet.find("job-good")).to_have_attribute("data-value", "200")
    assert touch.count() == 1, "a box: a touch"

    await touch("scrap-open")
    await touch("scrap-BURR")
    await touch("report-submit")
    await expect(tablet.find("job-scrap")).to_have_attribute("data-value", "1")
    assert touch.count() == 3, "scrap: three touches"

    await touch("job-pause")
    await touch("reason-U2")
    await expect(card(tablet, order)).to_have_attribute("data-state", "paused")
    assert touch.count() == 2, "a stop that no counter tells of: the grid, and its reason"
    await touch("job-start")
    await expect(card(tablet, order)).to_have_attribute("data-state", "running")
    touch.count()

    await touch("andon-open")
    await touch("andon-maintenance")
    await expect(tablet.find("call-maintenance")).to_be_visible()
    assert touch.count() == 2, "a call: two touches"

    async def calls() -> list[Any]:
        found: list[Any] = (await admin.get("/production/andon-calls", state="open"))["items"]
        return found

    [call] = await eventually(calls, bool)
    assert (call["machine"], call["kind"]) == (MACHINE, "maintenance")
    await admin.post(f"/production/andon-calls/{call['id']}/resolve")

    await touch("job-finish")
    await touch("job-finish", tablet.find("finish-sheet"))
    await expect(card(tablet, order)).to_have_count(0)
    assert touch.count() == 2, "finish: two touches"
    await until(admin, order, state="done", good="200", scrap="1")
    assert tablet.complaints == []


async def test_a_finger_that_bounces_and_half_a_double_click_do_not_touch_what_lay_below_a_sheet(
    tablet: Window,
) -> None:
    touched = await tablet.page.evaluate("""() => {
        const below = document.createElement("button"), sheet = document.createElement("button");
        const touched = [];
        below.onclick = (event) => touched.push(event.clientX);
        sheet.onclick = () => sheet.remove();
        document.body.append(below, sheet);
        const point = (pointerType, on, x, detail = 1) => on.dispatchEvent(new PointerEvent("click",
        { pointerType, detail, bubbles: true, cancelable: true, clientX: x, clientY: 300 }));
        point("touch", sheet, 500);
        point("touch", below, 507);
        point("mouse", below, 508, 2);
        point("mouse", below, 509);
        point("touch", below, 700);
        below.remove();
        return touched;
    }""")
    assert touched == [509, 700]


async def test_the_right_coil_goes_in_by_a_scan_and_a_wrong_one_is_stopped_with_the_reason(
    tablet: Window, wire: Wire, admin: Caller, order: dict[str, Any]
) -> None:
    await tablet.find(f"job-{order['number']}-10").click()
    await tablet.find("job-start").click()
    await tablet.find("material-open").click()
    lots = tablet.page.locator(".material-lots .tile")
    await expect(lots.first).to_contain_text("C-OLD")
    news = tablet.find("material-news")

    tablet.expect_refusal(422)
    await scan(tablet, "C-HELD")
    await expect(news).to_have_attribute("data-tone", "stop")
    await expect(news).to_contain_text("rust")
    tablet.expect_refusal(422)
    await scan(tablet, "X-0001")
    await expect(news).to_contain_text("RM-OTHER")
    await scan(tablet, "C-OLD")
    await expect(news).to_have_attribute("data-tone", "run")
    await expect(tablet.page.locator(".material-in")).to_contain_text("C-OLD")

    await wire.cut()
    await expect(tablet.find("connection")).to_have_attribute("data-state", "offline")
    await scan(tablet, "C-UNKNOWN")
    await expect(news).to_have_attribute("data-tone", "stop")
    await scan(tablet, "C-NEW")
    await expect(news).to_have_attribute("data-tone", "run")
    await wire.mend()
    await expect(tablet.find("queue-depth")).to_have_text("0")
    job = await until(admin, order)

    async def used() -> set[str]:
        items = (await admin.get(f"/production/jobs/{job['id']}/materials"))["items"]
        return {lot["lot"] for item in items for lot in item["lots"]}

    assert await eventually(used, lambda lots: len(lots) > 1) == {"C-OLD", "C-NEW"}


async def test_set_up_first_piece_and_crew_are_told_from_the_tablet(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    await tablet.find(f"job-{order['number']}-10").click()
    await tablet.find("job-start").click()
    for phase, state in (("setup", "setup"), ("first_off", "setup"), ("production", "running")):
        await tablet.find("more-open").click()
        await tablet.find(f"more-phase-{phase}").click()
        await expect(tablet.find("machine-state")).to_have_attribute("data-state", state)
        await until(admin, order, phase=phase)
    await tablet.find("more-open").click()
    await tablet.find("more-crew").click()
    await tablet.find(f"crew-{SECOND}").click()
    await expect(tablet.find(f"crew-{SECOND}")).to_have_attribute("aria-pressed", "true")

    async def crew() -> set[str]:
        return {one["person"] for one in (await until(admin, order))["crew"]}

    assert await eventually(crew, lambda crew: len(crew) == 2) == {OPERATOR, SECOND}


async def test_who_comes_says_so_beside_the_work_and_who_goes_home_without_a_network_has_gone(
    tablet: Window, wire: Wire, admin: Caller, order: dict[str, Any]
) -> None:
    async def there() -> dict[str, Any]:
        return {one["person"]: one for one in (await admin.get("/production/attendance"))["items"]}

    async def crew() -> list[str]:
        return [one["person"] for one in (await until(admin, order))["crew"]]

    await expect(tablet.find("come")).to_contain_text("출근")
    await tablet.find(f"job-{order['number']}-10").click()
    await tablet.find("job-start").click()
    await expect(card(tablet, order)).to_have_attribute("data-state", "running")
    assert await eventually(crew, bool) == [OPERATOR], "the question kept nobody from working"
    await tablet.find("come").click()
    await expect(tablet.find("come")).to_have_count(0)
    came = (await eventually(there, lambda there: bool(there.get(OPERATOR, {}).get("begins"))))[OPERATOR]["begins"]

    await wire.cut()
    await expect(tablet.find("connection")).to_have_attribute("data-state", "offline")
    await tablet.find("person").click()
    await expect(tablet.find("attendance")).to_have_attribute("data-state", "in")
    await expect(tablet.find("attendance")).to_contain_text(await shop_time(tablet, came))
    await tablet.find("attendance-out").click()
    await expect(tablet.find("attendance")).to_have_attribute("data-state", "out")
    await tablet.find("sign-out").click()
    await expect(tablet.find("sign-in-person").first).to_be_visible()
    assert OPERATOR in await there(), "the office has not heard of it"
    await wire.mend()
    assert OPERATOR not in await eventually(there, lambda there: OPERATOR not in there)
    assert await eventually(crew, lambda crew: not crew) == []

    await tablet.sign_in_by_pin(OPERATOR, PIN)
    await tablet.find("person").click()
    await expect(tablet.find("attendance")).to_have_attribute("data-state", "out")
    await expect(tablet.find("come")).to_have_count(0)
    await tablet.find("attendance-in").click()
    await expect(tablet.find("attendance")).to_have_attribute("data-state", "in")
    assert OPERATOR in await eventually(there, lambda there: OPERATOR in there)


async def test_a_finished_job_prints_its_label_and_says_when_the_printer_did_not(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    taken: asyncio.Queue[str] = asyncio.Queue()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await taken.put((await reader.read()).decode())
        writer.close()

    async def finish(number: str) -> None:
        await tablet.find(f"job-{number}-10").click()
        await tablet.find("job-start").click()
        await tablet.find("good-plus-box").click()
        await expect(tablet.find("job-good")).to_have_attribute("data-value", "200")
        await tablet.find("job-finish").click()
        await tablet.find("finish-sheet").get_by_test_id("job-finish").click()

    printer = await asyncio.start_server(take, "127.0.0.1", 0)
    port = printer.sockets[0].getsockname()[1]
    place = {"name": "포장 라벨", "host": "127.0.0.1", "port": port, "machines": [MACHINE]}
    await admin.put("/production/printers/ZD1", place)
    async with printer:
        await finish(order["number"])
        assert order["number"] in await asyncio.wait_for(taken.get(), 20)
    await expect(tablet.find("queue-depth")).to_have_text("0")
    await expect(tablet.find("label-open")).to_have_count(0)

    following = await release_order(admin)
    await expect(tablet.find(f"job-{following['number']}-10")).to_be_visible()
    await finish(following["number"])
    await expect(tablet.find("label-open")).to_contain_text("ZD1")
    async with tablet.context.expect_page() as opened:
        await tablet.find("label-open").click()
    page = await opened.value
    await expect(page.get_by_test_id("label")).to_be_visible()
    await expect(tablet.find("label-open")).to_have_count(0)
    await admin.put("/production/printers/ZD1", place | {"active": False})


async def test_who_takes_over_a_running_job_joins_it_by_one_touch(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    async def crew() -> set[str]:
        return {one["person"] for one in (await until(admin, order))["crew"]}

    await tablet.find(f"job-{order['number']}-10").click()
    await tablet.find("job-start").click()
    await expect(card(tablet, order)).to_have_attribute("data-state", "running")
    await expect(tablet.find("crew-join")).to_have_count(0)
    await tablet.find("person").click()
    await tablet.find("sign-out").click()
    await tablet.sign_in_by_pin(SECOND, PIN)
    await tablet.find("crew-join").click()
    await expect(tablet.find("crew-join")).to_have_count(0)
    assert await eventually(crew, lambda crew: len(crew) == 2) == {OPERATOR, SECOND}


async def shop_time(window: Window, moment: str) -> str:
    """As the clock on the wall says it."""
    script = "moment => import('/js/main.js').then((main) => main.$js_lib_format_js.clock(moment))"
    return str(await window.page.evaluate(script, moment))


async def test_a_note_for_the_next_shift_is_read_and_pieces_without_an_order_wait_for_a_leader(
    tablet: Window, wire: Wire, admin: Caller, order: dict[str, Any]
) -> None:
    await admin.post(f"/production/machines/{MACHINE}/handovers", {"note": "가이드핀 확인"})
    await tablet.page.reload()
    await tablet.settled()
    await tablet.find("handover-open").click()
    await expect(tablet.find("handover-note").first).to_contain_text("가이드핀")
    await wire.cut()
    await tablet.find("handover-read").click()
    await expect(tablet.find("handover-read")).to_have_count(0)
    await tablet.find("handover-phrase").nth(2).click()
    await tablet.find("handover-send").click()
    await tablet.find("more-open").click()
    await tablet.find("more-unassigned").click()
    sheet = tablet.find("report-sheet")
    await sheet.get_by_test_id("good-input").fill("37")
    await expect(sheet.get_by_test_id("report-submit")).to_be_disabled()
    await sheet.get_by_test_id("unassigned-item-HB1001").click()
    await sheet.get_by_test_id("report-submit").click()
    await expect(sheet).to_have_count(0)
    await expect(tablet.find("queue-depth")).to_have_text("3")
    await wire.mend()
    await expect(tablet.find("queue-depth")).to_have_text("0")
    notes = (await admin.get(f"/production/machines/{MACHINE}/handovers"))["items"]
    assert [note["note"] for note in notes] == ["자재 부족", "가이드핀 확인"]
    assert [reader["person"] for reader in notes[1]["read_by"]] == [OPERATOR]
    waiting = (await admin.get("/production/unassigned", state="open"))["items"]
    made = [(one["machine"], one["item"], one["good"], one["person"]) for one in waiting]
    assert made == [(MACHINE, "HB1001", "37", OPERATOR)]


async def test_a_tablet_without_a_scanner_reads_the_traveller_by_its_camera(
    wire: Wire, admin: Caller, playwright: Playwright, tmp_path: Path
) -> None:
    """The camera is Chromium's own: it shows a film of the traveller."""
    order = await release_order(admin)
    film = film_of(segno.make(f"DURE:WO:{order['number']}", error="m"), tmp_path / "traveller.mjpeg")
    tablet = Tablet(playwright, wire.address, tmp_path / "tablet")
    flags = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    await tablet.join(admin, MACHINE, *flags, f"--use-file-for-fake-video-capture={film}")
    await tablet.window.sign_in_by_pin(OPERATOR, PIN)
    await tablet.window.find("traveller-scan").click()
    await expect(card(tablet.window, order)).to_be_visible()
    await tablet.switch_off()


async def test_a_code_of_a_kind_that_no_tablet_reads_is_said_to_be_one(
    wire: Wire, admin: Caller, playwright: Playwright, tmp_path: Path
) -> None:
    """A supplier's label in Kanji mode, as label programs make it of Korean words."""
    supplier = segno.make("금형", error="m", micro=False)
    assert supplier.mode == "kanji"
    film = film_of(supplier, tmp_path / "label.mjpeg")
    tablet = Tablet(playwright, wire.address, tmp_path / "tablet")
    flags = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    await tablet.join(admin, MACHINE, *flags, f"--use-file-for-fake-video-capture={film}")
    await tablet.window.sign_in_by_pin(OPERATOR, PIN)
    await tablet.window.find("traveller-scan").click()
    await expect(tablet.window.page.get_by_text("이 방식의 코드는 읽을 수 없습니다")).to_be_visible(timeout=15_000)
    await tablet.switch_off()
