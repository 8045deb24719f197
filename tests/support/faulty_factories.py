"""The three demo factories' files as their ERP or their Excel gives them, with twenty deliberate faults in them."""

import csv
import io
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property

from infra.demo.generate import xlsx_bytes
from infra.demo.source import load_factory

Tables = dict[str, list[list[str]]]
"""Header and rows by kind."""
Plant = Callable[[Tables], None]
INSTRUCTION = "WI-CHECK"
"""How a press worker checks pieces: a draft that nobody has approved."""
IN_ORDER = ("work_centers", "machines", "items", "tools", "routings", "boms", "reasons", "shifts", "defects")
"""The files of a factory, each after those that it builds on."""


def cell(kind: str, at: str, column: str, value: str) -> Plant:
    """Another value in the row that begins with ``at``, its cells between slashes; the column is added when there
    is none."""

    def plant(tables: Tables) -> None:
        header, *rows = tables[kind]
        if column not in header:
            for one in tables[kind]:
                one.append(column if one is header else "")
        (row,) = (row for row in rows if _begins(row, at))
        row[header.index(column)] = value

    return plant


def extra(kind: str, cells: str) -> Plant:
    """A row more, its cells between bars."""

    def plant(tables: Tables) -> None:
        values = [value.strip() for value in cells.split("|")]
        tables[kind].append(values + [""] * (len(tables[kind][0]) - len(values)))

    return plant


def without(kind: str, at: str) -> Plant:
    """A row is missing."""

    def plant(tables: Tables) -> None:
        tables[kind] = [row for row in tables[kind] if not _begins(row, at)]

    return plant


def _without_columns(rows: list[list[str]]) -> list[list[str]]:
    kept = [index for index, name in enumerate(rows[0]) if name != "작업표준" and not name.endswith("(베트남어)")]
    return [[row[index] for index in kept] for row in rows]


def _begins(row: list[str], at: str) -> bool:
    keys = at.split("/")
    return row[: len(keys)] == keys


def erp_csv(title: str, rows: list[list[str]]) -> bytes:
    """The file that an ERP's export button gives on a Korean PC: CP949, a title above the header."""
    return _text([[title], *rows], ",").encode("cp949")


def unicode_text(title: str, rows: list[list[str]]) -> bytes:
    """The file that Excel calls "Unicode text": tabs, UTF-16, a byte order mark."""
    return _text(rows, "\t").encode("utf-16")


def _text(rows: list[list[str]], delimiter: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


@dataclass(frozen=True)
class Fault:
    """Something wrong, and the finding and the entry by which the report must name it; ``reason`` is why a row is
    rejected."""

    finding: str
    key: str
    plants: tuple[Plant, ...] = ()
    """Without any: nothing in a file, but what the shop has or has not done since."""
    reason: str = ""


@dataclass(frozen=True)
class FaultyFactory:
    """A factory, the style of its files, and what is wrong in them."""

    name: str
    extension: str
    encoding: str
    write: Callable[[str, list[list[str]]], bytes]
    headings: Mapping[str, str]
    """The names in its files of the columns that the demo's files call otherwise."""
    item_rule: str
    """How its item codes shall look."""
    faults: tuple[Fault, ...]

    @cached_property
    def clean(self) -> Mapping[str, list[list[str]]]:
        """The right contents of its files: those of a shop that has no work instructions, and no Vietnamese, yet."""
        return {kind: _without_columns(rows) for kind, rows in load_factory(self.name).tables.items()}

    def __str__(self) -> str:
        return self.name

    @property
    def named(self) -> set[tuple[str, str]]:
        """Finding and entry of each fault."""
        return {(fault.finding, fault.key) for fault in self.faults}

    @property
    def touched(self) -> set[str]:
        """The entries in whose rows a fault was planted."""
        faulty = self._faulty()
        return {row[0] for kind, rows in faulty.items() for row in rows[1:] if row not in self.clean[kind]}

    def files(self) -> dict[str, bytes]:
        """The faulty files by kind, in the order in which they are dropped."""
        faulty = self._faulty()
        return {kind: self._written(kind, faulty[kind]) for kind in IN_ORDER}

    def corrected(self, kind: str) -> bytes:
        """The file as it should have been."""
        return self._written(kind, self.clean[kind])

    def file_name(self, kind: str) -> str:
        """The file's name on the planner's PC."""
        return f"{kind}.{self.extension}"

    def _faulty(self) -> Tables:
        tables = deepcopy(dict(self.clean))
        for fault in self.faults:
            for plant in fault.plants:
                plant(tables)
        return tables

    def _written(self, kind: str, rows: list[list[str]]) -> bytes:
        header, *body = rows
        return self.write(kind, [[self.headings.get(column, column) for column in header], *body])


HANBYEOL = FaultyFactory(
    name="hanbyeol_press",
    extension="csv",
    encoding="CP949",
    write=erp_csv,
    headings={
        "품번": "품목코드",
        "품명": "품목명",
        "품명(영문)": "품목명(영문)",
        "박스수량": "입수",
        "공정순서": "공정번호",
        "사이클타임(초)": "표준시간(초)",
        "모품번": "모품목코드",
        "자품번": "자품목코드",
    },
    item_rule="HB####, HB-####, @@@@###-#.#, NUT-@#",
    faults=(
        Fault("code_alike", "HB-1001", (extra("items", "HB-1001 | 마운팅 브라켓 구형 | | 구매품 | EA | 200"),)),
        Fault("code_alike", "HB2001", (extra("items", "ＨＢ２００１ | 보강 ASSY 시작품 | | 구매품 | EA | 80"),)),
        Fault("code_off_rule", "1001B", (extra("items", "1001B | 브라켓 시험품 | | 구매품 | EA"),)),
        Fault("lead_time_missing", "HB2001", (cell("routings", "HB2001/50", "외주소요일", ""),)),
        Fault(
            "row_rejected",
            "HB1001",
            (cell("boms", "HB1001/SAPH440-2.0", "자품번", "SAPH440"),),
            reason="unknown_reference",
        ),
        Fault("instruction_not_approved", "HB2001", (cell("routings", "HB2001/60", "작업표준", INSTRUCTION),)),
        Fault("instruction_missing", "HB1001"),
        Fault("time_contradicted", "HB1001"),
    ),
)
IRUM = FaultyFactory(
    name="irum_mold",
    extension="xlsx",
    encoding="XLSX",
    write=xlsx_bytes,
    headings={"품번": "품목번호", "품명": "품목명", "설비": "호기", "모품번": "상위품번", "자품번": "하위품번"},
    item_rule="PP, MB, @@@##, @@@##@",
    faults=(
        Fault("unit_missing", "CAP24", (cell("items", "CAP24", "단위", ""),)),
        Fault("name_alike", "INN23", (extra("items", "INN23 | 24파이 이너 | | 반제품 | EA | 2000"),)),
        Fault("code_alike", "M-CAP-24", (extra("tools", "M-CAP-24 | 24파이 캡 예비 금형 | | 사출금형 | 8"),)),
        Fault("time_missing", "INN24", (cell("routings", "INN24/10", "사이클타임(초)", ""),)),
        Fault(
            "machine_missing",
            "CAP24A",
            (
                without("machines", "AS1"),
                cell("routings", "CAP24A/20", "설비", ""),
                cell("routings", "CAP24A/30", "설비", ""),
            ),
        ),
        Fault("row_rejected", "CAP24A", (extra("boms", "CAP24 | CAP24A | 1"),), reason="bom_cycle"),
    ),
)
ONGOEUL = FaultyFactory(
    name="ongoeul_sauce",
    extension="txt",
    encoding="UTF-16",
    write=unicode_text,
    headings={"품명": "이름", "단위": "UOM", "공정순서": "순서", "소요량": "정미소요량", "치공구코드": "치공구번호"},
    item_rule="RM##, PM##, SC###, SC#@",
    faults=(
        Fault("unit_missing", "RM06", (cell("items", "RM06", "단위", ""),)),
        Fault("code_alike", "PM-01", (extra("items", "PM-01 | 유리병 500g 예비 | | 부자재 | EA"),)),
        Fault("code_off_rule", "깨소금", (extra("items", "깨소금 | 깨소금 | | 원자재 | kg"),)),
        Fault("row_rejected", "SC 2K", (extra("items", "SC 2K | 고추장 소스 2kg | | 완제품 | EA | 12"),)),
        Fault("routing_missing", "SC1K", (extra("items", "SC1K | 고추장 소스 1kg | | 완제품 | EA | 12"),)),
        Fault("bom_missing", "SC1K"),
    ),
)
FACTORIES = (HANBYEOL, IRUM, ONGOEUL)
