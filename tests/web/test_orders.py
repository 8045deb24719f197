"""Work orders in the office: a board of many, and what a planner does with one."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import PATIENCE_MS, PHONE, Window
from tests.support.caller import Caller, Shop
from tests.support.order_book import fill_order_book
from tests.support.suite import Suite
from tests.support.waiting import jobs_of

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
SOME, MANY = 600, 5000
"""A board of several pages for every test, and what a busy shop has after a season."""
OPERATION = {"work_center": "MOULD", "per_cycle": 1, "setup_s": 600}
CAPS: dict[str, Any] = {
    "work-centers/MOULD": {"name": "사출"},
    "machines/IM1": {"name": "사출 1호기", "work_center": "MOULD"},
    "machines/IM2": {"name": "사출 2호기", "work_center": "MOULD"},
    "items/PP": {"name": "PP 수지", "kind": "raw", "unit": "kg"},
    "items/CAP24": {"name": "24 캡", "kind": "semi"},
    "items/INN24": {"name": "24 이너", "kind": "semi"},
    "items/CAP24A": {"name": "24 캡 조립품", "kind": "finished"},
    **{
        f"routings/{item}": {"operations": [{"op": 10, "name": name, "machine": "IM1", "cycle_s": 1, **OPERATION}]}
        for item, name in {"CAP24": "사출", "INN24": "사출", "CAP24A": "조립"}.items()
    },
    "boms/CAP24A": {"lines": [{"component": "CAP24", "quantity": 1}, {"component": "INN24", "quantity": 1}]},
    "boms/CAP24": {"lines": [{"component": "PP", "quantity": "0.003"}]},
    "boms/INN24": {"lines": [{"component": "PP", "quantity": "0.002"}]},
}
"""A cap assembly of a cap and an inner cap, both moulded of one resin."""


@dataclass(frozen=True)
class Office:
    """A planner's window on a shop with a full order book."""

    suite: Suite
    admin: Caller
    window: Window

    async def order(self, item: str = "CAP24", quantity: int = 600, **more: Any) -> Any:
        """A draft of next week."""
        due = (datetime.now(UTC) + timedelta(days=7)).isoformat()
        body = {"item": item, "quantity": quantity, "due_at": due, **more}
        return await self.admin.post("/orders/work-orders", body)

    async def released(self, quantity: int = 600) -> Any:
        """An order on the floor."""
        order = await self.order(quantity=quantity)
        return await self.admin.post(f"/orders/work-orders/{order['id']}/release")

    def row(self, number: str) -> Any:
        return self.window.page.locator("tbody tr", has_text=re.compile(rf"{re.escape(number)}(?!-)"))

    async def find(self, text: str) -> None:
        """Type into the board's search."""
        await self.window.page.get_by_role("searchbox").fill(text)


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        for path, body in CAPS.items():
            await admin.put(f"/orders/{path}", body)
        await fill_order_book(suite.database_url("dure_orders"), SOME)
        yield admin


@pytest.fixture
async def office(suite: Suite, admin: Caller, browser: Browser) -> AsyncIterator[Office]:
    window = await Window.open(browser, suite.address)
    await window.enter("/orders")
    yield Office(suite, admin, window)
    assert window.complaints == []
    await window.context.close()


@pytest.mark.long
async def test_five_thousand_open_orders_are_all_there_and_few_are_drawn(office: Office) -> None:
    page = office.window.page
    await fill_order_book(office.suite.database_url("dure_orders"), MANY, SOME + 1)
    await office.window.go("/orders")
    board = page.locator(".orders-table")
    await expect(board).to_have_attribute("data-complete", "true")
    assert int(await board.get_attribute("data-orders") or 0) >= MANY
    assert await page.locator("tbody tr").count() < 60
    first = await page.locator("tbody td.order .first").first.inner_text()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("End")
    last = page.locator("tbody tr").last
    await expect(last).to_have_attribute(
        "aria-rowindex", str(await board.locator("table").get_attribute("aria-rowcount"))
    )
    await expect(last).not_to_contain_text(first)
    assert await page.locator("tbody tr").count() < 60
    await page.keyboard.press("Home")
    await expect(page.locator("tbody tr").first).to_contain_text(first)


async def test_the_board_is_worked_by_the_keyboard(office: Office) -> None:
    page = office.window.page
    await page.keyboard.press("/")
    await page.keyboard.type("B-00017")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press(" ")
    await expect(page.get_by_role("region")).to_contain_text("1건 선택")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("region")).to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(office.window.find("order-sheet")).to_contain_text("B-00017")
    await page.keyboard.press("Escape")
    await expect(office.window.find("order-sheet")).to_have_count(0)


async def test_a_sheet_is_modal_as_soon_as_it_is_there_and_gone_when_the_browser_closes_it(office: Office) -> None:
    page = office.window.page
    await page.evaluate("""() => new MutationObserver((_, watch) => {
      const sheet = document.querySelector("dialog.sheet");
      if (!sheet) return;
      document.body.dataset.modal = sheet.matches(":modal");
      watch.disconnect();
    }).observe(document.body, { childList: true, subtree: true })""")
    await office.find("B-00017")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    sheet = office.window.find("order-sheet")
    await expect(sheet).to_contain_text("B-00017")
    assert await page.evaluate("document.body.dataset.modal") == "true"
    await sheet.evaluate("sheet => sheet.close()")
    await expect(sheet).to_have_count(0)


async def test_late_orders_of_a_customer_are_found_and_say_how_late_they_are(office: Office) -> None:
    page = office.window.page
    await office.window.find("facet-customer").click()
    await page.locator(".facet li", has_text="대성오토텍").get_by_role("button").click()
    await office.window.find("filter-late").click()
    board = page.locator(".orders-table")
    await expect(board).to_have_attribute("data-complete", "true")
    shown = await board.get_attribute("data-orders")
    assert int(shown or 0) > 1
    late = await office.admin.every("/orders/work-orders", late=True, customer="대성오토텍", limit=200)
    assert shown == str(len(late))
    for row in await page.locator("tbody tr").all():
        await expect(row).to_contain_text("대성오토텍")
        await expect(row.locator(".late")).to_have_text(re.compile(r"\+\d+(시간|분|일)"))


async def test_what_others_do_appears_by_itself(office: Office) -> None:
    await expect(office.window.page.locator(".orders-table")).to_have_attribute("data-complete", "true")
    order = await office.order(customer="새 거래처")
    await office.find(order["number"])
    await expect(office.row(order["number"])).to_contain_text("작성 중")
    await office.admin.post(f"/orders/work-orders/{order['id']}/release")
    await expect(office.row(order["number"])).to_contain_text("지시됨")
    await office.admin.post(f"/orders/work-orders/{order['id']}/cancel", {"reason": "test"})
    await expect(office.row(order["number"])).to_have_count(0)


async def test_one_click_makes_the_orders_that_the_preview_showed(office: Office) -> None:
    page, window = office.window.page, office.window
    await window.find("order-new").click()
    await window.find("order-item").fill("CAP24A")
    await page.get_by_role("option", name="CAP24A").click()
    await window.find("order-quantity").fill("7000")
    for item in ("CAP24A", "CAP24", "INN24"):
        await expect(window.find(f"plan-{item}")).to_contain_text("7,000")
    await expect(window.find("plan")).to_contain_text("35 kg")
    await window.find("order-customer").fill("대한화장품")
    await window.find("order-create").click()
    await expect(window.find("new-order")).to_have_count(0)

    await office.find("대한화장품")
    parent = page.locator("tbody tr[aria-level='1']", has_text="대한화장품")
    await expect(parent).to_contain_text("CAP24A")
    await expect(page.locator("tbody tr[aria-level='2']")).to_have_count(2)
    await parent.locator(".fold").click()
    await expect(page.locator("tbody tr[aria-level='2']")).to_have_count(0)
    await expect(parent).to_contain_text("+2")
    await parent.click(position={"x": 400, "y": 20})
    await expect(window.find("family")).to_contain_text("INN24")
    await less_than_the_parent_needs(office)


async def less_than_the_parent_needs(office: Office) -> None:
    """Of 7,000 caps only 6,500 are to be made: both pages say so."""
    listed = (await office.admin.get("/orders/work-orders", item="CAP24", state="draft"))["items"]
    [cap] = [order for order in listed if order["quantity"] == "7000"]
    edited = await office.admin.http.patch(f"/orders/work-orders/{cap['id']}", json={"quantity": 6500})
    assert edited.is_success, edited.text
    parent = await office.admin.get(f"/orders/work-orders/{cap['parent_id']}")
    await office.window.visit(f"/orders/{cap['number']}")
    await expect(office.window.find("family-short")).to_contain_text("500")
    await expect(office.window.find("family-short")).to_contain_text(parent["number"])
    assert await office.window.inspect("order-too-little") == []
    await office.window.visit(f"/orders/{parent['number']}")
    await expect(office.window.find("family")).to_contain_text("500 부족")
    assert await office.window.inspect("order-short") == []


async def test_a_released_order_is_changed_by_a_request_that_shows_the_difference(office: Office) -> None:
    window, order = office.window, await office.released(quantity=600)
    await window.visit(f"/orders/{order['number']}")
    await window.find("order-change").click()
    await expect(window.find("change-propose")).to_be_disabled()
    await window.find("change-sheet").get_by_test_id("order-quantity").fill("550")
    await window.find("change-sheet").get_by_test_id("order-over").fill("12")
    await window.find("order-note").fill("라벨 두 장씩")
    await window.find("change-machine-10").select_option("IM2")
    await window.find("change-reason").fill("고객 요청")
    await window.find("change-propose").click()
    check = window.find("change-check")
    await expect(check).to_contain_text(re.compile("600.*550", re.DOTALL))
    await expect(check).to_contain_text(re.compile("5.*12", re.DOTALL))
    await expect(check).to_contain_text(re.compile("IM1.*IM2", re.DOTALL))
    await expect(check).to_contain_text("라벨 두 장씩")
    unchanged = await office.admin.get(f"/orders/work-orders/{order['id']}")
    assert unchanged["quantity"] == "600", "a proposal changes nothing"

    await window.find("change-later").click()
    await expect(window.find("change")).to_have_attribute("data-state", "proposed")
    await window.find("change-apply").click()
    await expect(window.page.locator(".operations")).to_contain_text("550")
    await expect(window.page.locator(".operations")).to_contain_text("IM2")
    await expect(window.page.locator(".facts")).to_contain_text("+12 %")
    await expect(window.page.locator(".timeline")).to_contain_text("변경 적용")
    await expect(window.page.locator(".timeline")).to_contain_text("고객 요청")
    changed = await office.admin.get(f"/orders/work-orders/{order['id']}")
    assert (changed["quantity"], changed["note"], changed["operations"][0]["machine"]) == ("550", "라벨 두 장씩", "IM2")


async def test_an_order_is_split_and_drafts_are_merged(office: Office) -> None:
    page, window = office.window.page, office.window
    order = await office.order(quantity=600, customer="나눌 거래처")
    await window.visit(f"/orders/{order['number']}")
    await window.find("order-more").click()
    await window.find("order-split").click()
    await window.find("split-part-2").fill("601")
    await expect(window.find("split-confirm")).to_be_disabled()
    await window.find("split-part-2").fill("150")
    await expect(window.find("split-first")).to_have_text("450")
    await window.find("split-confirm").click()
    await expect(window.find("family")).to_contain_text(f"{order['number']}-2")

    await window.visit("/orders")
    await office.find("나눌 거래처")
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Control+a")
    await window.find("bulk-more").click()
    await window.find("bulk-merge").click()
    await expect(window.find("merge")).to_contain_text("= 600")
    await window.find("merge-confirm").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("600")


async def test_ticked_orders_are_released_and_printed_a_sheet_each(office: Office) -> None:
    page, window = office.window.page, office.window
    orders = [await office.order(quantity=quantity, customer="인쇄 거래처") for quantity in (100, 200, 300)]
    await office.find("인쇄 거래처")
    await expect(page.locator("tbody tr")).to_have_count(3)
    await page.get_by_role("checkbox", name="모두 선택").check()
    await window.find("bulk-release").click()
    await expect(page.locator("tbody tr", has_text="지시됨")).to_have_count(3)
    await page.get_by_role("checkbox", name="모두 선택").check()
    await window.find("bulk-print").click()
    for order in orders:
        sheet = window.find(f"traveller-{order['number']}")
        await expect(sheet).to_contain_text("사출")
        await expect(sheet).to_contain_text("PP")
        await expect(sheet.locator("img[alt^='DURE:WO:']")).to_have_attribute("alt", f"DURE:WO:{order['number']}")
        await expect(sheet.locator("img[alt^='DURE:OP:']")).to_have_attribute("alt", f"DURE:OP:{order['number']}:10")
    pages = re.findall(rb"/Type\s*/Page\b", await page.pdf(prefer_css_page_size=True))
    assert len(pages) == 3


async def test_on_a_phone_what_is_ticked_has_its_actions_in_reach_wherever_the_list_stands(office: Office) -> None:
    page, window = office.window.page, office.window
    for quantity in range(1, 9):
        await office.order(quantity=quantity, customer="전화 거래처")
    size = page.viewport_size
    assert size is not None
    await page.set_viewport_size(PHONE)
    await office.find("전화 거래처")
    rows = page.locator("tbody tr")
    await expect(rows).to_have_count(8)
    for place in (0, 7):
        await rows.nth(place).scroll_into_view_if_needed()
        await rows.nth(place).get_by_role("checkbox").check()
        await expect(window.find("bulk-release")).to_be_in_viewport(ratio=1)
    await window.find("bulk-more").click()
    await page.mouse.wheel(0, -40)
    await expect(window.find("bulk-parts")).to_be_in_viewport(ratio=1)
    await window.find("bulk-parts").click()
    await expect(window.find("parts-plan")).to_be_visible()
    await page.set_viewport_size(size)


async def test_a_traveller_of_six_operations_is_one_sheet_with_its_number_at_the_foot(office: Office) -> None:
    page = office.window.page
    await office.admin.put("/orders/items/SIX", {"name": "여섯 공정 부품", "kind": "finished"})
    steps = ["블랭킹", "드로잉", "피어싱", "트리밍", "세척", "검사·포장"]
    machine = (await office.admin.get("/orders/machines"))["items"][0]["code"]
    operations = [
        {"op": 10 * n, "name": name, "machine": machine, "cycle_s": "2.5", "setup_s": 900}
        for n, name in enumerate(steps, 1)
    ]
    await office.admin.put("/orders/routings/SIX", {"operations": operations})
    lines = [{"component": "PP", "quantity": "0.2"}]
    await office.admin.put("/orders/boms/SIX", {"lines": lines})
    order = await office.order("SIX", customer="한 장 거래처")
    await office.admin.post(f"/orders/work-orders/{order['id']}/release")
    await office.window.visit(f"/travellers?orders={order['number']}")
    sheet = office.window.find(f"traveller-{order['number']}")
    await expect(sheet.locator("footer")).to_contain_text(order["number"])
    await expect(sheet.locator(".steps tbody tr")).to_have_count(6)
    pages = re.findall(rb"/Type\s*/Page\b", await page.pdf(prefer_css_page_size=True))
    assert len(pages) == 1


async def test_a_completed_order_is_closed_with_its_quantities(office: Office) -> None:
    window, order = office.window, await office.released(quantity=40)
    [job] = await jobs_of(office.admin, order)
    await office.admin.post(f"/production/jobs/{job['id']}/start")
    await office.admin.post(f"/production/jobs/{job['id']}/results", {"good": 38, "scrap": []})
    await office.admin.post(f"/production/jobs/{job['id']}/finish")
    await window.visit(f"/orders/{order['number']}")
    await window.find("order-close").click()
    sheet = window.find("close-sheet")
    await expect(sheet).to_contain_text("2 EA 적게")
    await window.find("close-confirm").click()
    await expect(window.page.locator(".order-lead")).to_contain_text("마감")
    await window.find("tab-quantities").click()
    await expect(window.page.locator(".reconciliation")).to_contain_text("박한별 마감")
