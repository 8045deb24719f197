"""Cells as people write them: dates, numbers, yes and no; and texts that a spreadsheet must not run."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from shared.kit.quantities import plain

DIGITS_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
WRITTEN_DATE = re.compile(r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?")
DATE_AND_TIME = re.compile(
    r"(.+?)(?:T|\s+)(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)", re.IGNORECASE
)
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,30})(?:\.[0-9]{1,20})?")
SIGNED_NUMBER = re.compile(r"[+-][0-9][0-9,]*(\.[0-9]+)?")
YES = frozenset({"y", "yes", "true", "1", "t", "o", "예", "네", "사용", "여"})
NO = frozenset({"n", "no", "false", "0", "f", "x", "아니오", "아니요", "미사용", "부"})
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
NEUTRALISED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def parse_date(text: str) -> dt.date:
    """``20261125``, ``2026-11-25``, ``2026.11.25``, ``2026/11/25``, ``2026년 11월 25일``,
    or the day of a date and time; raises ValueError."""
    text = text.strip()
    day = DIGITS_DATE.fullmatch(text) or WRITTEN_DATE.fullmatch(text)
    if day is None:
        moment = DATE_AND_TIME.fullmatch(text)
        day = moment and (DIGITS_DATE.fullmatch(moment[1]) or WRITTEN_DATE.fullmatch(moment[1]))
    if day is None:
        raise ValueError("date_invalid")
    try:
        return dt.date(int(day[1]), int(day[2]), int(day[3]))
    except ValueError:
        raise ValueError("date_invalid") from None


def parse_moment(text: str, zone: dt.tzinfo, *, day_ends: dt.time = dt.time(18)) -> dt.datetime:
    """A date and time, in ``zone`` unless it has an offset.

    A date alone means ``day_ends`` of that day; raises ValueError.
    """
    day = parse_date(text)
    written = DATE_AND_TIME.fullmatch(text.strip())
    if written is None:
        return dt.datetime.combine(day, day_ends, zone)
    clock = "".join(written[2].split())
    try:
        moment = dt.datetime.combine(day, dt.time.fromisoformat(clock if clock[1] != ":" else f"0{clock}"))
    except ValueError:
        raise ValueError("date_invalid") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_decimal(text: str) -> Decimal:
    """A number, thousands separated by commas or not.

    Raises ValueError for anything else, NaN, infinity and exponents included.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not NUMBER.fullmatch(text):
        raise ValueError("number_invalid")
    return Decimal(text.replace(",", ""))


def parse_amount(text: str) -> str:
    """A number or a fraction of two, as it is written: ``2.5``, ``1/30,000``; raises ValueError."""
    return "/".join(plain(parse_decimal(side)) for side in unicodedata.normalize("NFKC", text).split("/", 1))


def parse_bool(text: str) -> bool:
    """Yes or no as people write it in Korean and English; raises ValueError."""
    answer = unicodedata.normalize("NFKC", text).strip().casefold()
    if answer in YES:
        return True
    if answer in NO:
        return False
    raise ValueError("yes_no_invalid")


def neutralise(cell: str) -> str:
    """The cell for a CSV or XLSX file, with an apostrophe in front where a spreadsheet would run it as a formula."""
    return f"'{cell}" if FORMULA.match(cell) and not SIGNED_NUMBER.fullmatch(cell) else cell


def restore(cell: str) -> str:
    """The cell that ``neutralise`` was given."""
    return cell[1:] if NEUTRALISED.match(cell) else cell
