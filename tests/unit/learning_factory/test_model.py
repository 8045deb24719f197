"""The model of a shop's weeks: the same each time, nothing appears or gets lost, and it looks like a shop."""

import datetime as dt
import itertools
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache

import pytest

from infra.demo.source import DemoError, load_factory
from infra.learning_factory import facts as kinds
from infra.learning_factory.facts import Fact, JobFact
from infra.learning_factory.hours import Hours
from infra.learning_factory.model import History, make_history
from infra.learning_factory.shop import shop_of
from infra.learning_factory.sums import sums_of

SHOP = shop_of(load_factory("hanbyeol_press"))
ZONE = SHOP.hours.zone
TUESDAY = dt.datetime(2026, 12, 1, 14, 30, tzinfo=ZONE)
NOWS = {
    "a tuesday afternoon": TUESDAY,
    "a saturday night": dt.datetime(2026, 12, 6, 3, 0, tzinfo=ZONE),
    "before the shift": dt.datetime(2026, 12, 2, 8, 0, tzinfo=ZONE),
    "late in the evening": dt.datetime(2026, 12, 4, 23, 10, tzinfo=ZONE),
}


@cache
def history(name: str = "a tuesday afternoon") -> History:
    now = NOWS[name]
    return make_history(SHOP, now.date() - dt.timedelta(days=21), now)


def of(kind: type[Fact], name: str = "a tuesday afternoon") -> list[Fact]:
    return [fact for fact in history(name).facts if isinstance(fact, kind)]


def test_the_same_seed_gives_the_same_facts() -> None:
    again = make_history(SHOP, TUESDAY.date() - dt.timedelta(days=21), TUESDAY)
    assert again.facts == history().facts


def test_a_factory_without_a_history_says_so() -> None:
    with pytest.raises(DemoError, match="irum_mold"):
        shop_of(load_factory("irum_mold"))


@pytest.mark.parametrize("name", NOWS)
class TestWheneverItEnds:
    def test_facts_are_in_order_and_none_is_told_from_the_future(self, name: str) -> None:
        facts = history(name).facts
        assert all(one.sent_at <= other.sent_at for one, other in itertools.pairwise(facts))
        assert facts[-1].sent_at <= NOWS[name]
        assert all(fact.at <= fact.sent_at for fact in facts)

    def test_a_machine_stands_still_somebody_calls_and_something_waits_to_be_decided(self, name: str) -> None:
        paused = {}
        for fact in history(name).facts:
            if isinstance(fact, kinds.Start | kinds.Resume | kinds.Pause | kinds.Finish) and fact.machine:
                paused[fact.machine] = fact.reason if isinstance(fact, kinds.Pause) else None
        assert "U2" in paused.values()
        calls = {fact.key for fact in of(kinds.Call, name)} - {fact.key for fact in of(kinds.Resolve, name)}
        assert len(calls) >= 2
        assert of(kinds.UnknownLot, name)
        assert of(kinds.MadeWithoutOrder, name)
        assert of(kinds.DraftInstruction, name)

    def test_no_call_of_a_day_before_is_left_open(self, name: str) -> None:
        done = {fact.key for fact in of(kinds.Resolve, name)}
        left = [fact.at for fact in of(kinds.Call, name) if fact.key not in done]
        assert [at for at in left if NOWS[name] - at > dt.timedelta(hours=12)] == []

    def test_each_operation_works_on_the_good_pieces_of_the_one_before(self, name: str) -> None:
        worked: dict[tuple[str, int], int] = defaultdict(int)
        good: dict[tuple[str, int], int] = defaultdict(int)
        for report in of(kinds.Report, name):
            assert isinstance(report, kinds.Report)
            worked[report.order, report.op] += report.good + sum(report.scrap.values())
            good[report.order, report.op] += report.good
            before = [op for (order, op) in good if order == report.order and op < report.op]
            if before:
                assert worked[report.order, report.op] <= good[report.order, max(before)]
        for finish in of(kinds.Finish, name):
            assert isinstance(finish, kinds.Finish)
            earlier = [op for (order, op) in worked if order == finish.order and op < finish.op]
            if earlier:
                assert worked[finish.order, finish.op] == good[finish.order, max(earlier)]

    def test_a_machine_works_on_one_operation_at_a_time_and_never_without_a_start(self, name: str) -> None:
        on: dict[str, tuple[str, int] | None] = {}
        for fact in sorted(history(name).facts, key=lambda fact: fact.at):
            if not isinstance(fact, JobFact) or not fact.machine:
                continue
            job = (fact.order, fact.op)
            if isinstance(fact, kinds.Start):
                assert on.get(fact.machine) is None
                on[fact.machine] = job
            elif isinstance(fact, kinds.Pause | kinds.Resume | kinds.Report | kinds.Produce | kinds.Finish):
                assert on[fact.machine] == job
                if isinstance(fact, kinds.Finish):
                    on[fact.machine] = None

    def test_no_coil_gives_more_than_came_in(self, name: str) -> None:
        left: dict[str, Decimal] = {}
        for fact in history(name).facts:
            if isinstance(fact, kinds.Receive):
                left[fact.lot] = fact.quantity
            elif isinstance(fact, kinds.Give):
                left[fact.lot] -= fact.quantity
        assert min(left.values()) >= 0

    def test_what_is_shipped_was_made(self, name: str) -> None:
        good = Counter[str]()
        for fact in history(name).facts:
            if isinstance(fact, kinds.Report) and fact.op == max(
                s.op for p in SHOP.products.values() for s in p.steps if (fact.order, s.op) in _worked(name)
            ):
                good[fact.order] += fact.good
            elif isinstance(fact, kinds.Ship):
                assert fact.quantity == good[fact.order]


@cache
def _worked(name: str) -> frozenset[tuple[str, int]]:
    return frozenset((fact.order, fact.op) for fact in history(name).facts if isinstance(fact, kinds.Report))


def test_its_figures_are_those_of_a_real_press_shop() -> None:
    sums = sums_of(history())
    good, scrap = sum(sums.good.values()), sum(sums.scrap.values())
    assert 0.01 < scrap / (good + scrap) < 0.04
    assert sums.scrap.most_common(1)[0][0] == "BURR"
    assert 0.75 < len(sums.on_time) / len(sums.on_time | sums.late) < 0.95
    assert 1000 < len(history().facts) < 1700


def test_the_die_wears_out_and_is_ground() -> None:
    burrs: dict[dt.date, Counter[str]] = defaultdict(Counter)
    for fact in of(kinds.Report):
        if isinstance(fact, kinds.Report) and fact.machine == "PR200P":
            burrs[fact.at.date()].update(made=fact.good, burr=fact.scrap.get("BURR", 0))
    shares = {day: count["burr"] / count["made"] for day, count in sorted(burrs.items())}
    worst = max(shares, key=lambda day: shares[day])
    assert shares[worst] > 3 * min(share for day, share in shares.items() if day > worst)


def test_typing_errors_are_corrected_before_the_operation_goes_on() -> None:
    finished = {(f.order, f.op): f.at for f in of(kinds.Finish) if isinstance(f, kinds.Finish)}
    corrections = [fact for fact in of(kinds.Correct) if isinstance(fact, kinds.Correct)]
    assert corrections
    assert all(fact.at < finished.get((fact.order, fact.op), TUESDAY) for fact in corrections)


def test_at_whatever_hour_it_ends_what_happens_at_a_machine_is_told_by_who_works_there() -> None:
    operators = {*itertools.chain.from_iterable(SHOP.people.crews.values()), *SHOP.people.second.values()}
    for hour in range(24):
        now = TUESDAY.replace(hour=hour)
        facts = make_history(SHOP, now.date() - dt.timedelta(days=3), now).facts
        told = [fact for fact in facts if isinstance(fact, kinds.MadeWithoutOrder | kinds.UnknownLot)]
        assert {type(fact) for fact in told} == {kinds.MadeWithoutOrder, kinds.UnknownLot}
        assert {fact.person for fact in told} <= operators, hour


class TestHours:
    HOURS = Hours(ZONE, dt.time(8, 30), dt.time(19, 30))

    def test_nobody_works_at_the_weekend(self) -> None:
        days = self.HOURS.days(dt.date(2026, 11, 23), TUESDAY)
        assert [day.begins.astimezone(ZONE).weekday() for day in days] == [0, 1, 2, 3, 4, 0, 1]
        assert days[-1].ends == TUESDAY

    @pytest.mark.parametrize("name", NOWS)
    def test_a_crew_is_at_work_at_the_end_whenever_that_is(self, name: str) -> None:
        last = self.HOURS.days(dt.date(2026, 11, 23), NOWS[name])[-1]
        assert last.ends == NOWS[name]
        assert last.ends - last.begins >= dt.timedelta(hours=2)
