"""What people write into cells is understood exactly, or refused with the reason."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kit.cells import neutralise, parse_bool, parse_date, parse_decimal, parse_moment, restore

SEOUL = ZoneInfo("Asia/Seoul")


class TestCells:
    @pytest.mark.parametrize(
        "text",
        [
            "20261125",
            "2026-11-25",
            "2026.11.25",
            "2026/11/25",
            "2026. 11. 25.",
            "2026년 11월 25일",
            "2026-11-25T09:00:00+09:00",
            "2026-11-25 09:00",
        ],
    )
    def test_a_day_in_every_way_it_is_written(self, text: str) -> None:
        assert parse_date(text) == dt.date(2026, 11, 25)

    @pytest.mark.parametrize(
        "text", ["", "20261325", "2026-02-30", "25/11/2026", "26-11-25", "46351", "내일", "20261125x", "２０２６"]
    )
    def test_no_day_is_guessed(self, text: str) -> None:
        with pytest.raises(ValueError, match="date_invalid"):
            parse_date(text)

    @given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["%Y%m%d", "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d"]))
    def test_every_day_is_read_back(self, day: dt.date, form: str) -> None:
        assert parse_date(day.strftime(form)) == day

    def test_a_due_day_means_its_end_and_a_time_without_offset_is_the_shops(self) -> None:
        assert parse_moment("20261125", SEOUL).isoformat() == "2026-11-25T18:00:00+09:00"
        assert parse_moment("2026-11-25 9:30", SEOUL).isoformat() == "2026-11-25T09:30:00+09:00"
        assert parse_moment("2026-11-25T09:30:00Z", SEOUL).isoformat() == "2026-11-25T09:30:00+00:00"
        with pytest.raises(ValueError, match="date_invalid"):
            parse_moment("2026-11-25 25:00", SEOUL)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1,200.50", "1200.50"),
            ("300", "300"),
            ("-1,000", "-1000"),
            ("+5", "5"),
            ("１２０", "120"),
            (" 0.25 ", "0.25"),
        ],
    )
    def test_numbers(self, text: str, value: str) -> None:
        assert parse_decimal(text) == Decimal(value)

    @pytest.mark.parametrize(
        "text",
        ["", "NaN", "inf", "-Infinity", "1e5", "1,20", "1,5", "12,34,567", "1 200", "100EA", "1.2.3", "٣", "9" * 31],
    )
    def test_what_is_no_plain_number(self, text: str) -> None:
        with pytest.raises(ValueError, match="number_invalid"):
            parse_decimal(text)

    @given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
    def test_numbers_with_thousands_are_read_back_exactly(self, value: Decimal) -> None:
        assert parse_decimal(f"{value:,f}") == value

    def test_yes_and_no(self) -> None:
        assert all(parse_bool(word) for word in ("Y", "예", "true", "1", "O", "TRUE", "Ｙ"))
        assert not any(parse_bool(word) for word in ("N", "아니오", "False", "0", "x"))
        for word in ("", "maybe"):
            with pytest.raises(ValueError, match="yes_no_invalid"):
                parse_bool(word)


class TestNeutralise:
    @pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
    def test_what_a_spreadsheet_would_run_is_made_text(self, cell: str) -> None:
        assert neutralise(cell) == f"'{cell}"

    @pytest.mark.parametrize("cell", ["", "HB1001", "-5", "-1,200.50", "+3", "버 높이", "a=b"])
    def test_everything_else_is_left(self, cell: str) -> None:
        assert neutralise(cell) == cell

    @given(st.text(st.sampled_from("'=+-@1,.a\t"), max_size=6))
    def test_a_text_that_was_neutralised_is_restored(self, cell: str) -> None:
        assert restore(neutralise(cell)) == cell
