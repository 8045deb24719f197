"""Events of jobs."""

from uuid import UUID

from services.production.jobs.domain import outside, waits
from services.production.jobs.tables import Job
from shared.contracts.production.jobs import JobChanged, JobTotals
from shared.kit.republish import republish


def job_changed(job: Job, before: str, reason: str | None = None, person_id: UUID | None = None) -> JobChanged:
    """The event of a job that moved from ``before``."""
    return JobChanged(
        job_id=job.id,
        work_order_id=job.work_order,
        number=job.number,
        external_id=job.external_id,
        op=job.op,
        item=job.item,
        machine=job.machine or job.planned_machine,
        before=before,
        state=job.state,
        reason=reason,
        person_id=person_id,
        totals=JobTotals(
            good=job.good,
            scrap=job.scrap,
            rework=job.rework,
            rework_in=waits(job.rework_in),
            sent=outside(job.sent, job.rework_in),
        ),
        started_at=job.started_at,
        finished_at=job.finished_at,
        phase=job.phase,
    )


REPUBLISHES = [republish("job", Job, lambda job: job_changed(job, job.state))]
