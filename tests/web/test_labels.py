"""Labels as an administrator sets them up and as people print them: in the browser, and on a printer that listens."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import Window
from tests.support.caller import Caller, Shop
from tests.support.working_day import NOW, at, working_day
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
POINT = 72 / 25.4
"""Points of a PDF in a millimetre."""


@dataclass(frozen=True)
class Afternoon:
    """The demo factory at work, and its administrator."""

    shop: Shop
    admin: Caller

    async def job(self) -> dict[str, Any]:
        """A job that has made something."""
        jobs = await self.admin.every("/production/jobs")
        return next(job for job in jobs if int(job["good"]) > 0)


@pytest.fixture(scope="module")
async def afternoon(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with working_day(tmp_path_factory.mktemp("labels")) as (shop, admin):
        yield Afternoon(shop, admin)


@pytest.fixture
async def office(afternoon: Afternoon, browser: Browser) -> AsyncIterator[Window]:
    window = await Window.open(browser, afternoon.shop.suite.address)
    await window.page.clock.set_fixed_time(at(NOW))
    await window.enter("/labels")
    yield window
    assert window.complaints == []
    await window.context.close()


async def test_a_template_is_made_with_its_picture_before_ones_eyes(office: Window) -> None:
    await office.find("tab-templates").click()
    await office.find("label-add").click()
    await office.find("template-code").fill("BRACKET")
    await office.find("template-name").fill("브라켓 식별표")
    picture = office.find("label-preview")
    before = await picture.get_attribute("src")
    await office.find("detail-customer").click()
    await expect(picture).not_to_have_attribute("src", before or "")
    assert "고객" in await picture.evaluate("image => decodeURIComponent(image.src)")
    await office.find("template-save").click()
    await expect(office.page.locator("tbody tr")).to_contain_text("브라켓 식별표")


async def test_a_printer_is_set_up_and_an_address_on_the_internet_is_refused_in_words(office: Window) -> None:
    await office.find("tab-printers").click()
    await office.find("label-add").click()
    await office.find("printer-code").fill("ZD1")
    await office.find("printer-name").fill("포장 라벨")
    await office.find("printer-host").fill("8.8.8.8")
    office.expect_refusal(422)
    await office.find("printer-save").click()
    await expect(office.page.locator(".field .error")).to_contain_text("사내망")
    await office.find("printer-host").fill("192.168.77.77")
    await office.find("printer-save").click()
    await expect(office.page.locator("tbody tr")).to_contain_text("192.168.77.77:9100")


async def test_the_paper_is_as_large_as_the_label_and_a_second_print_asks_why(
    afternoon: Afternoon, office: Window
) -> None:
    job = await afternoon.job()
    label = await afternoon.admin.post("/production/labels", {"job_id": job["id"], "on_page": True, "copies": 2})
    await office.page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    await office.go(f"{label['html_url']}?new")
    await expect(office.find("label")).to_have_count(2)
    pdf = await office.page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [(round(float(width) / POINT), round(float(height) / POINT)) for width, height in sizes] == [(100, 60)] * 2
    await office.find("print").click()
    await eventually(lambda: office.page.evaluate("printed"), lambda times: times == 1)
    await office.find("print").click()
    await office.find("reason").fill("물에 젖음")
    await office.find("reason-confirm").click()
    await eventually(lambda: office.page.evaluate("printed"), lambda times: times == 2)
    await office.visit(f"/labels?job={job['id']}")
    await office.page.locator("tbody tr").first.click()
    await expect(office.page.locator(".label-prints li")).to_have_count(2)
    await expect(office.page.locator(".label-prints")).to_contain_text("물에 젖음")


async def test_what_a_job_has_made_is_labelled_by_one_call_and_a_browser_opens_the_page(
    afternoon: Afternoon, office: Window
) -> None:
    job = await afternoon.job()
    async with office.context.expect_page() as opened:
        await office.page.evaluate(
            "async job_id => {"
            " const { printLabel } = await import('/js/lib/labels.js');"
            " await printLabel({ job_id });"
            "}",
            job["id"],
        )
    page = await opened.value
    await expect(page.get_by_test_id("label")).to_be_visible()
    assert "/labels/" in page.url
