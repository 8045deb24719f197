"""The daily report as XLSX: the columns that shops know from paper, durations as hours and minutes, sums as formulas."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from services.production.performance.schemas import CountsOut, DailyReportOut, DailyRowOut
from shared.kit.cells import neutralise

DAY_S = 86400
HEAD_ROW = 3
Local = Callable[[dict[str, str]], str]


@dataclass(frozen=True)
class Column:
    """A column: its heading's code, its format, its width in characters, and whether it is added up."""

    name: str
    form: str
    width: int
    is_summed: bool = False


COLUMNS = (
    Column("date", "date", 11),
    Column("machine", "text", 14),
    Column("part_no", "text", 14),
    Column("part_name", "text", 22),
    Column("customer", "text", 14),
    Column("work_order", "text", 14),
    Column("operation", "text", 18),
    Column("good", "quantity", 9, is_summed=True),
    Column("scrap", "quantity", 9, is_summed=True),
    Column("planned_stop_s", "duration", 9, is_summed=True),
    Column("die_change_s", "duration", 9, is_summed=True),
    Column("no_material_s", "duration", 9, is_summed=True),
    Column("readjustment_s", "duration", 9, is_summed=True),
    Column("machine_failure_s", "duration", 9, is_summed=True),
    Column("no_operator_s", "duration", 9, is_summed=True),
    Column("other_s", "duration", 9, is_summed=True),
    Column("setups", "quantity", 8, is_summed=True),
    Column("utilisation", "percent", 9),
    Column("operation_s", "duration", 9, is_summed=True),
    Column("shift", "text", 9),
    Column("crew", "text", 14),
    Column("plan", "quantity", 9),
    Column("remarks", "text", 40),
)
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "border": 1, "border_color": "#C9D3CE", "valign": "vcenter"},
    "date": {"num_format": "yyyy-mm-dd", "border": 1, "border_color": "#C9D3CE", "valign": "vcenter"},
    "quantity": {"num_format": "#,##0.######", "border": 1, "border_color": "#C9D3CE", "valign": "vcenter"},
    "duration": {"num_format": "[h]:mm;;", "border": 1, "border_color": "#C9D3CE", "valign": "vcenter"},
    "percent": {"num_format": "0.0%", "border": 1, "border_color": "#C9D3CE", "valign": "vcenter"},
}
HEAD = {
    "bold": True,
    "bg_color": "#DCE9E4",
    "border": 1,
    "border_color": "#C9D3CE",
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
}


def write_workbook(report: DailyReportOut, words: Callable[..., str], local: Local) -> bytes:
    """The report on one sheet, A4 across; ``words`` gives the text of a code, ``local`` a name in the reader's language."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(words("report.title"))
    plain = {name: book.add_format(form) for name, form in FORMATS.items()}
    total = {name: book.add_format(form | {"bold": True, "top": 2}) for name, form in FORMATS.items()}
    head = book.add_format(HEAD)
    sheet.write_string(0, 0, words("report.title"), book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, f"{report.business_date:%Y-%m-%d}")
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEAD_ROW, place, words(f"report.{column.name}"), head)
    for number, row in enumerate(report.items, HEAD_ROW + 1):
        for place, (column, value) in enumerate(zip(COLUMNS, _values(row, local), strict=True)):
            _write(sheet, number, place, column, value, plain[column.form])
    _write_total(sheet, report, words("report.total"), total)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    book.close()
    return buffer.getvalue()


def _values(row: DailyRowOut, local: Local) -> tuple[Any, ...]:
    return (
        row.business_date,
        _named(row.machine, row.machine_name, local),
        row.item,
        local(row.item_name) if row.item_name else None,
        row.customer,
        row.number,
        f"{row.op} {local(row.op_name)}" if row.op_name is not None else None,
        *(_counted(row, column.name) for column in COLUMNS[7:19]),
        _named(row.shift, row.shift_name, local),
        ", ".join(row.crew),
        row.plan,
        row.remarks,
    )


def _named(code: str | None, name: dict[str, str] | None, local: Local) -> str | None:
    return local(name) if name else code


def _counted(counts: CountsOut, name: str) -> Any:
    value = getattr(counts, name)
    return value / DAY_S if name.endswith("_s") else value


def _write(sheet: Any, row: int, place: int, column: Column, value: Any, form: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, place, None, form)
    elif column.form == "text":
        sheet.write_string(row, place, neutralise(str(value)), form)
    elif column.form == "date":
        sheet.write_datetime(row, place, value, form)
    else:
        sheet.write_number(row, place, float(value) if isinstance(value, Decimal) else value, form)


def _write_total(sheet: Any, report: DailyReportOut, word: str, forms: Mapping[str, Any]) -> None:
    first, last = HEAD_ROW + 1, HEAD_ROW + len(report.items)
    for place, column in enumerate(COLUMNS):
        form = forms[column.form]
        if column.is_summed and report.items:
            letter = _letter(place)
            value = float(_counted(report.total, column.name))
            sheet.write_formula(last + 1, place, f"=SUM({letter}{first + 1}:{letter}{last + 1})", form, value)
        elif column.name == "utilisation" and report.total.utilisation is not None:
            sheet.write_number(last + 1, place, report.total.utilisation, form)
        else:
            sheet.write_blank(last + 1, place, None, form)
    sheet.write_string(last + 1, 0, word, forms["text"])


def _letter(place: int) -> str:
    return chr(ord("A") + place)
