"""What the shop makes and how, looked at and mended in the browser: in three languages, on a desk and on a phone,
with a bad network and with two people at once."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import PATIENCE_MS, Window
from tests.support.caller import Caller, Shop
from tests.support.suite import Suite
from tests.support.ways import faults

pytestmark = pytest.mark.anyio
DEMO = "irum_mold"
expect.set_options(timeout=PATIENCE_MS)
MANY = 10_000


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    """The administrator of the demo factory, which also makes a bracket on two ways at once."""
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        await furnish(admin)
        yield admin


def step(op: int, name: str, **more: Any) -> dict[str, Any]:
    return {"op": op, "name": name, "work_center": "ASSY", **more}


BRACKET = [
    step(10, "블랭킹", cycle_s=2, setup_s=1800, predecessors=[], machine="AS1"),
    step(20, "포밍", cycle_s=8, predecessors=[10], self_inspection=True),
    step(30, "너트 준비", cycle_s=4, predecessors=[]),
    step(40, "세척", run_s_per_batch=1200, batch_size=400, predecessors=[20]),
    {"op": 50, "name": "전착도장", "subcontract": True, "lead_time_d": 2, "predecessors": [40]},
    step(60, "너트 용접", cycle_s=14, predecessors=[50, 30], crew=2),
    step(70, "최종검사", cycle_s=6, predecessors=[60], self_inspection=True),
]


async def furnish(admin: Caller) -> None:
    """What the demo lacks: parallel operations, alternates, a revision to come, entries of every kind."""
    await admin.put(
        "/orders/items/BR77", {"name": {"ko": "브라켓 조립품", "en": "bracket assembly"}, "kind": "finished"}
    )
    await admin.put("/orders/routings/BR77", {"operations": BRACKET})
    await admin.put("/orders/items/PP-B", {"name": "폴리프로필렌 (대체)", "kind": "raw", "unit": "g"})
    lines = [
        {
            "component": "PP",
            "quantity": "3.2",
            "scrap_pct": 2,
            "alternates": [{"component": "PP-B", "quantity": "3.3"}],
        },
        {"component": "MB", "quantity": "0.08", "op": 10},
    ]
    await admin.put("/orders/boms/CAP24", {"lines": lines})
    await admin.put("/orders/boms/CAP24", {"lines": lines[:1], "effective_from": "2099-01-01"})
    await admin.put("/orders/skills/MOLD", {"name": {"ko": "금형 교체", "en": "mould change"}})
    await admin.put("/orders/person-skills/2101", {"skills": [{"skill": "MOLD", "level": 3}]})
    days_off = [{"date": "2099-12-25", "name": "성탄절"}]
    overtime = [{"date": "2099-12-05", "shift": "D", "ends": "22:00"}]
    await admin.put("/orders/calendars/KR", {"name": "달력", "days_off": days_off, "overtime": overtime})


Step = Callable[[Window], Awaitable[None]]


def opened(path: str, *names: str) -> Step:
    """A page by its address, then touches one after the other."""

    async def look(window: Window) -> None:
        await window.visit(path)
        for name in names:
            await window.find(name).first.click()

    return look


async def something_unsaved(window: Window) -> None:
    """Typed, then loaded anew: the banner offers it."""
    await window.visit("/items/MB")
    await window.find("fact-note").fill("x" * 30)
    await window.page.reload()
    await expect(window.find("draft-news")).to_be_visible()


async def a_component_being_looked_for(window: Window) -> None:
    await opened("/items/INN24#bom", "bom-edit", "line-add")(window)
    await window.find("line-component").last.fill("ca")
    await expect(window.page.locator(".picker [role=option]").first).to_be_visible()


SCREENS: dict[str, Step] = {
    "items": opened("/items"),
    "items-new": opened("/items", "item-new"),
    "item": opened("/items/CAP24A"),
    "item-field": opened("/items/CAP24A#lot_size"),
    "item-unsaved": something_unsaved,
    "item-bom": opened("/items/CAP24A#bom"),
    "item-bom-editor": opened("/items/CAP24#lines"),
    "item-bom-picker": a_component_being_looked_for,
    "item-bom-none": opened("/items/PP-B#bom"),
    "item-bom-revisions": opened("/items/CAP24#bom", "revisions-open"),
    "item-routing": opened("/items/BR77#routing"),
    "item-operation": opened("/items/BR77#operations.40"),
    "item-routing-none": opened("/items/PP-B#routing"),
    "item-history": opened("/items/CAP24A#history"),
    "definitions": opened("/definitions"),
    "definitions-tools": opened("/definitions/tools"),
    "definitions-calendar": opened("/definitions/calendars#KR"),
    "definitions-none": opened("/definitions/areas"),
    "definitions-people": opened("/definitions/person-skills"),
    "definitions-person": opened("/definitions/person-skills#2101"),
    "definitions-units": opened("/definitions/units"),
    "definitions-unit": opened("/definitions/units#kg"),
    "definitions-new": opened("/definitions/reasons", "definition-add"),
}


async def test_the_screens_of_master_data_are_fit_to_be_seen(window: Window) -> None:
    await window.visit("/items")
    objections = []
    for name, look in SCREENS.items():
        await look(window)
        objections += await faults(window, name)
    assert not objections, "\n".join(objections)


@pytest.mark.faults
async def test_ten_thousand_items_are_searched_as_one_types(window: Window, admin: Caller) -> None:
    rows = "".join(f"T{number:05},볼트 {number},purchased,EA\n" for number in range(MANY))
    file = f"code,name,kind,unit\n{rows}".encode()
    report = await admin.send_file("/orders/imports", "items.csv", file, kind="items")
    assert report["summary"]["created"] == MANY
    await window.visit("/items")
    await expect(window.page.locator(".pill", has_text=f"{MANY:,}").first).to_be_visible()
    assert await window.page.locator(".items-table tbody tr").count() < 60, "only what is in sight is in the page"
    await window.page.get_by_role("searchbox").fill("t-09 999")
    await expect(window.page.locator(".items-table tbody tr")).to_have_count(1)
    await window.page.locator(".items-table tbody tr").click()
    await window.page.wait_for_url("**/items/T09999")


async def test_nothing_typed_is_lost_when_the_network_is_cut_and_the_page_is_loaded_anew(
    window: Window, admin: Caller
) -> None:
    await window.visit("/items/BR77#operations.20")
    await expect(window.find("fact-cycle_s")).to_have_value("8")

    await window.context.set_offline(True)
    await window.find("fact-cycle_s").fill("7.5")
    await window.find("operation-30").click()
    await window.find("fact-setup_s").fill("600")
    await window.find("document-save").click()
    await expect(window.find("draft-waiting")).to_be_visible()

    # somebody pulls the plug of the computer as well
    await window.page.goto("about:blank")
    window.complaints.clear()  # the browser's own word for a network that is not there
    await window.context.set_offline(False)
    await window.go("/items/BR77#operations.20")
    await expect(window.find("draft-news")).to_be_visible()
    await expect(window.find("fact-cycle_s")).to_have_value("7.5")
    await window.find("draft-keep").click()
    await window.find("document-save").click()
    await expect(window.find("save-bar")).to_have_count(0)

    routing = await admin.get("/orders/routings/BR77")
    made = {step["op"]: step for step in routing["operations"]}
    assert (made[20]["cycle_s"], made[30]["setup_s"]) == ("7.5", "600")
    assert made[60]["predecessors"] == [50, 30], "what was not touched is as it was"
    await window.visit("/items/BR77#history")
    first = window.page.locator(".history-entry").first
    await expect(first).to_contain_text("7.5")
    await expect(first.locator("s", has_text=re.compile(r"^8$"))).to_have_count(1)


async def test_two_people_who_change_the_same_item_both_keep_what_they_meant(
    suite: Suite, admin: Caller, browser: Browser
) -> None:
    kim = await Window.open(browser, suite.address)
    lee = await Window.open(browser, suite.address)
    for window in (kim, lee):
        await window.enter("/items/INN24")
    await kim.find("fact-box_quantity").fill("2500")
    await kim.find("fact-note").fill("new box")
    await lee.find("fact-note").fill("keep dry")
    await lee.find("fact-shelf_life_d").fill("365")
    await lee.find("document-save").click()
    await expect(lee.find("save-bar")).to_have_count(0)

    kim.expect_refusal(412)
    await kim.find("document-save").click()
    await expect(kim.find("mine-note")).to_be_checked()
    await expect(kim.find("theirs-shelf_life_d")).to_be_checked()
    assert await kim.inspect("item-conflict") == []
    await kim.find("theirs-note").check()
    await kim.find("conflict-save").click()
    await expect(kim.find("save-bar")).to_have_count(0)

    item = await admin.get("/orders/items/INN24")
    assert (item["box_quantity"], item["shelf_life_d"], item["note"]) == ("2500", 365, "keep dry")
    assert kim.complaints + lee.complaints == []
    for window in (kim, lee):
        await window.context.close()


async def test_a_leader_notes_what_somebody_has_learnt(window: Window, admin: Caller) -> None:
    await window.visit("/definitions/person-skills")
    window.expect_refusal(404)  # nothing is noted of this person yet
    await window.page.locator("tbody tr", has_text="2102").click()
    await window.find("add-skills").click()
    await window.find("fact-skill").fill("mold")
    await window.page.get_by_role("option", name="MOLD").click()
    await window.find("fact-level").select_option("2")
    await window.find("document-save").click()
    await expect(window.page.locator("tbody tr", has_text="2102")).to_contain_text("MOLD 2")
    assert (await admin.get("/orders/person-skills/2102"))["skills"] == [{"skill": "MOLD", "level": 2}]


async def test_a_recipe_is_written_in_grams_and_for_how_many_one_is_enough(window: Window, admin: Caller) -> None:
    await admin.put("/orders/items/OIL", {"name": "그리스", "kind": "raw", "unit": "DRUM"})
    await admin.put("/orders/items/MIX", {"name": "혼합물", "kind": "semi", "unit": "KG"})
    await window.visit("/items/MIX#bom")
    await window.find("bom-edit").click()
    for part, quantity, unit in (("oil", "1/30000", None), ("pp-b", "0.4", "mg")):
        if unit:
            await window.find("line-add").click()
        await window.find("line-component").last.fill(part)
        await window.page.locator(".picker [role=option]").first.click()
        await window.find("line-quantity").last.fill(quantity)
        if unit:
            await window.find("line-quantity-unit").select_option(unit)
    await window.find("document-save").click()
    await expect(window.find("save-bar")).to_have_count(0)
    await window.find("bom-pieces").fill("300000")
    rows = window.page.locator(".tree-table tbody tr")
    await expect(rows.nth(0)).to_contain_text("1/30,000")
    await expect(rows.nth(0).locator("b")).to_have_text("10")
    await expect(rows.nth(1).locator("b")).to_have_text("120")  # grams, as PP-B is kept
    lines = (await admin.get("/orders/boms/MIX"))["lines"]
    assert [(line["quantity"], line["unit"]) for line in lines] == [("1/30000", "DRUM"), ("0.4", "mg")]


async def test_a_shop_says_how_many_decimals_a_unit_has_and_what_else_it_is_called(
    window: Window, admin: Caller
) -> None:
    await window.visit("/definitions/units#롤")
    await window.find("fact-decimals").fill("2")
    await window.find("fact-aliases").fill("ROLL, RL, 두루마리")
    await window.find("document-save").click()
    await expect(window.page.locator("tr", has_text="두루마리")).to_contain_text("2")
    roll = await admin.get("/orders/units/두루마리")
    assert (roll["code"], roll["decimals"], roll["aliases"]) == ("롤", 2, ["ROLL", "RL", "두루마리"])


async def test_a_bom_is_put_together_from_parts_that_are_looked_for_and_never_from_itself(
    window: Window, admin: Caller
) -> None:
    await window.visit("/items/BR77#bom")
    await window.find("bom-edit").click()
    for part, quantity in (("cap24a", "2"), ("pp-b", "0.5")):
        if part != "cap24a":
            await window.find("line-add").click()
        await window.find("line-component").last.fill(part)
        await window.page.locator(".picker [role=option]").first.click()
        await window.find("line-quantity").last.fill(quantity)
    await window.find("document-save").click()
    await expect(window.find("save-bar")).to_have_count(0)
    await window.find("bom-pieces").fill("1000")
    row = window.page.locator(".tree-table tbody tr", has_text="INN24").first
    await expect(row).to_contain_text("2,0")  # two caps of one inner each, a thousand times
    assert [line["component"] for line in (await admin.get("/orders/boms/BR77"))["lines"]] == ["CAP24A", "PP-B"]

    await window.visit("/items/CAP24#lines")
    await window.find("line-component").first.fill("br77")
    await window.page.locator(".picker [role=option]").first.click()
    window.expect_refusal(422)
    await window.find("document-save").click()
    await expect(window.page.get_by_role("alert")).to_contain_text("CAP24 → BR77 → CAP24A → CAP24")
