"""Tables as XLSX for people who print them and go on calculating: one sheet, A4 across, sums as formulas."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fastapi import Response

from shared.kit.cells import neutralise

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY_S = 86400
HEAD_ROW = 3
_CELL = {"border": 1, "border_color": "#C9D3CE", "valign": "vcenter"}
FORMATS: dict[str, dict[str, Any]] = {
    "text": _CELL | {"num_format": "@"},
    "date": _CELL | {"num_format": "yyyy-mm-dd"},
    "whole": _CELL | {"num_format": "#,##0"},
    "quantity": _CELL | {"num_format": "#,##0.######"},
    "duration": _CELL | {"num_format": "[h]:mm;;"},
    "percent": _CELL | {"num_format": "0.0%"},
}
HEAD = _CELL | {"bold": True, "bg_color": "#DCE9E4", "text_wrap": True, "align": "center"}


@dataclass(frozen=True)
class Column:
    """A column: its name, its format (one of ``FORMATS``.

    A duration's values are seconds), its width in characters, and whether it is added up.
    """

    name: str
    form: str
    width: int
    is_summed: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a sheet: a row's values stand in the columns' order.

    ``totals`` by a column's name, where there is one, below the rows.
    """

    title: str
    subtitle: str
    columns: Sequence[Column]
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    totals: Mapping[str, Any]
    total_label: str


def write_workbook(table: Table) -> bytes:
    """The table as a file."""
    import xlsxwriter  # takes 2 MiB, for what few shops ask for more than once a day

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(table.title)
    plain = {name: book.add_format(form) for name, form in FORMATS.items()}
    total = {name: book.add_format(form | {"bold": True, "top": 2}) for name, form in FORMATS.items()}
    head = book.add_format(HEAD)
    sheet.write_string(0, 0, table.title, book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, table.subtitle)
    for index, (column, heading) in enumerate(zip(table.columns, table.headings, strict=True)):
        sheet.set_column(index, index, column.width)
        sheet.write_string(HEAD_ROW, index, heading, head)
    for number, row in enumerate(table.rows, HEAD_ROW + 1):
        for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write(sheet, number, index, column, value, plain[_form(column, value)])
    _write_total(sheet, table, total)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    book.close()
    return buffer.getvalue()


class WorkbookResponse(Response):
    """A workbook that browsers save under ``name``."""

    media_type = XLSX

    def __init__(self, content: bytes, name: str, status_code: int = 200) -> None:
        super().__init__(content, status_code, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _form(column: Column, value: Any) -> str:
    """The format of a value: a whole quantity is shown without the point that the other format would leave behind."""
    is_whole = column.form == "quantity" and value not in (None, "") and value == int(value)
    return "whole" if is_whole else column.form


def _write(sheet: Any, row: int, index: int, column: Column, value: Any, form: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, index, None, form)
    elif column.form == "text":
        sheet.write_string(row, index, neutralise(str(value)), form)
    elif column.form == "date":
        sheet.write_datetime(row, index, value, form)
    else:
        sheet.write_number(row, index, _number(column, value), form)


def _write_total(sheet: Any, table: Table, forms: Mapping[str, Any]) -> None:
    first, last = HEAD_ROW + 1, HEAD_ROW + len(table.rows)
    for index, column in enumerate(table.columns):
        value = table.totals.get(column.name)
        form = forms[_form(column, value)]
        if column.is_summed and table.rows and value is not None:
            letter = _letter(index)
            formula = f"=SUM({letter}{first + 1}:{letter}{last + 1})"
            sheet.write_formula(last + 1, index, formula, form, _number(column, value))
        else:
            _write(sheet, last + 1, index, column, value, form)
    sheet.write_string(last + 1, 0, table.total_label, forms["text"])


def _number(column: Column, value: Any) -> float | int:
    if column.form == "duration":
        return float(value) / DAY_S
    return float(value) if isinstance(value, Decimal) else value


def _letter(index: int) -> str:
    return chr(ord("A") + index)
