"""What becomes of results after they were reported: they are taken back."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import select

from services.production.execution.commands import lock_job
from services.production.execution.domain import Totals
from services.production.execution.jobs import describe_jobs, totals_of
from services.production.execution.schemas import ReportOut
from services.production.execution.tables import Job, Result
from services.production.genealogy.producing import unproduce
from services.production.machines.domain import shift_at
from services.production.machines.queries import shift_patterns
from shared.contracts.production import JobTotals, ResultReported, ScrapQuantity
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem


async def reverse_result(tx: Transaction, actor: Actor, zone: ZoneInfo, id_: UUID, reason: str) -> ReportOut:
    """Take a result back by a negative one that names it; 409 when that was done already."""
    result = await tx.session.get(Result, id_)
    if result is None:
        raise Problem(404, "not_found")
    if result.reverses is not None:
        raise Problem(422, "reversal_of_reversal")
    job = await lock_job(tx, result.job)
    if await tx.session.scalar(select(Result.id).where(Result.reverses == id_)):
        raise Problem(409, "result_reversed", state="reversed")
    shift = shift_at(await shift_patterns(tx.session), tx.now.astimezone(zone))
    scrap = [{"defect": entry["defect"], "quantity": f"-{entry['quantity']}"} for entry in result.scrap_by_defect]
    copied = result.model_dump(include={"job", "work_order", "number", "op", "item", "machine"})
    reversal = Result(
        id=new_id(),
        **copied,
        good=-result.good,
        scrap=-result.scrap,
        scrap_by_defect=scrap,
        rework=-result.rework,
        person=actor.person,
        device=actor.device,
        source="manual",
        at=tx.now,
        recorded_at=tx.now,
        business_date=shift.business_date,
        shift=shift.code,
        reverses=id_,
        reason=reason,
    )
    tx.session.add(reversal)
    after = totals_of(job) + -_made(result)
    job.good, job.scrap, job.rework, job.version = after.good, after.scrap, after.rework, job.version + 1
    await tx.session.flush()
    await unproduce(tx, job.work_order, job.id, id_, reason)
    tx.record(result_reported(job, reversal), aggregate=f"job/{job.id}", version=job.version)
    return ReportOut(id=reversal.id, job=(await describe_jobs(tx.session, [job]))[0], flags=[])


def _made(result: Result) -> Totals:
    return Totals(result.good, result.scrap, result.rework)


def result_reported(job: Job, result: Result) -> ResultReported:
    """The event of a result that brought the job to its present totals."""
    return ResultReported(
        result=result.id,
        job=job.id,
        work_order=job.work_order,
        number=job.number,
        external_id=job.external_id,
        op=job.op,
        item=job.item,
        machine=result.machine,
        good=result.good,
        scrap=[ScrapQuantity.model_validate(entry) for entry in result.scrap_by_defect],
        rework=result.rework,
        totals=JobTotals(good=job.good, scrap=job.scrap, rework=job.rework),
        planned=job.planned,
        person=result.person,
        source=result.source,
        at=result.at,
        business_date=result.business_date,
        shift=result.shift,
        job_started_at=job.started_at,
        flags=result.flags,
        reverses=result.reverses,
    )
