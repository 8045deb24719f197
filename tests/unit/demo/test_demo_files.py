"""The demo's files are what a small Korean shop has on its disk, and what the imports take."""

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest

from infra.demo import erp_orders
from infra.demo.erp_orders import WEEK, export_csv, order_lines
from infra.demo.generate import write_master_data
from infra.demo.importer import write_demo_files
from infra.demo.source import MASTER_FILES, DemoError, factory_names, load_factory
from services.orders.exchange.commands.kinds.registry import KINDS
from shared.kit.cells import parse_date, parse_decimal
from shared.kit.tabular import read_table, suggest_mapping

TODAY = dt.date(2026, 11, 21)


HANBYEOL = load_factory("hanbyeol_press")


TABLES = {kind: name for kind, name in MASTER_FILES.items() if not name.endswith(".zip")}


def table(path: Path) -> list[list[str]]:
    read = read_table(path.read_bytes(), path.name, max_rows=1000)
    return [read.columns, *(row.cells for row in read.rows)]


def rows_of(table: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


@pytest.mark.parametrize("name", ["hanbyeol_press", "irum_mold", "ongoeul_sauce"])
class TestEveryFactory:
    def test_its_master_data_is_up_to_date_with_its_source(self, name: str, tmp_path: Path) -> None:
        write_master_data(name, tmp_path)
        kept = load_factory(name).master
        for kind, filename in MASTER_FILES.items():
            read = table if kind in TABLES else Path.read_bytes
            assert read(kept / filename) == read(tmp_path / filename), "run python -m infra.demo.generate"

    def test_every_heading_is_understood_by_the_import(self, name: str) -> None:
        for kind, filename in TABLES.items():
            if kind != "defects":
                header = table(load_factory(name).master / filename)[0]
                assert len(suggest_mapping(header, KINDS[kind].synonyms)) == len(header), (filename, header)

    def test_what_its_tables_name_exists(self, name: str) -> None:
        tables = load_factory(name).tables
        codes = {kind: {row[0] for row in rows[1:]} for kind, rows in tables.items()}
        assert {row["작업장"] for row in rows_of(tables["machines"])} <= codes["work_centers"]
        routings = rows_of(tables["routings"])
        for row in routings:
            item, work_center, machine, subcontract = (row[name] for name in ("품번", "작업장", "설비", "외주"))
            assert item in codes["items"]
            assert work_center in codes["work_centers"] if subcontract == "N" else not work_center + machine
            assert not machine or machine in codes["machines"]
            tool = row.get("금형") or row.get("치공구")
            assert not tool or tool in codes["tools"]
        written = {one.code: one for one in load_factory(name).instructions}
        assert {row["작업표준"] for row in routings} - {""} == written.keys()
        assert {(one.item, str(one.op)) for one in written.values()} <= {(row[0], row[1]) for row in tables["routings"]}
        steps = {(row[0], row[1]) for row in tables["routings"][1:]}
        for item, component, _, _, op in tables["boms"][1:]:
            assert {item, component} <= codes["items"]
            assert (item, op) in steps
        assert {demand.item for demand in load_factory(name).demand} <= {row[0] for row in tables["routings"][1:]}

    def test_everything_has_a_name_in_each_language_of_the_floor(self, name: str) -> None:
        for kind, rows in load_factory(name).tables.items():
            for row in rows_of(rows):
                names = [
                    cell for heading, cell in row.items() if heading.rpartition("(")[0] in ("명칭", "품명", "공정명")
                ]
                assert len(names) == (0 if kind == "boms" else 2), (kind, row)
                assert all(names), (kind, row)

    def test_its_orders_come_as_an_erp_exports_them(self, name: str) -> None:
        factory = load_factory(name)
        lines = order_lines(factory, TODAY, TODAY + 3 * WEEK)
        read = read_table(export_csv(factory, lines, TODAY, TODAY + 3 * WEEK), "orders.csv", max_rows=1000)
        assert (read.encoding, tuple(read.columns), read.first_row) == ("cp949", erp_orders.COLUMNS, 3)
        for row, line in zip(read.rows, lines, strict=True):
            assert read.cell(row, ["전표번호", "순번"]) == line.external_id
            assert parse_decimal(read.cell(row, "수량")) == line.quantity
            assert parse_date(read.cell(row, "납기일자")) == line.due
        assert any("," in read.cell(row, "수량") for row in read.rows)
        assert all(read.cell(row, "거래처코드").startswith("00") for row in read.rows)

    def test_its_instructions_were_approved_by_somebody_else_who_may(self, name: str) -> None:
        factory = load_factory(name)
        roles = {person["code"]: set(person["roles"].split(", ")) for person in factory.people}
        for one in factory.instructions:
            assert one.author != one.approver
            assert roles[one.author] & {"planner", "quality"}
            assert roles[one.approver] & {"leader", "planner", "quality"}
            assert any(page.picture for page in one.pages)
            assert all(page.text.keys() == {"ko", "en", "vi"} for page in one.pages)

    def test_nobody_has_a_secret(self, name: str) -> None:
        people = load_factory(name).people
        assert {frozenset(person) for person in people} == {frozenset({"code", "name", "roles", "languages"})}
        assert any("operator" in person["roles"] for person in people)


def test_an_unknown_factory_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(DemoError, match="hanbyeol_press, irum_mold, ongoeul_sauce"):
        load_factory("acme")
    assert factory_names() == ["hanbyeol_press", "irum_mold", "ongoeul_sauce"]


class TestOrders:
    def test_order_lines_are_told_apart_by_document_and_line(self) -> None:
        lines = order_lines(HANBYEOL, dt.date(2026, 1, 1), dt.date(2028, 1, 1))
        assert len({line.external_id for line in lines}) == len(lines)
        assert all(len(line.document) == 8 and line.document.startswith("000") for line in lines)

    def test_another_days_file_repeats_orders_and_never_contradicts_them(self) -> None:
        today = {line.external_id: line for line in order_lines(HANBYEOL, TODAY, TODAY + 3 * WEEK)}
        later = {line.external_id: line for line in order_lines(HANBYEOL, TODAY + WEEK, TODAY + 4 * WEEK)}
        both = today.keys() & later.keys()
        assert len(both) > 20
        assert all(today[key] == later[key] for key in both)

    def test_orders_are_whole_boxes_for_working_days_and_about_what_the_shop_makes(self) -> None:
        lines = order_lines(HANBYEOL, TODAY, TODAY + 10 * WEEK)
        assert all(line.quantity > 0 and line.quantity % line.demand.box == 0 for line in lines)
        assert all(line.due.weekday() < 5 and line.ordered < line.due for line in lines)
        assert all(early.due <= late.due for early, late in pairwise(lines))
        brackets = sum(line.quantity for line in lines if line.demand.item == "HB1001") / 50
        assert 5400 < brackets < 6600

    def test_the_demo_leaves_a_further_week_that_is_not_imported_yet(self, tmp_path: Path) -> None:
        summary = write_demo_files(HANBYEOL, tmp_path, TODAY)
        assert {path.name for path in tmp_path.iterdir()} == {
            *MASTER_FILES.values(),
            "orders.csv",
            "orders-next-week.csv",
        }
        orders, next_week = table(tmp_path / "orders.csv"), table(summary.next_week)
        assert len(next_week) > 10
        assert not {(row[1], row[2]) for row in orders[1:]} & {(row[1], row[2]) for row in next_week[1:]}
