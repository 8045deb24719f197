"""A label in ZPL II, the language of label printers.

Plain letters go in font 0, which every such printer has. Hangul is in none of the fonts that printers come with: it goes in a font that
was stored on the printer (``^A@`` with UTF-8), or else as a picture that is drawn here, which any of them prints.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.production.labels.domain import Bar, Code, Element, Text
from services.production.labels.letters import Letters
from services.production.labels.picture import modules

INCH_MM = 25.4
ESCAPED = frozenset("^~_\\")
Bits = Sequence[Sequence[bool]]


@dataclass(frozen=True)
class Device:
    """A printer as far as drawing is concerned: dots an inch, and the stored font that has Hangul, such as ``E:KFONT3.TTF``."""

    dpi: int
    font: str | None

    def dots(self, length: float) -> int:
        """So many dots, at least one."""
        return max(1, round(length * self.dpi / INCH_MM))


def write_zpl(
    elements: Iterable[Element], width: float, height: float, device: Device, letters: Letters | None, copies: int = 1
) -> str:
    """The label's commands; MissingFont when there are letters that neither the printer nor ``letters`` has."""
    body = "".join(_field(element, device, letters) for element in elements)
    return f"^XA^CI28^PW{device.dots(width)}^LL{device.dots(height)}^LH0,0{body}^PQ{copies}^XZ\n"


class MissingFont(Exception):
    """Neither the printer nor this computer has a font with these letters."""


def _field(element: Element, device: Device, letters: Letters | None) -> str:
    place = f"^FO{round(element.x * device.dpi / INCH_MM)},{round(element.y * device.dpi / INCH_MM)}"
    match element:
        case Bar(_, _, width, height):
            across, down = device.dots(width), device.dots(height)
            return f"{place}^GB{across},{down},{min(across, down)}^FS"
        case Code(_, _, size, text):
            squares = modules(text)
            return f"{place}{graphic(_enlarged(squares, max(1, device.dots(size) // len(squares))))}^FS"
        case Text(_, _, size, text, is_bold):
            return f"{place}{_letters(text, device.dots(size), is_bold, device, letters)}^FS"


def _letters(text: str, height: int, is_bold: bool, device: Device, letters: Letters | None) -> str:
    if text.isascii():
        return f"^A0N,{height},{round(height * 0.9)}^FH^FD{_escaped(text)}"
    if device.font:
        return f"^A@N,{height},{height},{device.font}^FH^FD{_escaped(text)}"
    if letters is None:
        raise MissingFont(text)
    return graphic(letters.draw(text, height, is_bold))


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
