"""Tables as shops have them: CSV in the encodings Korean programs write, and XLSX.

``read_table`` either gives every cell as the text a person sees, or says with one code why it cannot; it never guesses
an encoding that the bytes contradict.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_COLUMNS = 200
MAX_ENTRIES = 2_000_000
HEADER_SEARCH_ROWS = 20
SAMPLES, SAMPLE_ROWS = 3, 50
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and .xlsx with a password
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

ODD_ARCHIVE = (ValueError, LookupError, NotImplementedError, RuntimeError, EOFError)
"""The errors of zipfile and expat for impossible offsets, unknown encodings and compressions,
encrypted members and cut streams."""

CELL_REFERENCE = re.compile(r"([A-Za-z]{1,9})([0-9]+)")


class TableError(ValueError):
    """Why a file is not readable as a table: a code with a text in ``messages``, and what fills its placeholders."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header: its number as a spreadsheet shows it (from 1), a cell per column,
    and how many filled cells lie beyond."""

    number: int
    cells: list[str]
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows; blank rows are left out.

    ``encoding`` is ``utf-8``, ``utf-8-sig``, ``utf-16``, ``cp949`` or ``xlsx``.
    """

    columns: list[str]
    rows: list[Row]
    encoding: str
    first_row: int

    def cell(self, row: Row, column: str | Sequence[str]) -> str:
        """The text under ``column``; of several columns all of them joined by ``-``,
        or nothing when one of them is empty. Raises KeyError."""
        names = [column] if isinstance(column, str) else list(column)
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise KeyError(missing[0])
        parts = [row.cells[self.columns.index(name)] for name in names]
        return "-".join(parts) if all(parts) else ""

    def samples(self) -> dict[str, list[str]]:
        """A few different texts from the top of each column, by which a person knows what it holds."""
        top = self.rows[:SAMPLE_ROWS]
        return {
            column: list(dict.fromkeys(row.cells[index] for row in top if row.cells[index]))[:SAMPLES]
            for index, column in enumerate(self.columns)
        }


def read_table(content: bytes, filename: str, *, max_rows: int, max_bytes: int = MAX_BYTES) -> Table:
    """The table in a CSV or XLSX file, recognised by its content and not by ``filename``; raises TableError."""
    if len(content) > max_bytes:
        raise TableError("file_too_large", max_mib=max_bytes // (1024 * 1024), file=filename)
    if not content.strip():
        raise TableError("file_empty", file=filename)
    if content.startswith(OLE2):
        raise TableError("file_old_excel", file=filename)
    grid_rows = max_rows + HEADER_SEARCH_ROWS + 1
    if content.startswith(b"PK"):
        (rows,) = _read_workbook(content, filename, grid_rows, _first_sheet).values()
        encoding, grid = "xlsx", iter(rows)
    else:
        encoding, text = _decode(content, filename)
        grid = _read_csv(text, filename)
    return _tabulate(islice(grid, grid_rows + 1), encoding, filename, max_rows)


def read_sheets(content: bytes, filename: str, *, max_rows: int) -> dict[str, Table]:
    """The tables of all sheets that people see in an XLSX file, by the sheets' names.

    Empty ones are left out. Raises TableError.
    """
    if not content.startswith(b"PK"):
        raise TableError("not_a_table", file=filename)
    grid_rows = max_rows + HEADER_SEARCH_ROWS + 1
    tables = {}
    for name, grid in _read_workbook(content, filename, grid_rows, _visible_sheets).items():
        if any(any(cells) for cells in grid):
            tables[name] = _tabulate(grid, "xlsx", filename, max_rows)
    return tables


def _tabulate(grid: Iterable[list[str]], encoding: str, filename: str, max_rows: int) -> Table:
    numbered = [(number, cells) for number, cells in enumerate(grid, 1) if any(cells)]
    if not numbered:
        raise TableError("file_empty", file=filename)
    header_at = _find_header([cells for _, cells in numbered[:HEADER_SEARCH_ROWS]])
    header_number, header = numbered[header_at]
    columns = _column_names(header)
    if len(columns) > MAX_COLUMNS:
        raise TableError("too_many_columns", max_columns=MAX_COLUMNS, file=filename)
    width = len(columns)
    rows = [
        Row(number, (cells + [""] * width)[:width], sum(1 for cell in cells[width:] if cell))
        for number, cells in numbered[header_at + 1 :]
    ]
    if len(rows) > max_rows:
        raise TableError("too_many_rows", max_rows=max_rows, file=filename)
    return Table(columns, rows, encoding, header_number + 1)


def _find_header(rows: Sequence[Sequence[str]]) -> int:
    """The first row filled at least two thirds as far as the fullest one: titles above a table fill a cell or two."""
    filled = [sum(1 for cell in cells if cell) for cells in rows]
    fullest = max(filled)
    return next(index for index, count in enumerate(filled) if count * 3 >= fullest * 2)


def _column_names(header: Sequence[str]) -> list[str]:
    names = [" ".join(unicodedata.normalize("NFKC", cell).split()) for cell in header]
    while names and not names[-1]:
        names.pop()
    named: list[str] = []
    seen: Counter[str] = Counter()
    for index, name in enumerate(names):
        base = name or f"[{_letters(index)}]"
        seen[base] += 1
        named.append(base if seen[base] == 1 else f"{base} ({seen[base]})")
    return named


def _letters(index: int) -> str:
    """The letters a spreadsheet shows over a column, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\x00", "")).strip()


def _decode(content: bytes, filename: str) -> tuple[str, str]:
    marked = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    if marked is None and (b"\x00" in content or content.lstrip()[:5].lower().startswith((b"<", b"%pdf", b"{\\rtf"))):
        raise TableError("not_a_table", file=filename)
    for encoding in [marked] if marked else ["utf-8", "cp949"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "cp949" or _reads_as_korean(text):
            return encoding, text
    raise TableError("encoding", file=filename)


def _reads_as_korean(text: str) -> bool:
    """True if CP949 was the right encoding:
    Western text read as CP949 turns into syllables that hardly any Korean text has."""
    common = rare = 0
    for char, count in Counter(text).items():
        if "가" <= char <= "힣":
            lead, trail = char.encode("cp949")
            if lead >= 0xB0 and trail >= 0xA1:
                common += count
            else:
                rare += count
    return rare <= common


def _read_csv(text: str, filename: str) -> Iterator[list[str]]:
    delimiter = _sniff_delimiter(text)
    number = 0
    try:
        # the number names the row that could not be read
        for number, cells in enumerate(_parse_csv(text, delimiter), 1):  # noqa: B007
            yield [_clean(cell) for cell in cells]
    except csv.Error as error:
        raise TableError("file_broken_row", row=number + 1, file=filename) from error


def _parse_csv(text: str, delimiter: str) -> Iterator[list[str]]:
    return iter(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _sniff_delimiter(text: str) -> str:
    """The delimiter by which most of the first rows have the same number of cells, and more than one."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        try:
            for cells in islice(_parse_csv(text, delimiter), 2 * HEADER_SEARCH_ROWS):
                if len(cells) > 1:
                    widths[len(cells)] += 1
        except csv.Error:
            pass  # the reading proper names the row
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width

    return max((",", "\t", ";"), key=agreement)


def _read_workbook(
    content: bytes, filename: str, max_rows: int, choose: Callable[[CalamineWorkbook], Sequence[int]]
) -> dict[str, list[list[str]]]:
    """The cells of the chosen sheets, by the sheets' names."""
    try:
        _check_archive(content, filename, max_rows)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheets = (workbook.get_sheet_by_index(index) for index in choose(workbook))
            return {
                sheet.name: [
                    [_clean(_cell_text(value)) for value in row]
                    for row in islice(sheet.to_python(skip_empty_area=False), max_rows + 1)
                ]
                for sheet in sheets
            }
    except TableError:
        raise
    except (CalamineError, zipfile.BadZipFile, zlib.error, expat.ExpatError, *ODD_ARCHIVE) as error:
        raise TableError("file_broken", file=filename) from error


def _visible_sheets(workbook: CalamineWorkbook) -> Sequence[int]:
    return [
        index
        for index, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _first_sheet(workbook: CalamineWorkbook) -> Sequence[int]:
    return _visible_sheets(workbook)[:1] or [0]


def _check_archive(content: bytes, filename: str, max_rows: int) -> None:
    """Refuse what would unpack beyond measure.

    calamine unpacks everything, lays a sheet out up to its farthest cell, and makes room for as many strings as are
    announced.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if "xl/workbook.xml" not in {member.filename for member in members}:
            raise TableError("not_a_table", file=filename)
        if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise TableError("file_too_large", max_mib=MAX_UNPACKED_BYTES // (1024 * 1024), file=filename)
        for member in members:
            part = archive.read(member)  # checks the declared size and the checksum
            if member.filename.lower().endswith((".xml", ".rels")):
                _check_part(part, filename, max_rows)
            elif b"sheetData" in part or b"uniqueCount" in part:
                raise TableError("file_broken", file=filename)  # cells that pass for a picture or a macro


def _check_part(part: bytes, filename: str, max_rows: int) -> None:
    """Refuse a filled cell outside of what may be read, and counts beyond belief.

    Cells that are only formatted do not count.
    """
    row = column = last_row = last_column = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_row, last_column
        tag = name.rpartition(":")[2]
        reference = attributes.get("r")
        if tag == "row":
            row, column = (row + 1 if reference is None else _number(reference)), 0
        elif tag == "c" and reference is None:
            column += 1
        elif tag == "c" and reference is not None:
            cell = CELL_REFERENCE.fullmatch(reference)
            if cell is None:
                raise TableError("file_broken", file=filename)
            row = _number(cell[2])
            column = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(cell[1].upper())))
        elif tag in {"v", "is", "f"}:
            last_row, last_column = max(last_row, row), max(last_column, column)
        elif any(_number(attributes.get(count, "0")) > MAX_ENTRIES for count in ("count", "uniqueCount")):
            raise TableError("file_broken", file=filename)

    def on_doctype(*_: object) -> None:
        raise TableError("file_broken", file=filename)

    if not part:
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = on_start
    parser.StartDoctypeDeclHandler = on_doctype
    parser.Parse(part, True)
    if last_row > max_rows:
        raise TableError("too_many_rows", max_rows=max_rows - HEADER_SEARCH_ROWS - 1, file=filename)
    if last_column > MAX_COLUMNS:
        raise TableError("too_many_columns", max_columns=MAX_COLUMNS, file=filename)


def _number(digits: str) -> int:
    """A row's number or a count; anything else is larger than whatever is allowed."""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 10**10


def _cell_text(value: float | str | dt.date | dt.time | dt.timedelta) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case dt.timedelta():
            minutes, seconds = divmod(int(value.total_seconds()), 60)
            return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
        case dt.time():
            return value.isoformat("seconds" if value.second else "minutes")
        case dt.datetime():
            return value.isoformat(timespec="seconds")
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def suggest_mapping(
    columns: Sequence[str], synonyms: Mapping[str, Sequence[str | tuple[str, ...]]]
) -> dict[str, str | list[str]]:
    """For each field the column that bears its name or a synonym, earlier synonyms first; a column serves one field.

    A synonym of several names stands for columns that make the value together, and counts when all of them are there.
    """
    mapping: dict[str, str | list[str]] = {}
    taken: set[str] = set()
    for simplify in (_compact, _compact_without_notes):
        free = {simplify(column): column for column in reversed(columns) if column not in taken}
        for field, names in synonyms.items():
            if field in mapping:
                continue
            for name in (field, *names):
                keys = [_compact(part) for part in ([name] if isinstance(name, str) else name)]
                if all(key in free for key in keys):
                    found = [free.pop(key) for key in keys]
                    taken.update(found)
                    mapping[field] = found[0] if isinstance(name, str) else found
                    break
    return {field: mapping[field] for field in synonyms if field in mapping}


def _compact(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


def _compact_without_notes(name: str) -> str:
    return _compact(re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", name)))
