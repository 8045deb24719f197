"""CloudEvents attributes as NATS headers (CloudEvents NATS binding, binary mode)."""

import re
from urllib.parse import unquote

ESCAPED = re.compile(r"[^!#$&-~]")
SEQUENCE_DIGITS = 10


def to_header(value: str) -> str:
    """An attribute's value for a header: blanks, quotes, percent signs and all beyond printable ASCII are escaped."""
    return ESCAPED.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), value)


def from_header(value: str) -> str:
    """The attribute's value in a header; one that the release before wrote as it was is as it was."""
    return unquote(value)


def sequence_of(version: int) -> str:
    """An aggregate's version as the ``sequence`` extension has it: its texts stand in the order of the versions."""
    return f"{version:0{SEQUENCE_DIGITS}d}"
