"""The frame around the office's pages: the way to each page, what waits, search, help, and filters that can be sent
to somebody."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.support.browser import PATIENCE_MS, PHONE, Window
from tests.support.caller import PASSWORD, Caller, Shop
from tests.support.press import MACHINE, OPERATOR, PIN, prepare
from tests.support.role_pages import ROLES, addresses, something_on_every_page
from tests.support.suite import running_suite
from tests.support.ways import SPEAK
from tests.support.world import eventually, key

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
PAPER_ACROSS = ViewportSize(width=1062, height=740)
"""A4 within margins of 8 mm."""
NARROW = ("viewer", "operator")
"""Roles with the fewest rights: they walk in every run, and through the tabs of their pages, too."""


@dataclass(frozen=True)
class Office:
    """A shop with two released orders, and somebody of each role."""

    shop: Shop
    admin: Caller


@pytest.fixture(scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    with running_suite(tmp_path_factory.mktemp("frame") / "data") as suite:
        async with Shop(suite, "ko") as shop:
            admin = await prepare(shop, orders=2)
            for number, (login, role) in enumerate(ROLES.items()):
                body = {"code": f"P{number}", "name": login, "roles": [role], "login": login, "password": PASSWORD}
                await admin.post("/people", body)
            yield Office(shop, admin)


@pytest.fixture(scope="module")
async def named(office: Office) -> Mapping[str, str]:
    """Something on every page; what the pages' addresses name."""
    return await something_on_every_page(office.admin)


async def at_desk(office: Office, browser: Browser, login: str, page: str = "/", **options: dict[str, int]) -> Window:
    """Somebody signs in, and is where they wanted to be."""
    window = await Window.open(browser, office.shop.suite.address, **options)
    await window.enter(page, login)
    return window


async def pages_of(window: Window) -> set[str]:
    """What stands in somebody's navigation, folded or not."""
    await window.page.wait_for_selector(".nav-group")
    names = await window.page.locator("nav [data-testid^='nav-']:is(a)").evaluate_all(
        "links => links.map(link => link.dataset.testid.slice(4))"
    )
    return set(names) - {"home"}


async def test_everybody_sees_the_pages_of_their_role(office: Office, browser: Browser) -> None:
    window = await at_desk(office, browser, "owner")
    seen = await pages_of(window)
    assert {"orders", "board", "quality", "daily-report", "items"} <= seen
    assert not {"people", "devices", "imports", "erp", "reviews", "labour"} & seen
    window.expect_refusal(403)
    await window.visit("/people")
    await expect(window.page.get_by_text("이 화면을 볼 권한이 없습니다")).to_be_visible()
    assert window.complaints == []
    await window.context.close()


async def test_the_owner_comes_off_the_board_and_a_planner_off_a_station(office: Office, browser: Browser) -> None:
    window = await at_desk(office, browser, "owner", "/board")
    await window.find("board-leave").click()
    await expect(window.find("nav-orders")).to_be_attached()
    assert window.page.url == f"{window.address}/"
    await window.context.close()
    window = await at_desk(office, browser, "planner", f"/station/{MACHINE}")
    await window.find("station-change").click()
    await expect(window.find("nav-orders")).to_be_attached()
    await window.context.close()
    window = await at_desk(office, browser, "leader", f"/station/{MACHINE}")
    await window.find("station-change").click()
    await expect(window.page.locator("button.tile", has_text=MACHINE)).to_be_visible()
    assert window.complaints == []
    await window.context.close()


async def test_a_tablet_of_a_machine_stays_at_it(office: Office, browser: Browser) -> None:
    window = await Window.open(browser, office.shop.suite.address, has_touch=True)
    link = await office.admin.post("/device-enrolments", {"name": "fixed", "machine": MACHINE})
    await window.join(str(link["url"]))
    await window.sign_in_by_pin(OPERATOR, PIN)
    await expect(window.page.locator(".station-head h1")).to_have_text(MACHINE)
    await expect(window.find("station-change")).to_have_count(0)
    await window.context.close()


async def test_a_call_is_a_badge_and_a_tile_at_once_and_gone_when_somebody_comes(
    office: Office, browser: Browser
) -> None:
    window = await at_desk(office, browser, "leader")
    await expect(window.find("waiting-calls")).to_have_count(0)
    call = await office.admin.post("/production/andon-calls", {"machine": MACHINE, "kind": "material"})
    await expect(window.find("waiting-calls")).to_have_attribute("data-count", "1")
    await expect(window.find("nav-andon")).to_contain_text("1")
    await expect(window.page).to_have_title(re.compile(r"^\(1\) "))
    await window.visit("/reviews")
    await expect(window.find("call-banner")).to_contain_text(MACHINE)
    await window.visit("/")
    await window.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await expect(window.find("nav-andon").locator(".badge")).to_be_visible()
    await window.find("waiting-calls").click()
    await expect(window.find("call-take")).to_be_visible()
    await office.admin.post(f"/production/andon-calls/{call['id']}/acknowledge")
    await expect(window.find("nav-andon").locator(".badge")).to_have_count(0)
    assert window.complaints == []
    await window.context.close()


async def test_a_page_has_its_name_in_the_title_and_a_help_text_in_the_readers_language(
    office: Office, browser: Browser
) -> None:
    window = await at_desk(office, browser, "planner", "/orders")
    await expect(window.page).to_have_title(re.compile("^작업지시 · "))
    number = (await office.admin.get("/orders/work-orders"))["items"][0]["number"]
    await window.visit(f"/orders/{number}")
    await expect(window.find("help-open")).to_be_visible()
    await expect(window.page).to_have_title(re.compile(f"^{number} · 작업지시 · "))
    await window.find("help-open").click()
    await expect(window.page.locator(".help")).to_contain_text("변경 요청")
    await expect(window.page.locator(".help dl")).to_contain_text("현장 화면에 나타납니다")
    await window.page.keyboard.press("Escape")
    await expect(window.page.locator(".help h2")).to_have_count(0)
    await window.context.close()


async def test_search_finds_orders_items_machines_and_pages_from_anywhere(office: Office, browser: Browser) -> None:
    order = (await office.admin.get("/orders/work-orders"))["items"][0]
    window = await at_desk(office, browser, "planner")
    await window.page.keyboard.press("Control+k")
    await window.find("search-all").fill(order["number"])
    await expect(window.find("found-orders").first).to_contain_text(order["item"])
    await window.find("search-all").fill(MACHINE)
    await expect(window.find("found-machines").first).to_contain_text(MACHINE)
    await window.find("search-all").fill("품질")
    await expect(window.find("found-pages").first).to_contain_text("품질")
    await window.find("search-all").fill(order["item"])
    await expect(window.find("found-items").first).to_be_visible()
    await window.find("found-items").first.click()
    await window.page.wait_for_url(f"**/items/{order['item']}")
    await window.visit("/orders")
    await window.page.keyboard.press("/")
    await expect(window.page.locator(".office-main input[type=search]")).to_be_focused()
    assert window.complaints == []
    await window.context.close()


async def test_people_are_found_by_those_who_have_a_page_for_them(office: Office, browser: Browser) -> None:
    for login, found in (("boss", 1), ("planner", 0)):
        window = await at_desk(office, browser, login)
        await window.find("search-open").click()
        await window.find("search-all").fill("quality")
        await expect(window.page.locator(".search-found > *").first).to_be_visible()
        await expect(window.find("found-people")).to_have_count(found)
        await window.context.close()


async def test_filters_stand_in_the_address_and_whoever_comes_back_finds_the_list_as_it_was(
    office: Office, browser: Browser
) -> None:
    window = await at_desk(office, browser, "planner", "/orders")
    await window.find("filter-released").click()
    await window.page.locator(".office-main input[type=search]").fill("W-")
    await window.page.wait_for_url("**/orders?filter=released&q=W-")
    colleague = await at_desk(office, browser, "leader")
    await colleague.go("/orders?filter=released&q=W-")
    await expect(colleague.find("filter-released")).to_have_attribute("aria-pressed", "true")
    await expect(colleague.page.locator(".office-main input[type=search]")).to_have_value("W-")
    await window.find("nav-home").click()
    await expect(window.page.locator(".home-groups")).to_be_visible()
    await window.page.locator('.home-groups a[href="/orders"]').click()
    await expect(window.find("filter-released")).to_have_attribute("aria-pressed", "true")
    await window.go(f"/reviews?tab={uuid4()}")
    await window.go("/orders?filter=nonsense")
    await expect(window.find("filter-open")).to_have_attribute("aria-pressed", "true")
    await window.context.close()
    await colleague.context.close()


async def test_a_call_is_taken_from_any_page_and_a_refused_save_leads_to_the_field_at_fault(
    office: Office, browser: Browser
) -> None:
    call = await office.admin.post("/production/andon-calls", {"machine": MACHINE, "kind": "quality"})
    window = await at_desk(office, browser, "boss", "/people", size={"width": 1024, "height": 600})
    await expect(window.find("call-banner")).to_be_visible()
    await window.page.emulate_media(media="print")
    await expect(window.find("call-banner")).to_be_hidden()
    await window.page.emulate_media(media="screen")
    await window.find("call-banner-take").click()
    await expect(window.find("call-banner")).to_have_count(0)
    shown = next(one for one in await office.admin.every("/production/andon-calls") if one["id"] == call["id"])
    assert shown["state"] == "acknowledged"
    await office.admin.post(f"/production/andon-calls/{call['id']}/resolve", {})
    await window.find("person-add").click()
    await window.find("person-name").fill("새 사람")
    await window.find("person-save").click()
    await expect(window.find("person-code")).to_be_focused()
    await window.find("person-code").fill("P99")
    await window.find("person-pin").fill("123456")
    await window.page.locator(".sheet-body").evaluate("body => body.scrollTo(0, 0)")
    window.expect_refusal(422)
    await window.find("person-save").click()
    await expect(window.find("person-pin")).to_be_focused()
    await expect(window.find("person-pin")).to_be_in_viewport()
    assert window.complaints == []
    await window.context.close()


@pytest.mark.parametrize(
    "login", [one if role in NARROW else pytest.param(one, marks=pytest.mark.long) for one, role in ROLES.items()]
)
async def test_whoever_walks_through_their_pages_asks_for_nothing_that_is_not_theirs(
    login: str, office: Office, named: Mapping[str, str], browser: Browser
) -> None:
    refused: list[str] = []
    window = await at_desk(office, browser, login)
    window.page.on("response", lambda one: one.status // 100 == 4 and refused.append(one.url))
    for address in addresses(ROLES[login], named):
        await window.visit(address)
        tabs = window.page.get_by_role("tab")
        for place in range(await tabs.count() if ROLES[login] in NARROW else 0):
            await tabs.nth(place).click()
            await window.settled()
    assert (refused, window.complaints) == ([], [])
    await window.context.close()


async def test_a_guest_reads_the_report_of_the_day_without_the_people_in_it(
    office: Office, named: Mapping[str, str], browser: Browser
) -> None:
    window = await at_desk(office, browser, "owner", "/daily-report")
    await expect(window.find("report-machine")).to_be_visible()
    await expect(window.find("report-person")).to_have_count(0)
    who = window.page.locator("td.who:not(:empty)")
    await expect(who.first).to_have_text("2명")
    leader = await at_desk(office, browser, "leader", "/daily-report")
    await expect(leader.find("report-person")).to_be_visible()
    await expect(leader.page.locator("td.who:not(:empty)").first).to_contain_text("박작업")
    await leader.page.evaluate(SPEAK, "en")
    await leader.page.set_viewport_size(PAPER_ACROSS)
    await leader.page.emulate_media(media="print")
    assert await leader.page.evaluate("() => document.documentElement.scrollWidth") == PAPER_ACROSS["width"]
    for one in (window, leader):
        assert one.complaints == []
        await one.context.close()


async def test_an_operator_finds_no_way_to_book_goods_in_or_out(
    office: Office, named: Mapping[str, str], browser: Browser
) -> None:
    window = await at_desk(office, browser, "operator", "/lots")
    await expect(window.page.locator("tbody tr").first).to_be_visible()
    await expect(window.find("lot-receive")).to_have_count(0)
    await window.visit(f"/lots/{named['lot']}")
    await expect(window.find("lot-hold")).to_be_visible()
    await expect(window.find("lot-ship")).to_have_count(0)
    await expect(window.find("lot-count")).to_have_count(0)
    assert window.complaints == []
    await window.context.close()


async def test_an_admin_reads_who_may_do_what_and_what_is_kept(office: Office, browser: Browser) -> None:
    window = await at_desk(office, browser, "boss", "/rights")
    row = window.find("rights-production").locator("tbody tr", has_text="로트 출하")
    cells = row.locator("td.role [role=img]")
    labels = [await cells.nth(place).get_attribute("aria-label") for place in range(8)]
    assert labels == ["불가", "가능", "가능", "가능", "불가", "가능", "불가", "불가"]
    assert await window.inspect("rights") == []
    await window.visit("/storage")
    await expect(window.find("storage-production")).to_contain_text("DURE_OUTBOX_DAYS")
    assert await window.inspect("storage") + window.complaints == []
    await window.visit("/trail")
    rows = window.page.locator("tbody tr")
    await expect(rows.filter(has_text="사람 · P0").filter(has_text="역할")).to_have_count(1)
    await window.visit("/trail?kind=item&code=HB1001")
    await expect(rows.last).to_contain_text("새로 만듦")
    assert await window.inspect("trail") + window.complaints == []
    await window.context.close()


@pytest.mark.parametrize(
    ("login", "reports", "runs"), [("planner", True, True), ("quality", True, False), ("maintainer", False, False)]
)
async def test_at_a_station_one_touches_only_what_one_may_do(
    login: str, reports: bool, runs: bool, office: Office, named: Mapping[str, str], browser: Browser
) -> None:
    window = await at_desk(office, browser, login, f"/station/{named['machine']}")
    may = {"good-input": reports, "scrap-open": reports, "material-open": reports}
    for button, is_enabled in (may | {"job-pause": runs, "job-finish": runs, "andon-open": True}).items():
        await expect(window.find(button)).to_be_enabled(enabled=is_enabled)
    assert window.complaints == []
    await window.context.close()


async def pause(admin: Caller, job: Mapping[str, Any]) -> bool:
    """Whether it could be: the floor hears of a new reason a moment later."""
    answer = await admin.http.post(f"/production/jobs/{job['id']}/pause", json={"reason": "U8"}, headers=key())
    return answer.is_success


async def test_maintenance_says_on_the_list_of_stops_why_the_machine_stands(
    office: Office, named: Mapping[str, str], browser: Browser
) -> None:
    for code, word in (("U7", "설비고장"), ("U8", "자재품절")):
        await office.admin.put(f"/orders/reasons/{code}", {"name": {"ko": word}, "kind": "unplanned"})
    [job] = await office.admin.every("/production/jobs", state="running")
    await eventually(lambda: pause(office.admin, job), lambda is_paused: is_paused)
    window = await at_desk(office, browser, "maintainer", "/stops")
    await window.find("stop-correct").first.click()
    await window.find("stop-reason").select_option("U7")
    await window.find("stop-save").click()
    await expect(window.page.locator("tbody tr").first).to_contain_text("설비고장")
    assert window.complaints == []
    await window.context.close()
    await office.admin.post(f"/production/jobs/{job['id']}/resume")
