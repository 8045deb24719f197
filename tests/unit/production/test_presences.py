"""Who was there, by all touches of theirs: in whatever order, and however often, they arrived."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.jobs.domain import Presence, Touch, all_touches, presences
from services.production.labour.domain import absences, presence_of, touch_flags

MORNING = datetime(2026, 11, 25, tzinfo=UTC)


def at(hour: float) -> datetime:
    return MORNING + timedelta(hours=hour)


def touches(*told: tuple[str, float]) -> list[Touch]:
    """Comings and goings, by the hour."""
    return [(at(hour), kind == "in") for kind, hour in told]


def was(begins: float, ends: float | None = None, again: float | None = None) -> Presence:
    return Presence(at(begins), None if ends is None else at(ends), None if again is None else at(again))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([("in", 8), ("out", 18), ("out", 12), ("in", 13)], [was(8, 12), was(13, 18)]),
        ([("out", 18), ("in", 13), ("out", 12), ("in", 8)], [was(8, 12), was(13, 18)]),
        ([("in", 8), ("in", 8), ("out", 18), ("out", 18)], [was(8, 18)]),
        ([("in", 8), ("in", 32)], [was(8, None, 32)]),
        ([("in", 8), ("in", 32), ("out", 17)], [was(8, 17), was(32)]),
        ([("out", 17)], []),
        ([("out", 7), ("in", 8)], [was(8)]),
        ([("in", 8), ("out", 17), ("in", 20), ("out", 22)], [was(8, 17), was(20, 22)]),
        ([("in", 8), ("out", 12), ("in", 12)], [was(8, 12), was(12)]),
        ([("in", 8), ("out", 8)], [was(8, 8)]),
        ([("in", 8), ("out", 8), ("in", 8)], [was(8)]),
        ([], []),
    ],
)
def test_touches_are_put_where_they_belong(told: list[tuple[str, float]], expected: list[Presence]) -> None:
    assert presences(touches(*told)) == expected


def test_an_opposite_touch_at_the_same_instant_takes_one_back() -> None:
    gone_by_mistake = presences(touches(("in", 8), ("out", 18), ("out", 12), ("in", 12)))
    assert sum((one.ends - one.begins for one in gone_by_mistake if one.ends), timedelta()) == timedelta(hours=10)
    assert presences(touches(("in", 8), ("out", 8), ("in", 9))) == [was(8, 8), was(9)]


told_touches = st.lists(st.tuples(st.integers(0, 40).map(lambda quarter: at(quarter / 4)), st.booleans()), max_size=14)


@given(told_touches, st.randoms(use_true_random=False))
def test_any_order_of_arrival_doubled_or_not_comes_to_the_same(told: list[Touch], random: Random) -> None:
    told = list(dict(told).items())  # nobody does two things at one instant
    arrived = told + told[: len(told) // 2]
    random.shuffle(arrived)
    assert presences(arrived) == presences(told)


@given(told_touches)
def test_minute_by_minute_somebody_is_there_who_came_last_and_did_not_go(told: list[Touch]) -> None:
    """A gatekeeper who writes down at each quarter who passes: whoever is in stays in until they go."""
    there = False
    quarters = {}
    for quarter in range(41):
        for moment, comes in told:
            if moment == at(quarter / 4):
                there = comes
        quarters[quarter] = there
    found = presences(told)
    for quarter, expected in quarters.items():
        moment = at(quarter / 4)
        inside = any(one.begins <= moment and (one.ends is None or moment < one.ends) for one in found)
        assert inside == expected


@given(told_touches)
def test_what_follows_from_touches_gives_them_back(told: list[Touch]) -> None:
    found = presences(told)
    assert presences(touch for one in found for touch in one.touches) == found
    assert presences(all_touches(told, found)) == found


def test_a_break_and_going_home_are_absences() -> None:
    there = [was(8, 12), was(13, 18)]
    assert absences(there, at(13), comes=True) == [(at(12), at(13)), (at(18), None)]


def test_who_goes_without_having_come_has_gone_all_the_same() -> None:
    assert absences([], at(12), comes=False) == [(at(12), None)]
    assert absences([was(8, 12)], at(17), comes=False) == [(at(12), None), (at(17), None)]
    assert absences([was(8, 12)], at(12), comes=False) == [(at(12), None)]
    assert absences([was(8, 12), was(20)], at(17), comes=False) == [(at(12), at(20))]


@pytest.mark.parametrize(
    ("there", "touch", "flags"),
    [
        ([was(8)], ("in", 8), []),
        ([was(8, None, 9)], ("in", 9), ["already"]),
        ([], ("out", 12), ["never_came"]),
        ([was(8, 12)], ("out", 12), []),
        ([was(8, 12)], ("out", 18), ["already"]),
        ([was(8, 17), was(32)], ("out", 17), ["came_again"]),
        ([was(8, 12), was(13, 18)], ("out", 12), []),
    ],
)
def test_what_is_unusual_about_a_touch(there: list[Presence], touch: tuple[str, float], flags: list[str]) -> None:
    kind, hour = touch
    assert touch_flags(there, at(hour), comes=kind == "in") == flags


def test_a_touch_is_about_the_time_that_had_begun() -> None:
    there = [was(8, 12), was(13, 18)]
    assert presence_of(there, at(12.5)) == there[0]
    assert presence_of(there, at(13)) == there[1]
    assert presence_of(there, at(7)) is None
