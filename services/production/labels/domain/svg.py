"""A label as SVG, for browsers and previews."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from services.production.labels.domain.layout import Bar, Code, Element, Text
from shared.kit.qr import qr_modules

BASELINE = 0.86
"""The baseline of letters, as a part of their size."""


def draw_svg(elements: Iterable[Element], width: float, height: float) -> str:
    """The label as an SVG document in millimetres, black on white."""
    shapes = "".join(_shape(element) for element in elements)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm"'
        f' viewBox="0 0 {width:g} {height:g}"'
        f' font-family="Pretendard, Noto Sans KR, Noto Sans CJK KR, Malgun Gothic, sans-serif" fill="#000">'
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>{shapes}</svg>'
    )


def _shape(element: Element) -> str:
    match element:
        case Text(x, y, size, text, is_bold):
            weight = ' font-weight="700"' if is_bold else ""
            return (
                f'<text x="{x:.2f}" y="{y + size * BASELINE:.2f}" font-size="{size:.2f}"{weight}>{escape(text)}</text>'
            )
        case Bar(x, y, width, height):
            return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"/>'
        case Code(x, y, size, text):
            return _code(x, y, size, qr_modules(text))


def _code(x: float, y: float, size: float, squares: list[list[bool]]) -> str:
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, line in enumerate(squares)
        for column, is_black in enumerate(line)
        if is_black
    )
    scale = size / len(squares)
    return f'<path transform="translate({x:.2f} {y:.2f}) scale({scale:.4f})" d="{path}" shape-rendering="crispEdges"/>'
