"""Results are taken back, or corrected by taking them back and reporting them anew."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from services.production.definitions.commands import effective_time
from services.production.definitions.queries import shop_calendar
from services.production.genealogy.commands.production import unproduce
from services.production.genealogy.domain.lots import LOT_SHORT, SHIPPED
from services.production.jobs.commands.counters import put_back, uncount
from services.production.jobs.commands.transitions import lock_job, lock_jobs_of
from services.production.jobs.domain import Totals
from services.production.jobs.queries.describe import describe_jobs
from services.production.jobs.tables import Job
from services.production.permissions import CORRECT_RESULTS
from services.production.results.commands.acknowledge import acknowledge_results
from services.production.results.commands.batch import Report
from services.production.results.commands.ledger import enter_result
from services.production.results.commands.returns import forget_dues, owe, take_dues
from services.production.results.commands.rework import report_result
from services.production.results.queries.references import reference_errors, unknown_references
from services.production.results.schemas import CorrectIn, ReportOut, ResultIn, ReverseIn
from services.production.results.tables import Result, ResultRow
from shared.kit.audit import differences
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import FieldError, Problem, unprocessable


@dataclass(frozen=True)
class Booking:
    """The time at which a result is taken back, and where that is booked.

    It is booked in its own shift while that is open, else in the present one.
    """

    at: datetime
    business_date: date
    shift: str | None
    is_open: bool
    flags: list[str]


async def reverse_result(tx: Transaction, actor: Actor, id_: UUID, body: ReverseIn) -> ReportOut:
    """Take a result back by a negative one that names it; 409 when that was done already, 403 for who may not."""
    result, jobs = await _lock(tx, id_)
    booking = await _book(tx, result, body.at)
    if not CORRECT_RESULTS.roles & actor.roles:
        if result.person != actor.person:
            raise Problem(403, "result_of_another")
        if not booking.is_open:
            raise Problem(403, "result_of_a_closed_shift")
    elif body.reason is None and not (result.person == actor.person and booking.is_open):
        raise unprocessable("reason", "missing")
    reversal, gone = await _take_back(tx, actor, result, jobs, booking, body.reason)
    for job in jobs.values():
        await take_dues(tx, job)
    [shown] = await describe_jobs(tx.session, [jobs[result.job]])
    return ReportOut(id=reversal, job=shown, flags=booking.flags + gone)


async def correct_result(tx: Transaction, actor: Actor, id_: UUID, body: CorrectIn) -> ReportOut:
    """Take a result back and report what it should have said, in the name and at the time of the first one.

    409 when it was taken back already. Who corrects has looked at what is flagged, but not at what has left its lot.
    """
    if not (body.good or body.scrap or body.rework):
        raise Problem(422, "invalid", errors=[FieldError("good", "nothing_reported")])
    result, jobs = await _lock(tx, id_, is_sent_back=body.rework_op is not None)
    meant = body.model_dump(exclude={"reason"})
    anew = ResultIn(**meant, reworked=result.reworked, machine=result.machine, at=result.at)
    errors = reference_errors(anew, await unknown_references(tx.session, anew.references()))
    if errors:
        raise Problem(422, "invalid", errors=errors)
    booking = await _book(tx, result, None)
    reversal, _ = await _take_back(tx, actor, result, jobs, booking, body.reason, body.good)
    maker = Actor(result.person or actor.person, actor.roles, result.device, actor.site)
    booked = (booking.business_date, booking.shift)
    report = Report(
        *(new_id(), b"", result.job, anew, maker),
        corrects=id_,
        reason=body.reason,
        booked=booked,
        received_at=result.recorded_at,
    )
    answer = await report_result(tx, report)
    for job in sorted(jobs):
        await take_dues(tx, await lock_job(tx, job, is_read_again=True))
    flagged = [answer.id] if answer.flags and not {SHIPPED, LOT_SHORT} & set(answer.flags) else []
    if jobs[result.job].order_state == "closed":
        flagged.append(reversal)
    if flagged:
        await acknowledge_results(tx, flagged, body.reason)
    before = result.model_dump(include={"good", "rework", "rework_op"}) | {"scrap": result.scrap_by_defect}
    tx.audit("correct", f"result/{id_}", differences(before, meant), body.reason)
    [shown] = await describe_jobs(tx.session, [jobs[result.job]])
    return answer.model_copy(update={"job": shown})


async def _lock(tx: Transaction, id_: UUID, *, is_sent_back: bool = False) -> tuple[Result, dict[UUID, Job]]:
    """A result that may be taken back, and the jobs that it concerns, locked."""
    result = await tx.session.get(Result, id_)
    if result is None:
        raise Problem(404, "not_found")
    if result.returned_by is not None:
        raise Problem(422, "result_returned")
    if result.reverses is not None:
        raise Problem(422, "reversal_of_reversal")
    if is_sent_back or result.rework_op is not None:
        jobs = await lock_jobs_of(tx, result.work_order)
    else:
        jobs = {result.job: await lock_job(tx, result.job)}
    if await tx.session.scalar(select(Result.id).where(Result.reverses == id_)):
        raise Problem(409, "result_reversed", state="reversed")
    return result, jobs


async def _book(tx: Transaction, result: Result, at: datetime | None) -> Booking:
    effective = effective_time(tx, at, min(result.at, tx.now))
    shift = (await shop_calendar(tx.session, tx.zone)).shift_at(effective.at)
    is_open = (shift.business_date, shift.code) == (result.business_date, result.shift)
    flags = [flag for flag in effective.flags if flag == "clock"]
    return Booking(effective.at, shift.business_date, shift.code, is_open, flags)


async def _take_back(
    tx: Transaction,
    actor: Actor,
    result: Result,
    jobs: dict[UUID, Job],
    booking: Booking,
    reason: str | None,
    anew: Decimal | None = None,
) -> tuple[UUID, list[str]]:
    """Enter the negative of a result; return its id, and the flag of pieces that have left their lot already.

    What the result had sent back has passed where it was taken out. ``anew`` are the good pieces of what is to stand
    for it, where something is.
    """
    job, stays = jobs[result.job], result.rework_op is None
    await _put_off(tx, actor, job, result.good - (anew or 0) - job.good, booking, reason)
    uncount(job, Totals(result.good, result.scrap, result.rework), is_reworked=result.reworked, stays=stays)
    gone = await unproduce(tx, job.work_order, job.id, result.id, reason, is_corrected=anew is not None)
    reversal = await _enter_reversal(tx, actor, result, job, booking, reason, gone)
    if not stays:
        await forget_dues(tx, result.id, jobs)
        for returned in await _returned(tx, col(Result.returned_by) == result.id):
            put_back(jobs[returned.job], -returned.good, is_target=returned.op == result.rework_op)
            await _enter_reversal(tx, actor, returned, jobs[returned.job], booking, reason, [])
    return reversal, gone


async def _put_off(
    tx: Transaction, actor: Actor, job: Job, lacking: Decimal, booking: Booking, reason: str | None
) -> None:
    """Let pieces that went back through a locked job be due again: so many of them it will not have had after all."""
    returned = await _returned(tx, col(Result.job) == job.id) if lacking > 0 else []
    for one in returned:
        if lacking <= 0:
            break
        made = await tx.session.get_one(Result, one.returned_by)
        put_back(job, -one.good, is_target=made.rework_op == job.op)
        await _enter_reversal(tx, actor, one, job, booking, reason, [])
        await owe(tx, job, made.id, -one.good)
        lacking += one.good


async def _returned(tx: Transaction, condition: ColumnElement[bool]) -> list[Result]:
    """The results that take out of jobs what went back through them, those that stand, the last one first."""
    back = aliased(Result)
    stands = ~exists().where(col(back.reverses) == col(Result.id))
    statement = select(Result).where(
        condition, col(Result.returned_by).is_not(None), col(Result.reverses).is_(None), stands
    )
    return list(await tx.session.scalars(statement.order_by(col(Result.id).desc())))


async def _enter_reversal(
    tx: Transaction, actor: Actor, result: Result, job: Job, booking: Booking, reason: str | None, gone: list[str]
) -> UUID:
    scrap = [{"defect": entry["defect"], "quantity": f"-{entry['quantity']}"} for entry in result.scrap_by_defect]
    reversal = ResultRow(**result.model_dump())._replace(
        id=new_id(),
        good=-result.good,
        scrap=-result.scrap,
        scrap_by_defect=scrap,
        rework=-result.rework,
        person=actor.person,
        device=actor.device,
        source="manual",
        at=booking.at,
        recorded_at=tx.now,
        business_date=booking.business_date,
        shift=booking.shift,
        flags=booking.flags + ["after_close"] * (job.order_state == "closed") + gone,
        reverses=result.id,
        corrects=None,
        reason=reason,
    )
    await enter_result(tx, job, reversal)
    return reversal.id
