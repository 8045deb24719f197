"""The operator's screen on every tablet and on a phone, by either hand, in three languages and with the longest words:
no button is lost, cut, covered or too small for a glove."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.support.browser import Window
from tests.support.caller import Caller, Shop
from tests.support.press import MACHINE, prepare, release_order, until
from tests.support.suite import Suite
from tests.support.tablet import tablet_at
from tests.support.ways import SPEAK
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
SIZES = [
    ViewportSize(width=width, height=height)
    for width, height in (
        (1280, 800),
        (1280, 656),
        (1024, 768),
        (1024, 600),
        (960, 560),
        (800, 1280),
        (768, 1024),
        (560, 960),
        (390, 844),
    )
]
SHEET_SIZES = [SIZES[0], SIZES[2], SIZES[3], SIZES[4], SIZES[5], SIZES[8]]
LANGUAGES = ("ko", "en", "vi")
ALWAYS = {"job-pause", "material-open", "andon-open", "job-finish"}
LONG = {
    "items/HB1001-LH-REINFORCEMENT": {
        "name": {
            "ko": "전방 좌측 크로스멤버 보강 브라켓 조립체 (수출용)",
            "en": "front left cross-member reinforcement bracket assembly, export",
            "vi": "Cụm giá đỡ tăng cứng dầm ngang phía trước bên trái, hàng xuất khẩu",
        },
        "kind": "finished",
        "box_quantity": 12500,
    },
    "routings/HB1001-LH-REINFORCEMENT": {
        "operations": [
            {
                "op": 10,
                "name": {
                    "ko": "프로그레시브 타발 및 교정",
                    "en": "progressive stamping and straightening",
                    "vi": "Dập liên hoàn và nắn thẳng",
                },
                "machine": MACHINE,
                "cycle_s": "0.5",
            }
        ]
    },
    "reasons/U9": {
        "name": {
            "ko": "설비 안전장치 점검 대기",
            "en": "waiting for the safety inspection of the machine",
            "vi": "Chờ kiểm tra thiết bị an toàn của máy",
        },
        "kind": "unplanned",
    },
}
NOTICE_SIZES = [SIZES[0], *SIZES[2:6], SIZES[8]]
NOTICES = """async () => {
    const { toast } = await import("/js/components/toast.js");
    const { t } = await import("/js/lib/i18n.js");
    toast(t("floor.not_kept"), { tone: "stop", ms: 60000 });
    toast(t("station.busy", { machine: "PR200P-LINE-2", number: "W-2611-0036-2", op: 110 }), { ms: 60000 });
    toast(`${t("floor.kind.unassigned")}: ${t("job.blocked_text")} ${t("scan.elsewhere", { number: "W-2611-0036" })}`, {
        tone: "stop", ms: 60000
    });
}"""
"""The longest news that a tablet has, three at once."""
KEYS_BELOW = """() => {
    const foot = document.querySelector("dialog[open] .sheet-foot")?.getBoundingClientRect();
    return [...document.querySelectorAll("dialog[open] .pad button")]
        .filter((key) => key.getBoundingClientRect().bottom > foot.top + 1)
        .map((key) => key.textContent);
}"""
"""The keys of a keypad that one would have to scroll for."""


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        admin = await prepare(shop, orders=2)
        for path, body in LONG.items():
            await admin.put(f"/orders/{path}", body)
        for kind in ("material", "maintenance", "quality"):
            await admin.post("/production/andon-calls", {"machine": MACHINE, "kind": kind})
        await admin.post(f"/production/machines/{MACHINE}/handovers", {"note": "금형 확인 필요"})
        yield admin


@pytest.fixture
async def tablet(suite: Suite, admin: Caller, browser: Browser) -> AsyncIterator[Window]:
    async with tablet_at(MACHINE, suite, admin, browser) as window:
        yield window


async def long_job(admin: Caller) -> dict[str, Any]:
    """A million pieces of what has the longest name, most of them made."""
    order = await release_order(admin, 1_000_000, item="HB1001-LH-REINFORCEMENT")
    job = await until(admin, order)
    await admin.post(f"/production/jobs/{job['id']}/start", {"machine": MACHINE})
    scrap = [{"defect": "BURR", "quantity": 12_345}]
    await admin.post(f"/production/jobs/{job['id']}/results", {"good": 888_888, "scrap": scrap, "machine": MACHINE})
    return order


async def faults_of(window: Window, name: str, sizes: list[ViewportSize] = SIZES, always: bool = True) -> list[str]:
    """What an operator could not touch or read, at each of the sizes."""
    found = []
    for size in sizes:
        await window.page.set_viewport_size(size)
        await window.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))")
        seen = await window.look("controls")
        lost = sorted(ALWAYS - set(seen.pop("seen"))) if always else []
        where = f"{name} {size['width']}×{size['height']}"
        found += [f"{where} lost: {one}" for one in lost]
        found += [f"{where} {what}: {one}" for what, those in seen.items() for one in those]
        found += [f"{where} below: {key}" for key in await window.page.evaluate(KEYS_BELOW)]
    return found


async def in_every_language(window: Window, name: str) -> list[str]:
    found = []
    for language in LANGUAGES:
        await window.page.evaluate(SPEAK, language)
        found += await faults_of(window, f"{name} {language}")
    return found


async def test_no_button_of_the_station_is_lost_cut_or_covered_on_any_screen(tablet: Window, admin: Caller) -> None:
    order = await long_job(admin)
    await expect(tablet.find("job-good")).to_have_attribute("data-value", "888888")
    await expect(tablet.find("news-open")).to_be_visible()
    found = await in_every_language(tablet, "running")

    await tablet.find("good-input").click()
    await tablet.find("good-input").fill("98765")
    await tablet.find("report-submit").click()
    await expect(tablet.find("question")).to_be_visible()
    found += await faults_of(tablet, "question", SHEET_SIZES, always=False)
    await tablet.find("question-yes").click()
    await expect(tablet.find("undo")).to_be_visible()
    found += await faults_of(tablet, "undo")
    await tablet.find("more-open").click()
    await tablet.find("more-hand").click()
    await tablet.find("sheet-close").click()
    found += await faults_of(tablet, "left-handed", SHEET_SIZES)
    await tablet.find("more-open").click()
    await tablet.find("more-hand").click()
    await tablet.find("more-phase-setup").click()
    await expect(tablet.find("phase-first_off")).to_be_visible()
    found += await faults_of(tablet, "set-up")

    await tablet.find("job-pause").click()
    await tablet.find("reason-U9").click()
    await expect(tablet.find("reason-change")).to_be_visible()
    found += await faults_of(tablet, "paused")
    await tablet.page.set_viewport_size(SIZES[0])
    await tablet.page.locator(".queue-job").first.click()
    await expect(tablet.find("job-elsewhere")).to_be_visible()
    found += await faults_of(tablet, "another job")
    await tablet.page.set_viewport_size(SIZES[0])
    await tablet.find("job-current").click()
    await expect(tablet.find("job-elsewhere")).to_have_count(0)
    assert not found, "\n".join(found)
    await admin.post(f"/production/jobs/{(await until(admin, order))['id']}/finish")


@pytest.mark.parametrize("language", ["vi", *(pytest.param(one, marks=pytest.mark.long) for one in ("ko", "en"))])
async def test_no_notice_covers_a_figure_or_a_control_and_all_of_it_is_read(
    language: str, tablet: Window, admin: Caller
) -> None:
    order = await long_job(admin)
    await expect(tablet.find("job-good")).to_have_attribute("data-value", "888888")
    found = []
    await tablet.page.evaluate(SPEAK, language)
    await tablet.page.evaluate(NOTICES)
    await expect(tablet.page.locator(".toast.stop")).to_have_count(1)
    found += await faults_of(tablet, f"notices {language}", NOTICE_SIZES)
    for sheet in ("scrap-open", "material-open", "job-finish", "log-open"):
        await tablet.page.set_viewport_size(SIZES[0])
        await tablet.find(sheet).click()
        await expect(tablet.page.locator("dialog[open]")).to_be_visible()
        found += await faults_of(tablet, f"notices over {sheet} {language}", NOTICE_SIZES, always=False)
        await tablet.page.keyboard.press("Escape")
        await expect(tablet.page.locator("dialog[open]")).to_have_count(0)
    found += await faults_of(tablet, f"notices after a sheet {language}", NOTICE_SIZES)
    assert not found, "\n".join(found)
    await admin.post(f"/production/jobs/{(await until(admin, order))['id']}/finish")


async def test_no_button_of_a_sheet_is_lost_cut_or_covered_on_any_screen(tablet: Window, admin: Caller) -> None:
    order = await long_job(admin)
    await expect(tablet.find("job-good")).to_have_attribute("data-value", "888888")
    await tablet.page.evaluate(SPEAK, "vi")
    found = []
    sheets = {
        "report": ("scrap-open", "scrap-BURR"),
        "numbers": ("good-input",),
        "pause": ("job-pause",),
        "material": ("material-open",),
        "finish": ("job-finish",),
        "calls": ("andon-open",),
        "more": ("more-open",),
        "stops": ("more-open", "more-stops"),
        "no order": ("more-open", "more-unassigned"),
        "log": ("log-open",),
        "news": ("news-open",),
    }
    for name, touches in sheets.items():
        await tablet.page.set_viewport_size(SIZES[0])
        for touch in touches:
            await tablet.find(touch).first.click()
        await expect(tablet.page.locator("dialog[open]")).to_be_visible()
        found += await faults_of(tablet, name, SHEET_SIZES, always=False)
        await tablet.page.keyboard.press("Escape")
        await expect(tablet.page.locator("dialog[open]")).to_have_count(0)
    assert not found, "\n".join(found)

    async def state() -> str:
        return str((await until(admin, order))["state"])

    await admin.post(f"/production/jobs/{(await until(admin, order))['id']}/finish")
    assert await eventually(state, lambda state: state == "done") == "done"
