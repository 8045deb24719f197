"""The codecs by which the values of a document are written into cells and read from them."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.kit.cells import parse_amount, parse_bool, parse_date, parse_decimal

LANGUAGES = ("ko", "en", "vi")
Translations = tuple[str, str, str]
"""One text in these languages."""


@dataclass(frozen=True)
class Codec:
    """``parse`` raises ``ValueError(code)``; ``show`` gives what ``parse`` reads as the same value."""

    parse: Callable[[str], Any]
    show: Callable[[Any], str] = str
    note: Translations | None = None
    labels: Mapping[str, Translations] = field(default_factory=dict)
    """The values to choose from, and their labels."""
    numeric: bool = False
    """Written into a workbook as a number where that is exact."""
    dated: bool = False
    """Written into a workbook as a date."""
    keys: Callable[[Any], Iterable[str]] = iter
    """The references in a value that is no plain text."""


def _parse_whole(cell: str) -> int:
    number = parse_decimal(cell)
    if number != int(number):
        raise ValueError("int_from_float")
    return int(number)


def _parse_time(cell: str) -> str:
    """The time as it is written; the schema refuses what is none."""
    text = unicodedata.normalize("NFKC", cell).strip()
    return f"0{text}" if re.match(r"\d:", text) else text


def _show_time(value: str) -> str:
    time = dt.time.fromisoformat(value)
    return time.isoformat("minutes" if time == time.replace(second=0, microsecond=0) else "auto")


TEXT = Codec(lambda cell: cell)
NUMBER = Codec(parse_decimal, numeric=True, note=("숫자", "a number", "một số"))
AMOUNT = Codec(
    parse_amount,
    numeric=True,
    note=("숫자나 분수, 예: 1/30000", "a number or a fraction like 1/30000", "một số hoặc phân số như 1/30000"),
)
WHOLE = Codec(_parse_whole, numeric=True, note=("정수", "a whole number", "một số nguyên"))
YES_NO = Codec(
    parse_bool,
    lambda value: "Y" if value else "N",
    None,
    {"Y": ("Y", "Y", "Y"), "N": ("N", "N", "N")},
)
TIME = Codec(_parse_time, _show_time, ("시:분, 예: 08:30", "hours:minutes, like 08:30", "giờ:phút, ví dụ 08:30"))
DATE = Codec(parse_date, dated=True, note=("날짜, 예: 2026-11-25", "a date like 2026-11-25", "ngày, ví dụ 2026-11-25"))


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


def choice(values: Mapping[str, tuple[Translations, tuple[str, ...]]]) -> Codec:
    """One of several values: for each its labels, and other texts that people write for it."""
    by_text = {
        text.casefold(): value for value, (labels, others) in values.items() for text in (value, *labels, *others)
    }
    return Codec(
        lambda cell: by_text.get(unicodedata.normalize("NFKC", cell).strip().casefold(), cell),
        labels={value: labels for value, (labels, _) in values.items()},
    )


def several(separator: str = ",") -> Codec:
    """Several codes in one cell."""
    return Codec(
        lambda cell: [part.strip() for part in re.split(r"[,;\n]", cell) if part.strip()],
        f"{separator} ".join,
        ("여러 개는 쉼표로 구분", "several are separated by commas", "nhiều giá trị cách nhau bằng dấu phẩy"),
    )


PAIR = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^",;\n][^,;\n]*?))\s*=\s*([^=,;\n]+?)\s*(?:[,;\n]|$)')


def pairs(left: str, right: str, parse: Callable[[str], Any], note: Translations) -> Codec:
    """Several ``left=right`` in one cell, as objects of these two names.

    A left side with a separator in it is quoted.
    """

    def read(cell: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        position = 0
        while cell[position:].strip(" ,;\n"):
            pair = PAIR.match(cell, position)
            if pair is None:
                raise ValueError("pair_invalid")
            quoted, plain, value = pair.groups()
            found.append({left: plain if quoted is None else quoted.replace('""', '"'), right: parse(value)})
            position = pair.end()
        return found

    def show(value: Iterable[Mapping[str, Any]]) -> str:
        return ", ".join(f"{_quoted(part[left])}={part[right]}" for part in value)

    return Codec(read, show, note, keys=lambda value: [part[left] for part in value])


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"' if re.search(r'[",;\n]', text) else text


def triples(names: tuple[str, str, str], note: Translations) -> Codec:
    """Several groups of three texts in one cell, as objects of these names; the middle one is a reference."""

    def read(cell: str) -> list[dict[str, str]]:
        groups = [part.split() for part in re.split(r"[,;\n]", cell) if part.strip()]
        if any(len(texts) != len(names) for texts in groups):
            raise ValueError("triple_invalid")
        return [dict(zip(names, texts, strict=True)) for texts in groups]

    def show(value: Iterable[Mapping[str, Any]]) -> str:
        return ", ".join(" ".join(str(part[name]) for name in names) for part in value)

    return Codec(read, show, note, keys=lambda value: [part[names[1]] for part in value])
