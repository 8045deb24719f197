"""A planner brings the shop's spreadsheets in, sees what changes, and takes a wrong file back; all in the browser."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect
from python_calamine import CalamineWorkbook

from tests.support.browser import PATIENCE_MS, Window
from tests.support.caller import Caller, Shop
from tests.support.suite import Suite
from tests.support.ways import SPEAK

pytestmark = pytest.mark.anyio
DEMO = "hanbyeol_press"
expect.set_options(timeout=PATIENCE_MS)
ODD = "A;B;C;D\nHB1001;마운팅 브라켓;완제품;250\nHB9001;신형 브라켓;완제품;100\n"
"""Headings that nobody could guess."""


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        yield await shop.set_up()


async def drop(window: Window, file: str) -> None:
    """Choose items, and drop the file."""
    await window.visit("/imports")
    await window.page.get_by_role("button", name="품목", exact=True).click()
    content = {"name": "items.csv", "mimeType": "text/csv", "buffer": file.encode("cp949")}
    await window.find("import-file").set_input_files(files=[content])


async def test_columns_are_set_right_once_and_kept_for_the_next_file(window: Window, admin: Caller) -> None:
    await window.visit("/imports")
    window.expect_refusal(422)
    await drop(window, ODD)
    for field, column in (("code", "A"), ("name", "B"), ("kind", "C")):
        if field != "kind":
            window.expect_refusal(422)
        await window.find(f"map-{field}").select_option(column)
    await window.find("map-box_quantity").select_option("D")
    await expect(window.page.locator(".field", has=window.find("map-code"))).to_contain_text("파일: HB1001, HB9001")
    await expect(window.page.locator(".import-rows tbody tr")).to_have_count(2)
    await window.find("mapping-name").fill("우리 ERP")
    await window.find("mapping-keep").click()
    await expect(window.find("mapping-choose")).to_be_visible()
    kept = await admin.get("/orders/exchange/mappings/items/우리 ERP")
    assert kept["mapping"] == {"code": "A", "name": "B", "kind": "C", "box_quantity": "D"}

    window.expect_refusal(422)
    await drop(window, ODD)
    await window.find("mapping-choose").select_option("우리 ERP")
    await expect(window.page.locator(".import-rows tbody tr")).to_have_count(2)
    await expect(window.find("import-apply")).to_be_enabled()


async def test_the_verdicts_of_a_dropped_file_are_said_in_the_language_that_is_chosen(window: Window) -> None:
    await drop(window, "품번,품명,구분,박스수량\nHB1001,마운팅 브라켓,완제품,많이\n")
    fault = window.page.locator(".fault")
    await expect(fault).to_contain_text("박스수량")
    await window.page.evaluate(SPEAK, "en")
    await expect(fault).to_have_text(re.compile("^[^가-힣]*Box quantity[^가-힣]*(많이)?[^가-힣]*$"))


async def test_a_wrong_file_is_seen_applied_and_taken_back(window: Window, admin: Caller) -> None:
    before = await admin.get("/orders/items/HB1001")
    await window.visit("/imports")
    await drop(window, "품번,품명,구분,박스수량\nHB1001,마운팅 브라켓,완제품,250\nHB9009,잘못,완제품,1\n")
    await expect(window.page.locator(".change")).to_have_text(["박스수량 200 → 250"])
    await window.find("import-apply").click()
    await window.find("import-to-history").click()
    await expect(window.page.locator(".run-entries li")).to_have_count(2)
    assert (await admin.get("/orders/items/HB1001"))["box_quantity"] == "250"
    await window.find("run-undo").click()
    await window.find("reason").fill("다른 공장의 파일")
    await window.find("reason-confirm").click()
    await expect(window.page.get_by_text("다른 공장의 파일")).to_be_visible()
    assert (await admin.get("/orders/items/HB1001"))["box_quantity"] == before["box_quantity"]
    assert (await admin.get("/orders/items/HB9009"))["active"] is False


async def test_templates_and_everything_are_taken_away_as_files(window: Window, tmp_path: Path) -> None:
    await window.visit("/imports")
    await window.find("tab-files").click()
    async with window.page.expect_download() as saved:
        await window.find("export-xlsx").click()
    file = await saved.value
    assert file.suggested_filename.endswith(".xlsx")
    await file.save_as(tmp_path / "all.xlsx")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "all.xlsx").read_bytes())).sheet_names
    assert {"품목", "라우팅", "설비"} <= set(sheets)
    async with window.page.expect_download() as saved:
        await window.page.get_by_role("button", name="품목", exact=True).click()
    assert (await saved.value).suggested_filename == "items.xlsx"


async def test_what_was_taken_away_with_its_pictures_comes_back_unchanged(window: Window, tmp_path: Path) -> None:
    await window.visit("/imports")
    await window.find("tab-files").click()
    async with window.page.expect_download() as saved:
        await window.find("export-zip").click()
    await (await saved.value).save_as(tmp_path / "all.zip")
    await window.find("tab-import").click()
    await window.page.get_by_role("button", name="전체(내보낸 파일)").click()
    await window.find("import-file").set_input_files(tmp_path / "all.zip")
    apply = window.find("import-apply")
    await expect(apply).to_be_disabled()
    await expect(window.page.get_by_text("라우팅 이력").first).to_be_visible()
