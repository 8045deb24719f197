"""Make the master data files of the demo factories, as a shop that lives in Excel has them.

``python -m infra.demo.generate``.
"""

import csv
import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter
from rich import print as say

from infra.demo.source import MASTER_FILES, Factory, Instruction, factory_names, load_factory
from services.orders.exchange.adapters.archive import DATA
from services.orders.exchange.adapters.reading import FORMAT
from shared.kit.cells import neutralise
from shared.kit.media.domain import digest_of, id_of

CREATED = dt.datetime(2026, 1, 2, 9, 0)  # noqa: DTZ001  a workbook knows no zones
"""Fixed, so that the same source gives the same file."""
CSV_ENCODING = "utf-8-sig"
"""What Excel calls "CSV UTF-8": a "CSV" of a Korean PC (CP949) has no letters for Vietnamese names."""
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


def csv_bytes(rows: list[list[str]]) -> bytes:
    """The rows as Excel writes a CSV."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows([[neutralise(cell) for cell in row] for row in rows])
    return buffer.getvalue().encode(CSV_ENCODING)


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


def zip_bytes(factory: Factory) -> bytes:
    """The instructions with their pictures, as an export of another Dure has them."""
    named = sorted({page.picture for one in factory.instructions for page in one.pages if page.picture})
    pictures = {name: (factory.pictures / name).read_bytes() for name in named}
    ids = {name: str(id_of(digest_of(content))) for name, content in pictures.items()}
    document = {
        "format": FORMAT,
        "kinds": {"instructions": [_document(one, ids, factory) for one in factory.instructions]},
        "media": {id_: name for name, id_ in ids.items()},
    }
    members = {DATA: json.dumps(document, ensure_ascii=False, indent=1).encode()}
    members |= {f"media/{ids[name]}.png": content for name, content in pictures.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, CREATED.timetuple()[:6]), content)
    return buffer.getvalue()


def _document(instruction: Instruction, ids: dict[str, str], factory: Factory) -> dict[str, Any]:
    at = CREATED.replace(tzinfo=factory.site.timezone).isoformat()
    revision = {
        "revision": 1,
        "state": "approved",
        "title": instruction.title,
        "item": instruction.item,
        "op": instruction.op,
        "pages": [
            {"text": page.text, "media_id": ids[page.picture] if page.picture else None} for page in instruction.pages
        ],
        "authors": [instruction.author],
        "written_at": at,
        "submitted_by": instruction.author,
        "submitted_at": at,
        "approved_by": instruction.approver,
        "approved_at": at,
        "note": None,
    }
    return {"code": instruction.code, "revisions": [revision]}


def write_master_data(name: str, folder: Path) -> list[Path]:
    """Write all master data of one factory into ``folder``."""
    factory = load_factory(name)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, filename in MASTER_FILES.items():
        path = folder / filename
        if path.suffix == ".zip":
            path.write_bytes(zip_bytes(factory))
        elif path.suffix == ".xlsx":
            path.write_bytes(xlsx_bytes(kind, factory.tables[kind]))
        else:
            path.write_bytes(csv_bytes(factory.tables[kind]))
        written.append(path)
    return written


def main() -> None:
    """Write the master data of every demo factory."""
    for name in factory_names():
        for path in write_master_data(name, load_factory(name).master):
            say(path)


if __name__ == "__main__":
    main()
