"""Make the master data files of the demo factories, as a shop that lives in Excel has them: ``python -m infra.demo.generate``."""

import csv
import datetime as dt
import io
from pathlib import Path

import xlsxwriter
from rich import print as say

from infra.demo.source import MASTER_FILES, factory_names, load_factory
from shared.kit.cells import neutralise

CREATED = dt.datetime(2026, 1, 2, 9, 0)  # noqa: DTZ001  a workbook knows no zones; fixed, so that the same source gives the same file
CSV_ENCODINGS = {
    "reasons": "utf-8-sig"
}  # what Excel calls "CSV UTF-8"; the others are what it calls "CSV" on a Korean PC
NUMBER_COLUMNS = frozenset(
    {
        "박스수량",
        "공정순서",
        "사이클타임(초)",
        "사이클당수량",
        "준비시간(초)",
        "인원",
        "외주소요일",
        "소요량",
        "손실률(%)",
        "유통기한(일)",
    }
)


def csv_bytes(rows: list[list[str]], encoding: str) -> bytes:
    """The rows as Excel writes a CSV."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows([[neutralise(cell) for cell in row] for row in rows])
    return buffer.getvalue().encode(encoding)


def xlsx_bytes(title: str, rows: list[list[str]]) -> bytes:
    """The rows as a workbook with one sheet: codes as text, numbers as numbers, a header that stays in sight."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": CREATED})
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        sheet = book.add_worksheet(title)
        header, *body = rows
        sheet.write_row(0, 0, header, head)
        for number, row in enumerate(body, 1):
            for column, cell in enumerate(row):
                if cell and header[column] in NUMBER_COLUMNS:
                    sheet.write_number(number, column, float(cell))
                elif cell:
                    sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        for column in range(len(header)):
            sheet.set_column(column, column, max(len(row[column]) for row in rows) * 1.4 + 2)
    return buffer.getvalue()


def write_master_data(name: str, folder: Path) -> list[Path]:
    """Write all master data of one factory into ``folder``."""
    factory = load_factory(name)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, filename in MASTER_FILES.items():
        rows = factory.tables[kind]
        path = folder / filename
        path.write_bytes(
            xlsx_bytes(kind, rows) if path.suffix == ".xlsx" else csv_bytes(rows, CSV_ENCODINGS.get(kind, "cp949"))
        )
        written.append(path)
    return written


def main() -> None:
    """Write the master data of every demo factory."""
    for name in factory_names():
        for path in write_master_data(name, load_factory(name).master):
            say(path)


if __name__ == "__main__":
    main()
