"""What is missing in the shop's data is named, mended where the report leads to, and then no longer named."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.support.browser import PATIENCE_MS, Window
from tests.support.caller import Caller, Shop
from tests.support.suite import Suite
from tests.support.ways import faults

pytestmark = pytest.mark.anyio
DEMO = "irum_mold"
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        await admin.put("/orders/items/BR9", {"name": "브라켓 9", "kind": "finished"})
        yield admin


async def test_a_finding_is_mended_where_the_report_leads_to_and_is_gone(window: Window, admin: Caller) -> None:
    before = await admin.get("/orders/readiness")
    await window.visit("/readiness")
    finding = window.page.locator('[data-testid="finding"][data-code="routing_missing"][data-key="BR9"]')
    await finding.click()
    await window.find("operation-add").click()
    await window.find("fact-name-ko").fill("프레스")
    await window.find("fact-work_center").fill("ASSY")
    await window.find("fact-cycle_s").fill("12")
    await window.find("document-save").click()
    await expect(window.find("save-bar")).to_have_count(0)

    await window.visit("/readiness")
    await expect(window.find("readiness-figures")).to_be_visible()
    await expect(finding).to_have_count(0)
    after = await admin.get("/orders/readiness")
    assert after["errors"] == before["errors"] - 1
    await expect(window.find("readiness-figures").locator("b").first).to_have_text(str(after["errors"]))


async def test_a_code_rule_names_the_codes_that_do_not_follow_it(window: Window) -> None:
    await window.visit("/readiness")
    await window.find("rule-machines").fill("@@@##")
    await window.find("rule-save-machines").click()
    named = window.find("findings-code_off_rule").get_by_test_id("finding")
    await expect(named).to_have_attribute("data-key", "AS1")
    await named.click()
    await expect(window.find("definition-code")).to_have_value("AS1")
    await window.visit("/readiness")
    await window.find("rule-machines").fill("")
    await window.find("rule-save-machines").click()
    await expect(window.find("findings-code_off_rule")).to_have_count(0)


async def test_the_screens_of_readiness_are_fit_to_be_seen(window: Window) -> None:
    await window.visit("/readiness")
    objections = await faults(window, "readiness")
    await window.visit("/readiness/evidence")
    objections += await faults(window, "readiness-evidence")
    assert not objections, "\n".join(objections)
