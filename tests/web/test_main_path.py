"""One order, from the ERP's file to a tablet and back, as people see it in their browsers."""

import asyncio
import base64
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.support.browser import PATIENCE_MS, TELEVISION, Window
from tests.support.caller import LOGIN, PASSWORD, Caller, Shop
from tests.support.suite import Suite
from tests.support.waiting import jobs_of
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
DEMO = "hanbyeol_press"
expect.set_options(timeout=PATIENCE_MS)
MACHINE = "PR200P"
ITEM = "HB1001"
"""An item that is made on it first; with which item the file begins depends on the day."""
PIN = "482917"


@pytest.fixture
async def shop(suite: Suite) -> AsyncIterator[Shop]:
    async with Shop(suite) as shop:
        yield shop


async def test_an_order_goes_from_the_erps_file_to_a_tablet_and_back(
    suite: Suite, shop: Shop, browser: Browser
) -> None:
    office = await Window.open(browser, suite.address)
    tablet = await Window.open(browser, suite.address, has_touch=True)
    wall = await Window.open(browser, suite.address, TELEVISION)

    await follow_the_setup_link(office, suite)
    admin = await shop.sign_in()
    number = await import_the_erps_file(office, admin, (suite.data / "demo" / "orders-next-week.csv").read_bytes())
    await release(office, number)
    await add_an_operator(office)
    link = await invite_a_tablet(office)

    await wall.sign_in("/board")
    tile = wall.find(f"machine-{MACHINE}")
    await expect(tile).to_have_attribute("data-state", "idle")
    board_opened_at = await wall.page.evaluate("performance.timeOrigin")

    # the tablet joins by the link, and the operator signs in on it by PIN
    await tablet.join(link)
    await tablet.sign_in_by_pin("OP78", PIN)
    assert tablet.page.url.endswith(f"/station/{MACHINE}")
    await expect(tablet.find("connection")).to_have_attribute("data-state", "online")

    # start: the board changes by itself
    job = tablet.find(f"job-{number}-10")
    await job.click()
    await tablet.find("job-start").click()
    await expect(job).to_have_attribute("data-state", "running")
    await expect(tile).to_have_attribute("data-state", "running")
    await expect(tile).to_contain_text(number)

    # 100 good and 3 scrap in one action, with a touch too many
    await report(tablet, "100", ["BURR", "BURR", "DENT"], touches=2)
    await counted(tablet, good="100", scrap="3")
    await expect(tile.locator("b")).to_have_text("100")

    # taken back within ten seconds, and reported again
    await tablet.find("undo").click()
    await counted(tablet, good="0", scrap="0")
    await expect(tile.locator("b")).to_have_text("0")
    await report(tablet, "100", ["BURR", "BURR", "DENT"])
    await counted(tablet, good="100", scrap="3")
    await expect(tile.locator("b")).to_have_text("100")

    # what is not possible is told in the operator's language, and nothing changes
    other = tablet.page.locator('.queue [data-testid^="job-"][data-state="ready"]').first
    await other.click()
    tablet.expect_refusal(409)
    await tablet.find("job-start").click()
    await expect(tablet.page.get_by_role("alert")).to_contain_text(f"{number}")
    await expect(tablet.page.get_by_role("alert")).to_contain_text("먼저")
    await tablet.find(f"job-{number}-10").click()

    await tablet.find("job-finish").click()
    await tablet.find("finish-sheet").get_by_test_id("job-finish").click()
    await expect(tile).not_to_have_attribute("data-state", "running")
    assert await wall.page.evaluate("performance.timeOrigin") == board_opened_at, "the board was loaded anew"

    # the ERP monitor shows it, and the ERP reads exactly these numbers
    erp = await shop.erp(admin)
    external_id = (await admin.get(f"/orders/work-orders/{number}"))["external_id"]

    async def ledger() -> list[dict[str, object]]:
        rows = await erp.every("/erp/confirmations")
        return [row for row in rows if row["external_id"] == external_id]

    rows = await eventually(ledger, lambda rows: bool(rows) and bool(rows[-1]["final"]))
    assert rows[-1]["totals"] == {"good": "100", "scrap": "3", "rework": "0"}
    assert [row["good"] for row in rows] == ["100", "-100", "100", "0"], "the second touch did not count"
    assert rows[0]["scrap"] == [{"defect": "BURR", "quantity": "2"}, {"defect": "DENT", "quantity": "1"}]
    await office.visit("/erp")
    await office.find("tab-confirmations").click()
    row = office.page.locator("tbody tr", has_text=external_id).first
    await expect(row).to_contain_text("100 · 3")
    job_ = (await jobs_of(admin, await admin.get(f"/orders/work-orders/{number}")))[0]
    assert (job_["state"], job_["good"], job_["scrap"]) == ("done", "100", "3")

    for window in (office, tablet, wall):
        assert window.complaints == []
        await window.context.close()


async def follow_the_setup_link(office: Window, suite: Suite) -> None:
    """It was lost: the server prints a new one, which is opened where the first try without it stands."""
    await office.go("/setup")
    await expect(office.page.locator("h1")).to_be_visible()
    await expect(office.find("setup-name")).to_have_count(0)
    command = [sys.executable, "-m", "infra.cli", "setup-link", "--data", str(suite.data)]
    printed = (await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)).stdout
    token = printed.rpartition("#token=")[2].strip()
    await office.page.goto(f"{suite.address}/setup#token={token}")
    await office.find("setup-name").fill("박한별")
    await office.find("setup-login").fill(LOGIN)
    await office.find("setup-password").fill(PASSWORD)
    await office.find("setup-submit").click()
    await expect(office.find("setup-go")).to_be_visible()
    assert token not in office.page.url, "a used link does not stay in the history"


async def import_the_erps_file(office: Window, admin: Caller, content: bytes) -> str:
    """Drop the file, look at the verdicts, apply them; the number of an order that came."""
    _, _, *lines = [line.split(",") for line in content.decode("cp949").splitlines()]
    _, document, position, *_ = next(line for line in lines if ITEM in line)
    external_id = f"{document}-{position}"
    await office.visit("/imports")
    await drop(office, content)
    await expect(office.page.locator(".import-rows tbody tr")).to_have_count(len(lines))
    assert await admin.every("/erp/orders", q=external_id) == [], "looking changes nothing"
    await office.find("import-apply").click()
    await office.find("import-next").click()
    await office.page.wait_for_url("**/orders")

    async def arrived() -> list[dict[str, str]]:
        orders: list[dict[str, str]] = (await admin.get("/orders/work-orders", q=external_id))["items"]
        return orders

    return (await eventually(arrived, bool))[0]["number"]


async def drop(office: Window, content: bytes) -> None:
    """Let a file fall onto the page."""
    held = await office.page.evaluate_handle(
        """(content) => {
            const held = new DataTransfer();
            held.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], "orders.csv", { type:
            "text/csv" }));
            return held;
        }""",
        base64.b64encode(content).decode(),
    )
    for happening in ("dragenter", "dragover", "drop"):
        await office.page.dispatch_event("main", happening, {"dataTransfer": held})


async def release(office: Window, number: str) -> None:
    """On the order list: find it, open it, release it."""
    await office.page.get_by_role("searchbox").fill(number)
    await office.page.locator("tbody tr", has_text=number).click()
    await office.find("order-sheet").get_by_test_id("order-release").click()
    await expect(office.find("order-sheet").get_by_test_id("order-hold")).to_be_visible()
    await office.page.keyboard.press("Escape")
    await expect(office.find("order-sheet")).to_have_count(0)


async def add_an_operator(office: Window) -> None:
    await office.visit("/people")
    await office.find("person-add").click()
    await office.find("person-name").fill("박작업")
    await office.find("person-code").fill("OP78")
    await office.find("person-pin").fill(PIN)
    await office.find("person-save").click()
    await expect(office.page.locator("tbody tr", has_text="OP78")).to_contain_text("PIN")


async def invite_a_tablet(office: Window) -> str:
    """The link that the tablet opens."""
    await office.visit("/devices")
    await office.find("device-enrol").first.click()
    await office.find("enrol-machine").select_option(MACHINE)
    await office.find("enrol-create").click()
    return (await office.find("enrol-url").inner_text()).strip()


async def report(tablet: Window, good: str, scrap: list[str], touches: int = 1) -> None:
    """Open the sheet, type the good pieces, touch a defect for each bad one, and send it."""
    await tablet.find("good-input").click()
    sheet: Locator = tablet.find("report-sheet")
    await sheet.get_by_test_id("good-input").fill(good)
    for defect in scrap:
        await sheet.get_by_test_id(f"scrap-{defect}").click()
    await sheet.get_by_test_id("report-submit").click(click_count=touches)
    await expect(sheet).not_to_be_visible()


async def counted(tablet: Window, *, good: str, scrap: str) -> None:
    await expect(tablet.find("job-good")).to_have_attribute("data-value", good)
    await expect(tablet.find("job-scrap")).to_have_attribute("data-value", scrap)
