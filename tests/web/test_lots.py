"""Lots in the office: received, looked up, held, split, followed both ways, and a recall drill down to the
customers."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import Window
from tests.support.caller import Caller, Shop
from tests.support.factory import furnish
from tests.support.suite import running_suite
from tests.support.ways import faults
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
    "boms/HB2001": {
        "lines": [
            {"component": "SAPH440", "quantity": "0.4", "scrap_pct": "2", "op": 10},
            {"component": "NUT-M8", "quantity": "2", "op": 20},
        ]
    },
    "routings/HB2001": {
        "operations": [
            {"op": 10, "name": {"ko": "타발", "en": "stamping"}, "machine": "PR1"},
            {"op": 20, "name": {"ko": "용접", "en": "welding"}, "machine": "PK"},
        ]
    },
}


class Story:
    """What happened before somebody sits down: two coils, three boxes of nuts, two orders, three shipments."""

    def __init__(self, shop: Shop, admin: Caller) -> None:
        self.shop, self.admin = shop, admin
        self.coil = self.made = ""

    async def happen(self) -> None:
        """Let it happen, through the public API."""
        for path, body in MASTER.items():
            await self.admin.put(f"/orders/{path}", body)
        self.coil = await self._receive("SAPH440", 60, supplier="현대제철", supplier_lot="H2611-0417", location="A-03")
        await self._receive("SAPH440", 100, supplier="현대제철", supplier_lot="H2611-0533", location="A-04")
        for quantity in (120, 120, 400):
            await self._receive("NUT-M8", quantity, supplier="한국파스너", location="B-01", expires_on="2026-12-01")
        for _ in range(2):
            stamping, welding = await self._jobs()
            await self._post(f"/jobs/{stamping}/results", good=98, scrap=[{"defect": "BURR", "quantity": 2}])
            self.made = (await self._post(f"/jobs/{welding}/results", good=95))["lot"]
            await self._post(f"/lots/{self.made}/ship", customer="한미정밀", quantity=40, reference="D-2611-031")
        await self._post(f"/lots/{self.made}/ship", customer="㈜대성오토텍", quantity=15)
        await self._post(f"/lots/{self.made}/count", quantity=38, reason="재고 실사")

    async def _receive(self, item: str, quantity: int, **more: Any) -> str:
        return str((await self._post("/lots", item=item, quantity=quantity, **more))["lot"])

    async def _jobs(self) -> list[str]:
        wish = {"item": "HB2001", "quantity": 100, "due_at": "2027-01-15T18:00:00+09:00"}
        order = await self.admin.post("/orders/work-orders", wish)
        await self.admin.post(f"/orders/work-orders/{order['id']}/release")

        async def look() -> list[Any]:
            return await self.admin.every("/production/jobs", work_order=order["id"])

        jobs = await eventually(look, lambda found: len(found) == 2)
        return [job["id"] for job in sorted(jobs, key=lambda job: job["op"])]

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
    await window.find("lot-recall").click()
    paper = window.find("recall-paper")
    await expect(paper).to_contain_text("한미정밀")
    await expect(paper).to_contain_text("㈜대성오토텍")
    await expect(window.find("recall-percent")).to_contain_text("100")
    await window.find("recall-hold").click()
    await window.find("reason").fill("회수 훈련")
    await window.find("reason-confirm").click()
    await expect(window.find("recall-hold")).to_have_count(0)
    held = await story.admin.get(f"/production/lots/{story.made}")
    assert (held["state"], held["hold_reason"]) == ("on_hold", "회수 훈련")
    await story.admin.post(f"/production/lots/{story.made}/release", {"reason": "훈련 끝"})
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
        ("recall", f"/recall/{story.coil}"),
        ("recall-choose", "/recall"),
    ):
        await window.visit(path)
        objections += await faults(window, name)
    await window.visit(f"/lots/{story.made}")
    await window.find("trace-table").click()
    objections += await faults(window, "lot-table")
    await window.find("tab-movements").click()
    objections += await faults(window, "lot-movements")
    await window.find("lot-ship").click()
    objections += await faults(window, "lot-ship")
    objections += window.complaints
    assert not objections, "\n".join(objections)
    await window.context.close()
