"""The rules of results.

A report is never refused for a bureaucratic reason: the pieces were made. What is unusual about it becomes a flag, for
a person to look at. Refused is only what cannot be a fact: nothing reported, a negative quantity, a defect that never
was.

Results are never changed. A reversal is a negative result that names the one it takes back; a correction is a reversal
and a new result in one transaction, in the result's own shift while that is open. Operators take back their own of this
shift; who may correct results takes back any, with a reason. The business date and the shift of a result are frozen
when it is written, and the ledger of each job adds up to its counters.

Rework stays at its operation, or goes back to an earlier one: what had passed there and in between is taken from those
operations' good pieces by negative results, and counts when it passes again. What they have not reported yet is taken
as soon as they do; no operation has fewer good pieces than none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from services.production.jobs.domain import Feed, JobState, Totals, is_over, supply
from shared.kit.quantities import exact_ratio, round_down
from shared.kit.units import MOST_DECIMALS, fits


def sent_back(
    feeds: Mapping[int, Mapping[int, Decimal]], source: int, target: int, quantity: Decimal
) -> dict[int, Decimal] | None:
    """The pieces of each operation that have not passed after all, when pieces go back from ``source`` to ``target``.

    ``feeds`` are the operations before each one, with the pieces it makes of one of theirs. Of a part of a piece no
    more goes back than there was, to six decimals: what stays is enough for all others. None when ``target`` is not
    before ``source``.
    """

    @cache
    def leads_from_target(op: int) -> bool:
        return op == target or any(leads_from_target(before) for before in feeds[op])

    if source == target or not leads_from_target(source):
        return None
    back: dict[int, Decimal] = {}

    def walk(op: int, pieces: Decimal) -> None:
        for before, ratio in feeds[op].items():
            if leads_from_target(before):
                given = round_down(Fraction(pieces) / exact_ratio(ratio), MOST_DECIMALS)
                back[before] = max(back.get(before, Decimal(0)), given)
                walk(before, given)

    walk(source, quantity)
    return back


def due_parts(good: Decimal, dues: Iterable[Decimal]) -> list[Decimal]:
    """The part of each of the pieces that are due that a job's ``good`` ones are enough for, the first ones first."""
    parts = []
    for due in dues:
        parts.append(min(due, max(good, Decimal(0))))
        good -= parts[-1]
    return parts


def fraction_flags(quantities: Iterable[Decimal], decimals: int) -> list[str]:
    """The flag of a report that speaks of such parts of a piece as there are not."""
    return [] if all(fits(quantity, decimals) for quantity in quantities) else ["fraction"]


@dataclass(frozen=True)
class JobView:
    """A job as far as a report looks at it."""

    state: JobState
    planned: Decimal
    over_tolerance_pct: Decimal
    order_state: str
    totals: Totals
    feeds: Sequence[Feed]
    decimals: int


def report_flags(job: JobView, after: Totals) -> list[str]:
    """Flags for what is unusual about a report that brings the job to ``after``."""
    flags = []
    if job.state in (JobState.WAITING, JobState.READY, JobState.BLOCKED, JobState.SKIPPED):
        flags.append("not_started")
    elif job.state is JobState.DONE:
        flags.append("after_finish")
    if job.order_state == "cancelled" or job.state is JobState.CANCELLED:
        flags.append("order_cancelled")
    elif job.order_state == "on_hold":
        flags.append("order_on_hold")
    elif job.order_state == "closed":
        flags.append("after_close")
    if is_over(after.good, job.planned, job.over_tolerance_pct):
        flags.append("over_production")
    if job.feeds and after.processed > supply(job.planned, job.feeds, job.decimals):
        flags.append("beyond_ready")
    return flags
