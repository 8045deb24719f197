"""Events of jobs."""

from services.production.jobs.tables import Job
from shared.contracts.production.jobs import JobChanged, JobTotals


def job_changed(job: Job, before: str, reason: str | None, person: str | None) -> JobChanged:
    """The event of a job that moved from ``before``."""
    return JobChanged(
        job=job.id,
        work_order=job.work_order,
        number=job.number,
        external_id=job.external_id,
        op=job.op,
        item=job.item,
        machine=job.machine or job.planned_machine,
        before=before,
        state=job.state,
        reason=reason,
        person=person,
        totals=JobTotals(good=job.good, scrap=job.scrap, rework=job.rework),
        started_at=job.started_at,
        finished_at=job.finished_at,
        phase=job.phase,
    )
