"""Style sheets as browsers get them: what a sheet imports stands in it, so that a page's styles are one file."""

import re
from collections.abc import Mapping

IMPORT = re.compile(r'^@import "(/[^"]+)";\n*', re.MULTILINE)


def inline(path: str, sources: Mapping[str, bytes]) -> str:
    """The text of a sheet with each imported one at its place, once."""
    seen: set[str] = set()

    def text_of(path: str) -> str:
        if path in seen:
            return ""
        seen.add(path)
        return IMPORT.sub(lambda found: text_of(found[1]), sources[path].decode())

    return text_of(path)
