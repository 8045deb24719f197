"""A file's type, by its content and never by its name, and its id, a hash of its content."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

LIMIT_BYTES = 5 * 1024 * 1024
LIMIT_PIXELS = 40_000_000
"""More than a tablet can unpack."""
PNG, JPEG, WEBP, PDF = "image/png", "image/jpeg", "image/webp", "application/pdf"
TYPES = (PNG, JPEG, WEBP, PDF)
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""The JPEG markers that begin a frame and hold its size."""


@dataclass(frozen=True)
class Kind:
    """A media type, with the pixels of a picture."""

    type: str
    width: int | None = None
    height: int | None = None

    @property
    def pixels(self) -> int:
        """0 for a document."""
        return (self.width or 0) * (self.height or 0)


def recognise(content: bytes) -> Kind | None:
    """PNG, JPEG, WebP or PDF; None for everything else, and for a picture whose size cannot be read."""
    if content.startswith(b"%PDF-"):
        return Kind(PDF)
    size: tuple[int, int] | None = None
    type_ = ""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        type_, size = PNG, _png_size(content)
    elif content.startswith(b"\xff\xd8\xff"):
        type_, size = JPEG, _jpeg_size(content)
    elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        type_, size = WEBP, _webp_size(content)
    return Kind(type_, *size) if size and all(size) else None


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the first frame header."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 2
        elif marker in FRAMES:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    if len(content) < 30:
        return None
    chunk = content[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if chunk == b"VP8L" and content[20] == 0x2F:
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF
    return None


def digest_of(content: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(content).digest()


def id_of(digest: bytes) -> UUID:
    """The id of the content with this SHA-256: its first 122 free bits as a UUIDv8 (RFC 9562)."""
    value = bytearray(digest[:16])
    value[6] = value[6] & 0x0F | 0x80
    value[8] = value[8] & 0x3F | 0x80
    return UUID(bytes=bytes(value))
