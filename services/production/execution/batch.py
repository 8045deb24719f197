"""One batch of reports: what each of them means, and the arrays in which they are stored together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.production.definitions.domain import ShiftPattern, shift_at
from services.production.execution.domain import Feed, JobView, State, Totals, report_flags, rework_left
from services.production.execution.jobs import Member, describe_job, job_changed
from services.production.execution.schemas import ReportOut, ResultIn
from services.production.execution.tables import Job
from shared.contracts.production.jobs import JobTotals
from shared.contracts.production.results import ResultReported, ScrapQuantity
from shared.kit.auth import Actor
from shared.kit.database import OutboxRow, outbox_row
from shared.kit.ids import new_id
from shared.kit.quantities import plain


@dataclass(frozen=True)
class Report:
    """One request to record a result."""

    key: UUID
    fingerprint: bytes
    job: UUID
    body: ResultIn
    actor: Actor
    flags: tuple[str, ...] = ()
    """What its way here has to say of it, beside what the job says."""
    corrects: UUID | None = None
    reason: str | None = None
    booked: tuple[date, str | None] | None = None
    """The business date and the shift that it belongs to, where its time does not say so."""


@dataclass
class LockedJob:
    """A job's row under the lock, with what this batch has added to it."""

    row: dict[str, Any]
    feeds: list[Feed]
    crew: list[Member]
    has_waiting_successors: bool
    totals: Totals
    version: int

    def view(self) -> JobView:
        """The job as the domain looks at it."""
        state = State(self.row["state"])
        return JobView(
            state, self.row["planned"], self.row["over_tolerance_pct"], self.row["order_state"], self.totals, self.feeds
        )

    def take(self, made: Totals, is_reworked: bool, rework_op: int | None) -> list[str]:
        """Count what waits here to be reworked and what is with the subcontractor, and say what does not fit."""
        flags = []
        everything = made.processed + made.rework
        if is_reworked and everything > self.row["rework_in"]:
            flags.append("beyond_rework")
        stays = rework_op is None
        self.row["rework_in"] = rework_left(self.row["rework_in"], made, is_reworked=is_reworked, stays=stays)
        if self.row["subcontract"]:
            self.row["sent"] -= everything
            flags += ["beyond_sent"] if self.row["sent"] < 0 else []
        return flags

    def shown(self) -> dict[str, Any]:
        """The row with its new totals."""
        return self.row | {"good": self.totals.good, "scrap": self.totals.scrap, "rework": self.totals.rework}


@dataclass
class Batch:
    """What is stored in one statement: results with their answers, events, and the jobs' new counters."""

    now: datetime
    zone: ZoneInfo
    shifts: Sequence[ShiftPattern]
    plain_only: bool = True
    """Whether reports that do more than count have no place in it."""
    results: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[OutboxRow] = field(default_factory=list)
    jobs: dict[UUID, LockedJob] = field(default_factory=dict)
    feeding: set[UUID] = field(default_factory=set)

    def add(self, report: Report, job: LockedJob) -> bytes:
        """Take one report in, and return its answer as JSON."""
        body = report.body
        made = Totals(body.good, sum((entry.quantity for entry in body.scrap), Decimal(0)), body.rework)
        at = body.at or self.now
        after = job.totals + made
        rework_op = None if body.rework_op == job.row["op"] or not body.rework else body.rework_op
        flags = [
            *report_flags(job.view(), after, at, self.now),
            *job.take(made, body.reworked, rework_op),
            *report.flags,
        ]
        if body.good > 0 and job.has_waiting_successors:
            self.feeding.add(report.job)
        job.totals, job.version = after, job.version + 1
        job.row["flags"] = sorted({*job.row["flags"], *flags})
        self.jobs[report.job] = job
        made_at = min(at, self.now)
        shift = shift_at(self.shifts, made_at.astimezone(self.zone))
        business_date, shift_code = report.booked or (shift.business_date, shift.code)
        machine = body.machine or job.row["machine"] or job.row["planned_machine"]
        id_ = new_id()
        row = job.row
        event = ResultReported(
            result=id_,
            job=report.job,
            work_order=row["work_order"],
            number=row["number"],
            external_id=row["external_id"],
            op=row["op"],
            item=row["item"],
            machine=machine,
            good=body.good,
            scrap=[ScrapQuantity(defect=entry.defect, quantity=entry.quantity) for entry in body.scrap],
            rework=body.rework,
            totals=JobTotals(good=after.good, scrap=after.scrap, rework=after.rework),
            planned=row["planned"],
            person=report.actor.person,
            source="manual",
            at=at,
            business_date=business_date,
            shift=shift_code,
            job_started_at=row["started_at"],
            flags=flags,
            reverses=None,
            rework_op=rework_op,
            reworked=body.reworked,
            corrects=report.corrects,
        )
        answer = ReportOut(id=id_, job=describe_job(job.shown(), job.feeds, job.crew), flags=flags).model_dump_json()
        by_defect = (
            "["
            + ",".join(f'{{"defect":"{entry.defect}","quantity":"{plain(entry.quantity)}"}}' for entry in body.scrap)
            + "]"
        )
        self.results.append(
            (
                report.key,
                report.fingerprint,
                answer,
                id_,
                report.job,
                machine,
                body.good,
                made.scrap,
                by_defect,
                body.rework,
                report.actor.person,
                report.actor.device,
                at,
                business_date,
                shift_code,
                ",".join(flags),
                rework_op,
                body.reworked,
                report.corrects,
                report.reason,
            )
        )
        self.events.append(outbox_row(event, f"job/{report.job}", job.version, self.now))
        return answer.encode()

    def tell_fed(self, job: Job) -> None:
        """Tell that a waiting job became ready; it may have reports in this batch, too."""
        reported = self.jobs.get(job.id)
        if reported is not None:
            reported.version += 1
            job.version = reported.version
            job.good, job.scrap, job.rework = reported.totals.good, reported.totals.scrap, reported.totals.rework
        self.events.append(
            outbox_row(job_changed(job, State.WAITING, None, None), f"job/{job.id}", job.version, self.now)
        )

    def arrays(self) -> list[Any]:
        """The parameters of ``STORE_REPORTS``."""
        events = [(e.id, e.type, e.aggregate, e.version, e.body) for e in self.events]
        jobs = [
            (
                *(id_, j.totals.good, j.totals.scrap, j.totals.rework, j.row["rework_in"], j.row["sent"], j.version),
                ",".join(j.row["flags"]),
            )
            for id_, j in self.jobs.items()
        ]
        return [
            self.now,
            *map(list, zip(*self.results, strict=True)),
            *map(list, zip(*events, strict=True)),
            *map(list, zip(*jobs, strict=True)),
        ]
