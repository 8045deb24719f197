"""What a file is: told by its content, and by nothing else."""

import subprocess
import sys

import pytest

from shared.kit.media.domain import Kind, digest_of, id_of, recognise
from shared.kit.media.redrawing import is_redrawn, redraw
from tests.support.media import pdf, photo, pixels, png

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b08000a00140101110000")
LOSSLESS = b"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f" + (19 | 9 << 14).to_bytes(4, "little") + bytes(8)
LOSSY = b"RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x14\x00\x0a\x00"
EXTENDED = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x13\x00\x00\x09\x00\x00"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(20, 10), Kind("image/png", 20, 10)),
        (JPEG, Kind("image/jpeg", 20, 10)),
        (LOSSLESS, Kind("image/webp", 20, 10)),
        (LOSSY, Kind("image/webp", 20, 10)),
        (EXTENDED, Kind("image/webp", 20, 10)),
        (pdf(), Kind("application/pdf")),
    ],
)
def test_pictures_and_documents_are_recognised_with_their_size(content: bytes, kind: Kind) -> None:
    assert recognise(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html>%PDF-1.4",
        b"GIF89a\x14\x00\x0a\x00",
        png(0, 10),
        *(whole[:length] for whole in (png(), JPEG, LOSSLESS, LOSSY, EXTENDED) for length in (3, 8, 12, 20)),
        b"\xff\xd8\xff\xff\xff\xff",
        b"\xff\xd8\xff\xe0\x00\x00" * 9,
    ],
)
def test_everything_else_is_none_of_ours(content: bytes) -> None:
    assert recognise(content) is None


def test_the_same_content_has_the_same_id_and_another_content_another() -> None:
    first, other = id_of(digest_of(png())), id_of(digest_of(png(65)))
    assert first == id_of(digest_of(png()))
    assert first != other
    assert (first.version, first.variant) == (8, "specified in RFC 4122")


def drawn(content: bytes) -> bytes:
    kind = recognise(content)
    assert kind is not None
    return redraw(content, kind)


def clean(content: bytes) -> bool:
    kind = recognise(content)
    assert kind is not None
    return is_redrawn(content, kind)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright_and_tells_neither_place_nor_device(form: str) -> None:
    taken = photo(64, 48, form)
    assert b"Camera of HAN" in taken
    kept = drawn(taken)
    size, (top, bottom), notes = pixels(kept)
    assert (size, notes) == ((48, 64), {})
    assert (top[0] > 150 > top[2], bottom[2] > 150 > bottom[0]) == (True, True)
    assert b"Camera of HAN" not in kept
    assert (clean(taken), clean(kept), clean(kept + b"<script>")) == (False, True, False)


def test_what_hides_behind_a_picture_is_gone_and_its_pixels_stay() -> None:
    kept = drawn(png(20, 10, (23, 122, 100)) + b"PK\x03\x04 a program")
    assert b"program" not in kept
    assert pixels(kept) == ((20, 10), [(23, 122, 100)] * 2, {})


@pytest.mark.parametrize("whole", [photo(640, 480), photo(640, 480, "WEBP"), png(640, 480)])
def test_a_picture_that_ends_too_early_is_refused(whole: bytes) -> None:
    with pytest.raises(ValueError, match="media_unreadable"):
        drawn(whole[: len(whole) // 2])
    assert not clean(whole[: len(whole) // 2])


def test_a_document_stays_as_it_is() -> None:
    assert drawn(pdf()) == pdf()


CROWD = """
import asyncio, resource, sys
from shared.kit.media.commands import redrawn
from tests.support.media import png

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

async def main():
    content = png(3000, 3000)
    before = peak()
    await redrawn(content)
    alone = peak() - before
    await asyncio.gather(*(redrawn(content) for _ in range(3)))
    print(alone, peak() - before)

asyncio.run(main())
"""


@pytest.mark.long
def test_large_pictures_that_come_together_are_unpacked_one_at_a_time() -> None:
    told = subprocess.run([sys.executable, "-c", CROWD], capture_output=True, text=True, check=True).stdout
    alone, together = map(float, told.split())
    assert alone < 65, "a picture of 9 megapixels takes 36 MB, and is not copied"
    assert together < alone + 25
