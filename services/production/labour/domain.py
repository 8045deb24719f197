"""The rules of labour time.

Who works on several jobs at once gives each of them an equal share of that time, so that shares add up to the time in
which one worked. Time counts while one was there; of whom nobody noted when they came and went, all of it.

Direct time is work on jobs that run or are set up. While a job stands for a reason that was planned, a break, nobody
works on it. While it stands for another reason, or for none, who works on it waits (actual unit delay time, ISO
22400-2): that is waiting time of its own, and only of those who have no other job to work on meanwhile.

The share of direct time counts those alone whose attendance was noted; sums are divided once. Who comes while they are
there forgot to go: when a leader notes later when they went, they count as there again from then on, and stay on the
jobs that they joined since. Who seems to be there for more than 16 hours is shown as one who forgot.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from services.production.jobs.domain import Absence, Presence

Key = TypeVar("Key", bound=Hashable)
FORGOTTEN = timedelta(hours=16)
"""Nobody is there for longer than two shifts: who seems to be did not say that they went."""


class Period(StrEnum):
    """A stretch of business dates that ends today, or yesterday."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, order=True)
class Span:
    """A time from ``begins`` to ``ends``."""

    begins: datetime
    ends: datetime

    @property
    def seconds(self) -> Fraction:
        """The exact length."""
        length = self.ends - self.begins
        return Fraction(length.days * 86_400 + length.seconds) + Fraction(length.microseconds, 1_000_000)


@dataclass(frozen=True)
class Work:
    """A span in which a person worked on a job, at a machine or none; ``waits`` while the job stood unplanned."""

    person: str
    job: Hashable
    machine: str | None
    span: Span
    waits: bool = False


@dataclass(frozen=True)
class Share:
    """The part that a person gave to a job in a span: 1/``among`` of it."""

    work: Work
    span: Span
    among: int

    @property
    def seconds(self) -> Fraction:
        """The labour time that the job got."""
        return self.span.seconds / self.among


def union(spans: Iterable[Span]) -> list[Span]:
    """The time that any of the spans covers, as spans that do not touch."""
    joined: list[Span] = []
    for span in sorted(spans):
        if span.ends <= span.begins:
            continue
        if joined and span.begins <= joined[-1].ends:
            joined[-1] = Span(joined[-1].begins, max(joined[-1].ends, span.ends))
        else:
            joined.append(span)
    return joined


def overlap(span: Span, covers: Sequence[Span]) -> list[Span]:
    """The parts of ``span`` within ``covers``, which are in order and do not touch."""
    parts = [Span(max(span.begins, cover.begins), min(span.ends, cover.ends)) for cover in covers]
    return [part for part in parts if part.begins < part.ends]


def shares(works: Iterable[Work], attendance: Iterable[tuple[str, Span]]) -> list[Share]:
    """The shares of each person in each job, as far as they were there."""
    there: defaultdict[str, list[Span]] = defaultdict(list)
    for person, span in attendance:
        there[person].append(span)
    by_person: defaultdict[str, list[Work]] = defaultdict(list)
    for work in works:
        by_person[work.person].append(work)
    return [
        share
        for person, done in sorted(by_person.items())
        for share in _shares_of(done, union(there[person]) if person in there else None)
    ]


def _shares_of(works: Sequence[Work], attended: Sequence[Span] | None) -> Iterable[Share]:
    parts = [
        (part, work) for work in works for part in ([work.span] if attended is None else overlap(work.span, attended))
    ]
    edges = sorted({edge for part, _ in parts for edge in (part.begins, part.ends)})
    opens: defaultdict[datetime, list[Work]] = defaultdict(list)
    closes: defaultdict[datetime, list[Work]] = defaultdict(list)
    for part, work in parts:
        if part.begins < part.ends:
            opens[part.begins].append(work)
            closes[part.ends].append(work)
    present: list[Work] = []
    for begins, ends in pairwise(edges):
        for work in closes[begins]:
            present.remove(work)
        present += opens[begins]
        at_work = [work for work in present if not work.waits] or present
        jobs = {work.job: work for work in at_work}
        for work in jobs.values():
            yield Share(work, Span(begins, ends), len(jobs))


def without(span: Span, covers: Sequence[Span]) -> list[Span]:
    """The parts of ``span`` outside of ``covers``, which are in order and do not touch."""
    edges = [span.begins, *(edge for part in overlap(span, covers) for edge in (part.begins, part.ends)), span.ends]
    parts = [Span(begins, ends) for begins, ends in zip(edges[::2], edges[1::2], strict=True)]
    return [part for part in parts if part.begins < part.ends]


@dataclass(frozen=True)
class Stop:
    """A span in which a job stood still, by the kind of the reason: planned, unplanned, setup, or None without one."""

    span: Span
    kind: str | None


def stops_by_machine(stops: Iterable[Stop], at_machine: Sequence[Stop]) -> list[Stop]:
    """The stops of a job, of the kinds that its machine's states have, where that is known: they may be corrected.

    ``at_machine`` are the machine's stops and set-ups for the job, in order and apart from each other.
    """
    covers = union(stop.span for stop in at_machine)
    found = []
    for stop in stops:
        for known in at_machine:
            found += [Stop(part, known.kind) for part in overlap(stop.span, [known.span])]
        found += [Stop(part, stop.kind) for part in without(stop.span, covers)]
    return found


def worked(work: Work, stops: Iterable[Stop]) -> list[Work]:
    """What is left of a work for the job's stops: nothing of those that were planned, waiting in the unplanned ones."""
    stood = [stop for stop in stops if stop.kind != "setup"]
    direct = without(work.span, union(stop.span for stop in stood))
    waited = union(stop.span for stop in stood if stop.kind != "planned")
    waiting = overlap(work.span, waited)
    return [
        *(replace(work, span=part) for part in direct),
        *(replace(work, span=part, waits=True) for part in waiting),
    ]


def add_up(entries: Iterable[tuple[Key, Fraction]]) -> dict[Key, Fraction]:
    """The sum of each key's times."""
    sums: defaultdict[Key, Fraction] = defaultdict(Fraction)
    for key, seconds in entries:
        sums[key] += seconds
    return dict(sums)


def days_of(period: Period, today: date) -> tuple[date, date]:
    """The first and last business date; a week begins on Monday (ISO 8601)."""
    if period is Period.YESTERDAY:
        return (yesterday := today - timedelta(days=1)), yesterday
    if period is Period.WEEK:
        return today - timedelta(days=today.weekday()), today
    if period is Period.MONTH:
        return today.replace(day=1), today
    return today, today


def presence_of(there: Sequence[Presence], at: datetime) -> Presence | None:
    """The time that a touch at an instant is about: the last one that had begun by then."""
    return next((presence for presence in reversed(there) if presence.begins <= at), None)


def absences(there: Sequence[Presence], at: datetime, *, comes: bool) -> list[Absence]:
    """When somebody went, and was there again, by the times that follow from all touches; a touch was at an instant.

    Who goes without having come has gone all the same.
    """
    found: list[Absence] = [
        (one.ends, there[number].begins if number < len(there) else None)
        for number, one in enumerate(there, 1)
        if one.ends is not None
    ]
    is_away = not there or (there[-1].ends is not None and there[-1].ends < at)
    return [*found, (at, None)] if is_away and not comes else found


def touch_flags(there: Sequence[Presence], at: datetime, *, comes: bool) -> list[str]:
    """What is unusual about a touch, by the times that follow from all touches."""
    meant = presence_of(there, at)
    if comes:
        return ["already"] * (meant is None or meant.begins != at)
    if meant is None:
        return ["never_came"]
    is_there = there[-1].ends is None and there[-1].begins > at
    return ["already"] * (meant.ends != at) + ["came_again"] * is_there


def is_forgotten(begins: datetime, ends: datetime) -> bool:
    """True when somebody seems to have been there for so long that they forgot to go."""
    return ends - begins > FORGOTTEN


def ratio(direct: Fraction, attendance: Fraction) -> float | None:
    """Direct time of who noted their attendance over that attendance (직접공수율); None where nobody did."""
    return float(direct / attendance) if attendance else None
