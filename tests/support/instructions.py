"""Work instructions of the demo factory, as its people would have written them; their pictures are drawn by a real
browser."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser

from tests.support.caller import Caller
from tests.support.media import pdf

CODE = "WI-HB1001-10"
ITEM = "HB1001"
PRESS = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 560" width="1200" height="840"
font-family="sans-serif">
<rect width="800" height="560" fill="#dfe5e6"/><rect y="430" width="800" height="130" fill="#b9c3c5"/>
<rect x="150" y="40" width="500" height="90" rx="8" fill="#3c6e63"/>
<rect x="190" y="130" width="46" height="300" fill="#56867b"/>
<rect x="564" y="130" width="46" height="300" fill="#56867b"/>
<rect x="250" y="150" width="300" height="70" fill="#70797c"/>
<rect x="250" y="360" width="300" height="70" fill="#70797c"/><path d="M60 346h620" stroke="#c98a2b" stroke-width="14"/>
<rect x="590" y="300" width="34" height="60" fill="#a33"/>
<circle cx="607" cy="330" r="62" fill="none" stroke="#d22" stroke-width="8"/>
<path d="M700 210l-62 78" stroke="#d22" stroke-width="8"/>
<text x="690" y="200" font-size="34" fill="#b11" font-weight="700">STOP</text></svg>"""
PART = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 560" width="1200" height="840"
font-family="sans-serif">
<rect width="800" height="560" fill="#f4f5f2"/>
<path d="M140 380V220l120-70h280l120 70v160h-90a60 60 0 0 0-120 0H350a60 60 0 0 0-120 0z" fill="#aab4b8"
stroke="#39444a" stroke-width="6"/>
<circle cx="290" cy="250" r="34" fill="#f4f5f2" stroke="#39444a" stroke-width="6"/>
<circle cx="510" cy="250" r="34" fill="#f4f5f2" stroke="#39444a" stroke-width="6"/>
<path d="M290 470h220M290 455v30M510 455v30" stroke="#1c5fa8" stroke-width="5"/>
<text x="400" y="520" font-size="38" text-anchor="middle" fill="#1c5fa8">82.0 ± 0.1</text></svg>"""
TITLE = {"ko": "마운팅 브라켓 프로그레시브", "en": "Mounting bracket, progressive die", "vi": "Dập liên hoàn giá đỡ"}
TEXTS = (
    {
        "ko": "소재를 스토퍼에 붙이고 양손 버튼을 누른다.",
        "en": "Push the strip against the stopper, then press both buttons.",
        "vi": "Đẩy phôi sát cữ chặn rồi nhấn cả hai nút.",
    },
    {
        "ko": "초물 3개를 잰다.\n\n홀 간격 82.0 ± 0.1\n버 높이 0.1 이하\n\n벗어나면 기계를 세우고 반장을 부른다. 이미 만든 것은 빨간 상자에 따로 담는다.",
        "en": (
            "Measure the first 3 pieces.\n\nHole distance 82.0 ± 0.1\nBurr at most 0.1\n\n"
            "If one is outside, stop the press and call the leader. What was made goes into the red box."
        ),
        "vi": (
            "Đo 3 sản phẩm đầu.\n\nKhoảng cách lỗ 82.0 ± 0.1\nBa via tối đa 0.1\n\n"
            "Nếu sai, dừng máy và gọi tổ trưởng. Hàng đã làm để riêng vào thùng đỏ."
        ),
    },
    {
        "ko": "소재가 바뀌면 반드시 초물 검사부터 다시 한다.",
        "en": "After each change of coil, begin with the first-piece check.",
        "vi": "Mỗi khi thay cuộn, kiểm tra lại sản phẩm đầu tiên.",
    },
)


async def drawn(browser: Browser, picture: str) -> bytes:
    """A picture as PNG."""
    page = await browser.new_page(viewport={"width": 1200, "height": 840})
    try:
        await page.set_content(f'<body style="margin:0">{picture}')
        return await page.screenshot(type="png")
    finally:
        await page.close()


@dataclass(frozen=True)
class Pictures:
    """The pictures on the pages."""

    press: bytes
    part: bytes
    drawing: bytes

    @classmethod
    async def draw(cls, browser: Browser) -> "Pictures":
        """Take them."""
        return cls(await drawn(browser, PRESS), await drawn(browser, PART), pdf("HB1001 Rev C"))


async def add_media(caller: Caller, content: bytes, name: str) -> str:
    """A file's id."""
    return str((await caller.post("/orders/media", files={"file": (name, content)}))["id"])


async def name_in_routing(planner: Caller, item: str = ITEM, code: str = CODE, op: int = 10) -> None:
    """From now on, the item's operation is made by this instruction."""
    routing = await planner.get(f"/orders/routings/{item}")
    steps: list[dict[str, Any]] = routing["operations"]
    for step in steps:
        if step["op"] == op:
            step["instruction"] = code
    await planner.put(f"/orders/routings/{item}", {"operations": steps})


async def written(author: Caller, pages: list[dict[str, Any]], code: str = CODE, **more: Any) -> Any:
    """The draft."""
    return await author.put(
        f"/orders/instructions/{code}", {"title": TITLE, "item": ITEM, "op": 10, "pages": pages, **more}
    )


async def approved(author: Caller, leader: Caller, pages: list[dict[str, Any]], code: str = CODE) -> None:
    """Written by one, approved by another."""
    await written(author, pages, code)
    await author.post(f"/orders/instructions/{code}/submit")
    await leader.post(f"/orders/instructions/{code}/approve")
