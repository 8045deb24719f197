"""The files that shops bring are read as they look, or refused with the reason."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from shared.kit import tabular
from shared.kit.tabular import TableError, read_table, suggest_mapping

SEOUL = ZoneInfo("Asia/Seoul")
ORDERS = '전표번호,순번,품번,수량\n00020231,1,HB1001,"1,200"\n00020232,1,HB2001,300\n'


def cells(content: bytes, filename: str = "orders.csv") -> list[list[str]]:
    return [row.cells for row in read_table(content, filename, max_rows=1000).rows]


def refusal(content: bytes, **limits: int) -> TableError:
    with pytest.raises(TableError) as caught:
        read_table(content, "orders.csv", **({"max_rows": 1000} | limits))
    return caught.value


def workbook(fill: Callable[[Any, Any], None]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    fill(book, book.add_worksheet())
    book.close()
    return buffer.getvalue()


def rezipped(content: bytes, changed: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, changed.get(member.filename, old.read(member)))
    return buffer.getvalue()


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
    def test_the_same_orders_are_read_from_every_encoding_that_korean_programs_write(self, encoding: str) -> None:
        table = read_table(ORDERS.encode(encoding), "orders.csv", max_rows=10)
        assert table.encoding == encoding
        assert table.columns == ["전표번호", "순번", "품번", "수량"]
        assert [row.cells for row in table.rows] == [
            ["00020231", "1", "HB1001", "1,200"],
            ["00020232", "1", "HB2001", "300"],
        ]

    def test_a_column_is_known_by_the_first_of_its_different_texts(self) -> None:
        rows = "".join(f"{n},{n % 2},\n" for n in range(9))
        table = read_table(f"전표번호,순번,비고\n{rows}".encode(), "orders.csv", max_rows=10)
        assert table.samples() == {"전표번호": ["0", "1", "2"], "순번": ["0", "1"], "비고": []}

    def test_big_endian_utf16_is_read_too(self) -> None:
        assert cells(b"\xfe\xff" + ORDERS.encode("utf-16-be"))[0][0] == "00020231"

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_the_delimiter_is_found(self, delimiter: str) -> None:
        assert cells(f"품번{delimiter}품명\nHB1001{delimiter}브라켓\n".encode()) == [["HB1001", "브라켓"]]

    def test_decimal_commas_do_not_pass_for_delimiters(self) -> None:
        assert cells("품번;단가\nHB1001;1,5\nHB2001;2,5\n".encode()) == [["HB1001", "1,5"], ["HB2001", "2,5"]]

    def test_quoted_line_breaks_and_quotes_stay_within_their_cell(self) -> None:
        assert cells('품번,비고\r\nA,"첫 줄\n둘째 ""줄"""\r\nB,x\r\n'.encode()) == [
            ["A", '첫 줄\n둘째 "줄"'],
            ["B", "x"],
        ]

    def test_titles_and_blank_rows_above_the_header_are_skipped_and_rows_keep_the_numbers_people_see(self) -> None:
        table = read_table(
            f"회사명 : 한별프레스,,,\n\n{ORDERS}\n00020233,1,HB1001,5\n".encode("cp949"), "orders.csv", max_rows=10
        )
        assert table.columns[0] == "전표번호"
        assert table.first_row == 4
        assert [row.number for row in table.rows] == [4, 5, 7]

    def test_a_row_with_more_cells_than_columns_says_so_and_a_short_one_is_filled_up(self) -> None:
        table = read_table(b"a,b\n1,200,3\n4\n5,6,,\n", "x.csv", max_rows=10)
        assert [(row.cells, row.surplus) for row in table.rows] == [(["1", "200"], 1), (["4", ""], 0), (["5", "6"], 0)]

    def test_headers_in_full_width_letters_are_made_plain_and_cells_are_left_as_written(self) -> None:
        table = read_table("  ＩＴＥＭ　ｎｏ ,품명（영문）\nＡ１,b\n".encode(), "x.csv", max_rows=10)
        assert table.columns == ["ITEM no", "품명(영문)"]
        assert table.rows[0].cells == ["Ａ１", "b"]

    def test_hangul_typed_on_a_mac_is_composed(self) -> None:
        assert cells("품명,x\n\u1107\u1165,1\n".encode())[0][0] == "버"

    def test_nameless_and_repeated_columns_get_names_of_their_own(self) -> None:
        assert read_table("품번,,비고,비고\n1,2,3,4\n".encode(), "x.csv", max_rows=10).columns == [
            "품번",
            "[B]",
            "비고",
            "비고 (2)",
        ]

    def test_several_columns_make_one_value(self) -> None:
        table = read_table(ORDERS.encode(), "orders.csv", max_rows=10)
        assert table.cell(table.rows[0], ["전표번호", "순번"]) == "00020231-1"
        assert table.cell(table.rows[0], "품번") == "HB1001"
        with pytest.raises(KeyError):
            table.cell(table.rows[0], "납기")

    def test_a_header_alone_is_a_table_without_rows(self) -> None:
        assert cells("품번,품명\n".encode()) == []

    @given(
        st.lists(
            st.lists(
                st.text(st.characters(codec="cp949", exclude_categories=["Cc", "Cs"]), max_size=12),
                min_size=3,
                max_size=3,
            ),
            min_size=1,
            max_size=8,
        ),
        st.sampled_from([",", ";", "\t"]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    )
    def test_what_is_written_is_what_is_read(self, rows: list[list[str]], delimiter: str, encoding: str) -> None:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["품번", "품명", "비고"], *rows])
        expected = [[tabular._clean(cell) for cell in row] for row in rows]
        assert cells(buffer.getvalue().encode(encoding)) == [row for row in expected if any(row)]

    @given(
        st.lists(
            st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3, codec="euc_kr"), min_size=1, max_size=9),
            min_size=1,
            max_size=9,
        )
    )
    def test_everyday_korean_in_cp949_is_read_back(self, words: list[str]) -> None:
        everyday = [word for word in words if len(word.encode("euc_kr")) == 2 * len(word)]
        content = "\n".join(["품명,수량", *[f"{word},1" for word in everyday]]).encode("cp949")
        assert [row[0] for row in cells(content)] == everyday

    @given(st.binary(max_size=300))
    def test_no_bytes_make_it_fail_otherwise_than_by_its_own_error(self, content: bytes) -> None:
        with suppress(TableError):
            table = read_table(content, "x.csv", max_rows=100)
            assert all(len(row.cells) == len(table.columns) for row in table.rows)


class TestRefusals:
    def test_bytes_of_no_known_encoding_are_refused_rather_than_guessed(self) -> None:
        assert refusal(b"item,name\n1,\xff\xfe\xfd\n").code == "encoding"

    def test_western_text_is_not_shown_as_rare_hangul(self) -> None:
        assert refusal("item,name\n1,GRÜN FARBE SÄGE TÜR\n".encode("latin-1")).code == "encoding"

    def test_a_mark_that_promises_utf8_is_held_to_it(self) -> None:
        assert refusal(b"\xef\xbb\xbf" + "품번,수량\n가,1\n".encode("cp949")).code == "encoding"

    @pytest.mark.parametrize("content", [b"", b"  \r\n \n", b"\xef\xbb\xbf", b",,,\n,,\n"])
    def test_an_empty_file(self, content: bytes) -> None:
        assert refusal(content).code == "file_empty"

    @pytest.mark.parametrize(
        "content", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n\x00\x00", b"<html><table></table></html>"]
    )
    def test_what_is_no_table(self, content: bytes) -> None:
        assert refusal(content).code == "not_a_table"

    def test_an_open_quote_names_its_row(self) -> None:
        error = refusal(b'a,b\n1,2\n3,"4\n5,6\n')
        assert (error.code, error.params["row"]) == ("file_broken_row", 3)

    def test_too_many_rows(self) -> None:
        assert read_table(b"a,b\n" + b"1,2\n" * 5, "x.csv", max_rows=5).rows
        error = refusal(b"a,b\n" + b"1,2\n" * 6, max_rows=5)
        assert (error.code, error.params["max_rows"]) == ("too_many_rows", 5)
        assert refusal(b"a,b\n" + b"1,2\n" * 400, max_rows=5).code == "too_many_rows"

    def test_too_many_bytes_and_columns(self) -> None:
        assert refusal(b"a,b\n" + b"1,2\n" * 400, max_bytes=100).code == "file_too_large"
        assert refusal(b",".join(b"x" for _ in range(201)) + b"\n").code == "too_many_columns"

    def test_an_old_or_protected_excel_file(self) -> None:
        assert refusal(tabular.OLE2 + b"\x00" * 600).code == "file_old_excel"


class TestWorkbook:
    def test_cells_are_read_as_they_look(self) -> None:
        def fill(book: Any, sheet: Any) -> None:
            sheet.write(0, 0, "2026년 11월 수주현황")
            sheet.write_row(2, 0, ["전표번호", "일자", "납기", "수량", "시작", "확정"])
            day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
            sheet.write_string(3, 0, "00020231")
            sheet.write_number(3, 1, 20260101)
            sheet.write_datetime(3, 2, dt.datetime(2026, 11, 25), day)  # noqa: DTZ001  a spreadsheet knows no zones
            sheet.write_number(3, 3, 1200.5)
            sheet.write_datetime(3, 4, dt.time(8, 30), clock)
            sheet.write_boolean(3, 5, True)

        table = read_table(workbook(fill), "orders.xlsx", max_rows=10)
        assert table.encoding == "xlsx"
        assert table.rows[0].cells == ["00020231", "20260101", "2026-11-25", "1200.5", "08:30", "true"]
        assert table.rows[0].number == 4

    def test_the_first_sheet_that_people_see_is_read(self) -> None:
        def fill(book: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, ["숨김", "x"])
            seen = book.add_worksheet()
            seen.write_column(0, 0, ["품번", "HB1001"])
            seen.activate()
            seen.set_first_sheet()
            sheet.hide()

        assert cells(workbook(fill), "x.xlsx") == [["HB1001"]]

    def test_formatted_but_empty_cells_far_below_do_not_count(self) -> None:
        def fill(book: Any, sheet: Any) -> None:
            sheet.write_column(0, 0, ["품번", "HB1001"])
            sheet.write_blank(1_048_575, 300, None, book.add_format({"bold": True}))

        assert cells(workbook(fill), "x.xlsx") == [["HB1001"]]

    def test_a_single_cell_far_away_is_refused_before_it_costs_memory(self) -> None:
        assert refusal(workbook(lambda _, sheet: sheet.write(1_048_575, 0, "x"))).code == "too_many_rows"
        assert refusal(workbook(lambda _, sheet: sheet.write(0, 16_383, "x"))).code == "too_many_columns"

    def test_more_rows_than_allowed(self) -> None:
        error = refusal(workbook(lambda _, sheet: sheet.write_column(0, 0, ["품번", *range(11)])), max_rows=10)
        assert (error.code, error.params["max_rows"]) == ("too_many_rows", 10)

    def test_a_file_that_unpacks_beyond_measure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tabular, "MAX_UNPACKED_BYTES", 1024 * 1024)
        good = workbook(lambda _, sheet: sheet.write(0, 0, "x"))
        assert refusal(rezipped(good, {"docProps/app.xml": b" " * 2 * 1024 * 1024})).code == "file_too_large"

    def test_broken_workbooks(self) -> None:
        good = workbook(lambda _, sheet: sheet.write(0, 0, "x"))
        assert refusal(good[: len(good) // 2]).code == "file_broken"
        assert refusal(rezipped(good, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"})).code == "file_broken"
        assert refusal(rezipped(good, {"xl/workbook.xml": b'<!DOCTYPE w [<!ENTITY a "b">]><w/>'})).code == "file_broken"

    def test_announcements_that_would_exhaust_the_memory(self) -> None:
        good = workbook(lambda _, sheet: sheet.write(0, 0, "x"))
        strings = (
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            b' uniqueCount="4592886201"><si><t>x</t></si></sst>'
        )
        assert refusal(rezipped(good, {"xl/sharedStrings.xml": strings})).code == "file_broken"
        assert (
            refusal(rezipped(good, {"xl/sharedStrings.xml": b'<?xml version="1.0" encoding="X"?>' + strings})).code
            == "file_broken"
        )
        for row, code in (("4000000000", "too_many_rows"), ("40000000000000", "too_many_rows"), ("-4", "file_broken")):
            sheet = f'<worksheet><sheetData><row><c r="A{row}"><v>1</v></c></row></sheetData></worksheet>'.encode()
            assert refusal(rezipped(good, {"xl/worksheets/sheet1.xml": sheet})).code == code

    def test_a_sheet_that_passes_for_a_picture(self) -> None:
        good = workbook(lambda _, sheet: sheet.write(0, 0, "x"))
        buffer = io.BytesIO()
        buffer.write(good)
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("xl/media/image1.png", b'<worksheet><sheetData><row r="9999999"/></sheetData></worksheet>')
        assert refusal(buffer.getvalue()).code == "file_broken"

    def test_an_archive_that_is_no_workbook(self) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.txt", "x")
        assert refusal(buffer.getvalue()).code == "not_a_table"

    @given(
        st.lists(
            st.lists(
                st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=8), min_size=2, max_size=2
            ),
            max_size=5,
        )
    )
    def test_texts_survive_a_workbook(self, rows: list[list[str]]) -> None:
        def fill(_: Any, sheet: Any) -> None:
            for number, row in enumerate([["품번", "품명"], *rows]):
                for column, text in enumerate(row):
                    sheet.write_string(number, column, text)

        expected = [[tabular._clean(cell) for cell in row] for row in rows]
        assert cells(workbook(fill), "x.xlsx") == [row for row in expected if any(row)]


SYNONYMS = {
    "item": ["품번", "품목코드", "part no"],
    "name": ["품명"],
    "name_en": ["품명(영문)"],
    "quantity": ["수량"],
    "due_at": ["납기일", "납기"],
}


class TestMapping:
    def test_columns_are_found_by_their_korean_and_english_names(self) -> None:
        assert suggest_mapping(["품번", "품명", "품명(영문)", "수량(EA)", "납기일(YYYYMMDD)", "비고"], SYNONYMS) == {
            "item": "품번",
            "name": "품명",
            "name_en": "품명(영문)",
            "quantity": "수량(EA)",
            "due_at": "납기일(YYYYMMDD)",
        }
        assert suggest_mapping(["PART NO.", "Quantity"], SYNONYMS) == {"item": "PART NO.", "quantity": "Quantity"}

    def test_an_exact_name_goes_before_one_with_a_note_and_a_column_serves_once(self) -> None:
        assert suggest_mapping(["품명(영문)", "품명"], SYNONYMS) == {"name": "품명", "name_en": "품명(영문)"}
        assert suggest_mapping(["품목코드", "품번"], SYNONYMS) == {"item": "품번"}
        assert suggest_mapping(["색상"], SYNONYMS) == {}

    def test_columns_that_make_a_value_together_are_found_together(self) -> None:
        synonyms = {"external_id": [("전표번호", "순번"), "전표번호"]}
        assert suggest_mapping(["전표번호", "순번"], synonyms) == {"external_id": ["전표번호", "순번"]}
        assert suggest_mapping(["전표번호", "수량"], synonyms) == {"external_id": "전표번호"}
