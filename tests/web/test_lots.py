"""Lots in the office: received, put right, looked up, held, split, shipped by their pieces' numbers, followed both
ways, and a recall drill down to the customers."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import Window
from tests.support.caller import Shop
from tests.support.factory import furnish
from tests.support.lot_story import AT_JOB, MOTORS, Story
from tests.support.press import OPERATOR, PIN
from tests.support.suite import running_suite
from tests.support.tablet import scan
from tests.support.ways import faults
from tests.support.wire import Wire
from tests.support.working_day import SEOUL
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
LONG_FIGURES = """() => {
    const figures = [...document.querySelectorAll(".balance > div")];
    for (const figure of figures) figure.querySelector("dd").prepend("1,000,000,");
    return figures
        .filter((figure) => figure.scrollWidth > figure.clientWidth)
        .map((figure) => figure.textContent);
}"""
"""Millions of kilograms in every column of the mass balance; those that they run out of."""


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
    assert await window.page.evaluate(LONG_FIGURES) == []
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


@pytest.fixture
async def wire(story: Story) -> AsyncIterator[Wire]:
    async with Wire(story.shop.suite.port) as wire:
        yield wire


@pytest.fixture
async def tablet(story: Story, wire: Wire, browser: Browser) -> AsyncIterator[Window]:
    await story.admin.post("/people", {"code": OPERATOR, "name": "박작업", "roles": ["operator"], "pin": PIN})
    window = await Window.open(browser, wire.address, has_touch=True)
    invited = await story.admin.post("/device-enrolments", {"name": "tablet", "machine": "PR1"})
    await window.join(f"{wire.address}/devices#enrol={invited['code']}")
    await window.sign_in_by_pin(OPERATOR, PIN)
    yield window
    await window.context.close()


async def test_a_tablet_asks_which_lot_it_is_and_for_what_and_leftover_goes_back(
    story: Story, wire: Wire, tablet: Window
) -> None:
    (job,) = await story.jobs("BR50", 1)
    for lot, item, supplier_lot in (("S-1", "SPCC", "P-77"), ("S-2", "SPCC", "P-77"), ("TWO-WAYS", "SAPH440", "P-9")):
        body = {"item": item, "quantity": 15, "lot": lot, "supplier_lot": supplier_lot}
        await story.admin.post("/production/lots", body)

    async def given(component: str) -> dict[str, str]:
        found = (await story.admin.get(f"/production/jobs/{job['id']}/materials"))["items"]
        [line] = [one for one in found if one["component"] == component]
        return {lot["lot"]: lot["quantity"] for lot in line["lots"]}

    news = tablet.find("material-news")
    shown = tablet.find(f"job-{job['number']}-10")
    await expect(shown).to_be_visible()
    await scan(tablet, f"dure:op:{job['number'].lower()}:10")
    await expect(shown.and_(tablet.page.locator("section"))).to_be_visible()
    await tablet.find("job-start").click()
    await tablet.find("material-open").click()
    tablet.expect_refusal(422)
    await scan(tablet, "p-77")
    await expect(tablet.find("choose-S-1")).to_contain_text("15")
    assert await faults(tablet, "station-which-lot") == []
    await tablet.find("choose-S-2").click()
    await expect(news).to_have_attribute("data-tone", "run")
    await eventually(lambda: given("SPCC"), lambda lots: lots == {"S-2": "15"})
    await scan(tablet, "two-ways")
    assert await faults(tablet, "station-which-line") == []
    await tablet.find("line-SPCC").click()
    await eventually(lambda: given("SPCC"), lambda lots: lots == {"S-2": "15", "TWO-WAYS": "5"})
    assert await given("SAPH440") == {}

    await tablet.find("leftover-TWO-WAYS").click()
    await tablet.page.locator("[data-digit='9']").click()
    await expect(tablet.find("question-yes")).to_be_disabled()
    await tablet.page.locator(".pad-back").click()
    await tablet.page.locator("[data-digit='2']").click()
    assert await faults(tablet, "station-leftover") == []
    await tablet.find("question-yes").click()
    await eventually(lambda: given("SPCC"), lambda lots: lots["TWO-WAYS"] == "3")
    await tablet.find("material-sheet").get_by_test_id("undo").click()
    await eventually(lambda: given("SPCC"), lambda lots: lots["TWO-WAYS"] == "5")

    await wire.cut()
    await expect(tablet.find("connection")).to_have_attribute("data-state", "offline")
    await tablet.find("leftover-S-2").click()
    await tablet.page.locator("[data-digit='4']").click()
    await tablet.find("question-yes").click()
    await expect(tablet.page.locator(".material-in").filter(has_text="S-2")).to_contain_text("11 kg")
    await wire.mend()
    await expect(tablet.find("queue-depth")).to_have_text("0")
    assert await given("SPCC") == {"S-2": "11", "TWO-WAYS": "5"}
    assert (await story.admin.get("/production/lots/S-2"))["remaining"] == "4"


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
