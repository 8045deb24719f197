"""Drawings of the demo factories' items and defects.

In a real shop somebody takes photos, and tiles without any say little.
"""

import io
from collections.abc import Callable, Mapping, Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 320, 200
SMOOTH = 3
"""Drawn so many times as large, then made smaller: edges without steps."""
METAL, SHADE, EDGE = "#c3ccd2", "#93a1aa", "#56656e"
PLASTIC, PLASTIC_SHADE = "#dfe7f2", "#9fb2cc"
GLASS, SAUCE, LABEL, LID = "#dcecec", "#b3392b", "#f3e6c4", "#c9a24a"
FLAW = "#d5301f"
Point = tuple[float, float]


class Pen:
    """Draws on white paper of 320 × 200."""

    def __init__(self) -> None:
        self._paper = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), "white")
        self._draw = ImageDraw.Draw(self._paper)

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, radius: float = 6) -> None:
        """A rectangle with round corners and an edge."""
        corners = [value * SMOOTH for value in (left, top, right, bottom)]
        self._draw.rounded_rectangle(corners, radius * SMOOTH, fill, EDGE, 3 * SMOOTH)

    def shape(self, points: Sequence[Point], fill: str) -> None:
        """A polygon with an edge."""
        self._draw.polygon([(x * SMOOTH, y * SMOOTH) for x, y in points], fill)
        self.line([*points, points[0]], EDGE, 3)

    def disc(self, x: float, y: float, radius: float, fill: str, edge: str = EDGE) -> None:
        """A circle, or a hole when it is white."""
        self._draw.circle((x * SMOOTH, y * SMOOTH), radius * SMOOTH, fill, edge, 3 * SMOOTH)

    def line(self, points: Sequence[Point], colour: str = FLAW, width: int = 5) -> None:
        """A line with round corners."""
        self._draw.line([(x * SMOOTH, y * SMOOTH) for x, y in points], colour, width * SMOOTH, "curve")

    def png(self) -> bytes:
        """The drawing, in some kilobytes."""
        shown = self._paper.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(64, dither=Image.Dither.NONE)
        content = io.BytesIO()
        shown.save(content, "PNG", optimize=True)
        return content.getvalue()


def _plate(pen: Pen) -> None:
    pen.box(70, 48, 250, 152, METAL)
    pen.disc(96, 100, 11, "white")
    pen.disc(224, 100, 11, "white")


def _bracket(pen: Pen) -> None:
    pen.shape([(72, 148), (72, 118), (132, 118), (150, 54), (248, 54), (248, 84), (174, 84), (156, 148)], METAL)
    pen.line([(132, 118), (156, 148)], SHADE, 3)
    pen.line([(150, 54), (174, 84)], SHADE, 3)
    pen.disc(100, 133, 9, "white")
    pen.disc(218, 69, 9, "white")


def _reinforcement(pen: Pen) -> None:
    pen.box(68, 62, 252, 142, METAL)
    pen.box(96, 82, 224, 122, SHADE)
    for x, y in ((83, 77), (237, 77), (83, 127), (237, 127)):
        pen.disc(x, y, 8, "white")
    for x in (122, 160, 198):
        pen.disc(x, 102, 12, METAL)
        pen.disc(x, 102, 5, "white")


def _burr(pen: Pen) -> None:
    _plate(pen)
    teeth = [(112 + 8 * step, 34 if step % 2 else 48) for step in range(13)]
    pen.line(teeth)


def _dimension(pen: Pen) -> None:
    _plate(pen)
    pen.line([(70, 172), (250, 172)])
    for x, away in ((70, 14), (250, -14)):
        pen.line([(x + away, 163), (x, 172), (x + away, 181)])
        pen.line([(x, 158), (x, 186)], FLAW, 3)


def _dent(pen: Pen) -> None:
    _plate(pen)
    pen.disc(160, 100, 34, SHADE, FLAW)
    pen.disc(165, 106, 18, EDGE, SHADE)


def _crack(pen: Pen) -> None:
    _plate(pen)
    pen.line([(150, 48), (164, 72), (148, 92), (172, 116), (160, 152)])
    pen.line([(172, 116), (190, 126)], FLAW, 4)


def _weld(pen: Pen) -> None:
    pen.box(70, 78, 166, 152, METAL)
    pen.box(154, 48, 250, 122, SHADE)
    for y in (88, 100, 112):
        pen.disc(160, y, 11, "#e7c07b", FLAW)


def _missing_hole(pen: Pen) -> None:
    pen.box(70, 48, 250, 152, METAL)
    pen.disc(96, 100, 11, "white")
    pen.disc(224, 100, 20, METAL, FLAW)
    pen.line([(214, 90), (234, 110)], FLAW, 4)
    pen.line([(234, 90), (214, 110)], FLAW, 4)


def _cap(pen: Pen) -> None:
    pen.box(100, 52, 220, 150, PLASTIC, 12)
    for x in range(116, 212, 16):
        pen.line([(x, 76), (x, 140)], PLASTIC_SHADE, 3)


def _black_spot(pen: Pen) -> None:
    _cap(pen)
    pen.disc(160, 100, 12, "#20262b", FLAW)


def _scratch(pen: Pen) -> None:
    _cap(pen)
    for shift in (0, 16):
        pen.line([(126 + shift, 124), (182 + shift, 78)], FLAW, 4)


def _short_shot(pen: Pen) -> None:
    pen.shape([(100, 150), (100, 62), (152, 62), (164, 84), (182, 76), (198, 102), (220, 96), (220, 150)], PLASTIC)
    pen.line([(152, 62), (164, 84), (182, 76), (198, 102), (220, 96)])


def _flash(pen: Pen) -> None:
    _cap(pen)
    pen.line([(86, 150), (234, 150)], FLAW, 8)


def _jar(pen: Pen, level: float = 80) -> None:
    pen.box(114, 58, 206, 166, GLASS, 14)
    pen.box(120, level, 200, 160, SAUCE, 10)
    pen.box(110, 36, 210, 62, LID, 5)
    pen.box(118, 96, 202, 140, LABEL, 2)


def _leaking_seal(pen: Pen) -> None:
    _jar(pen)
    pen.line([(104, 34), (214, 44)], FLAW, 6)
    pen.disc(216, 74, 8, SAUCE, FLAW)


def _underweight(pen: Pen) -> None:
    _jar(pen, 146)
    pen.line([(226, 80), (226, 150)])
    pen.line([(214, 136), (226, 150), (238, 136)])


def _crooked_label(pen: Pen) -> None:
    pen.box(114, 58, 206, 166, GLASS, 14)
    pen.box(120, 80, 200, 160, SAUCE, 10)
    pen.box(110, 36, 210, 62, LID, 5)
    corners = [(122, 112), (204, 90), (214, 128), (132, 150)]
    pen.shape(corners, LABEL)
    pen.line([*corners, corners[0]])


def _foreign_matter(pen: Pen) -> None:
    _jar(pen)
    pen.disc(160, 118, 26, "white", FLAW)
    pen.line([(148, 126), (156, 110), (164, 124), (172, 108)], "#20262b", 4)


Drawing = Callable[[Pen], None]
ITEMS: Mapping[str, Drawing] = {
    "HB1001": _bracket,
    "HB2001": _reinforcement,
    "CAP24": _cap,
    "SC500": _jar,
}
DEFECTS: Mapping[str, Drawing] = {
    "BURR": _burr,
    "DIMENSION": _dimension,
    "DENT": _dent,
    "CRACK": _crack,
    "WELD": _weld,
    "MISSING_HOLE": _missing_hole,
    "BLACK_SPOT": _black_spot,
    "SCRATCH": _scratch,
    "SHORT_SHOT": _short_shot,
    "FLASH": _flash,
    "SEAL": _leaking_seal,
    "UNDERWEIGHT": _underweight,
    "LABEL": _crooked_label,
    "FOREIGN": _foreign_matter,
}


def draw(drawing: Drawing) -> bytes:
    """A drawing as a PNG."""
    pen = Pen()
    drawing(pen)
    return pen.png()
