"""An order's page tells what the floor made of it: sent out and back, corrected the next morning, more than
ordered, on another machine."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from playwright.async_api import expect

from tests.support.browser import PATIENCE_MS, Window
from tests.support.caller import Caller, Shop
from tests.support.suite import Suite
from tests.support.waiting import jobs_of
from tests.support.ways import WAYS, faults, look
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
BRACKET: dict[str, Any] = {
    "orders/work-centers/PRESS": {"name": "프레스"},
    "orders/work-centers/BENCH": {"name": "수작업"},
    "orders/machines/PR1": {"name": "1호기", "work_center": "PRESS"},
    "orders/machines/PR2": {"name": "2호기", "work_center": "PRESS"},
    "orders/items/HB1": {"name": {"ko": "도금 브라켓", "en": "plated bracket"}, "kind": "finished"},
    "orders/routings/HB1": {
        "operations": [
            {"op": 10, "name": {"ko": "프레스", "en": "stamping"}, "machine": "PR1", "cycle_s": 2},
            {"op": 20, "name": {"ko": "도금", "en": "plating"}, "subcontract": True, "lead_time_d": 2},
        ]
    },
    "quality/defects/BURR": {"name": {"ko": "버", "en": "burr"}},
    "quality/defects/SPOT": {"name": {"ko": "도금 얼룩", "en": "plating spot"}},
}
"""A bracket that is stamped here and plated by somebody else."""


@dataclass(frozen=True)
class Office:
    """Somebody's window on the order page, and the floor."""

    suite: Suite
    admin: Caller
    window: Window

    async def released(self, quantity: int = 100, **more: Any) -> Any:
        """An order on the floor."""
        due = (datetime.now(UTC) + timedelta(days=7)).isoformat()
        body = {"item": "HB1", "quantity": quantity, "due_at": due, **more}
        order = await self.admin.post("/orders/work-orders", body)
        return await self.admin.post(f"/orders/work-orders/{order['id']}/release")

    async def stamped(self, order: Any, good: int, machine: str = "PR1", **more: Any) -> Any:
        """The first operation ran on a machine and is done; its report."""
        [job, *_] = await jobs_of(self.admin, order)
        await self.admin.post(f"/production/jobs/{job['id']}/start", {"machine": machine})
        made = await self.admin.post(f"/production/jobs/{job['id']}/results", {"good": good, **more})
        await self.admin.post(f"/production/jobs/{job['id']}/finish")
        return made

    async def counted(self, order: Any, good: str, scrap: str = "0") -> None:
        """The order's last operation has come to this."""

        async def look() -> Any:
            return await self.admin.get(f"/orders/work-orders/{order['id']}")

        await eventually(look, lambda now: (now["good"], now["scrap"]) == (good, scrap))

    async def expect_fit(self, name: str) -> None:
        """A careful person objects to nothing, and leaves the screen as it was."""
        assert await faults(self.window, name) == []
        await look(self.window, WAYS["ko"])


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        for path, body in BRACKET.items():
            await admin.put(f"/{path}", body)
        yield admin


@pytest.fixture(scope="module")
async def window(desk: Window) -> Window:
    await desk.visit("/orders")
    return desk


@pytest.fixture
async def office(suite: Suite, admin: Caller, window: Window) -> AsyncIterator[Office]:
    yield Office(suite, admin, window)
    assert window.complaints == []


async def test_a_new_order_says_how_much_more_and_less_is_taken(office: Office) -> None:
    page, window = office.window.page, office.window
    await window.find("order-new").click()
    await window.find("order-item").fill("HB1")
    await page.get_by_role("option", name="HB1").click()
    await window.find("order-quantity").fill("1010")
    sheet = window.find("new-order")
    await expect(sheet).to_contain_text("960 EA부터")
    await expect(sheet).to_contain_text("1,060 EA까지")
    await window.find("order-over").fill("2")
    await expect(sheet).to_contain_text("1,030 EA까지")
    assert await window.inspect("order-new-tolerance") == []
    await window.find("order-create").click()
    await expect(sheet).to_have_count(0)
    [order] = (await office.admin.get("/orders/work-orders", state="draft"))["items"]
    await window.visit(f"/orders/{order['number']}")
    facts = page.locator(".order-side .facts")
    await expect(facts).to_contain_text("960 – 1,030 EA")
    await window.find("order-more").click()
    await window.find("order-edit").click()
    await window.find("order-under").fill("101")
    window.expect_refusal(422)
    await window.find("edit-save").click()
    await expect(window.find("edit-sheet").locator(".error")).to_contain_text("100")
    await window.find("order-under").fill("0")
    await window.find("edit-save").click()
    await expect(facts).to_contain_text("1,010 – 1,030 EA")
    await expect(page.locator(".timeline")).to_contain_text("미달 허용")


async def test_plating_goes_out_with_a_note_and_comes_back(office: Office) -> None:
    page, window, order = office.window.page, office.window, await office.released()
    await office.stamped(order, good=100)
    await window.visit(f"/orders/{order['number']}")
    state = window.find("outside-state-20")
    await expect(state).to_have_text("보내지 않음")
    await window.find("outside-send-20").click()
    await expect(window.find("send-quantity")).to_have_value("100")
    await expect(window.find("send-due")).not_to_have_value("")
    await window.find("send-quantity").fill("60")
    await window.find("send-supplier").fill("대성도금")
    await window.find("send-note").fill("니켈 5µm")
    assert await window.inspect("order-send") == []
    await window.find("send-confirm").click()
    await expect(state).to_have_text("업체에 60")
    await expect(window.find("sending")).to_contain_text("대성도금")

    await window.find("outside-send-20").click()
    await expect(window.find("send-quantity")).to_have_value("40")
    await expect(page.locator("#subcontractors option")).to_have_attribute("value", "대성도금")
    await window.find("send-due").fill((datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%d"))
    await window.find("send-confirm").click()
    await expect(state).to_contain_text(re.compile(r"40 늦음 · \d일"))
    await expect(window.find("sending")).to_have_count(2)
    await office.expect_fit("order-outside-late")

    await window.find("outside-receive-20").click()
    await window.find("pieces-good").fill("48")
    await window.find("pieces-add").click()
    await window.find("pieces-defect").select_option("SPOT")
    await window.find("pieces-scrapped").fill("2")
    await expect(window.find("receive-finish")).not_to_be_checked()
    assert await window.inspect("order-receive") == []
    await window.find("receive-confirm").click()
    await expect(state).to_have_text("업체에 50")
    await expect(window.find("outside-20")).to_contain_text("받음 50")

    await window.find("outside-receive-20").click()
    await expect(window.find("pieces-good")).to_have_value("50")
    await expect(window.find("receive-finish")).to_be_checked()
    await window.find("receive-confirm").click()
    await expect(state).to_have_text("모두 돌아옴")
    await expect(page.locator(".order-lead")).to_contain_text("완료")
    await office.counted(order, good="98", scrap="2")

    await window.find("delivery-note").first.click()
    note = window.find("delivery-note")
    await expect(note).to_contain_text("대성도금")
    await expect(note).to_contain_text("60")
    await expect(note.locator("img").first).to_have_attribute("alt", f"DURE:OP:{order['number']}:20")
    assert await window.inspect("delivery-note") == []
    assert len(re.findall(rb"/Type\s*/Page\b", await page.pdf(prefer_css_page_size=True))) == 1


async def test_a_report_is_corrected_the_next_morning(office: Office) -> None:
    window, order = office.window, await office.released()
    made = await office.stamped(order, good=90, machine="PR2", scrap=[{"defect": "BURR", "quantity": 1}])
    await of_yesterday(office.suite, made["id"])
    await window.visit(f"/orders/{order['number']}")
    await expect(window.find("ran-10")).to_have_text("PR2에서 작업")
    await window.find("tab-reports").click()
    await window.find(f"correct-{made['id']}").click()
    await expect(window.find("correct-confirm")).to_be_disabled()
    await window.find("pieces-good").fill("84")
    await window.find("pieces-scrapped").fill("7")
    await window.find("correct-reason").fill("상자를 다시 셌음")
    assert await window.inspect("order-correct") == []
    await window.find("correct-confirm").click()
    rows = window.page.locator(".results tbody tr")
    await expect(rows).to_have_count(3)
    await expect(rows.nth(0)).to_contain_text(re.compile("84.*바로잡은 실적.*상자를 다시 셌음 · 박한별", re.DOTALL))
    await expect(rows.nth(1)).to_contain_text(re.compile("-90.*되돌림", re.DOTALL))
    await expect(rows.nth(2)).to_contain_text(re.compile("90.*바로잡기 전", re.DOTALL))
    await expect(window.page.locator(".operations .operation").first).to_contain_text(re.compile(r"84\s*/ 100"))
    await office.expect_fit("order-corrected")

    # somebody else was faster: that is said in words, and what was typed is still there
    corrected = (await office.admin.every("/production/results", work_order=order["id"]))[-1]
    await window.find(f"correct-{corrected['id']}").click()
    await window.find("pieces-good").fill("80")
    await window.find("correct-reason").fill("나도 셌음")
    await office.admin.post(f"/production/results/{corrected['id']}/reverse", {"reason": "같은 상자"})
    window.expect_refusal(409)
    await window.find("correct-confirm").click()
    await expect(window.find("correct-sheet")).to_contain_text("이미 취소된 실적")
    await expect(window.find("pieces-good")).to_have_value("80")


async def test_more_than_ordered_is_told_within_and_beyond_the_tolerance(office: Office) -> None:
    window, order = office.window, await office.released(over_tolerance_pct=10)
    await office.stamped(order, good=111)
    [_, plating] = await jobs_of(office.admin, order)
    await office.admin.post(f"/production/jobs/{plating['id']}/send", {"quantity": 111})
    await office.admin.post(f"/production/jobs/{plating['id']}/results", {"good": 110})
    await office.counted(order, good="110")
    await window.visit(f"/orders/{order['number']}")
    await expect(window.page.locator(".order-side .facts")).to_contain_text("95 – 110 EA")
    await window.find("tab-reports").click()
    await expect(window.find("verdict")).to_contain_text("지시 수량보다 10 EA 많이")
    await expect(window.find("verdict")).to_contain_text("허용 범위(110 EA까지) 안입니다")

    await office.admin.post(f"/production/jobs/{plating['id']}/results", {"good": 1})
    await expect(window.find("verdict")).to_contain_text("허용 범위(110 EA까지)를 넘었습니다")
    await expect(window.page.locator(".results")).to_contain_text("계획 초과")
    await office.admin.post(f"/production/jobs/{plating['id']}/finish")
    await window.find("order-close").click()
    await expect(window.find("close-sheet").get_by_test_id("verdict")).to_have_attribute("data-within", "false")
    await window.find("close-confirm").click()
    await window.find("tab-quantities").click()
    await expect(window.page.locator(".reconciliation")).to_contain_text("11 EA 많이")
    await office.expect_fit("order-too-much")


async def test_what_was_finished_too_early_is_taken_up_again_from_the_office_and_at_the_machine(office: Office) -> None:
    window, order = office.window, await office.released()
    await office.stamped(order, good=60)

    async def steps() -> Any:
        return (await office.admin.get(f"/orders/work-orders/{order['id']}"))["operations"]

    await eventually(steps, lambda now: now[0]["state"] == "done")
    await window.visit(f"/orders/{order['number']}")
    await window.find("take-up-10").click()
    dialog = window.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("60개에서 잘못 완료")
    await office.expect_fit("order-take-up")
    await dialog.get_by_role("button", name="다시 열기").click()
    await expect(window.page.locator(".timeline")).to_contain_text("60개에서 잘못 완료")
    await expect(window.page.locator(".operation").first).to_contain_text("준비됨")

    await office.stamped(order, good=30)
    await window.visit("/station/PR1")
    await window.find("more-open").click()
    await window.find("more-finished").click()
    await window.find(f"finished-{order['number']}-10").click()
    await window.find("again-reason").fill("10개 더")
    await office.expect_fit("station-finished")
    await window.find("take-up").click()
    [stamping, _] = await jobs_of(office.admin, order)

    async def job() -> Any:
        return await office.admin.get(f"/production/jobs/{stamping['id']}")

    assert (await eventually(job, lambda now: now["state"] == "running"))["good"] == "90"
    await office.admin.post(f"/production/jobs/{stamping['id']}/finish")


async def test_what_is_reported_after_the_close_is_settled_anew_and_the_close_taken_back(office: Office) -> None:
    window, order = office.window, await office.released()
    await office.stamped(order, good=100)
    [_, plating] = await jobs_of(office.admin, order)
    await office.admin.post(f"/production/jobs/{plating['id']}/send", {"quantity": 100})
    await office.admin.post(f"/production/jobs/{plating['id']}/results", {"good": 95})
    await office.admin.post(f"/production/jobs/{plating['id']}/finish")
    await office.counted(order, good="95")
    await window.visit(f"/orders/{order['number']}")
    await window.find("order-close").click()
    await window.find("close-confirm").click()
    await expect(window.page.locator(".order-lead")).to_contain_text("마감")
    await office.admin.post(f"/production/jobs/{plating['id']}/results", {"good": 5})
    await office.counted(order, good="100")
    await window.find("tab-quantities").click()
    await expect(window.find("reconcile-revisions")).to_contain_text("마감 후 실적")
    await office.expect_fit("order-settled-anew")
    await window.find("order-more").click()
    await window.find("order-reopen").click()
    dialog = window.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("수량 확인")
    await dialog.get_by_role("button", name="다시 열기").click()
    await expect(window.page.locator(".order-lead")).to_contain_text("완료")


async def of_yesterday(suite: Suite, result: str) -> None:
    """As if it had been reported in a shift that is over."""
    connection = await asyncpg.connect(suite.database_url("dure_production"))
    try:
        await connection.execute(
            "UPDATE result SET business_date = business_date - 1, at = at - interval '1 day' WHERE id = $1", result
        )
    finally:
        await connection.close()
