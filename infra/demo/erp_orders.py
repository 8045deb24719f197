"""Three weeks of orders as the ERP of a small Korean shop exports them: CP949, a title above the header, zeros in
front, thousands.

What is due on a day is the same whenever the file is made, so that a file made on another day repeats orders and never
contradicts them.
"""

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

from infra.demo.source import Customer, Demand, Factory
from shared.kit.cells import neutralise

WEEK = dt.timedelta(weeks=1)
COLUMNS = (
    "일자",
    "전표번호",
    "순번",
    "거래처코드",
    "거래처명",
    "품목코드",
    "품목명",
    "규격",
    "수량",
    "단위",
    "납기일자",
    "수주번호",
    "적요",
)
MAPPING: dict[str, str | list[str]] = {
    "external_id": ["전표번호", "순번"],
    "item": "품목코드",
    "quantity": "수량",
    "due_at": "납기일자",
    "customer": "거래처명",
    "sales_order": "수주번호",
    "note": "적요",
}
FIRST_DAY = dt.date(2026, 1, 1)
NOTES = ("", "", "", "", "", "", "오전 납품", "분할납품 가능", "긴급", "성적서 첨부")


@dataclass(frozen=True)
class OrderLine:
    """One line of an ERP's order document."""

    ordered: dt.date
    document: str
    line: int
    customer: Customer
    demand: Demand
    quantity: int
    due: dt.date
    sales_order: str
    note: str

    @property
    def external_id(self) -> str:
        """The ERP's own id of the line."""
        return f"{self.document}-{self.line}"

    def cells(self) -> list[str]:
        """The line as the export shows it."""
        return [
            f"{self.ordered:%Y%m%d}",
            self.document,
            str(self.line),
            self.customer.code,
            self.customer.name,
            self.demand.item,
            self.demand.name,
            self.demand.spec,
            f"{self.quantity:,}",
            "EA",
            f"{self.due:%Y%m%d}",
            self.sales_order,
            self.note,
        ]


def order_lines(factory: Factory, first: dt.date, until: dt.date) -> list[OrderLine]:
    """The order lines due on the working days from ``first`` up to, and without, ``until``."""
    days = (first + dt.timedelta(days=offset) for offset in range((until - first).days))
    return [line for day in days if day.weekday() < 5 for line in _lines_due(factory, day)]


def _lines_due(factory: Factory, due: dt.date) -> Iterator[OrderLine]:
    """Each customer's lines for a day stand in one document."""
    chance = random.Random(f"{factory.key} {due.isoformat()}")  # noqa: S311  made-up orders, the same each time
    shares = [
        (chance.choice(factory.customers), demand, boxes)
        for demand in factory.demand
        for boxes in _boxes(demand, chance)
    ]
    for index, customer in enumerate(factory.customers):
        ordered = due - dt.timedelta(days=chance.randint(12, 20))
        note = chance.choice(NOTES)
        document = f"{20000 + ((due - FIRST_DAY).days * len(factory.customers)) + index:08}"
        mine = [(demand, boxes) for buyer, demand, boxes in shares if buyer == customer]
        for line, (demand, boxes) in enumerate(mine, 1):
            sales_order = f"PO{ordered:%y%m}-{customer.code[-3:]}{due:%d}"
            yield OrderLine(
                ordered,
                document,
                line,
                customer,
                demand,
                boxes * demand.box,
                due,
                sales_order,
                note if line == 1 else "",
            )


def _boxes(demand: Demand, chance: random.Random) -> list[int]:
    """A day's boxes on its lines: what is ordered on average, a fifth more or less, never nothing."""
    total = max(demand.lines, round(demand.daily_boxes * chance.uniform(0.8, 1.2)))
    cuts = sorted(chance.sample(range(1, total), demand.lines - 1))
    return [end - start for start, end in zip([0, *cuts], [*cuts, total], strict=True)]


def export_csv(factory: Factory, lines: list[OrderLine], first: dt.date, last: dt.date) -> bytes:
    """The ERP's export: CP949, CRLF, a title row, and quotes only around cells that hold a comma."""
    buffer = io.StringIO(newline="")
    title = f"회사명 : {factory.site.name['ko']} / 납기 {first:%Y/%m/%d} ~ {last:%Y/%m/%d} / 수주현황"
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([title])
    writer.writerow(COLUMNS)
    writer.writerows([neutralise(cell) for cell in line.cells()] for line in lines)
    return buffer.getvalue().encode("cp949")
