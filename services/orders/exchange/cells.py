"""How the values of a document are written into cells and read from them."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.kit.cells import parse_bool, parse_date, parse_decimal

Words = tuple[str, str, str]
"""One text in Korean, English and Vietnamese."""


@dataclass(frozen=True)
class Codec:
    """``parse`` raises ``ValueError(code)``; ``show`` gives what ``parse`` reads as the same value."""

    parse: Callable[[str], Any]
    show: Callable[[Any], str] = str
    note: Words | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    """The values to choose from, and their words."""
    numeric: bool = False
    """Written into a workbook as a number where that is exact."""
    keys: Callable[[Any], Iterable[str]] = iter
    """The references in a value that is no plain text."""


def _parse_whole(cell: str) -> int:
    number = parse_decimal(cell)
    if number != int(number):
        raise ValueError("int_from_float")
    return int(number)


def _parse_time(cell: str) -> str:
    """The time as it is written: what it may be, the schema says."""
    text = unicodedata.normalize("NFKC", cell).strip()
    return f"0{text}" if re.match(r"\d:", text) else text


def _show_time(value: str) -> str:
    time = dt.time.fromisoformat(value)
    return time.isoformat("minutes" if time == time.replace(second=0, microsecond=0) else "auto")


TEXT = Codec(lambda cell: cell)
NUMBER = Codec(parse_decimal, numeric=True, note=("숫자", "a number", "một số"))
WHOLE = Codec(_parse_whole, numeric=True, note=("정수", "a whole number", "một số nguyên"))
YES_NO = Codec(
    parse_bool,
    lambda value: "Y" if value else "N",
    None,
    {"Y": ("Y", "Y", "Y"), "N": ("N", "N", "N")},
)
TIME = Codec(_parse_time, _show_time, ("시:분, 예: 08:30", "hours:minutes, like 08:30", "giờ:phút, ví dụ 08:30"))
DATE = Codec(parse_date, note=("날짜, 예: 2026-11-25", "a date like 2026-11-25", "ngày, ví dụ 2026-11-25"))


def _parse_predecessors(cell: str) -> list[int]:
    """``-`` is a start: no operation before it."""
    if cell.strip() == "-":
        return []
    return [_parse_whole(part) for part in re.split(r"[,;\s]+", cell.strip()) if part]


PREDECESSORS = Codec(
    _parse_predecessors,
    lambda value: ", ".join(map(str, value)) or "-",
    (
        "비우면 바로 앞 공정, 여러 개는 쉼표, 없으면 -",
        "the operation before when empty; several by commas; - for none",
        "để trống là công đoạn ngay trước; nhiều thì cách nhau bằng dấu phẩy; - nếu không có",
    ),
    keys=lambda value: (),
)


def choice(values: Mapping[str, tuple[Words, tuple[str, ...]]]) -> Codec:
    """One of several values: for each its words, and other words that people write for it."""
    by_word = {word.casefold(): value for value, (words, others) in values.items() for word in (value, *words, *others)}
    return Codec(
        lambda cell: by_word.get(unicodedata.normalize("NFKC", cell).strip().casefold(), cell),
        words={value: words for value, (words, _) in values.items()},
    )


def several(separator: str = ",") -> Codec:
    """Several codes in one cell."""
    return Codec(
        lambda cell: [part.strip() for part in re.split(r"[,;\n]", cell) if part.strip()],
        f"{separator} ".join,
        ("여러 개는 쉼표로 구분", "several are separated by commas", "nhiều giá trị cách nhau bằng dấu phẩy"),
    )


def pairs(left: str, right: str, parse: Callable[[str], Any], note: Words) -> Codec:
    """Several ``left=right`` in one cell, as objects of these two names."""

    def read(cell: str) -> list[dict[str, Any]]:
        found = []
        for part in re.split(r"[,;\n]", cell):
            if not part.strip():
                continue
            name, equals, value = part.rpartition("=")
            if not equals:
                raise ValueError("pair_invalid")
            found.append({left: name.strip(), right: parse(value.strip())})
        return found

    def show(value: Iterable[Mapping[str, Any]]) -> str:
        return ", ".join(f"{part[left]}={part[right]}" for part in value)

    return Codec(read, show, note, keys=lambda value: [part[left] for part in value])


def triples(names: tuple[str, str, str], note: Words) -> Codec:
    """Several groups of three words in one cell, as objects of these names; the middle one is a reference."""

    def read(cell: str) -> list[dict[str, str]]:
        groups = [part.split() for part in re.split(r"[,;\n]", cell) if part.strip()]
        if any(len(words) != len(names) for words in groups):
            raise ValueError("triple_invalid")
        return [dict(zip(names, words, strict=True)) for words in groups]

    def show(value: Iterable[Mapping[str, Any]]) -> str:
        return ", ".join(" ".join(str(part[name]) for name in names) for part in value)

    return Codec(read, show, note, keys=lambda value: [part[names[1]] for part in value])
