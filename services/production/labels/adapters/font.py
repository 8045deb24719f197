"""Letters drawn as dots, in a font of this computer."""

from collections.abc import Sequence
from pathlib import Path

USUAL_FILES = (
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/nanum/NanumGothic.ttf",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "C:/Windows/Fonts/malgun.ttf",
    "/mnt/c/Windows/Fonts/malgun.ttf",
)
"""The files in which systems have a font with Hangul."""


class Font:
    """Draws text in one font."""

    def __init__(self, file: Path) -> None:
        self._file = str(file)

    def draw(self, text: str, height: int, is_bold: bool) -> Sequence[Sequence[bool]]:
        """The text as rows of dots, True is black; ``height`` is the size of its letters in dots."""
        from PIL import Image, ImageDraw, ImageFont  # takes 2 MiB, for shops with label printers

        font = ImageFont.truetype(self._file, round(height * 0.95))
        stroke = height // 28 if is_bold else 0
        width = round(font.getlength(text)) + 2 * stroke
        picture = Image.new("1", (max(1, width), round(height * 1.2)), 0)
        pen = ImageDraw.Draw(picture)
        pen.text((stroke, round(height * 0.86)), text, fill=1, font=font, anchor="ls", stroke_width=stroke)
        dots = picture.tobytes()
        row = -(-picture.width // 8)
        return [
            [bool(dots[y * row + x // 8] >> (7 - x % 8) & 1) for x in range(picture.width)]
            for y in range(picture.height)
        ]


def find_font(chosen: Path | None) -> Font | None:
    """The chosen font, or the first that this system has among the usual files."""
    files = [chosen] if chosen else [Path(file) for file in USUAL_FILES]
    return next((Font(file) for file in files if file.is_file()), None)
