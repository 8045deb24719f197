"""The steps to every screen of the demo factory at work: what tests look at, and what the guide shows."""

from collections.abc import Awaitable, Callable

from playwright.async_api import FilePayload, expect

from tests.support.browser import Window

MACHINE = "PR200P"
OPERATOR = "1101"
ORDERS_FILE = """전표번호,순번,품목코드,수량,납기일자
00021042,1,HB1001,100,20261224
00021042,2,HB9999,100,20261224
00021042,3,HB1001,-5,20261224
00021043,1,HB2001,40,soon
"""
ITEMS_FILE = """품번,품명,구분,단위,박스수량
HB1001,마운팅 브라켓 (개정),완제품,EA,250
HB9001,신형 마운팅 브라켓,완제품,EA,100
HB 9002,신형 보강 ASSY,완제품,EA,80
"""
STRANGE_FILE = """nr;what;how many
1;HB1001;100
"""

Step = Callable[[Window], Awaitable[None]]


def opened(path: str) -> Step:
    """A page by its address."""

    async def step(window: Window) -> None:
        await window.visit(path)

    return step


def touched(path: str, *names: str) -> Step:
    """A page, then touches one after the other."""

    async def step(window: Window) -> None:
        await window.visit(path)
        for name in names:
            await window.find(name).first.click()

    return step


async def an_order_in_a_sheet(window: Window) -> None:
    await window.visit("/orders")
    await window.page.locator("tbody tr").first.click()
    await expect(window.find("order-sheet")).to_be_visible()


async def orders_ticked(window: Window) -> None:
    await window.visit("/orders")
    for place in (5, 6):
        await window.page.locator("tbody tr").nth(place).get_by_role("checkbox").check()
    await expect(window.find("bulk-release")).to_be_visible()


async def an_orders_page(window: Window) -> None:
    number = await window.page.evaluate(
        """async () => {
            const headers = { Authorization: `Bearer ${JSON.parse(localStorage.getItem("dure.token"))}` };
            const answer = await fetch("/api/v1/orders/work-orders?state=in_progress&limit=1", { headers });
            return (await answer.json()).items[0].number;
        }"""
    )
    await window.visit(f"/orders/{number}")


def on_an_orders_page(*names: str) -> Step:
    """The page of an order in progress, then touches one after the other."""

    async def step(window: Window) -> None:
        await an_orders_page(window)
        for name in names:
            await window.find(name).first.click()

    return step


async def two_travellers(window: Window) -> None:
    numbers = await window.page.evaluate(
        """async () => {
            const headers = { Authorization: `Bearer ${JSON.parse(localStorage.getItem("dure.token"))}` };
            const answer = await fetch("/api/v1/orders/work-orders?state=in_progress&limit=2", { headers });
            return (await answer.json()).items.map((order) => order.number).join(",");
        }"""
    )
    await window.visit(f"/travellers?orders={numbers}")
    await expect(window.page.locator(".traveller")).to_have_count(2)


async def a_file_with_verdicts(window: Window) -> None:
    await window.visit("/imports")
    await window.find("import-file").set_input_files(files=[erp_file(ORDERS_FILE)])
    await expect(window.page.locator(".import-rows tbody tr")).to_have_count(3)


async def a_file_with_unknown_columns(window: Window) -> None:
    await window.visit("/imports")
    window.expect_refusal(422)
    await window.find("import-file").set_input_files(files=[erp_file(STRANGE_FILE)])
    await expect(window.find("map-item")).to_be_visible()


async def a_file_with_changes(window: Window) -> None:
    await window.visit("/imports")
    await window.page.locator(".import-kinds .pill").nth(1).click()
    await window.find("import-file").set_input_files(files=[erp_file(ITEMS_FILE)])
    await expect(window.page.locator(".import-rows")).to_be_visible()
    await window.page.locator(".pills").last.locator(".pill").first.click()
    await expect(window.page.locator(".change").first).to_be_visible()


async def a_mapping_to_keep(window: Window) -> None:
    await a_file_with_changes(window)
    await window.find("mapping-toggle").click()
    await window.find("mapping-name").fill("ERP")
    await window.find("mapping-keep").click()
    await expect(window.find("mapping-choose")).to_be_visible()


async def a_past_import(window: Window) -> None:
    await window.visit("/imports")
    await window.find("tab-history").click()
    await window.page.locator(".import-runs tbody tr", has_text="items.xlsx").click()
    await expect(window.page.locator(".run-entries li").first).to_be_visible()


def erp_file(text: str) -> FilePayload:
    """As an ERP writes it."""
    return {"name": "orders.csv", "mimeType": "text/csv", "buffer": text.encode("cp949")}


async def parts_of_orders(window: Window) -> None:
    await orders_ticked(window)
    await window.find("bulk-more").click()
    await window.find("bulk-parts").click()
    await expect(window.find("material-SAPH440-2.0")).to_be_visible()


async def an_order_file_of_the_past(window: Window) -> None:
    await window.visit("/imports?tab=history")
    await window.page.locator(".import-runs tbody tr", has_text="orders.csv").click()
    await expect(window.page.locator(".import-rows tbody tr").first).to_be_visible()


async def the_reports_behind_a_bar(window: Window) -> None:
    await window.visit("/quality?period=month")
    await window.page.locator("g.hit[role=button]").first.click()
    await expect(window.find("pareto-reports").locator("tbody tr").first).to_be_visible()


async def pins_for_many(window: Window) -> None:
    await window.visit("/people")
    await window.find("people-without-pin").click()
    await window.find("people-pins").click()
    await expect(window.find("pins-give")).to_be_visible()


async def a_devices_code(window: Window) -> None:
    await window.visit("/devices")
    await window.find("device-enrol").first.click()
    await window.find("enrol-machine").select_option(MACHINE)
    await window.find("enrol-create").click()
    await expect(window.find("enrol-url")).to_be_visible()


async def an_unknown_address(window: Window) -> None:
    window.expect_refusal(404)
    await window.visit("/nonsense")


OFFICE: dict[str, Step] = {
    "orders": opened("/orders"),
    "orders-ticked": orders_ticked,
    "orders-sheet": an_order_in_a_sheet,
    "orders-new": touched("/orders", "order-new"),
    "orders-parts": parts_of_orders,
    "orders-help": touched("/orders", "help-open"),
    "orders-facet": touched("/orders", "facet-item"),
    "order": an_orders_page,
    "order-menu": on_an_orders_page("order-more"),
    "order-change": on_an_orders_page("order-change"),
    "order-split": on_an_orders_page("order-more", "order-split"),
    "order-quantities": on_an_orders_page("tab-quantities"),
    "travellers": two_travellers,
    "daily-report": opened("/daily-report"),
    "labour": opened("/labour"),
    "labour-note": touched("/labour", "labour-note"),
    "labels": opened("/labels"),
    "labels-printers": touched("/labels", "tab-printers", "label-add"),
    "labels-template": touched("/labels", "tab-templates", "label-add"),
    "imports": opened("/imports"),
    "imports-verdicts": a_file_with_verdicts,
    "imports-columns": a_file_with_unknown_columns,
    "imports-changes": a_file_with_changes,
    "imports-mapping": a_mapping_to_keep,
    "imports-history": touched("/imports", "tab-history"),
    "imports-run": a_past_import,
    "imports-orders": an_order_file_of_the_past,
    "imports-files": touched("/imports", "tab-files"),
    "erp": opened("/erp"),
    "erp-confirmations": touched("/erp", "tab-confirmations"),
    "erp-connections": touched("/erp", "tab-connections"),
    "quality": opened("/quality"),
    "quality-reports": the_reports_behind_a_bar,
    "stops": opened("/stops"),
    "stops-correct": touched("/stops", "stop-correct"),
    "quality-defects": touched("/quality", "tab-defects"),
    "people": opened("/people"),
    "people-new": touched("/people", "person-add"),
    "people-pins": pins_for_many,
    "troubles": opened("/troubles"),
    "rights": opened("/rights"),
    "trail": opened("/trail"),
    "storage": opened("/storage"),
    "devices": opened("/devices"),
    "devices-code": a_devices_code,
    "station-choose": opened("/station"),
    "board": opened("/board"),
    "unknown": an_unknown_address,
}
STATION = f"/station/{MACHINE}"
FLOOR: dict[str, Step] = {
    "station": opened(STATION),
    "station-good": touched(STATION, "good-input"),
    "station-scrap": touched(STATION, "scrap-open", "scrap-BURR", "scrap-DENT"),
    "station-pause": touched(STATION, "job-pause"),
    "station-finish": touched(STATION, "job-finish"),
    "station-language": touched(STATION, "language"),
    "station-andon": touched(STATION, "andon-open"),
    "station-material": touched(STATION, "material-open"),
    "station-more": touched(STATION, "more-open"),
    "station-crew": touched(STATION, "more-open", "more-crew"),
    "station-handover": touched(STATION, "more-open", "more-handover"),
    "station-unassigned": touched(STATION, "more-open", "more-unassigned"),
    "station-log": touched(STATION, "log-open"),
    "station-person": touched(STATION, "person"),
    "station-stopped": opened("/station/PR150"),
    "station-setup": opened("/station/PR200"),
    "station-idle": opened("/station/PK"),
    "station-unknown": opened("/station/PR999"),
}
