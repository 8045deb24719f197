"""The content of a label and its layout. Lengths in millimetres from the label's upper left corner."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shared.kit.qr import qr_modules

MARGIN = 2.0
SMALLEST = 1.8
"""Letters that are lower than this nobody reads."""
THIN = 0.25


class LabelKind(StrEnum):
    """The kinds of labels: for a lot, a box, or parts on their way to the next operation (an identification tag)."""

    LOT = "lot"
    TAG = "tag"
    BOX = "box"


class LabelDetail(StrEnum):
    """The details that a template may show below the item."""

    LOT = "lot"
    QUANTITY = "quantity"
    ORDER = "order"
    OPERATION = "operation"
    CUSTOMER = "customer"
    MACHINE = "machine"
    PRODUCED_ON = "produced_on"
    SHIFT = "shift"
    EXPIRES_ON = "expires_on"
    SUPPLIER = "supplier"
    SUPPLIER_LOT = "supplier_lot"
    LOCATION = "location"
    PERSON = "person"
    PRINTED_AT = "printed_at"


USUAL_DETAILS = {
    LabelKind.LOT: (
        LabelDetail.LOT,
        LabelDetail.QUANTITY,
        LabelDetail.ORDER,
        LabelDetail.PRODUCED_ON,
        LabelDetail.EXPIRES_ON,
        LabelDetail.SUPPLIER_LOT,
    ),
    LabelKind.TAG: (
        LabelDetail.QUANTITY,
        LabelDetail.ORDER,
        LabelDetail.OPERATION,
        LabelDetail.MACHINE,
        LabelDetail.PRODUCED_ON,
        LabelDetail.PERSON,
    ),
    LabelKind.BOX: (
        LabelDetail.QUANTITY,
        LabelDetail.LOT,
        LabelDetail.ORDER,
        LabelDetail.CUSTOMER,
        LabelDetail.PRODUCED_ON,
        LabelDetail.PRINTED_AT,
    ),
}
USUAL_SIZE = (Decimal(100), Decimal(60))


@dataclass(frozen=True)
class Content:
    """The content of one label: its title, the item, rows of heading and value, and what its QR code holds."""

    title: str
    item: str
    name: str
    rows: Sequence[tuple[str, str]]
    code: str | None


@dataclass(frozen=True)
class Text:
    """One line of letters, ``size`` high from top to baseline and below; (x, y) is its upper left corner."""

    x: float
    y: float
    size: float
    text: str
    is_bold: bool = False


@dataclass(frozen=True)
class Bar:
    """A filled rectangle: a line of the table."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Code:
    """A QR code in a square."""

    x: float
    y: float
    size: float
    text: str


Element = Text | Bar | Code


def text_width(text: str, size: float) -> float:
    """About how wide the letters are: Hangul is square, others a little more than half of it."""
    return size * sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.6 for letter in text)


def fitted(text: str, size: float, width: float) -> tuple[str, float]:
    """The text and its size so that it fits into ``width``: smaller letters first, then fewer."""
    if text_width(text, size) <= width:
        return text, size
    smaller = max(SMALLEST, size * width / text_width(text, size))
    if text_width(text, smaller) <= width * 1.001:
        return text, smaller
    while text and text_width(f"{text}…", smaller) > width:
        text = text[:-1]
    return f"{text}…", smaller


def lay_out(content: Content, width: float, height: float) -> list[Element]:
    """The label's elements: title, item and QR code above, the details as a table below, many in two columns."""
    square = code_size(width, height) if content.code else 0.0
    room = width - 2 * MARGIN - (square + 1.5 if square else 0.0)
    elements: list[Element] = []
    y = MARGIN
    for text, size, is_bold in (
        (content.title, min(max(height * 0.075, 2.4), 5.0), False),
        (content.item, min(max(height * 0.15, 3.6), 10.0), True),
        (content.name, min(max(height * 0.085, 2.6), 6.0), False),
    ):
        shown, fit = fitted(text, size, room)
        elements.append(Text(MARGIN, y, fit, shown, is_bold))
        y += size * 1.25
    if content.code:
        elements.append(Code(width - MARGIN - square, MARGIN, square, content.code))
        y = max(y, MARGIN + square + 1.0)
    return elements + _table(content.rows, y, width, height - MARGIN - y)


def _table(rows: Sequence[tuple[str, str]], top: float, width: float, room: float) -> list[Element]:
    if not rows:
        return []
    columns = 2 if len(rows) > 4 and width >= 70 else 1
    lines = -(-len(rows) // columns)
    line = min(room / lines, 10.0)
    across = (width - 2 * MARGIN) / columns
    size = min(line * 0.58, 4.6)
    elements: list[Element] = [
        Bar(MARGIN, top + number * line, width - 2 * MARGIN, THIN * (2 if number == 0 else 1))
        for number in range(lines + 1)
    ]
    for number, (heading, value) in enumerate(rows):
        column, line_number = divmod(number, lines)
        x, y = MARGIN + column * across, top + line_number * line
        for text, at, space, letters, is_bold in (
            (heading, 0.6, across * 0.3 - 1.2, size * 0.8, False),
            (value, across * 0.3, across * 0.7 - 0.8, size, True),
        ):
            shown, fit = fitted(text, letters, space)
            elements.append(Text(x + at, y + (line - fit * 1.2) / 2, fit, shown, is_bold))
    return elements


def choose_template(item: str, templates: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """The template for an item, of (code, its items): one of its own before one for all; None is the usual one."""
    ordered = sorted(templates)
    own = [code for code, items in ordered if item in items]
    return next(iter([*own, *(code for code, items in ordered if not items)]), None)


def scan_code(lot: str | None, number: str | None, op: int | None) -> str | None:
    """The text that a scanner reads: the lot's code, or the operation as on the traveller.

    A lot with other letters than ASCII has a prefix of them: by a short text alone scanners guess another alphabet.
    """
    if lot:
        return lot if lot.isascii() else f"DURE:LOT:{lot}"
    return f"DURE:OP:{number}:{op}" if number else None


USUAL_CODE = "DURE:OP:W-2611-0182:10"
LEAST_MODULE = 0.25
"""The millimetres that a square of a QR code has at least, so that a tablet's camera at arm's length reads it."""


def code_size(width: float, height: float) -> float:
    """The side of a label's QR code."""
    return min(height * 0.42, width * 0.3)


def is_readable(code: str, width: float, height: float, dpi: int = 203) -> bool:
    """True if a label's QR code can be read when a printer of this density draws it in whole dots."""
    dots = int(code_size(width, height) * dpi / 25.4) // len(qr_modules(code))
    return dots * 25.4 / dpi >= LEAST_MODULE
