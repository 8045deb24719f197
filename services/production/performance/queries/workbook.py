"""The daily report as XLSX: the columns that shops know from paper."""

from typing import Any

from services.production.performance.schemas import DailyReportOut, DailyRowOut
from shared.kit.readers import PERSONS
from shared.kit.translation import Translator
from shared.kit.workbook import Column, Table

COLUMNS = (
    Column("date", "date", 11),
    Column("machine", "text", 14),
    Column("part_no", "text", 14),
    Column("part_name", "text", 22),
    Column("customer", "text", 14),
    Column("work_order", "text", 14),
    Column("operation", "text", 18),
    Column("finished", "quantity", 9, is_summed=True),
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
COUNTED = [column.name for column in COLUMNS[7:20]]


def report_table(report: DailyReportOut, translate: Translator) -> Table:
    """The report as a table in the reader's language."""
    return Table(
        title=translate("report.title"),
        subtitle=f"{report.business_date:%Y-%m-%d}",
        columns=COLUMNS,
        headings=[translate(f"report.{column.name}") for column in COLUMNS],
        rows=[_values(row, translate) for row in report.items],
        totals={name: getattr(report.total, name) for name in COUNTED} if report.items else {},
        total_label=translate("report.total"),
    )


def _values(row: DailyRowOut, translate: Translator) -> tuple[Any, ...]:
    return (
        row.business_date,
        _named(row.machine, row.machine_name, translate),
        row.item,
        translate.local(row.item_name) if row.item_name else None,
        row.customer,
        row.number,
        f"{row.op} {translate.local(row.op_name)}" if row.op_name is not None else None,
        *(getattr(row, name) for name in COUNTED),
        _named(row.shift, row.shift_name, translate),
        ", ".join(filter(None, map(PERSONS.for_reader, row.crew))),
        row.plan,
        row.remarks,
    )


def _named(code: str | None, name: dict[str, str] | None, translate: Translator) -> str | None:
    return translate.local(name) if name else code
