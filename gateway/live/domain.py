"""Positions of a listener in each of the streams."""

import re
from collections.abc import Mapping, Sequence

Position = dict[str, int]
"""The last sequence heard of each stream, by the stream's letter."""


def format_position(position: Mapping[str, int]) -> str:
    """As it stands in ``id:`` and ``Last-Event-ID``, e.g. ``o12.p340.q5.e2``."""
    return ".".join(f"{letter}{sequence}" for letter, sequence in position.items())


def parse_position(text: str, letters: Sequence[str]) -> Position | None:
    """The position in ``text``; None when it is not one of ours, or one of another set of streams."""
    found: Position = {}
    for part in text.strip().split("."):
        match = re.fullmatch(r"([a-z])(\d{1,18})", part)
        if match is None:
            return None
        found[match[1]] = int(match[2])
    return {letter: found[letter] for letter in letters} if set(found) == set(letters) else None
