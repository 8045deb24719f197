"""Pictures drawn anew: what a camera writes beside the pixels (place, time, device) does not stay,
nor what else hides in a file.

One at a time in a process, whichever of its services asks: unpacked, the largest picture takes 160 MB, and twice that
while it is turned.
"""

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PIL import Image, ImageOps

from shared.kit.media.domain import JPEG, PDF, PNG, WEBP, Kind

T = TypeVar("T")
ONE_AT_A_TIME = ThreadPoolExecutor(1, thread_name_prefix="pictures")
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


async def in_turn(work: Callable[[bytes, Kind], T], content: bytes, kind: Kind) -> T:
    """What ``work`` makes of a picture, once all before it are done."""
    return await asyncio.get_running_loop().run_in_executor(ONE_AT_A_TIME, work, content, kind)


def redraw(content: bytes, kind: Kind) -> bytes:
    """The picture upright and of its pixels alone, in its format; a PDF as it is. ValueError when it cannot be read."""
    if kind.type == PDF:
        return content
    try:
        with _opened(content, kind) as picture:
            ImageOps.exif_transpose(picture, in_place=True)  # or the usual upright one would be copied
            picture.load()
            return _drawn(picture, kind, lossless=content[12:16] == b"VP8L")
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
