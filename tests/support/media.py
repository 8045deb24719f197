"""Small real pictures and a document, made here."""

import io
import struct
import zlib

from PIL import Image


def png(width: int = 64, height: int = 48, colour: tuple[int, int, int] = (23, 122, 100)) -> bytes:
    """A picture of one colour."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def photo(width: int = 64, height: int = 48, form: str = "JPEG") -> bytes:
    """A picture as a telephone takes it: lying on its side, with place and device noted in it; the left half red,
    the right one blue."""
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    picture.paste((30, 30, 200), (width // 2, 0, width, height))
    notes = Image.Exif()
    notes[0x0112] = 6  # to be turned clockwise
    notes[0x010F] = "Camera of HAN"
    notes.get_ifd(0x8825)[1] = "N"
    taken = io.BytesIO()
    picture.save(taken, form, exif=notes)
    return taken.getvalue()


def pixels(content: bytes) -> tuple[tuple[int, int], list[tuple[int, ...]], dict[int, object]]:
    """Size, the colours in the middle of the top and of the bottom edge, and what else is noted in a picture."""
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
        shown = picture.convert("RGB")
        edges = [shown.getpixel((width // 2, row)) for row in (0, height - 1)]
        return picture.size, [edge for edge in edges if isinstance(edge, tuple)], dict(picture.getexif())


def pdf(text: str = "WI") -> bytes:
    """A document of one page that shows a short text in Latin letters."""
    shown = f"BT /F1 48 Tf 72 700 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    document, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(document))
        document += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(parts) + 1, len(document)
    return document + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        start,
    )
