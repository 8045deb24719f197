"""A leader's morning: what the tablets could not do, pieces without an order, flagged results and calls, touched
with gloves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import PATIENCE_MS, PHONE, TABLET, TELEVISION, Window
from tests.support.caller import PASSWORD, Caller, Shop
from tests.support.press import MACHINE, OPERATOR, PIN, job_of, prepare, release_order, until
from tests.support.suite import running_suite
from tests.support.ways import faults

pytestmark = pytest.mark.anyio
expect.set_options(timeout=PATIENCE_MS)
LEADER = "leader"


@dataclass(frozen=True)
class Morning:
    """The shop, its administrator, and an operator at a tablet of the press."""

    shop: Shop
    admin: Caller
    operator: Caller

    async def order(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """A released order and its job at the press."""
        order = await release_order(self.admin, 400)
        job = await job_of(self.admin, order)
        assert job is not None
        return order, job

    async def hand_over(self, kind: str, path: str, **body: Any) -> dict[str, Any]:
        """The tablet is refused, and hands the command over as it does by itself."""
        id_, at = str(uuid4()), (datetime.now(UTC) - timedelta(minutes=25)).isoformat()
        refused = await self.operator.http.post(f"/production{path}", json=body, headers={"Idempotency-Key": id_})
        assert refused.is_client_error, refused.text
        command = {"id": id_, "kind": kind, "path": f"/api/v1/production{path}", "body": body, "person": OPERATOR}
        review = {"command": command | {"machine": MACHINE, "at": at}, "problem": refused.json()}
        receipt: dict[str, Any] = await self.operator.post("/production/reviews", review)
        return receipt

    async def state(self, job: dict[str, Any]) -> str:
        """The job's state at the server."""
        return str((await self.admin.get(f"/production/jobs/{job['id']}"))["state"])


@pytest.fixture(scope="module")
async def morning(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Morning]:
    with running_suite(tmp_path_factory.mktemp("leader") / "data") as suite:
        async with Shop(suite, "ko") as shop:
            admin = await prepare(shop, 0)
            body = {"code": "LD1", "name": "이반장", "roles": ["leader"], "login": LEADER, "password": PASSWORD}
            await admin.post("/people", body)
            tablet = await shop.enrol(admin, MACHINE)
            yield Morning(shop, admin, await shop.sign_in_on(tablet, OPERATOR, PIN))


async def leading(morning: Morning, browser: Browser, page: str, size: dict[str, int] = TABLET) -> Window:
    """The leader opens a page."""
    window = await Window.open(browser, morning.shop.suite.address, size, has_touch=True)
    await window.enter(page, LEADER)
    return window


async def test_a_leader_sees_why_a_start_was_refused_and_has_it_done_with_one_touch(
    morning: Morning, browser: Browser
) -> None:
    running_order, running_job = await morning.order()
    order, job = await morning.order()
    await morning.operator.post(f"/production/jobs/{running_job['id']}/start", {})
    await morning.hand_over("start", f"/jobs/{job['id']}/start", machine=MACHINE)
    window = await leading(morning, browser, "/reviews")
    await expect(window.find("review-detail")).to_contain_text(order["number"])
    await expect(window.find("review-detail")).to_contain_text("박작업")
    await expect(window.find("review-why")).to_contain_text(running_order["number"])
    await expect(window.find("review-accept")).to_contain_text(f"{running_order['number']} 공정 10을 일시정지합니다.")
    height = await window.find("review-accept").evaluate("tile => tile.getBoundingClientRect().height")
    assert height >= 80
    assert await window.inspect("reviews-ko") + window.complaints == []
    await window.find("review-accept").tap()
    await expect(window.page.locator(".empty")).to_contain_text("처리할 것이 없습니다")
    assert (await morning.state(running_job), await morning.state(job)) == ("paused", "running")
    await window.find("tab-past").tap()
    await window.page.locator("tbody tr").first.tap()
    await expect(window.find("review-detail")).to_contain_text("이반장")
    assert await window.inspect("reviews-past-ko") + window.complaints == []
    await window.context.close()
    await morning.operator.post(f"/production/jobs/{job['id']}/finish", {})


async def test_on_the_phone_a_report_is_corrected_and_another_goes_to_another_order(
    morning: Morning, browser: Browser
) -> None:
    _, job = await morning.order()
    other_order, other = await morning.order()
    scrap = [{"defect": "HOLE", "quantity": 2}]
    first = await morning.hand_over("result", f"/jobs/{job['id']}/results", good=30, scrap=scrap, machine=MACHINE)
    second = await morning.hand_over("result", f"/jobs/{uuid4()}/results", good=12, machine=MACHINE)
    window = await leading(morning, browser, "/reviews", PHONE)
    await expect(window.find("review-detail")).to_have_count(0)
    assert await window.inspect("reviews-list-phone") == []
    await window.find(f"review-{first['id']}").tap()
    await expect(window.find("review-why")).to_contain_text("HOLE")
    await expect(window.find("review-refusal")).to_contain_text("HOLE")
    await expect(window.find("review-accept")).to_have_count(0)
    assert await window.inspect("reviews-detail-phone") == []
    await window.find("review-correct").tap()
    await window.find("pieces-defect").select_option("DENT")
    await window.find("correct-reason").fill("찍힘이었음")
    assert await window.inspect("reviews-correct-phone") == []
    await window.find("correct-confirm").tap()
    await until(morning.admin, await order_of(morning, job), good="30", scrap="2")
    await window.find(f"review-{second['id']}").tap()
    await window.find("review-assign").tap()
    await window.find(f"assign-{other_order['number']}-10").tap()
    await window.find("assign-reason").fill("전표를 잘못 찍음")
    assert await window.inspect("reviews-assign-phone") == []
    await window.find("assign-confirm").tap()
    await until(morning.admin, other_order, good="12")
    assert await morning.state(other) == "ready"
    assert window.complaints == []
    await window.context.close()


async def order_of(morning: Morning, job: dict[str, Any]) -> dict[str, Any]:
    order: dict[str, Any] = await morning.admin.get(f"/orders/work-orders/{job['work_order_id']}")
    return order


async def test_pieces_without_an_order_and_flagged_results_are_put_in_order(morning: Morning, browser: Browser) -> None:
    order, job = await morning.order()
    body = {"good": 120, "scrap": [{"defect": "BURR", "quantity": 3}], "note": "급한 것", "item": "HB1001"}
    kept = await morning.operator.post(f"/production/machines/{MACHINE}/unassigned", body)
    window = await leading(morning, browser, "/reviews")
    await window.find("tab-unassigned").tap()
    await expect(window.find(f"unassigned-{kept['id']}")).to_contain_text("급한 것")
    assert await window.inspect("reviews-unassigned-ko") == []
    await window.find("unassigned-assign").tap()
    await window.find(f"assign-{order['number']}-10").tap()
    await window.find("assign-confirm").tap()
    await until(morning.admin, order, good="120", scrap="3")
    await expect(window.find(f"unassigned-{kept['id']}")).to_have_count(0)
    made = await morning.operator.post(f"/production/jobs/{job['id']}/results", {"good": 900})
    await window.find("tab-flagged").tap()
    group = window.page.locator(".flagged-group", has=window.find(f"flagged-{made['id']}"))
    await expect(group.locator("header")).to_contain_text("계획 초과")
    assert await window.inspect("reviews-flagged-ko") == []
    wrong = await morning.operator.post(f"/production/jobs/{job['id']}/results", {"good": 7})
    await window.find(f"flagged-{wrong['id']}").get_by_test_id("flagged-reverse").tap()
    await window.find("reason").fill("두 번 눌림")
    await window.find("reason-confirm").tap()
    await expect(window.find(f"flagged-{wrong['id']}")).to_have_count(0)
    await until(morning.admin, order, good="1020", scrap="3")
    await window.find("filter-over_production").tap()
    await window.find(f"flagged-{made['id']}").get_by_test_id("flagged-seen").tap()
    await expect(window.find(f"flagged-{made['id']}")).to_have_count(0)
    assert window.complaints == []
    await window.context.close()


async def test_a_call_is_seen_on_the_board_and_taken_by_who_comes(morning: Morning, browser: Browser) -> None:
    wall = await Window.open(browser, morning.shop.suite.address, TELEVISION)
    await wall.enter("/board", LEADER)
    await expect(wall.find("board-calls")).to_have_count(0)
    call = {"machine": MACHINE, "kind": "maintenance", "note": "센서에서 연기"}
    await morning.operator.post("/production/andon-calls", call)
    await expect(wall.find("board-calls")).to_contain_text(f"{MACHINE} · 보전")
    await expect(wall.find("board-calls")).to_contain_text("접수 안 됨")
    assert await wall.inspect("board-call") == []
    window = await leading(morning, browser, "/andon")
    shown = window.find(f"call-{MACHINE}-maintenance")
    await expect(shown).to_have_attribute("data-state", "open")
    assert await window.inspect("andon-ko") == []
    await window.find("call-take").tap()
    await expect(shown).to_have_attribute("data-state", "acknowledged")
    await expect(wall.find("board-calls")).to_contain_text("가는 중")
    await window.find("call-done").tap()
    await window.find("reason").fill("센서 교체")
    await window.find("reason-confirm").tap()
    await expect(shown).to_have_count(0)
    await expect(window.page.locator("tbody tr").first).to_contain_text("센서 교체")
    await expect(wall.find("board-calls")).to_have_count(0)
    assert window.complaints + wall.complaints == []
    await window.context.close()
    await wall.context.close()


async def test_a_leaders_pages_are_fit_to_be_seen(morning: Morning, browser: Browser) -> None:
    order, job = await morning.order()
    held = await morning.admin.post(f"/orders/work-orders/{order['id']}/hold", {"reason": "재질 확인"})
    assert held["state"] == "on_hold"
    await until(morning.admin, order, state="blocked")
    receipt = await morning.hand_over("start", f"/jobs/{job['id']}/start", machine=MACHINE)
    lost = {"good": 30, "scrap": [{"defect": "BURR", "quantity": 2}]}
    await morning.hand_over("result", f"/jobs/{uuid4()}/results", **lost, machine=MACHINE)
    kept = await morning.operator.post(f"/production/machines/{MACHINE}/unassigned", {"good": 4, "note": "금형 시험"})
    await morning.operator.post(f"/production/jobs/{job['id']}/results", {"good": 1})
    call = await morning.operator.post("/production/andon-calls", {"machine": "PR2", "kind": "material"})
    window = await Window.open(browser, morning.shop.suite.address)
    await window.enter("/reviews", LEADER)
    objections = await faults(window, "reviews")
    await window.go(f"/reviews#{receipt['id']}")
    await expect(window.find("review-detail")).to_be_visible()
    objections += await faults(window, "reviews-chosen")
    for tab in ("unassigned", "flagged", "past"):
        await window.find(f"tab-{tab}").click()
        objections += await faults(window, f"reviews-{tab}")
    await window.visit("/andon")
    objections += await faults(window, "andon")
    await window.visit("/board")
    objections += await faults(window, "board-calls")
    assert not objections + window.complaints, "\n".join(objections + window.complaints)
    await window.context.close()
    await dismiss_all(morning)
    await morning.admin.post(f"/production/unassigned/{kept['id']}/dismiss", {"reason": "시험"})
    await morning.admin.post(f"/production/andon-calls/{call['id']}/resolve", {})


async def dismiss_all(morning: Morning) -> None:
    """Nothing of this test is left for the next one."""
    for review in await morning.admin.every("/production/reviews", state="open"):
        await morning.admin.post(f"/production/reviews/{review['id']}/dismiss", {"reason": "시험"})
