"""How one operation goes on its machine: set-up, pieces, stops and reports, until its end or that of the history."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from infra.learning_factory.facts import (
    Acknowledge,
    Call,
    CallKind,
    Correct,
    Fact,
    Finish,
    Join,
    Pause,
    Produce,
    ReadInstruction,
    Report,
    Resolve,
    Resume,
    Start,
)
from infra.learning_factory.hours import WorkingDay
from infra.learning_factory.shop import Order, Shop, Step

REPORT_TIMES = tuple(dt.time.fromisoformat(text) for text in ("02:00", "06:00", "12:30", "22:00"))
"""When the shop reports what was made since the last time; a finished operation reports at once."""
HOURS_BETWEEN_STOPS = 8.0
SETUP_MINUTES = (27, 7)
"""Mean and deviation."""
MINUTE = dt.timedelta(minutes=1)
LAST_REPORT = 8 * MINUTE
"""So long before the end of the history every machine that runs has reported."""
LONG_STOP = 2 * 60 * MINUTE
"""Before such a stop what was made is reported at once."""
SECOND = dt.timedelta(seconds=1)
LATE, MISTYPED = 0.05, 0.04
LONGEST_DELAY, NOTICED_AFTER = 75 * MINUTE, 7 * MINUTE
STOPS: Mapping[str, tuple[float, float, CallKind | None, str, str]] = {
    "U7": (0.34, 9, None, "", ""),
    "U3": (0.22, 16, None, "", ""),
    "U4": (0.14, 11, None, "", ""),
    "U5": (0.14, 13, "quality", "버가 커 보입니다", "게이지로 확인, 계속 진행"),
    "U2": (0.16, 24, "maintenance", "슬라이드에서 소리가 납니다", "윤활 라인 막힘 제거"),
}
"""Unplanned stops by reason: how often, the mean minutes, whom they call with what words, and how it ends."""


@dataclass(frozen=True)
class Still:
    """A time in which the machine stands still, for a reason; without an end it still does."""

    begins: dt.datetime
    ends: dt.datetime | None
    reason: str


@dataclass(frozen=True)
class Circumstances:
    """What an operation meets on its way."""

    days: Sequence[WorkingDay]
    stills: Sequence[Still]
    """Known beforehand: outages, and what stands still when the history ends."""
    factors: Mapping[str, Sequence[float]]
    """By defect how much more frequent it is on each of the days."""


@dataclass
class Run:
    """An operation of an order on a machine; ``facts`` in order."""

    shop: Shop
    order: Order
    step: Step
    pieces: int
    has_setup: bool
    circumstances: Circumstances
    facts: list[Fact] = field(default_factory=list)
    good: int = 0
    ends: dt.datetime | None = None
    """When it was finished, if it was."""
    _unreported: float = 0
    _carry: float = 0
    _left: int = 0
    _reports: int = 0

    @property
    def operator(self) -> str:
        """Who worked on it last; somebody else may have come to it since."""
        return next(fact.person for fact in reversed(self.facts) if isinstance(fact, Start | Resume | Pause))

    def go(self, start: dt.datetime) -> None:
        """Let it happen from an instant within working hours on."""
        chance = self.shop.chance(self.order.key, self.step.op)
        cycle = self.step.cycle_s * chance.uniform(1.03, 1.17)
        stops = self._stops(chance, start)
        self._left = self.pieces
        for number, day in enumerate(self.circumstances.days):
            if day.ends <= start or self.ends:
                continue
            person = self._person(number)
            goes_on_at = _over(stops, max(start, day.begins))
            if goes_on_at is None or goes_on_at >= day.ends:
                continue
            if self.facts:
                self._add(Join, goes_on_at, person)
                self._add(Resume, goes_on_at, person)
            else:
                self._begin(goes_on_at, person)
            self._produce(goes_on_at, number, person, cycle, stops, chance)
            if self.ends is None and day is not self.circumstances.days[-1]:
                self._report(day.ends, number, person, chance)
                if not self._is_paused:
                    self._add(Pause, day.ends, person, reason="P3")

    @property
    def _is_paused(self) -> bool:
        moves = [fact for fact in self.facts if isinstance(fact, Start | Resume | Pause)]
        return bool(moves) and isinstance(moves[-1], Pause)

    def _begin(self, now: dt.datetime, person: str) -> None:
        self._add(Start, now, person, has_setup=self.has_setup)
        if second := self.shop.people.second.get(self.step.machine or ""):
            self._add(Join, now, second)
        if self.step.instruction:
            self._add(ReadInstruction, now, person)

    def _produce(
        self, now: dt.datetime, number: int, person: str, cycle: float, stops: list[Still], chance: random.Random
    ) -> None:
        """Set up, and make pieces until the day is over or all are made; stops and reports come in between."""
        day = self.circumstances.days[number]
        if self.has_setup and not any(isinstance(fact, Produce) for fact in self.facts):
            now = min(now + max(12.0, chance.gauss(*SETUP_MINUTES)) * MINUTE, day.ends)
            if now < day.ends:
                self._add(Produce, now, person)
        while now < day.ends:
            finish = now + dt.timedelta(seconds=(self._left - self._carry) * cycle)
            stop = next((_from(one, now) for one in stops if one.ends is None or one.ends > now), None)
            report = min((at for at in self._report_times(day) if at > now), default=None)
            until = min(one for one in (finish, day.ends, stop.begins if stop else None, report) if one is not None)
            self._make((until - now).total_seconds() / cycle)
            now = until
            if self._left == 0:
                self._report(now, number, person, chance)
                self._add(Finish, now, person)
                self.ends = now
                return
            if stop is not None and now == stop.begins:
                now = self._stand_still(stop, number, person, chance)
            elif report is not None and now == report:
                self._report(now, number, person, chance)

    def _stand_still(self, stop: Still, number: int, person: str, chance: random.Random) -> dt.datetime:
        """Pause, call who is needed, and go on, unless it lasts longer than the day."""
        day = self.circumstances.days[number]
        if stop.ends is None or stop.ends - stop.begins > LONG_STOP:
            self._report(stop.begins, number, person, chance)
        self._add(Pause, stop.begins, person, reason=stop.reason)
        self._call(stop, day.ends if stop.ends is None else min(stop.ends, day.ends), person, chance)
        if stop.ends is None or stop.ends >= day.ends:
            return day.ends
        self._add(Resume, stop.ends, person)
        return stop.ends

    def _call(self, stop: Still, ends: dt.datetime, person: str, chance: random.Random) -> None:
        _, _, kind, note, resolution = STOPS[stop.reason]
        if kind is None:
            return
        helper = {
            "maintenance": self.shop.people.maintenance,
            "quality": self.shop.people.quality,
        }.get(kind, self.shop.people.leader)
        key = f"{self.order.key}/{self.step.op}/{stop.begins.isoformat()}"
        machine = self.step.machine
        comes = stop.begins + chance.uniform(2, 6) * MINUTE
        if stop.ends is not None and comes >= ends:
            return  # nobody would come before everybody goes home
        self.facts.append(Call(at=stop.begins, person=person, machine=machine, key=key, kind=kind, note=note))
        if comes < ends:
            self.facts.append(Acknowledge(at=comes, person=helper, machine=machine, key=key))
            if stop.ends is not None:
                self.facts.append(Resolve(at=ends, person=helper, machine=machine, key=key, note=resolution))

    def _make(self, pieces: float) -> None:
        made = min(self._left, int(self._carry + pieces + 1e-6))
        self._carry = max(0.0, self._carry + pieces - made)
        self._left -= made
        self._unreported += made

    def _report(self, at: dt.datetime, day: int, person: str, chance: random.Random) -> None:
        """Report what was made since the last time; some of it is entered late, or with a wrong number at first."""
        made, self._unreported = int(self._unreported), 0
        if not made:
            return
        scrap = self._scrap(made, day, chance)
        good = made - sum(scrap.values())
        self._reports += 1
        key = f"{self.order.key}/{self.step.op}/{self._reports}"
        delay, typed = dt.timedelta(), good
        rest = self._left * self.step.cycle_s * SECOND
        ends = self.circumstances.days[day].ends
        if chance.random() < LATE and min(rest, ends - at) > LONGEST_DELAY:
            delay = chance.randint(25, 70) * MINUTE
        elif chance.random() < MISTYPED and good > 110 and min(rest, ends - at) > NOTICED_AFTER:
            typed = int(str(good)[:-2] + str(good)[-1])  # a digit was left out
        self._add(Report, at, person, key=key, good=good, scrap=scrap, typed=typed, delay=delay)
        if typed != good:
            self._add(Correct, at + NOTICED_AFTER, self.shop.people.leader, key=key, good=good, scrap=scrap)
        self.good += good

    def _scrap(self, made: int, day: int, chance: random.Random) -> dict[str, int]:
        """So many pieces of each defect as its frequency lets one expect, by chance."""
        found = {}
        left = made
        for defect, share in self.shop.defects[self.step.machine or ""].items():
            factors = self.circumstances.factors.get(defect)
            expected = made * share * (factors[day] if factors else 1)
            count = min(left, max(0, round(chance.gauss(expected, expected**0.5))))
            left -= count
            if count:
                found[defect] = count
        return found

    def _stops(self, chance: random.Random, start: dt.datetime) -> list[Still]:
        """The unplanned stops on its way, by chance, and those that are known."""
        stops = [one for one in self.circumstances.stills if one.ends is None or one.ends > start]
        reasons = list(STOPS)
        for day in self.circumstances.days:
            at = day.begins
            while at < day.ends:
                at += chance.expovariate(1 / HOURS_BETWEEN_STOPS) * 60 * MINUTE
                reason = chance.choices(reasons, [STOPS[one][0] for one in reasons])[0]
                lasting = max(3.0, chance.gauss(STOPS[reason][1], STOPS[reason][1] / 3))
                begins, ends = at, at + lasting * MINUTE
                at = ends
                if begins > start and not any(begins < (one.ends or ends) and one.begins < ends for one in stops):
                    stops.append(Still(begins, ends, reason))
        return sorted((_from(one, start) for one in stops), key=lambda one: one.begins)

    def _report_times(self, hours: WorkingDay) -> Iterator[dt.datetime]:
        zone = self.shop.hours.zone
        day = hours.begins.astimezone(zone).date()
        while day <= hours.ends.astimezone(zone).date():
            yield from (dt.datetime.combine(day, time, zone) for time in REPORT_TIMES)
            day += dt.timedelta(days=1)
        if hours is self.circumstances.days[-1]:
            yield hours.ends - LAST_REPORT

    def _person(self, day: int) -> str:
        return self.shop.people.at(self.step.machine or "", day // 2)

    def _add(self, kind: type[Fact], at: dt.datetime, person: str, **more: object) -> None:
        where = {"order": self.order.key, "op": self.step.op, "machine": self.step.machine}
        self.facts.append(kind(at=at, person=person, **where, **more))  # type: ignore[arg-type]


def _from(still: Still, start: dt.datetime) -> Still:
    return Still(max(still.begins, start), still.ends, still.reason)


def _over(stops: Sequence[Still], at: dt.datetime) -> dt.datetime | None:
    """The end of a stop that is on at an instant, the instant itself where none is; None where it has no end."""
    still = next((one for one in stops if one.begins <= at and (one.ends is None or one.ends > at)), None)
    return at if still is None else still.ends
