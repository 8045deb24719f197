"""Lots in the office: received, put right, looked up, held, split, shipped by their pieces' numbers, followed both
ways, and a recall drill down to the customers."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import Window
from tests.support.caller import Caller, Shop
from tests.support.factory import furnish
from tests.support.suite import running_suite
from tests.support.ways import faults
from tests.support.working_day import SEOUL
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
PORTRAIT = {"width": 800, "height": 1280}
MASTER: dict[str, dict[str, Any]] = {
    "items/SAPH440": {
        "name": {"ko": "열연코일 2.0t", "en": "hot-rolled coil 2.0t"},
        "kind": "raw",
        "unit": "kg",
        "lot_tracked": True,
    },
    "items/NUT-M8": {"name": {"ko": "용접너트 M8", "en": "weld nut M8"}, "kind": "purchased", "lot_tracked": True},
    "items/HB2001": {
        "name": {"ko": "보강 ASSY", "en": "reinforcement assembly"},
        "kind": "finished",
        "lot_tracked": True,
    },
    "items/MT10": {"name": {"ko": "구동 모터", "en": "drive motor"}, "kind": "finished", "serial_tracked": True},
    "boms/HB2001": {
        "lines": [
            {"component": "SAPH440", "quantity": "0.4", "scrap_pct": "2", "op": 10},
            {"component": "NUT-M8", "quantity": "2", "op": 20},
        ]
    },
    "routings/MT10": {"operations": [{"op": 10, "name": {"ko": "조립", "en": "assembly"}, "machine": "PK"}]},
    "routings/HB2001": {
        "operations": [
            {"op": 10, "name": {"ko": "타발", "en": "stamping"}, "machine": "PR1"},
            {"op": 20, "name": {"ko": "용접", "en": "welding"}, "machine": "PK"},
        ]
    },
}


AT_JOB = "SAPH440-POHANG-H2611-0533-A"
MOTORS = "MT10-LINE1-A"


class Story:
    """What happened before somebody sits down: two coils, three boxes of nuts, two orders, three shipments; a third
    coil that lies at a job, and six motors with numbers."""

    def __init__(self, shop: Shop, admin: Caller) -> None:
        self.shop, self.admin = shop, admin
        self.coil = self.made = self.waiting = ""

    async def happen(self) -> None:
        """Let it happen, through the public API."""
        for path, body in MASTER.items():
            await self.admin.put(f"/orders/{path}", body)
        self.coil = await self._receive("SAPH440", 60, supplier="현대제철", supplier_lot="H2611-0417", location="A-03")
        await self._receive("SAPH440", 100, supplier="현대제철", supplier_lot="H2611-0533", location="A-04")
        for quantity in (120, 120, 400):
            await self._receive("NUT-M8", quantity, supplier="한국파스너", location="B-01", expires_on="2026-12-01")
        for _ in range(2):
            stamping, welding = await self._jobs("HB2001", 2)
            await self._post(f"/jobs/{stamping['id']}/results", good=98, scrap=[{"defect": "BURR", "quantity": 2}])
            self.made = (await self._post(f"/jobs/{welding['id']}/results", good=95))["lot"]
            await self._post(f"/lots/{self.made}/ship", customer="한미정밀", quantity=40, reference="D-2611-031")
        await self._post(f"/lots/{self.made}/ship", customer="㈜대성오토텍", quantity=15)
        await self._post(f"/lots/{self.made}/count", quantity=38, reason="재고 실사")
        await self._receive("SAPH440", 50, lot=AT_JOB, supplier="포스코")
        stamping, _ = await self._jobs("HB2001", 2)
        self.waiting = stamping["number"]
        await self._post(f"/jobs/{stamping['id']}/consumptions", lot=AT_JOB, quantity=20)
        (assembly,) = await self._jobs("MT10", 1)
        await self._post(f"/jobs/{assembly['id']}/results", good=6, lot=MOTORS)

    async def motors(self) -> dict[str, str]:
        """Where each of them is, by the end of its number."""
        found = await self.admin.every("/production/serials", lot=MOTORS)
        return {serial["serial"].removeprefix(f"{MOTORS}-"): serial["state"] for serial in found}

    async def movements(self, lot: str) -> list[tuple[str, str]]:
        """Kind and quantity of what happened to a lot, the first one first."""
        found = (await self.admin.get(f"/production/lots/{lot}"))["movements"]
        return [(one["kind"], one["quantity"]) for one in reversed(found)]

    async def _receive(self, item: str, quantity: int, **more: Any) -> str:
        return str((await self._post("/lots", item=item, quantity=quantity, **more))["lot"])

    async def _jobs(self, item: str, count: int) -> list[dict[str, Any]]:
        wish = {"item": item, "quantity": 100, "due_at": "2027-01-15T18:00:00+09:00", "customer": "㈜대성오토텍"}
        order = await self.admin.post("/orders/work-orders", wish)
        await self.admin.post(f"/orders/work-orders/{order['id']}/release")

        async def look() -> list[Any]:
            return await self.admin.every("/production/jobs", work_order=order["id"])

        jobs = await eventually(look, lambda found: len(found) == count)
        return sorted(jobs, key=lambda job: job["op"])

    async def _post(self, path: str, **body: Any) -> Any:
        return await self.admin.post(f"/production{path}", body)


@pytest.fixture(scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    with running_suite(tmp_path_factory.mktemp("lots") / "data") as suite:
        async with Shop(suite) as shop:
            admin = await shop.set_up()
            await furnish(admin)
            story = Story(shop, admin)
            await story.happen()
            yield story


async def test_a_delivery_is_received_held_and_split(story: Story, browser: Browser) -> None:
    window = await Window.open(browser, story.shop.suite.address)
    await window.enter("/lots")
    await window.find("lot-receive").click()
    await window.find("lot-item").fill("SAPH")
    await window.page.locator(".picker [role=option]").first.click()
    await window.find("lot-quantity").fill("250500")
    await window.find("lot-quantity-unit").select_option("g")
    await window.find("lot-supplier_lot").fill("H2612-0001")
    await window.find("receive-submit").click()
    await expect(window.find("receive-sheet")).to_have_count(0)
    await window.page.get_by_role("searchbox").fill("H2612-0001")
    row = window.page.locator(".lots-table tbody tr")
    await expect(row).to_have_count(1)
    await row.locator("a").click()
    await expect(window.find("lot-remaining")).to_contain_text("250.5")
    await window.find("lot-split").click()
    await window.find("split-quantity").fill("50")
    await window.find("split-submit").click()
    await expect(window.find("lot-remaining")).to_contain_text("200.5")
    await window.find("lot-hold").click()
    await window.find("reason").fill("성적서 없음")
    await window.find("reason-confirm").click()
    await expect(window.find("lot-state")).to_have_class("chip stop ")
    await expect(window.find("lot-ship")).to_have_count(0)
    await window.find("lot-release").click()
    await window.find("reason").fill("성적서 도착")
    await window.find("reason-confirm").click()
    await expect(window.find("lot-state")).to_have_class("chip run ")
    assert not window.complaints
    await window.context.close()


async def test_a_finished_lot_is_followed_back_to_its_coil_and_the_coil_to_the_customers(
    story: Story, browser: Browser
) -> None:
    window = await Window.open(browser, story.shop.suite.address)
    await window.enter(f"/lots/{story.made}")
    await expect(window.find("trace-backward")).to_be_visible()
    await window.find(f"node-{story.coil}").click()
    await expect(window.find("trace-forward")).to_be_visible()
    await window.find("trace-table").click()
    await expect(window.page.locator(".trace tbody tr").filter(has_text=story.made)).to_have_count(1)
    await window.find("lot-more").click()
    await window.find("lot-recall").click()
    paper = window.find("recall-paper")
    await expect(paper).to_contain_text("한미정밀")
    await expect(paper).to_contain_text("㈜대성오토텍")
    await expect(window.find("recall-percent")).to_contain_text("100")
    await window.find("recall-hold").click()
    await window.find("reason").fill("회수 훈련")
    await window.find("reason-confirm").click()
    await expect(window.find("recall-hold")).to_have_text("보류 사유 추가")
    held = await story.admin.get(f"/production/lots/{story.made}")
    assert (held["state"], held["hold_reason"]) == ("on_hold", "회수 훈련")
    await story.admin.post(f"/production/lots/{story.made}/release", {"reason": "훈련 끝"})
    assert not window.complaints
    await window.context.close()


async def test_a_delivery_of_yesterday_is_put_right_and_more_of_it_comes_in(story: Story, browser: Browser) -> None:
    window = await Window.open(browser, story.shop.suite.address)
    await window.enter("/lots")
    yesterday = (datetime.now(SEOUL) - timedelta(days=1)).date().isoformat()

    async def receive(quantity: str) -> None:
        await window.find("lot-receive").click()
        await window.find("lot-item").fill("SAPH440")
        await window.page.locator(".picker [role=option]").first.click()
        await window.find("lot-quantity").fill(quantity)
        await window.find("lot-lot").fill("COIL-77")

    await receive("1000")
    await window.find("lot-day").fill(yesterday)
    await window.find("lot-time").fill("07:30")
    await window.find("receive-submit").click()
    await expect(window.find("receive-sheet")).to_have_count(0)
    await receive("50")
    await expect(window.find("receive-sheet")).to_contain_text("1,000 kg")
    await window.find("receive-submit").click()
    await expect(window.find("receive-sheet")).to_have_count(0)
    first = (await story.admin.get("/production/lots/COIL-77"))["movements"][1]
    came = datetime.fromisoformat(first["at"]).astimezone(SEOUL)
    assert (first["quantity"], f"{came:%F %R}") == ("1000", f"{yesterday} 07:30")
    await window.visit("/lots/COIL-77")
    await window.find("tab-movements").click()
    await window.find("correct-received").last.click()
    await window.find("correct-quantity").fill("100")
    await window.find("correct-reason").fill("0이 하나 더 찍힘")
    await window.find("correct-submit").click()
    await expect(window.find("lot-remaining")).to_contain_text("150")
    await window.find("reverse-received").last.click()
    await window.find("reason").fill("다른 차 물건")
    await window.find("reason-confirm").click()
    await expect(window.find("lot-remaining")).to_contain_text("100")
    assert await story.movements("COIL-77") == [
        ("received", "1000"),
        ("received", "50"),
        ("received", "-1000"),
        ("received", "100"),
        ("received", "-50"),
    ]
    await expect(window.find("reverse-received")).to_have_count(1)
    assert not window.complaints
    await window.context.close()


async def test_the_pieces_that_go_and_those_that_are_missing_are_named(story: Story, browser: Browser) -> None:
    window = await Window.open(browser, story.shop.suite.address)
    await window.enter(f"/lots/{MOTORS}")
    await window.find("lot-ship").click()
    submit, quantity = window.find("ship-submit"), window.find("ship-quantity")
    await expect(window.find("ship-customer")).to_have_value("㈜대성오토텍")
    await expect(quantity).to_have_value("6")
    await expect(window.find("serials").get_by_role("checkbox", checked=True)).to_have_count(6)
    await quantity.fill("2")
    await expect(submit).to_be_disabled()
    await window.find("serials-find").fill(f"{MOTORS.lower()}-0002")
    await window.find("serials-find").press("Enter")
    await expect(submit).to_be_disabled()
    await window.find(f"serial-{MOTORS}-0005").check()
    await submit.click()
    await expect(window.find("lot-remaining")).to_contain_text("4")
    gone = {"0002": "shipped", "0005": "shipped"}
    assert await story.motors() == {f"000{n}": "in_stock" for n in range(1, 7)} | gone
    await window.find("lot-split").click()
    await window.find("split-quantity").fill("1")
    await expect(window.find(f"serial-{MOTORS}-0006")).to_be_checked()
    await window.find("serials-none").click()
    await window.find("serials-find").fill("0003")
    await window.find("serials-find").press("Enter")
    await window.find("split-lot").fill("MT10-PART")
    await window.find("split-submit").click()
    await expect(window.find("lot-remaining")).to_contain_text("3")
    await window.find("lot-count").click()
    await window.find("count-quantity").fill("2")
    await expect(window.find("count-submit")).to_be_disabled()
    await window.find("serials-all").click()
    await window.find(f"serial-{MOTORS}-0004").uncheck()
    await window.find("count-reason").fill("재고 실사")
    await window.find("count-submit").click()
    await expect(window.find("lot-remaining")).to_contain_text("2")
    await window.find("tab-serials").click()
    await expect(window.page.locator(".serials-table tbody tr")).to_have_count(5)
    found = {"0001": "in_stock", "0004": "missing", "0006": "in_stock"}
    assert await story.motors() == gone | found
    assert (await story.admin.every("/production/serials", lot="MT10-PART"))[0]["serial"] == f"{MOTORS}-0003"
    assert not window.complaints
    await window.context.close()


async def test_a_coil_that_lies_at_a_job_leads_to_its_order_and_customer(story: Story, browser: Browser) -> None:
    window = await Window.open(browser, story.shop.suite.address)
    await window.enter(f"/lots/{AT_JOB}")
    node = window.find(f"node-job-{story.waiting}-10")
    await expect(node).to_contain_text("㈜대성오토텍")
    await expect(window.find(f"node-{AT_JOB}")).to_contain_text(AT_JOB)
    await window.find("trace-table").click()
    await expect(window.page.locator(".trace tbody tr").filter(has_text=story.waiting)).to_contain_text("20 kg")
    await window.find("trace-table").click()
    await node.click()
    await window.page.wait_for_url(f"**/orders/{story.waiting}")
    await window.visit(f"/recall/{AT_JOB}")
    await expect(window.find(f"recall-job-{story.waiting}-10")).to_contain_text("20 kg")
    await expect(window.find("recall-percent")).to_contain_text("100")
    assert not window.complaints
    await window.context.close()


async def test_the_pages_of_lots_are_fit_to_be_seen(story: Story, browser: Browser) -> None:
    window = await Window.open(browser, story.shop.suite.address)
    await window.enter("/lots")
    objections = await faults(window, "lots")
    await window.find("lot-receive").click()
    objections += await faults(window, "lots-receive")
    for name, path in (
        ("lot-made", f"/lots/{story.made}"),
        ("lot-coil", f"/lots/{story.coil}"),
        ("lot-at-job", f"/lots/{AT_JOB}"),
        ("recall", f"/recall/{story.coil}"),
        ("recall-at-job", f"/recall/{AT_JOB}"),
        ("recall-choose", "/recall"),
    ):
        await window.visit(path)
        objections += await faults(window, name)
    await window.visit(f"/lots/{story.made}")
    await window.find("trace-table").click()
    objections += await faults(window, "lot-table")
    await window.find("tab-movements").click()
    objections += await faults(window, "lot-movements")
    await window.find("correct-shipped").first.click()
    objections += await faults(window, "lot-correct")
    await window.visit(f"/lots/{MOTORS}")
    await window.find("tab-serials").click()
    objections += await faults(window, "lot-serials")
    await window.find("lot-ship").click()
    objections += await faults(window, "lot-ship")
    objections += window.complaints
    assert not objections, "\n".join(objections)
    await window.context.close()
