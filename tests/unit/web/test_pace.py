"""What the station says about a job's pace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.scripts import answers

PACE = "/pages/floor/station/pace.js"
BEGINS = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=11)
NOW = BEGINS + timedelta(hours=6)


def speed(*, good: int, planned: int = 1000, ends: datetime | None = ENDS) -> Any:
    """Of a job that has run since the shift began, but for an hour's stop."""
    job = {"state": "running", "started_at": BEGINS.isoformat(), "cycle_s": "9", "good": good}
    job |= {"scrap": 0, "rework": 0, "planned": planned}
    stop, goes_on = BEGINS + timedelta(hours=2), BEGINS + timedelta(hours=3)
    strip = [
        {"from": BEGINS.isoformat(), "to": stop.isoformat(), "state": "running"},
        {"from": stop.isoformat(), "to": goes_on.isoformat(), "state": "down"},
        {"from": goes_on.isoformat(), "to": None, "state": "running"},
    ]
    (found,) = answers(PACE, ("pace", job, strip, ends and ends.timestamp() * 1000, NOW.timestamp() * 1000))
    return found


def test_a_cycle_is_the_running_time_by_the_pieces() -> None:
    found = speed(good=500)
    assert found["cycle"] == pytest.approx(5 * 3600 / 500)
    assert found["ratio"] == pytest.approx(500 / (5 * 3600 / 9) - 1)


def test_what_ends_within_the_shift_has_its_time() -> None:
    found = speed(good=500)
    assert found["finish"] == pytest.approx((NOW + timedelta(seconds=500 * 36)).timestamp() * 1000)
    assert not found["isLater"]


def test_what_would_end_after_the_shift_is_not_promised_for_the_night() -> None:
    found = speed(good=490)
    assert (found["finish"], found["isLater"]) == (None, True)


def test_where_no_shift_ends_it_ends_when_it_does() -> None:
    rest = timedelta(seconds=5 * 3600 / 490 * 510)
    for ends in (None, NOW - timedelta(minutes=1)):
        found = speed(good=490, ends=ends)
        assert found["finish"] == pytest.approx((NOW + rest).timestamp() * 1000)
        assert not found["isLater"]
