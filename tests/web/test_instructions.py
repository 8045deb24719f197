"""A work instruction from the first picture to the operator who has read it, as people see it in their browsers."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import PATIENCE_MS, Window
from tests.support.caller import Caller, Shop
from tests.support.instructions import CODE, TEXTS, Pictures, add_media, approved, name_in_routing, written
from tests.support.suite import Suite
from tests.support.waiting import jobs_of
from tests.support.ways import faults, ways_of
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
DEMO = "hanbyeol_press"
expect.set_options(timeout=PATIENCE_MS)
MACHINE = "PR200P"
OPERATOR, PIN = "1101", "482917"
PASSWORD = "kkumi-7-haneul"
PUSH = "소재를 스토퍼에 붙이고 양손 버튼을 누른다."
PUSH_VI = "Đẩy phôi sát cữ chặn rồi nhấn cả hai nút."
MEASURE = "초물 3개를 잰다."


@dataclass(frozen=True)
class People:
    """The administrator, who writes, and who approves."""

    shop: Shop
    admin: Caller
    planner: Caller
    quality: Caller
    pictures: Pictures

    async def release(self) -> dict[str, Any]:
        """An order of the bracket on its way to the press."""
        drafts = (await self.planner.get("/orders/work-orders", item="HB1001", state="draft,planned"))["items"]
        order: dict[str, Any] = await self.planner.post(f"/orders/work-orders/{drafts[0]['id']}/release")
        await jobs_of(self.planner, order)
        return order

    async def invitation(self) -> str:
        """A link that makes a browser a tablet at the press."""
        return str((await self.admin.post("/device-enrolments", {"name": "tablet", "machine": MACHINE}))["url"])


@pytest.fixture(scope="module")
async def people(suite: Suite, browser: Browser) -> AsyncIterator[People]:
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        for code, name, role in (("PL1", "최은영", "planner"), ("QC1", "정수빈", "quality")):
            body = {"code": code, "name": name, "roles": [role], "login": role, "password": PASSWORD}
            await admin.post("/people", body)
        assert (await admin.http.patch(f"/people/{OPERATOR}", json={"pin": PIN})).is_success
        planner, quality = await shop.sign_in("planner", PASSWORD), await shop.sign_in("quality", PASSWORD)
        yield People(shop, admin, planner, quality, await Pictures.draw(browser))


async def drop(window: Window, *files: tuple[str, bytes]) -> None:
    """Let files fall onto the page, all at once."""
    held = await window.page.evaluate_handle(
        """(files) => {
            const held = new DataTransfer();
            for (const [name, content] of files) {
                const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
                held.items.add(new File([bytes], name, { type: "image/png" }));
            }
            return held;
        }""",
        [(name, base64.b64encode(content).decode()) for name, content in files],
    )
    for happening in ("dragenter", "dragover", "drop"):
        await window.page.dispatch_event("main", happening, {"dataTransfer": held})


async def next_at_the_computer(window: Window, path: str, login: str) -> None:
    """Whoever sits there signs out, and somebody else signs in."""
    await window.page.get_by_role("button", name="로그아웃").click()
    await window.page.wait_for_url("**/sign-in**")
    await window.sign_in(path, login, PASSWORD)


async def test_an_instruction_is_written_approved_by_another_and_read_at_the_machine(
    suite: Suite, people: People, browser: Browser
) -> None:
    code = "WI-STAMPING"
    author = await Window.open(browser, suite.address)
    reviewer = await Window.open(browser, suite.address)
    await author.enter("/instructions", "planner", PASSWORD)

    await author.find("instruction-new").first.click()
    await author.find("instruction-title").fill("브라켓 프레스 작업")
    await author.find("instruction-code").fill(code)
    await author.find("instruction-item").fill("HB1001")
    await author.find("instruction-op").fill("10")
    await author.find("instruction-create").click()
    await author.page.wait_for_url(f"**/instructions/{code}")
    await expect(author.find("page-file")).to_be_attached()
    await author.settled()

    # two pictures fall onto the page and are two pages
    await drop(author, ("press.png", people.pictures.press), ("part.png", people.pictures.part))
    await expect(author.find("page-2")).to_be_visible()
    await expect(author.page.locator(".page-media img")).to_be_visible()
    await author.find("page-text").fill(MEASURE)
    await author.find("page-1").click()
    await author.find("page-text").fill(PUSH)
    await author.find("text-vi").click()
    await author.find("page-text").fill(PUSH_VI)

    # a reload loses nothing that was typed
    await author.page.reload()
    await expect(author.find("draft-restored")).to_be_visible()
    await expect(author.find("page-text")).to_have_value(PUSH)

    # a colleague who signs in on the same computer does not find it; its author does
    await next_at_the_computer(author, f"/instructions/{code}", "quality")
    await expect(author.find("page-file")).to_be_attached()
    await expect(author.find("draft-restored")).to_have_count(0)
    await next_at_the_computer(author, f"/instructions/{code}", "planner")
    await expect(author.find("draft-restored")).to_be_visible()

    # neither does a dead network: what was written is saved as soon as there is one again
    await author.context.set_offline(True)
    await author.find("instruction-save").click()
    await expect(author.page.get_by_role("status").first).to_contain_text("응답이 없습니다")
    assert (await people.planner.get(f"/orders/instructions/{code}"))["pages"] == []
    await author.context.set_offline(False)
    await expect(author.find("instruction-save")).to_have_text("저장됨")
    saved = await people.planner.get(f"/orders/instructions/{code}")
    assert [page["text"] for page in saved["pages"]] == [{"ko": PUSH, "vi": PUSH_VI}, {"ko": MEASURE}]
    assert len({page["media_id"] for page in saved["pages"]}) == 2
    author.complaints[:] = [one for one in author.complaints if "ERR_INTERNET_DISCONNECTED" not in one]

    # submitted; its author waits for somebody else
    await author.find("instruction-submit").click()
    await expect(author.find("instruction-state")).to_have_attribute("data-state", "in_review")
    await expect(author.find("instruction-approve")).to_have_count(0)
    await reviewer.enter(f"/instructions/{code}", "quality", PASSWORD)
    await approve(reviewer)
    await expect(author.find("instruction-state")).to_have_attribute("data-state", "approved")
    await expect(author.page.locator("main")).to_contain_text("정수빈")

    # at the press: asked once
    await name_in_routing(people.planner, code=code)
    first = await people.release()
    tablet = await Window.open(browser, suite.address, has_touch=True)
    await tablet.join(await people.invitation())
    await tablet.sign_in_by_pin(OPERATOR, PIN)
    await tablet.find(f"job-{first['number']}-10").click()
    await expect(tablet.find("instruction-open")).to_have_attribute("data-state", "new")
    await read(tablet, [PUSH, MEASURE])
    await expect(tablet.find("instruction-open")).to_have_attribute("data-state", "confirmed")
    await tablet.page.reload()
    await tablet.find(f"job-{first['number']}-10").click()
    await tablet.find("instruction-open").click()
    await tablet.find("instruction-next").click()
    await expect(tablet.find("instruction-confirm")).to_have_count(0)
    await tablet.page.keyboard.press("Escape")

    # the next revision: what is different is seen before it is approved
    await author.find("instruction-edit").click()
    await author.find("page-2").click()
    await author.find("page-text").fill(MEASURE.replace("3개", "5개"))
    await author.find("tab-compare").click()
    await expect(author.page.locator("[data-kind=same]")).to_have_count(1)
    await expect(author.page.locator("[data-kind=changed] del")).to_have_text("3개를")
    await expect(author.page.locator("[data-kind=changed] ins")).to_have_text("5개를")
    await author.find("instruction-submit").click()
    await expect(author.find("instruction-state")).to_have_attribute("data-state", "in_review")
    await approve(reviewer)

    # an order that was released before keeps its revision, the next one asks again
    second = await people.release()
    await tablet.find(f"job-{second['number']}-10").click()
    await expect(tablet.find("instruction-open")).to_have_attribute("data-state", "new")
    await read(tablet, [PUSH, MEASURE.replace("3개", "5개")])
    await tablet.find(f"job-{first['number']}-10").click()
    await expect(tablet.find("instruction-open")).to_contain_text("개정 1")
    await expect(tablet.find("instruction-open")).to_have_attribute("data-state", "confirmed")

    # and the office sees who has read what
    await eventually(
        lambda: people.quality.every(f"/orders/instructions/{code}/readers"), lambda found: len(found) == 2
    )
    await reviewer.find("tab-readers").click()
    await expect(reviewer.page.locator("tbody tr")).to_have_count(2)
    for row, (number, revision) in enumerate(((second["number"], 2), (first["number"], 1))):
        line = reviewer.page.locator("tbody tr").nth(row)
        await expect(line).to_contain_text(OPERATOR)
        await expect(line).to_contain_text(f"개정 {revision}")
        await expect(line).to_contain_text(number)
    for window in (author, reviewer, tablet):
        assert window.complaints == []
        await window.context.close()


async def approve(window: Window) -> None:
    await window.find("instruction-approve").click()
    await window.find("approve-confirm").click()
    await expect(window.find("instruction-state")).to_have_attribute("data-state", "approved")


async def read(tablet: Window, texts: list[str]) -> None:
    """Page by page, with the picture of each; then confirm."""
    await tablet.find("instruction-open").click()
    sheet = tablet.find("instruction-sheet")
    for place, text in enumerate(texts, 1):
        await expect(tablet.find("instruction-place")).to_contain_text(f"{place} / {len(texts)}")
        await expect(sheet).to_contain_text(text)
        await expect(sheet.locator("img")).to_be_visible()
        if place < len(texts):
            await tablet.find("instruction-next").click()
    size = await sheet.locator(".ip-text").evaluate("(text) => parseFloat(getComputedStyle(text).fontSize)")
    assert size >= 30, "it is read at two metres"
    await tablet.find("instruction-confirm").click()
    await expect(sheet).to_have_count(0)


@pytest.fixture(scope="module")
async def shown(people: People) -> dict[str, Any]:
    """Instructions in every state, and a released order; its number stands under ``number``."""
    photo, part, drawing = [
        await add_media(people.planner, content, name)
        for content, name in (
            (people.pictures.press, "press.png"),
            (people.pictures.part, "part.png"),
            (people.pictures.drawing, "HB1001.pdf"),
        )
    ]
    pages: list[dict[str, Any]] = [
        {"text": TEXTS[0], "media_id": photo},
        {"text": TEXTS[1], "media_id": part},
        {"text": TEXTS[2], "media_id": None},
        {"text": {}, "media_id": drawing},
    ]
    await approved(people.planner, people.quality, pages)
    await name_in_routing(people.planner)
    order = await people.release()
    await written(people.planner, [pages[0], pages[1] | {"text": TEXTS[1] | {"ko": "초물 5개를 잰다."}}, pages[3]])
    await approved(people.planner, people.quality, pages[1:2], "WI-IN-REVIEW")
    await written(people.planner, pages[:2], "WI-IN-REVIEW")
    await people.planner.post("/orders/instructions/WI-IN-REVIEW/submit")
    await approved(people.planner, people.quality, pages, "WI-OLD")
    await people.quality.post("/orders/instructions/WI-OLD/withdraw", {"note": "금형이 바뀌었습니다"})
    return {"number": order["number"]}


async def test_the_offices_screens_are_fit_to_be_seen(suite: Suite, shown: dict[str, Any], browser: Browser) -> None:
    window = await Window.open(browser, suite.address)
    await window.enter("/instructions", "planner", PASSWORD)
    objections = await faults(window, "instructions")
    await window.find("instruction-new").first.click()
    objections += await faults(window, "instructions-new")
    await window.visit(f"/instructions/{CODE}")
    objections += await faults(window, "instruction")
    await window.find("page-3").click()
    objections += await faults(window, "instruction-pdf")
    await window.find("page-add").click()
    objections += await faults(window, "instruction-empty")
    for tab in ("compare", "revisions", "readers", "uses"):
        await window.find(f"tab-{tab}").click()
        objections += await faults(window, f"instruction-{tab}")
    for code in ("WI-IN-REVIEW", "WI-OLD"):
        await window.visit(f"/instructions/{code}")
        objections += await faults(window, f"instruction-{code.lower()}")
    for _ in ["as it is opened", *ways_of("instruction-unknown")]:
        window.expect_refusal(404)  # asked for again in another language
    await window.visit("/instructions/NONE")
    objections += await faults(window, "instruction-unknown")
    objections += window.complaints
    assert not objections, "\n".join(objections)
    await window.context.close()


async def test_the_operators_pages_are_fit_to_be_seen(
    suite: Suite, people: People, shown: dict[str, Any], browser: Browser
) -> None:
    window = await Window.open(browser, suite.address, has_touch=True)
    await window.join(await people.invitation())
    await window.sign_in_by_pin(OPERATOR, PIN)
    await window.find(f"job-{shown['number']}-10").click()
    await expect(window.find("instruction-open")).to_be_visible()
    objections = await faults(window, "station-instruction")
    await window.find("instruction-open").click()
    for page in range(1, 5):
        await expect(window.find("instruction-place")).to_contain_text(f"{page} / 4")
        objections += await faults(window, f"station-instruction-{page}")
        if page < 4:
            await window.find("instruction-next").click()
    objections += window.complaints
    assert not objections, "\n".join(objections)
    await window.context.close()
