"""Which texts a module shows: found in its source, so that a page is sent its own and no others."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LANGUAGES = ("ko", "en", "vi")
LITERAL = re.compile(r"""\bt\(\s*(["'])([a-z0-9_.]+)\1""")
CHOICE = re.compile(r"""\bt\([^()"'`]*\?\s*"([a-z0-9_.]+)"\s*:\s*"([a-z0-9_.]+)\"""")
PREFIX = re.compile(r"""\bt\(\s*`([a-z0-9_.]+\.)\$\{""")
COMMENT = re.compile(r"(?m)^\s*//.*$|/\*\*[\s\S]*?\*/|\s// .*$")


@dataclass(frozen=True)
class Uses:
    """Keys of texts that are named, and the beginnings of those that are built."""

    keys: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()

    def __or__(self, other: "Uses") -> "Uses":
        return Uses(self.keys | other.keys, self.prefixes | other.prefixes)

    def among(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that are used."""
        prefixes = tuple(self.prefixes)
        return {key for key in keys if key in self.keys or key.startswith(prefixes)}


def read_uses(source: str) -> Uses:
    """The texts that a module asks for."""
    code = COMMENT.sub("", source)
    chosen = {key for found in CHOICE.finditer(code) for key in found.groups()}
    return Uses(
        frozenset(found[2] for found in LITERAL.finditer(code)) | chosen,
        frozenset(found[1] for found in PREFIX.finditer(code)),
    )


def uses_of(paths: Iterable[str], uses: Mapping[str, Uses]) -> Uses:
    """The texts that several modules ask for together."""
    total = Uses()
    for path in paths:
        total |= uses.get(path, Uses())
    return total
