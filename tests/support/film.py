"""A film for Chromium's camera: one picture, again and again."""

import io
from pathlib import Path

import segno
from PIL import Image

SIZE = (640, 480)


def film_of(code: segno.QRCode, path: Path) -> Path:
    """A motion JPEG that shows a QR code on a sheet of paper."""
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=8, border=4)
    sheet = Image.new("RGB", SIZE, "#d8d5cc")
    label = Image.open(drawn).convert("RGB")
    sheet.paste(label, ((SIZE[0] - label.width) // 2, (SIZE[1] - label.height) // 2))
    frame = io.BytesIO()
    sheet.save(frame, "JPEG", quality=88)
    path.write_bytes(frame.getvalue() * 30)
    return path
