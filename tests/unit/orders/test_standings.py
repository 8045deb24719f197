"""How late an order is: one figure, by when it will be there."""

from datetime import UTC, datetime, timedelta

from services.orders.work_orders.domain.states import Standing, standing_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_order_that_will_be_there_after_its_date_is_at_risk_by_just_that_time() -> None:
    assert standing_of(NOW + 2 * HOUR, NOW + 8 * HOUR, NOW) == (Standing.AT_RISK, 6 * HOUR)


def test_an_order_past_its_date_is_late_by_when_it_will_be_there_and_not_by_the_clock_alone() -> None:
    assert standing_of(NOW - 3 * HOUR, NOW + HOUR, NOW) == (Standing.LATE, 4 * HOUR)
    assert standing_of(NOW - 3 * HOUR, None, NOW) == (Standing.LATE, 3 * HOUR)


def test_an_order_in_time_has_what_is_left_to_spare_where_anybody_knows() -> None:
    assert standing_of(NOW + 8 * HOUR, NOW + 2 * HOUR, NOW) == (Standing.IN_TIME, -6 * HOUR)
    assert standing_of(NOW + 8 * HOUR, NOW + 8 * HOUR, NOW) == (Standing.IN_TIME, timedelta())
    assert standing_of(NOW + 8 * HOUR, None, NOW) == (Standing.IN_TIME, None)
