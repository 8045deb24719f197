"""One batch of reports: it is decided under the locks of their jobs, and stored in the rows that are made here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from services.production.definitions.domain import EffectiveTime, Recording
from services.production.genealogy.commands.production import LotOutcome
from services.production.jobs.commands.counters import JobCounters
from services.production.jobs.domain import Feed, JobState, Totals, back_from_outside, held_back, outside, rework_left
from services.production.jobs.events import job_changed
from services.production.jobs.queries.describe import Member, decimals_of, describe_job
from services.production.jobs.tables import Job
from services.production.results.commands.ledger import AnswerRow, EventRow
from services.production.results.commands.returns import Due, returned_row
from services.production.results.domain import JobView, due_parts, fraction_flags, report_flags
from services.production.results.events import result_reported
from services.production.results.schemas import ReportOut, ResultIn
from services.production.results.tables import ResultRow
from shared.contracts.event import Event
from shared.kit.auth import Actor
from shared.kit.ids import new_id
from shared.kit.problem import Problem
from shared.kit.pseudonyms import Pseudonyms
from shared.kit.quantities import plain
from shared.kit.shop_calendar import ShopCalendar
from shared.kit.tracing import current_traceparent
from shared.kit.units import Units


class NotPlain(Exception):
    """The report does more than count: it is stored in a transaction of its own."""


@dataclass(frozen=True)
class Report:
    """One request to record a result."""

    key: UUID
    fingerprint: bytes
    job: UUID
    body: ResultIn
    actor: Actor
    flags: tuple[str, ...] = ()
    """Flags that come from how it got here, beside those that come from the job."""
    corrects: UUID | None = None
    reason: str | None = None
    booked: tuple[date, str | None] | None = None
    """The business date and the shift that it belongs to, where its time does not say so."""
    received_at: datetime | None = None
    """When the server first heard of it, where that was before."""
    traceparent: str | None = field(default_factory=current_traceparent)


@dataclass
class LockedJob:
    """A job's row under the lock, with what this batch has added to it."""

    row: dict[str, Any]
    feeds: list[Feed]
    crew: list[Member]
    has_waiting_successors: bool
    totals: Totals
    version: int

    @classmethod
    def of(cls, row: Any) -> "LockedJob":
        """The job of a row of ``LOCK_JOBS``."""
        feeds = [_feed(feed) for feed in from_json(row["feeds"])]
        totals = Totals(row["good"], row["scrap"], row["rework"])
        return cls(with_names(row), feeds, from_json(row["crew"]), row["successors_wait"], totals, row["version"])

    def view(self, decimals: int) -> JobView:
        """The job as the domain looks at it."""
        state = JobState(self.row["state"])
        return JobView(
            state,
            self.row["planned"],
            self.row["over_tolerance_pct"],
            self.row["order_state"],
            self.totals,
            self.feeds,
            decimals,
        )

    def take(self, made: Totals, is_reworked: bool, rework_op: int | None) -> list[str]:
        """Count what waits here to be reworked and what is with the subcontractor.

        Return flags for what does not fit.
        """
        flags = []
        everything = made.processed + made.rework
        if is_reworked and everything > self.row["rework_in"]:
            flags.append("beyond_rework")
        stays = rework_op is None
        self.row["rework_in"] = rework_left(self.row["rework_in"], made, is_reworked=is_reworked, stays=stays)
        if self.row["subcontract"]:
            self.row["sent"] -= back_from_outside(made, is_reworked=is_reworked)
            flags += ["beyond_sent"] if outside(self.row["sent"], self.row["rework_in"]) < 0 else []
        return flags

    def take_due(self, due: Due, taken: Decimal) -> None:
        """Take good pieces that are due out again; they wait where they were sent to."""
        self.totals, self.version = self.totals + Totals(good=-taken), self.version + 1
        self.row["returns_due"] -= taken
        if due.made.rework_op == self.row["op"]:
            self.row["rework_in"] += taken

    def shown(self) -> dict[str, Any]:
        """The row with its new totals."""
        return self.row | {"good": self.totals.good, "scrap": self.totals.scrap, "rework": self.totals.rework}

    def counters(self) -> JobCounters:
        """The columns that the batch has changed."""
        totals = self.totals
        return JobCounters(
            id=self.row["id"],
            good=totals.good,
            scrap=totals.scrap,
            rework=totals.rework,
            rework_in=self.row["rework_in"],
            returns_due=self.row["returns_due"],
            sent=self.row["sent"],
            version=self.version,
            flags=self.row["flags"],
        )


@dataclass
class Batch:
    """The rows of one statement: results, the answers to their reports, events, and the jobs' new counters."""

    now: datetime
    believed_back: timedelta
    calendar: ShopCalendar
    people: Pseudonyms
    units: Units
    results: list[ResultRow] = field(default_factory=list)
    answers: list[AnswerRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    jobs: dict[UUID, LockedJob] = field(default_factory=dict)
    feeding: set[UUID] = field(default_factory=set)
    dues: Mapping[UUID, Sequence[Due]] = field(default_factory=dict)
    """What is due to go back through the jobs of the batch, which takes it."""
    paid: list[tuple[Due, Decimal]] = field(default_factory=list)
    traces: set[str | None] = field(default_factory=set)

    def decide(self, reports: Sequence[Report], rows: Sequence[Any]) -> list[bytes | Exception]:
        """Take each plain report in and return its answer, or its stored answer, or why it is not taken.

        ``rows`` are those of ``LOCK_JOBS``.
        """
        jobs: dict[UUID, LockedJob] = {}
        stored: dict[UUID, tuple[bytes, bytes]] = {}
        answers: list[bytes | Exception] = []
        for report, row in zip(reports, rows, strict=True):
            if row["answer"] is not None:
                stored[report.key] = (row["fingerprint"], row["answer"].encode())
            if report.key in stored:
                fingerprint, known = stored[report.key]
                answers.append(known if fingerprint == report.fingerprint else Problem(422, "idempotency_key_reused"))
            elif row["id"] is None:
                answers.append(Problem(404, "not_found"))
            elif goes_into_lots(report, row) or (row["returns_due"] and report.body.good and not self.dues):
                answers.append(NotPlain())
            else:
                if report.job not in jobs:
                    jobs[report.job] = LockedJob.of(row)
                answer = self.add(report, jobs[report.job])
                stored[report.key] = (report.fingerprint, answer)
                answers.append(answer)
        return answers

    def add(self, report: Report, job: LockedJob) -> bytes:
        """Take one report in, and return its answer as JSON."""
        return self.enter(report, job, self.weigh(report, job))

    def weigh(self, report: Report, job: LockedJob) -> ResultRow:
        """Count a report's pieces on its job; its row of the ledger, with what is unusual about it."""
        body = report.body
        made = Totals(body.good, sum((entry.quantity for entry in body.scrap), Decimal(0)), body.rework)
        time = self._time_of(report, job)
        after = job.totals + made
        rework_op = None if body.rework_op == job.row["op"] or not body.rework else body.rework_op
        decimals = decimals_of(job.row, self.units)
        flags = [
            *report_flags(job.view(decimals), after),
            *time.arrival_flags,
            *job.take(made, body.reworked, rework_op),
            *fraction_flags((body.good, body.rework, *(entry.quantity for entry in body.scrap)), decimals),
            *report.flags,
        ]
        if body.good > 0 and job.has_waiting_successors:
            self.feeding.add(report.job)
        job.totals, job.version = after, job.version + 1
        self.jobs[report.job] = job
        return self._result(report, job, made, time.at, rework_op, flags)

    def enter(self, report: Report, job: LockedJob, result: ResultRow, lot: LotOutcome | None = None) -> bytes:
        """Enter a row of the ledger with its event, and its answer, which is returned as JSON.

        A skipped job is told of anew: what was made there is all that will be.
        """
        job.row["flags"] = sorted({*job.row["flags"], *result.flags})
        self.traces.add(report.traceparent)
        self._record(report, job, result)
        self._take_dues(report, job)
        if job.row["state"] == JobState.SKIPPED:
            job.version += 1
            event = job_changed(Job.model_validate(job.shown()), JobState.SKIPPED)
            self._publish(event, report.job, job.version, report.traceparent)
        shown = describe_job(job.shown(), job.feeds, job.crew, self.units)
        into = {"lot": lot.lot, "serials": lot.serials} if lot else {}
        answer = ReportOut(id=result.id, job=shown, flags=result.flags, **into).model_dump_json()
        self.answers.append(AnswerRow(report.key, report.fingerprint, answer))
        return answer.encode()

    def _take_dues(self, report: Report, job: LockedJob) -> None:
        """Take what is due to go back through the job out of the good pieces that it has now."""
        dues = self.dues.get(report.job, ())
        for due, taken in zip(dues, due_parts(job.totals.good, [due.row.pieces for due in dues]), strict=True):
            if taken:
                job.take_due(due, taken)
                self.paid.append((due, taken))
                self._record(report, job, returned_row(job.row, due.made, taken, self.now))

    def _record(self, report: Report, job: LockedJob, result: ResultRow) -> None:
        """Enter a row of the ledger, which has brought the job to what it is now, with its event."""
        event = result_reported(
            result,
            person_id=self.people.id_of(result.person),
            external_id=job.row["external_id"],
            planned=job.row["planned"],
            job_started_at=job.row["started_at"],
            totals=job.totals,
            rework_in=job.row["rework_in"],
            sent=job.row["sent"],
        )
        self.results.append(result)
        self._publish(event, report.job, job.version, report.traceparent)

    def _time_of(self, report: Report, job: LockedJob) -> EffectiveTime:
        recording = Recording(self.now, self.believed_back, report.actor.enrolled_at, report.received_at)
        released_at, known_at = job.row["released_at"], job.row["started_at"]
        return recording.effective(report.body.at, released_at=released_at, known_at=known_at)

    def _result(
        self, report: Report, job: LockedJob, made: Totals, at: datetime, rework_op: int | None, flags: list[str]
    ) -> ResultRow:
        shift = self.calendar.shift_at(at)
        business_date, shift_code = report.booked or (shift.business_date, shift.code)
        return ResultRow(
            id=new_id(),
            job=report.job,
            work_order=job.row["work_order"],
            number=job.row["number"],
            op=job.row["op"],
            item=job.row["item"],
            machine=report.body.machine or job.row["machine"] or job.row["planned_machine"],
            good=made.good,
            scrap=made.scrap,
            scrap_by_defect=[
                {"defect": entry.defect, "quantity": plain(entry.quantity)} for entry in report.body.scrap
            ],
            rework=made.rework,
            rework_op=rework_op,
            reworked=report.body.reworked,
            person=report.actor.person,
            device=report.actor.device,
            source="manual",
            at=at,
            recorded_at=self.now,
            business_date=business_date,
            shift=shift_code,
            flags=flags,
            corrects=report.corrects,
            reason=report.reason,
        )

    def add_fed(self, row: Any) -> None:
        """Publish that a waiting job became ready; it may have reports in this batch, too."""
        values, reported = with_names(row), self.jobs.get(row["id"])
        if reported is not None:
            reported.version += 1
            values |= reported.shown() | {"state": values["state"], "version": reported.version}
        traceparent = next(iter(self.traces)) if len(self.traces) == 1 else None
        job = Job.model_validate(values)
        self._publish(job_changed(job, JobState.WAITING), job.id, job.version, traceparent)

    def _publish(self, event: Event, job: UUID, version: int, traceparent: str | None) -> None:
        body = event.model_dump_json()
        self.events.append(EventRow(new_id(), event.TYPE, f"job/{job}", version, body, traceparent))


def _feed(feed: Mapping[str, Any]) -> Feed:
    held = sum((held_back(*map(Decimal, skipped)) for skipped in feed["skipped"] or ()), Fraction(0))
    return Feed(feed["op"], Decimal(feed["good"]), Decimal(feed["ratio"]), held)


def goes_into_lots(report: Report, job: Mapping[str, Any]) -> bool:
    """True when the pieces of a report are put into a lot."""
    return bool(job["traced"] or report.body.lot or report.body.serials)


def with_names(row: Any) -> dict[str, Any]:
    """A raw row of ``job`` with its JSON columns read; a session's connection has read them already."""
    names = {name: row[name] for name in ("op_name", "item_name", "materials")}
    return dict(row) | {name: from_json(text) if isinstance(text, str) else text for name, text in names.items()}
