"""A label in ZPL II, the language of label printers.

Plain letters go in font 0, which every such printer has. Hangul is in none of the fonts that printers come with: it
goes in a font that was stored on the printer (``^A@`` with UTF-8), or else as a picture that is drawn here, which any
of them prints.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from services.production.labels.domain.layout import Bar, Code, Element, Text
from shared.kit.qr import qr_modules

INCH_MM = 25.4
ESCAPED = frozenset("^~_\\")
Bits = Sequence[Sequence[bool]]


class Density(IntEnum):
    """The dots an inch that label printers have."""

    DPI_203 = 203
    DPI_300 = 300
    DPI_600 = 600


class TextFont(Protocol):
    """A font of this computer, in which text is drawn for printers that cannot print it themselves."""

    def draw(self, text: str, height: int, is_bold: bool) -> Bits:
        """The text as rows of dots, True is black; ``height`` is the size of its letters in dots."""


@dataclass(frozen=True)
class PrinterModel:
    """A printer for drawing: dots an inch, and the stored font that has Hangul, such as ``E:KFONT3.TTF``."""

    dpi: int
    font: str | None

    def dots(self, length: float) -> int:
        """So many dots, at least one."""
        return max(1, round(length * self.dpi / INCH_MM))


def write_zpl(
    elements: Iterable[Element],
    width: float,
    height: float,
    model: PrinterModel,
    font: TextFont | None,
    copies: int = 1,
) -> str:
    """The label's commands; MissingFont when there are letters that neither the printer nor ``font`` has."""
    body = "".join(_field(element, model, font) for element in elements)
    return f"^XA^CI28^PW{model.dots(width)}^LL{model.dots(height)}^LH0,0{body}^PQ{copies}^XZ\n"


class MissingFont(Exception):
    """Neither the printer nor this computer has a font with these letters."""


def _field(element: Element, model: PrinterModel, font: TextFont | None) -> str:
    origin = f"^FO{round(element.x * model.dpi / INCH_MM)},{round(element.y * model.dpi / INCH_MM)}"
    match element:
        case Bar(_, _, width, height):
            across, down = model.dots(width), model.dots(height)
            return f"{origin}^GB{across},{down},{min(across, down)}^FS"
        case Code(_, _, size, text):
            squares = qr_modules(text)
            return f"{origin}{graphic(_enlarged(squares, max(1, model.dots(size) // len(squares))))}^FS"
        case Text(_, _, size, text, is_bold):
            return f"{origin}{_text(text, model.dots(size), is_bold, model, font)}^FS"


def _text(text: str, height: int, is_bold: bool, model: PrinterModel, font: TextFont | None) -> str:
    if text.isascii():
        return f"^A0N,{height},{round(height * 0.9)}^FH^FD{_escaped(text)}"
    if model.font:
        return f"^A@N,{height},{height},{model.font}^FH^FD{_escaped(text)}"
    if font is None:
        raise MissingFont(text)
    return graphic(font.draw(text, height, is_bold))


def _escaped(text: str) -> str:
    """The text for ``^FH^FD``: what would be a command, and controls, as the hexadecimal digits of UTF-8."""
    return "".join(
        "".join(f"_{byte:02X}" for byte in letter.encode()) if letter in ESCAPED or not letter.isprintable() else letter
        for letter in text
    )


def graphic(bits: Bits) -> str:
    """A picture as ``^GFA``: rows of whole bytes, the leftmost dot is the highest bit."""
    row_bytes = -(-len(bits[0]) // 8)
    rows = []
    for row in bits:
        number = int("".join("1" if dot else "0" for dot in row), 2) << (row_bytes * 8 - len(row))
        rows.append(f"{number:0{row_bytes * 2}X}")
    total = row_bytes * len(rows)
    return f"^GFA,{total},{total},{row_bytes},{''.join(rows)}"


def _enlarged(bits: Bits, times: int) -> list[list[bool]]:
    return [[dot for dot in row for _ in range(times)] for row in bits for _ in range(times)]
