"""Labour time as XLSX."""

from typing import Any

from services.production.labour.schemas import GroupBy, LabourOut, SheetOut
from shared.kit.translation import Translator
from shared.kit.workbook import Column, Table

KEY_COLUMNS = {
    GroupBy.PERSON: (Column("person", "text", 14),),
    GroupBy.JOB: (
        Column("work_order", "text", 16),
        Column("operation", "text", 20),
        Column("part_no", "text", 16),
        Column("part_name", "text", 28),
    ),
    GroupBy.MACHINE: (Column("machine", "text", 14), Column("machine_name", "text", 24)),
    GroupBy.SHIFT: (Column("date", "date", 12), Column("shift", "text", 14)),
}
ATTENDANCE = Column("attendance_s", "duration", 12, is_summed=True)
DIRECT = Column("direct_s", "duration", 12, is_summed=True)
WAITING = Column("waiting_s", "duration", 12, is_summed=True)
RATIO = Column("direct_ratio", "percent", 12)
REMARKS = Column("remarks", "text", 30)


def labour_table(sheet: SheetOut, translate: Translator) -> Table:
    """The sheet as a table in the reader's language; people are codes."""
    if sheet.by in (GroupBy.PERSON, GroupBy.SHIFT):
        columns = (*KEY_COLUMNS[sheet.by], ATTENDANCE, DIRECT, WAITING, RATIO, REMARKS)
    else:
        columns = (*KEY_COLUMNS[sheet.by], DIRECT, WAITING)
    return Table(
        title=translate("labour.title"),
        subtitle=f"{sheet.begins:%Y-%m-%d %H:%M} – {sheet.ends:%Y-%m-%d %H:%M}",
        columns=columns,
        headings=[translate(f"labour.{column.name}") for column in columns],
        rows=[_values(row, columns, translate) for row in sheet.items],
        totals={name: getattr(sheet, name) for name in ("attendance_s", "direct_s", "waiting_s", "direct_ratio")},
        total_label=translate("labour.total"),
    )


def _values(row: LabourOut, columns: tuple[Column, ...], translate: Translator) -> list[Any]:
    values = {
        "person": row.person,
        "work_order": row.number,
        "operation": f"{row.op} {translate.local(row.op_name)}" if row.op_name else None,
        "part_no": row.item,
        "part_name": translate.local(row.item_name) if row.item_name else None,
        "machine": row.machine,
        "machine_name": translate.local(row.name) if row.name else None,
        "date": row.business_date,
        "shift": translate.local(row.name) if row.name else row.shift,
        "attendance_s": row.attendance_s,
        "direct_s": row.direct_s,
        "waiting_s": row.waiting_s,
        "direct_ratio": row.direct_ratio,
        "remarks": ", ".join(translate(f"labour.flag.{flag}") for flag in row.flags),
    }
    return [values[column.name] for column in columns]
