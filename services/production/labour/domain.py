"""The rules of labour time.

Who works on several jobs at once gives each of them an equal share of that time, so that shares add up to the time in
which one worked.
Direct time is what one worked on jobs while one was there; of whom nobody noted when they came and went, all of it.

The share of direct time counts those alone whose attendance was noted; sums are divided once. Who comes while they are
there forgot to go: when a leader notes later when they went, they count as there again from then on, and stay on the
jobs that they joined since. Who seems to be there for more than 16 hours is shown as one who forgot.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

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
    """A span in which a person worked on a job, at a machine or none."""

    person: str
    job: Hashable
    machine: str | None
    span: Span


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
        jobs = {work.job: work for work in present}
        for work in jobs.values():
            yield Share(work, Span(begins, ends), len(jobs))


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


def is_forgotten(begins: datetime, ends: datetime) -> bool:
    """True when somebody seems to have been there for so long that they forgot to go."""
    return ends - begins > FORGOTTEN


def ratio(direct: Fraction, attendance: Fraction) -> float | None:
    """Direct time of who noted their attendance over that attendance (직접공수율); None where nobody did."""
    return float(direct / attendance) if attendance else None
