"""What the station's sheets take down: the keypad writes what is outlined, a lot gives what its tile says, and what
hardly can be right is asked once."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from tests.support.browser import Window
from tests.support.caller import Caller, Shop
from tests.support.press import MACHINE, OPERATOR, PIN, SECOND, prepare, release_order, until
from tests.support.suite import Suite
from tests.support.tablet import tablet_at
from tests.support.waiting import receive
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
COIL = "RM-SPHC20"
SLOW = re.compile(r"/quality/defects|/production/reasons|/handovers|/timeline")
COUNT_LOCKS = """(() => {
    const { wakeLock } = navigator;
    const request = wakeLock.request.bind(wakeLock);
    globalThis.locks = [];
    wakeLock.request = (kind) => {
        locks.push(request(kind));
        return locks.at(-1);
    };
})()"""
LOCKS_SEEN = "() => locks.length"
SEEN_AGAIN = """async () => {
    // a browser takes the lock of a page that nobody sees
    await (await locks.at(-1).catch(() => null))?.release();
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
async def shop(suite: Suite) -> AsyncIterator[Shop]:
    async with Shop(suite) as shop:
        yield shop


@pytest.fixture(scope="module")
async def admin(shop: Shop) -> Caller:
    admin = await prepare(shop, orders=0)
    await admin.put("/orders/reasons/U4", {"name": {"ko": "자재품절", "en": "no material"}, "kind": "unplanned"})
    coil = {"name": {"ko": "열연코일", "en": "coil"}, "kind": "raw", "unit": "kg", "lot_tracked": True}
    await admin.put(f"/orders/items/{COIL}", coil)
    await admin.put("/orders/boms/HB1001", {"lines": [{"component": COIL, "quantity": "0.4"}]})
    for lot in ("C-1", "C-2"):
        await receive(admin, item=COIL, quantity="5000", lot=lot)
    return admin


@pytest.fixture
async def tablet(suite: Suite, admin: Caller, browser: Browser) -> AsyncIterator[Window]:
    async with tablet_at(MACHINE, suite, admin, browser) as window:
        yield window


@pytest.fixture
async def order(admin: Caller, tablet: Window) -> AsyncIterator[dict[str, Any]]:
    """A thousand brackets that have been on the press for an hour."""
    order = await release_order(admin, 1000)
    job = await until(admin, order)
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    await admin.post(f"/production/jobs/{job['id']}/start", {"machine": MACHINE, "at": hour_ago})
    await expect(card(tablet, order)).to_have_attribute("data-state", "running")
    yield order
    job = await until(admin, order)
    if job["state"] in ("running", "paused"):
        await admin.post(f"/production/jobs/{job['id']}/finish")


def card(window: Window, order: dict[str, Any]) -> Locator:
    """The job that the screen is about."""
    return window.page.locator(f'.job[data-testid="job-{order["number"]}-10"]')


async def digits(window: Window, number: str) -> None:
    for digit in number:
        await window.page.locator(f'dialog[open] [data-digit="{digit}"]').click()


async def test_thirty_seven_of_one_defect_are_five_touches_and_the_keypad_never_writes_elsewhere(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    await tablet.find("scrap-open").click()
    aim = tablet.find("report-aim")
    await expect(aim).to_have_attribute("data-target", "scrap")
    await expect(tablet.page.locator('dialog[open] [data-digit="3"]')).to_be_disabled()
    await tablet.find("scrap-BURR").click()
    await digits(tablet, "37")
    await expect(tablet.find("good-input")).to_have_value("")
    await expect(tablet.find("scrap-BURR")).to_contain_text("37")
    await tablet.find("report-submit").click()
    await expect(tablet.find("job-scrap")).to_have_attribute("data-value", "37")
    job = await until(admin, order, scrap="37", good="0")

    await tablet.find("good-input").click()
    await digits(tablet, "20")
    await tablet.find("scrap-DENT").click()
    await tablet.find("scrap-DENT").click()
    await expect(tablet.find("scrap-DENT")).to_contain_text("2")
    await digits(tablet, "3")
    await tablet.page.locator("label.report-count").click()
    await digits(tablet, "45")
    await tablet.find("report-submit").click()
    await until(admin, order, scrap="40", good="45")
    results = (await admin.get("/production/results", job=job["id"]))["items"]
    assert [[(one["defect"], one["quantity"]) for one in result["scrap"]] for result in results] == [
        [("BURR", "37")],
        [("DENT", "3")],
    ]


async def test_a_report_far_over_the_order_is_asked_once_and_taken_when_it_is_confirmed(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    await tablet.find("good-input").click()
    await digits(tablet, "1995")
    await tablet.find("report-submit").click()
    await expect(tablet.find("question")).to_contain_text("1,995")
    await tablet.find("question-no").click()
    await tablet.page.locator("dialog[open] .pad-back").click()
    await expect(tablet.find("good-input")).to_have_value("199")
    await tablet.find("report-submit").click()
    await expect(tablet.find("job-good")).to_have_attribute("data-value", "199")
    await until(admin, order, good="199")

    await tablet.find("good-input").click()
    await digits(tablet, "999999")
    await tablet.find("report-submit").click()
    await tablet.find("question-yes").click()
    await expect(tablet.find("job-good")).to_have_attribute("data-value", "1000198")
    await expect(tablet.page.locator(".job-chips")).to_contain_text("초과")
    await tablet.find("undo").click()
    await expect(tablet.find("job-good")).to_have_attribute("data-value", "199")
    await expect(tablet.page.locator(".job-chips")).not_to_contain_text("초과")
    await until(admin, order, good="199")


async def test_a_lot_gives_what_its_tile_says_and_beyond_the_need_it_is_asked_how_much(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    async def left(lot: str) -> float:
        return float((await admin.get(f"/production/lots/{lot}"))["remaining"])

    one, two = await left("C-1"), await left("C-2")

    await tablet.find("job-finish").first.click()
    await expect(tablet.find("finish-no-lot")).to_contain_text("열연코일")
    await tablet.find("finish-material").click()
    await expect(tablet.find("lot-C-1")).to_have_attribute("data-takes", "400")
    await tablet.find("lot-C-1").click()
    await expect(tablet.find("material-news")).to_have_attribute("data-tone", "run")
    await expect(tablet.find("lot-C-1")).to_have_attribute("data-takes", "0")
    await eventually(lambda: left("C-1"), lambda rest: rest == one - 400)

    await tablet.find("lot-C-2").click()
    ask = tablet.find("material-ask")
    await expect(ask).to_be_visible()
    await expect(ask.get_by_test_id("question-yes")).to_be_disabled()
    await digits(tablet, "12.5")
    await ask.get_by_test_id("question-yes").click()
    await eventually(lambda: left("C-2"), lambda rest: rest == two - 12.5)
    await tablet.find("material-sheet").get_by_test_id("undo").click()
    await eventually(lambda: left("C-2"), lambda rest: rest == two)
    assert await left("C-1") == one - 400
    await tablet.find("sheet-close").click()
    await tablet.find("job-finish").click()
    await expect(tablet.find("finish-sheet")).to_be_visible()
    await expect(tablet.find("finish-no-lot")).to_have_count(0)
    await tablet.page.keyboard.press("Escape")
    await expect(tablet.find("finish-sheet")).to_be_hidden()

    following = await release_order(admin, 100)
    await tablet.find(f"job-{following['number']}-10").click()
    await expect(tablet.find("job-elsewhere")).to_be_visible()
    await tablet.find("material-open").click()
    await tablet.find("lot-C-2").click()
    await expect(tablet.find("material-ask")).to_be_visible()
    await tablet.find("question-no").click()
    assert await left("C-2") == two, "nobody has started the job"


async def test_a_wrong_reason_is_put_right_while_the_machine_stands_and_afterwards_in_two_parts(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    await tablet.find("job-pause").click()
    await expect(tablet.find("reasons-unplanned")).to_be_visible()
    await tablet.find("reason-U2").click()
    await expect(tablet.find("machine-state")).to_contain_text("설비고장")
    await tablet.find("reason-change").click()
    await tablet.find("reason-U4").click()
    await expect(tablet.find("machine-state")).to_contain_text("자재품절")
    job = await until(admin, order, state="paused", pause_reason="U4")

    ago = [(datetime.now(UTC) - timedelta(minutes=minutes)).isoformat() for minutes in (40, 10)]
    second = await release_order(admin, 100)
    other = await until(admin, second)
    await admin.post(f"/production/jobs/{job['id']}/finish")
    await admin.post(f"/production/jobs/{other['id']}/start", {"machine": MACHINE, "at": ago[0]})
    await admin.post(f"/production/jobs/{other['id']}/pause", {"reason": "U2"})
    await admin.post(f"/production/jobs/{other['id']}/resume")

    async def stops() -> list[tuple[str, str | None]]:
        found = await admin.every(f"/production/machines/{MACHINE}/timeline")
        return [(part["reason"], part["was_reason"]) for part in found if part["can_correct"]]

    before = await stops()
    await tablet.find("more-open").click()
    await tablet.find("more-stops").click()
    await expect(tablet.find("stop")).to_have_count(len(before))
    await tablet.find("stop").first.click()
    await tablet.find("reason-U4").click()
    await expect(tablet.find("stops-sheet")).to_have_count(0)
    assert await eventually(stops, lambda found: found != before) == [*before[:-1], ("U4", "U2")]
    await admin.post(f"/production/jobs/{other['id']}/finish")


async def test_who_reported_wrongly_puts_it_right_from_the_log(
    tablet: Window, admin: Caller, order: dict[str, Any]
) -> None:
    await tablet.find("good-input").click()
    await digits(tablet, "96")
    await tablet.find("report-submit").click()
    job = await until(admin, order, good="96")
    await tablet.find("log-open").click()
    await expect(tablet.find("log-entry").first).to_contain_text("박작업")
    await tablet.find("log-correct").first.click()
    await expect(tablet.find("good-input")).to_have_value("96")
    await digits(tablet, "69")
    await tablet.find("report-submit").click()
    await expect(tablet.find("job-good")).to_have_attribute("data-value", "69")
    await until(admin, order, good="69")
    results = (await admin.get("/production/results", job=job["id"]))["items"]
    assert [result["good"] for result in results] == ["96", "-96", "69"]
    assert results[2]["at"] == results[0]["at"], "it was made when it was made"
    assert {result["person"] for result in results} == {OPERATOR}


RULES = """async () => {
    const { asTyped, keyed } = await import("/js/lib/units.js");
    const { doubtOf } = await import("/js/floor/plausibility.js");
    const now = Date.parse("2026-11-23T10:00:00Z");
    const job = { planned: "6000", good: "0", scrap: "0", rework: "0", box_quantity: "200", cycle_s: "1.5" };
    const doubt = (good, more = {}, about = {}) =>
        doubtOf({ ...job, started_at: "2026-11-23T09:40:00Z", ...more }, { good, scrap: 0, rework: 0 }, now, about);
    const type = (keys, decimals) => [...keys].reduce((value, key) => keyed(value, key, decimals), "");
    const made = { started_at: "2026-11-23T06:00:00Z", good: "5000", planned: "12000" };
    return {
        typed: [type("0037", 0), type("12.5", 3), type("12.5", 0), type(".25", 3), type("1.23456", 3),
            type("1234567", 0), asTyped("12,5", 3), asTyped("x", 3)],
        ordinary: [doubt(203), doubt(1500), doubt(1000, { started_at: null })],
        fast: doubt(2035)?.kind,
        order: [doubt(999999).kind, doubt(999999).limit, doubt(9500, {}, { box: true })?.kind],
        box: doubt(2035, {}, { box: true }),
        late: doubt(2035, made, { last: Date.parse("2026-11-23T09:50:00Z") }),
        later: doubt(2035, { ...made, good: "9000", scrap: "500" }, { last: Date.parse("2026-11-23T09:50:00Z") })?.kind,
    };
}"""


async def test_a_sheet_says_that_there_is_nothing_only_once_it_has_read_so(
    tablet: Window, order: dict[str, Any]
) -> None:
    answered = asyncio.Event()

    async def slowly(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await tablet.page.route(SLOW, slowly)
    await tablet.visit(f"/station/{MACHINE}")
    sheets = {
        "report-sheet": (["good-input"], "등록된 불량 유형이 없습니다"),
        "pause-sheet": (["job-pause"], "일시정지"),
        "handover-sheet": (["more-open", "more-handover"], "남긴 메모가 없습니다."),
        "stops-sheet": (["more-open", "more-stops"], "이번 근무에 정지가 없습니다."),
    }

    async def opened(name: str) -> Locator:
        for touch in sheets[name][0]:
            await tablet.find(touch).click()
        return tablet.find(name)

    for name, (_, nothing) in sheets.items():
        sheet = await opened(name)
        await expect(sheet.locator(".skeleton").first).to_be_visible()
        assert nothing not in await sheet.inner_text()
        await tablet.page.keyboard.press("Escape")
    answered.set()
    for name in sheets:
        await expect((await opened(name)).locator(".skeleton")).to_have_count(0)
        await tablet.page.keyboard.press("Escape")


async def test_digits_fit_the_unit_and_only_what_is_far_off_is_doubted(tablet: Window) -> None:
    assert await tablet.page.evaluate(RULES) == {
        "typed": ["37", "12.5", "125", "0.25", "1.234", "123456", "12.5", None],
        "ordinary": [None, None, None],
        "fast": "time",
        "order": ["order", 6000, "order"],
        "box": None,
        "late": None,
        "later": "time",
    }


async def test_set_up_and_first_piece_are_offered_where_a_job_is_started(tablet: Window, admin: Caller) -> None:
    order = await release_order(admin, 100)
    await tablet.find(f"job-{order['number']}-10").first.click()
    await tablet.find("start-setup").click()
    await until(admin, order, state="running", phase="setup")
    await tablet.find("phase-first_off").click()
    await expect(tablet.find("first-piece")).to_be_visible()
    await until(admin, order, phase="first_off")
    await tablet.find("phase-production").click()
    job = await until(admin, order, phase="production")
    await expect(tablet.find("first-piece")).to_have_count(0)
    await admin.post(f"/production/jobs/{job['id']}/finish")


async def test_a_tablet_speaks_its_own_language_once_its_operator_has_left_and_reads_notes_in_the_readers(
    tablet: Window, admin: Caller
) -> None:
    language = tablet.page.locator("html")
    await tablet.find("more-open").click()
    await tablet.find("more-handover").click()
    await tablet.find("handover-phrase").nth(1).click()
    await tablet.find("handover-send").click()
    await expect(tablet.find("queue-depth")).to_have_text("0")
    await tablet.find("person").click()
    await tablet.find("sign-out").click()
    await tablet.sign_in_by_pin(SECOND, PIN)
    await tablet.find("language").click()
    await tablet.find("language-vi").click()
    await expect(language).to_have_attribute("lang", "vi")
    await tablet.find("handover-open").click()
    await expect(tablet.find("handover-note").first).to_contain_text("Cần kiểm tra khuôn")
    await tablet.page.keyboard.press("Escape")
    await tablet.page.reload()
    await tablet.settled()
    await expect(language).to_have_attribute("lang", "vi")
    await tablet.find("person").click()
    await tablet.find("sign-out").click()
    await expect(tablet.find("sign-in-person").first).to_be_visible()
    await expect(language).to_have_attribute("lang", "ko")


async def test_a_tablets_screen_stays_on_while_somebody_is_signed_in_and_when_it_is_seen_again(tablet: Window) -> None:
    await tablet.page.add_init_script(COUNT_LOCKS)
    await tablet.page.reload()
    await tablet.settled()
    assert await tablet.page.evaluate(LOCKS_SEEN) == 1
    await tablet.visit("/lots")
    assert await tablet.page.evaluate(LOCKS_SEEN) == 1, "it is held on every page"
    await tablet.page.evaluate(SEEN_AGAIN)
    assert await tablet.page.evaluate(LOCKS_SEEN) == 2


async def test_a_shared_tablet_signs_out_whoever_has_left_it_on_whatever_page(tablet: Window) -> None:
    await tablet.page.clock.install(time=await tablet.page.evaluate("Date.now()"))
    await tablet.find("more-open").click()
    await tablet.find("more-idle").click()
    await expect(tablet.find("more-idle")).to_contain_text("2분 뒤")
    await tablet.page.clock.fast_forward("01:50")
    await tablet.page.keyboard.press("Escape")
    await tablet.page.clock.fast_forward("01:50")
    await expect(tablet.find("person")).to_be_visible()
    await tablet.visit("/lots")
    await tablet.page.clock.fast_forward("02:10")
    await expect(tablet.find("sign-in-person").first).to_be_visible()
