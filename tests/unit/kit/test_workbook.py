"""Workbooks go on being calculated with: a number is one, a date is one, and both look as people write them."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.orders.exchange.adapters.workbooks import write_template, write_workbook
from services.orders.exchange.commands.kinds.registry import SHEETS
from shared.kit.workbook import Column, Table
from shared.kit.workbook import write_workbook as write_report


def formats_of(content: bytes, sheet: int = 1) -> dict[str, tuple[str, str]]:
    """The type of each cell (n, s) and the number format by which it is shown, by its name."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        styles = book.read("xl/styles.xml").decode()
        cells = book.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    own = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]+)"', styles))
    known = {"0": "General", "3": "#,##0", "49": "@"} | own
    used = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])
    found = {}
    for name, attributes in re.findall(r'<c r="([A-Z]+\d+)"([^>]*)>', cells):
        style = re.search(r's="(\d+)"', attributes)
        type_ = re.search(r't="(\w+)"', attributes)
        found[name] = (type_[1] if type_ else "n", known[used[int(style[1]) if style else 0]])
    return found


@pytest.mark.parametrize(
    ("value", "shown_by"),
    [(Decimal(5), "#,##0"), (Decimal("5.25"), "#,##0.######"), (1200, "#,##0"), (Decimal("0.5"), "#,##0.######")],
)
def test_a_quantity_is_shown_without_a_point_that_nothing_follows(value: Any, shown_by: str) -> None:
    table = Table(
        title="표",
        subtitle="",
        columns=(Column("code", "text", 10), Column("day", "date", 10), Column("good", "quantity", 10, is_summed=True)),
        headings=("코드", "날짜", "양품"),
        rows=[("00029114", date(2026, 11, 30), value)],
        totals={"good": value},
        total_label="합계",
    )
    cells = formats_of(write_report(table))
    assert (cells["A5"], cells["B5"], cells["C5"]) == (("s", "@"), ("n", "yyyy-mm-dd"), ("n", shown_by))
    assert cells["C6"] == ("n", shown_by)


def test_exported_numbers_and_dates_stay_what_they_are_when_somebody_edits_them() -> None:
    kind = SHEETS["routings"]
    document = {
        "effective_from": "2026-12-01",
        "operations": [{"op": 10, "name": {"ko": "블랭킹"}, "machine": "00012", "cycle_s": "1.5"}],
    }
    columns = {field.name: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index] for index, field in enumerate(kind.fields)}
    for content in (
        write_workbook([(kind, {"0100": document})], "ko"),
        write_template(kind, list(SHEETS.values()), "ko"),
    ):
        cells = formats_of(content)
        assert cells[f"{columns[kind.key]}2"] == ("s", "@")
        assert cells[f"{columns['op']}2"] == ("n", "General")
        assert cells[f"{columns['cycle_s']}2"] == ("n", "General")
        assert cells[f"{columns['machine']}2"] == ("s", "@")


def test_a_date_is_a_date_unless_spreadsheets_have_none_such() -> None:
    kind = SHEETS["routings"]
    column = next(field.name for field in kind.fields if field.codec.dated)
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[[field.name for field in kind.fields].index(column)]
    for day, type_ in (("2026-12-01", ("n", "yyyy-mm-dd")), ("1899-12-31", ("s", "@"))):
        document = {column: day, "operations": [{"op": 10, "name": {"ko": "블랭킹"}}]}
        assert formats_of(write_workbook([(kind, {"HB1": document})], "ko"))[f"{letter}2"] == type_
