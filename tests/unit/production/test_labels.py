"""What is on a label stays on it, is readable for people and scanners, and goes only where printers may be."""

import asyncio
import re
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.labels.adapters import printer
from services.production.labels.adapters.font import Font, find_font
from services.production.labels.adapters.printer import PrinterError, send
from services.production.labels.domain.layout import (
    Bar,
    Code,
    Content,
    Text,
    choose_template,
    fitted,
    is_readable,
    lay_out,
    text_width,
)
from services.production.labels.domain.svg import draw_svg
from services.production.labels.domain.zpl import MissingFont, PrinterModel, graphic, write_zpl
from shared.kit.qr import qr_modules

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
PLAIN = Content(
    "LOT LABEL", "HB1001", "bracket", [("Lot", "HB1001-261125-001"), ("Quantity", "1,200 EA")], "HB1001-261125-001"
)
words = st.text(st.sampled_from("마운팅브라켓ABWwi019-./ ㈜"), min_size=1, max_size=60)


class Square(Font):
    """Letters as a font would draw them, as far as a test can know: a black square for each."""

    def __init__(self) -> None:
        super().__init__(Path("none"))

    def draw(self, text: str, height: int, is_bold: bool) -> list[list[bool]]:
        return [[True] * (height * len(text)) for _ in range(height)]


@given(
    words,
    words,
    st.lists(st.tuples(words, words), max_size=14),
    st.booleans(),
    st.integers(40, 150),
    st.integers(25, 150),
)
def test_nothing_sticks_out_of_a_label(
    item: str, name: str, rows: list[tuple[str, str]], with_code: bool, width: int, height: int
) -> None:
    content = Content("제품 식별표", item, name, rows, "HB1001-261125-001" if with_code else None)
    for element in lay_out(content, width, height):
        match element:
            case Text(x, y, size, text):
                assert x >= 0
                assert x + text_width(text, size) <= width + 0.01
                assert -0.01 <= y <= height
            case Bar(x, y, across, down):
                assert x + across <= width + 0.01
                assert y + down <= height + 0.3
            case Code(x, y, size):
                assert x + size <= width
                assert y + size <= height


@given(words, st.floats(2, 10), st.floats(10, 100))
def test_long_words_become_smaller_and_then_shorter(text: str, size: float, width: float) -> None:
    shown, fit = fitted(text, size, width)
    assert text_width(shown, fit) <= width * 1.001
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


def test_an_items_own_template_comes_first_then_one_for_all_then_the_usual_one() -> None:
    templates = [("Z", ["HB1001"]), ("A", []), ("M", ["HB2001"])]
    assert choose_template("HB1001", templates) == "Z"
    assert choose_template("HB9999", templates) == "A"
    assert choose_template("HB9999", templates[2:]) is None


def test_a_label_in_zpl_is_as_large_as_its_paper_and_ends_with_its_copies() -> None:
    zpl = write_zpl(lay_out(PLAIN, 100, 60), 100, 60, PrinterModel(203, None), None, 5)
    assert zpl.startswith("^XA^CI28^PW799^LL480^LH0,0")
    assert zpl.endswith("^PQ5^XZ\n")
    assert "^FDHB1001-261125-001^FS" in zpl


def test_what_would_be_a_command_is_printed_as_letters() -> None:
    zpl = write_zpl([Text(1, 1, 3, "A^XZ~JA_B\\")], 50, 30, PrinterModel(203, None), None)
    assert "^FDA_5EXZ_7EJA_5FB_5C^FS" in zpl
    assert zpl.count("^XZ") == 1


def test_hangul_without_any_font_is_an_error_and_no_row_of_boxes() -> None:
    element = Text(1, 1, 3, "브라켓")
    with pytest.raises(MissingFont):
        write_zpl([element], 50, 30, PrinterModel(203, None), None)
    assert "^A@N,24,24,E:KFONT3.TTF^FH^FD브라켓^FS" in write_zpl(
        [element], 50, 30, PrinterModel(203, "E:KFONT3.TTF"), None
    )
    assert "^GFA,216,216,9," in write_zpl([element], 50, 30, PrinterModel(203, None), Square())


def dots_of(field: str) -> list[list[bool]]:
    """A graphic field read as a printer would."""
    found = re.fullmatch(r"\^GFA,(\d+),(\d+),(\d+),([0-9A-F]+)", field)
    assert found
    total, _, row, digits = found.groups()
    bits = f"{int(digits, 16):0{len(digits) * 4}b}"
    across = int(row) * 8
    assert len(digits) == int(total) * 2
    return [[bit == "1" for bit in bits[at : at + across]] for at in range(0, len(bits), across)]


@given(st.lists(st.lists(st.booleans(), min_size=13, max_size=13), min_size=1, max_size=9))
def test_a_picture_arrives_dot_by_dot(picture: list[list[bool]]) -> None:
    assert [row[:13] for row in dots_of(graphic(picture))] == picture


@pytest.mark.parametrize(
    ("size", "is_enough"), [((20, 20), False), ((30, 20), True), ((40, 30), True), ((100, 60), True)]
)
def test_a_label_has_room_for_squares_that_a_camera_can_read(size: tuple[int, int], is_enough: bool) -> None:
    for dpi in (203, 300, 600):
        assert is_readable("DURE:OP:W-2611-0182:10", *size, dpi) is is_enough


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_code_on_the_paper_is_the_lots(dpi: int) -> None:
    zpl = write_zpl([Code(0, 0, 20, "HB1001-261125-001")], 50, 30, PrinterModel(dpi, None), None)
    found = re.search(r"\^GFA[^^]+", zpl)
    assert found
    squares = qr_modules("HB1001-261125-001")
    dots = dots_of(found[0])
    times = len(dots) // len(squares)
    assert times == round(20 * dpi / 25.4) // len(squares)
    assert [[row[x * times + times // 2] for x in range(len(squares))] for row in dots[times // 2 :: times]] == squares


def test_a_font_of_this_computer_draws_hangul() -> None:
    font = find_font(None)
    if font is None:
        pytest.skip("this computer has no font with Hangul")
    dots = font.draw("가", 40, False)
    ink = sum(sum(row) for row in dots)
    assert 100 < ink < 900
    assert sum(sum(row) for row in font.draw("가", 40, True)) > ink


def test_what_a_label_says_cannot_become_markup() -> None:
    svg = draw_svg(lay_out(Content("a<b", "<script>", "x & y", [], None), 100, 60), 100, 60)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


@pytest.mark.anyio
async def test_a_name_that_leads_elsewhere_gets_nothing() -> None:
    with pytest.raises(PrinterError) as refused:
        await send("localhost", 9100, b"^XA^XZ", (IPv4Network("10.0.0.0/8"),))
    assert refused.value.code == "printer_elsewhere"


@pytest.mark.anyio
async def test_a_printer_that_takes_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printer, "SEND_S", 0.2)
    held: list[asyncio.StreamWriter] = []

    async def take_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        held.append(writer)

    server = await asyncio.start_server(take_nothing, "127.0.0.1", 0)
    async with server:
        with pytest.raises(PrinterError) as late:
            await send("127.0.0.1", server.sockets[0].getsockname()[1], bytes(64 * 2**20), LOOPBACK)
        for writer in held:
            writer.transport.abort()
    assert late.value.code == "printer_timeout"
