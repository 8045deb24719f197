"""Pictures drawn anew: what a camera writes beside the pixels (place, time, device) does not stay,
nor what else hides in a file."""

import io

from PIL import Image, ImageOps

from shared.kit.media.domain import JPEG, PDF, PNG, WEBP, Kind

FORMATS = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP"}
QUALITY = 90
PRESERVED = {"transparency"}
"""The entries of a picture's metadata that belong to its pixels."""
HARMLESS = PRESERVED | {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density"),
    *("loop", "background", "timestamp", "duration"),
}
"""The entries that Pillow itself writes, or reports of every picture."""
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)
"""The errors that Pillow raises for a broken picture."""


def redraw(content: bytes, kind: Kind) -> bytes:
    """The picture upright and of its pixels alone, in its format; a PDF as it is. ValueError when it cannot be read."""
    if kind.type == PDF:
        return content
    try:
        with _opened(content, kind) as picture:
            upright = ImageOps.exif_transpose(picture)
            upright.load()
        return _drawn(upright, kind, lossless=content[12:16] == b"VP8L")
    except UNREADABLE as error:
        raise ValueError("media_unreadable") from error


def _opened(content: bytes, kind: Kind) -> Image.Image:
    """By the decoder of its kind alone, and of the size that was checked."""
    picture = Image.open(io.BytesIO(content), formats=[FORMATS[kind.type]])
    if picture.size != (kind.width, kind.height):
        raise ValueError("media_unreadable")
    return picture


def _drawn(picture: Image.Image, kind: Kind, *, lossless: bool) -> bytes:
    picture.info = {name: value for name, value in picture.info.items() if name in PRESERVED}
    if kind.type == JPEG and picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    drawn = io.BytesIO()
    if kind.type == PNG:
        picture.save(drawn, "PNG")
    elif kind.type == JPEG:
        picture.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    else:
        picture.save(drawn, "WEBP", quality=QUALITY, lossless=lossless)
    return drawn.getvalue()


def is_redrawn(content: bytes, kind: Kind) -> bool:
    """True if a picture can be read, holds nothing but its pixels, and ends where they end; always true of a PDF."""
    if kind.type == PDF:
        return True
    try:
        with _opened(content, kind) as picture:
            picture.load()
            said = set(picture.info) - HARMLESS
    except UNREADABLE:
        return False
    return not said and not _has_more(content, kind)


def _has_more(content: bytes, kind: Kind) -> bool:
    if kind.type == PNG:
        return not content.endswith(b"IEND\xaeB`\x82")
    if kind.type == JPEG:
        return not content.endswith(b"\xff\xd9")
    return len(content) != int.from_bytes(content[4:8], "little") + 8
