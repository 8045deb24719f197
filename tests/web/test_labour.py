"""A leader's afternoon: who was there and what they worked on, who forgot to go, and what the shift before left to
know."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from shared.kit.tabular import read_table
from tests.support.accessible import grave_faults
from tests.support.browser import PATIENCE_MS, PHONE, TABLET, Window
from tests.support.caller import PASSWORD, Caller, Shop
from tests.support.press import MACHINE, OPERATOR, PIN, SECOND, job_of, prepare, release_order
from tests.support.shop_clock import ShopClock
from tests.support.suite import running_suite
from tests.support.ways import faults
from tests.support.working_day import at

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
LEADER = "leader"
THIRD = "OP9"
NOW = "14:00"


@dataclass(frozen=True)
class Afternoon:
    """The shop at ``NOW``, its administrator, and the order that the press works on."""

    shop: Shop
    admin: Caller
    order: dict[str, Any]


@pytest.fixture(scope="module")
async def afternoon(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    """One came and works, one forgot to go yesterday, one works and nobody noted that they came."""
    folder = tmp_path_factory.mktemp("labour")
    clock = ShopClock(folder / "clock")
    clock.set(at("08:20"))
    with running_suite(folder / "data", DURE_SHOP_CLOCK=str(clock.path)) as suite:
        async with Shop(suite, "ko") as shop:
            admin = await prepare(shop, 0)
            leader = {"code": "LD1", "name": "이반장", "roles": ["leader"], "login": LEADER, "password": PASSWORD}
            await admin.post("/people", leader)
            await admin.post("/people", {"code": THIRD, "name": "정신입", "roles": ["operator"], "pin": PIN})
            operator = await shop.sign_in_on(await shop.enrol(admin, MACHINE), OPERATOR, PIN)
            order = await release_order(admin)
            job = await job_of(admin, order)
            assert job is not None
            yesterday = (at("08:30") - timedelta(days=1)).isoformat()
            await admin.post("/production/attendance", {"kind": "in", "person": SECOND, "at": yesterday})
            clock.set(at("08:30"))
            await operator.post("/production/attendance", {"kind": "in"})
            clock.set(at("08:31"))
            await admin.post("/production/attendance", {"kind": "in", "person": SECOND})
            await operator.post("/production/machines/PR1/handovers", {"note": "금형 확인 필요"})
            clock.set(at("09:00"))
            await operator.post(f"/production/jobs/{job['id']}/start", {"machine": MACHINE})
            clock.set(at("13:00"))
            await operator.post(f"/production/jobs/{job['id']}/crew", {"action": "join", "person": THIRD})
            await admin.post("/production/machines/PR2/handovers", {"note": "치수 자주 확인\n버 심함"})
            clock.set(at(NOW))
            yield Afternoon(shop, admin, order)


async def leading(afternoon: Afternoon, browser: Browser, page: str, size: dict[str, int] = TABLET) -> Window:
    """The leader opens a page."""
    window = await Window.open(browser, afternoon.shop.suite.address, size, has_touch=True)
    await window.page.clock.set_fixed_time(at(NOW))
    await window.enter(page, LEADER)
    return window


async def test_a_leader_sees_what_the_time_went_into_and_takes_it_along(afternoon: Afternoon, browser: Browser) -> None:
    window = await leading(afternoon, browser, "/labour")
    for figure, text in {"attendance": "11:00", "direct": "6:00", "ratio": "45.5 %", "in": "3명"}.items():
        await expect(window.find(f"labour-{figure}")).to_have_text(text)
    await expect(window.find("labour-unattended")).to_contain_text("1:00")
    table = window.find("labour-table")
    await expect(table.locator("tbody tr")).to_have_count(3)
    await expect(table.locator("tr", has_text="박작업")).to_contain_text("5:305:000:0090.9 %")
    await expect(table.locator("tr", has_text="김교대")).to_contain_text("퇴근 누락 의심")
    await expect(table.locator("tr", has_text="정신입")).to_contain_text("근태 기록 없음")
    await expect(table.locator("tfoot")).to_have_text("합계11:006:000:0045.5 %")
    await table.get_by_role("button", name="직접공수", exact=True).click()
    await expect(table.locator("tbody tr").first).to_contain_text("김교대")
    await expect(window.find(f"present-{OPERATOR}")).to_contain_text(f"{afternoon.order['number']} · 10")
    await expect(window.find(f"present-{OPERATOR}")).to_contain_text("08:30")
    assert await window.inspect("labour-ko") + await grave_faults(window.page) == []
    async with window.page.expect_download() as coming:
        await window.find("labour-xlsx").click()
    saved = await coming.value
    content = (await saved.path()).read_bytes()
    sheet = read_table(content, saved.suggested_filename, max_rows=50)
    assert [sheet.cell(row, "작업자") for row in sheet.rows] == [OPERATOR, SECOND, THIRD, "합계"]
    for way, text in {"machine": MACHINE, "shift": "주간", "job": afternoon.order["number"]}.items():
        await window.find(f"tab-{way}").click()
        await expect(table.locator("tbody tr")).to_have_count(1)
        await expect(table).to_contain_text(text)
        await expect(table.locator("tfoot")).to_contain_text("6:00")
        assert await window.inspect(f"labour-{way}-ko") == []
    await window.page.emulate_media(media="print")
    await expect(window.page.locator(".paper")).to_contain_text("6:00")
    await expect(window.page.locator(".office-nav")).to_be_hidden()
    await window.page.emulate_media(media="screen")
    await table.get_by_role("link").click()
    await window.page.wait_for_url(f"**/orders/{afternoon.order['number']}")
    assert window.complaints == []
    await window.context.close()


async def test_a_period_without_work_says_so(afternoon: Afternoon, browser: Browser) -> None:
    window = await leading(afternoon, browser, "/labour")
    await window.find("filter-own").click()
    day = (at(NOW) - timedelta(days=40)).date().isoformat()
    await window.find("labour-first").fill(day)
    await window.find("labour-last").fill(day)
    await expect(window.page.locator(".labour-sheet .empty")).to_contain_text("이 기간의 공수가 없습니다")
    await expect(window.find("labour-xlsx")).to_be_disabled()
    assert await window.inspect("labour-empty-ko") + window.complaints == []
    await window.context.close()


async def test_notes_of_all_machines_are_read_filtered_and_answered(afternoon: Afternoon, browser: Browser) -> None:
    window = await leading(afternoon, browser, "/reviews")
    await expect(window.find("tab-handovers")).to_contain_text("2")
    await window.find("tab-handovers").tap()
    notes = window.page.locator(".note-row")
    await expect(notes).to_have_count(2)
    await expect(notes.first).to_contain_text("PR2")
    await expect(notes.last).to_contain_text("박작업")
    assert await window.inspect("handovers-ko") + await grave_faults(window.page) == []
    await notes.last.get_by_test_id("note-read").tap()
    await expect(notes.last).to_contain_text("읽음: 이반장")
    await expect(window.find("tab-handovers")).to_contain_text("1")
    await window.find("filter-unread").tap()
    await expect(notes).to_have_count(1)
    await window.find("filter-").tap()
    await window.find("note-filter").select_option("PR2")
    await expect(notes).to_have_count(1)
    await window.find("note-write").tap()
    await expect(window.find("note-machine")).to_have_value("PR2")
    await window.find("note-text").fill("내일은 금형 B로")
    assert await window.inspect("handovers-write-ko") == []
    await window.find("note-leave").tap()
    await expect(notes.first).to_contain_text("내일은 금형 B로")
    await expect(notes.first.get_by_test_id("note-read")).to_have_count(0)
    left = await afternoon.admin.every("/production/handovers", machine="PR2")
    assert left[0]["person"] == "LD1"
    assert window.complaints == []
    await window.context.close()


async def test_labour_and_notes_are_fit_to_be_seen(afternoon: Afternoon, browser: Browser) -> None:
    window = await Window.open(browser, afternoon.shop.suite.address)
    await window.page.clock.set_fixed_time(at(NOW))
    await window.enter("/labour", LEADER)
    objections = await faults(window, "labour")
    await window.find("tab-job").click()
    objections += await faults(window, "labour-job")
    await window.find(f"present-{SECOND}").get_by_test_id("present-note").click()
    objections += await faults(window, "labour-note")
    await window.visit("/reviews")
    await window.find("tab-handovers").click()
    objections += await faults(window, "handovers")
    await window.find("note-write").click()
    objections += await faults(window, "handovers-write")
    assert not objections + window.complaints, "\n".join(objections + window.complaints)
    await window.context.close()


async def test_on_the_phone_a_leader_notes_that_somebody_went_yesterday(afternoon: Afternoon, browser: Browser) -> None:
    window = await leading(afternoon, browser, "/labour", PHONE)
    await expect(window.find(f"present-{SECOND}")).to_contain_text("퇴근 누락 의심")
    await expect(window.find(f"present-{SECOND}")).to_contain_text("08:31에 다시 출근")
    await window.find(f"present-{SECOND}").get_by_test_id("present-note").tap()
    await expect(window.find("note-date")).to_have_value((at(NOW) - timedelta(days=1)).date().isoformat())
    await expect(window.find("note-confirm")).to_be_disabled()
    await window.find("note-time").fill("17:30")
    assert await window.inspect("labour-note-phone") == []
    await window.find("note-confirm").tap()
    await expect(window.page.locator(".toast")).to_contain_text("다시 온 때부터 출근 중입니다")
    await expect(window.find(f"present-{SECOND}")).not_to_contain_text("퇴근 누락 의심")
    await expect(window.find("labour-attendance")).to_have_text("10:59")
    await window.find(f"present-{THIRD}").get_by_test_id("present-note").tap()
    await expect(window.find("note-time")).to_have_value("13:00")
    await window.find("note-confirm").tap()
    await expect(window.find(f"present-{THIRD}")).not_to_contain_text("근태 기록 없음")
    await expect(window.find("labour-attendance")).to_have_text("11:59")
    await expect(window.find("labour-direct")).to_have_text("6:00")
    await expect(window.find("labour-unattended")).to_have_count(0)
    await window.find("labour-note").tap()
    await window.find("note-person").select_option(THIRD)
    await window.find("filter-out").tap()
    await window.find("note-confirm").tap()
    await expect(window.find(f"present-{THIRD}")).to_have_count(0)
    there = {one["person"]: one for one in await afternoon.admin.every("/production/attendance")}
    assert there.keys() == {OPERATOR, SECOND}
    assert [one["flags"] for one in there.values()] == [[], []]
    assert window.complaints == []
    await window.context.close()
