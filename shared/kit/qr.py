"""QR codes that whatever reads them reads alike.

The text is in UTF-8 and in byte mode, always: left to choose, segno puts some Korean words into Kanji mode, which few
decoders know, and a mark for the character set (ECI) stops others.
"""

import io

import segno


def qr_code(text: str) -> segno.QRCode:
    """The code of a text; 15 % of it may be dirty or gone."""
    return segno.make(text, error="m", micro=False, mode="byte", encoding="utf-8")


def qr_modules(text: str) -> list[list[bool]]:
    """The squares of the code, True is black, without the quiet zone."""
    return [[bool(square) for square in row] for row in qr_code(text).matrix]


def qr_svg(text: str) -> str:
    """The code as an SVG document of any size, with a quiet zone."""
    drawing = io.BytesIO()
    qr_code(text).save(drawing, kind="svg", xmldecl=False, omitsize=True, border=2)
    return drawing.getvalue().decode()
