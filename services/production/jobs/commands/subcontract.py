"""Pieces that go to a subcontractor."""

from decimal import Decimal
from uuid import UUID

from services.production.definitions.queries import load_units
from services.production.jobs.commands.context import answer_command, begin_command
from services.production.jobs.commands.execution import run_job
from services.production.jobs.commands.transitions import publish_change
from services.production.jobs.domain import ON_MACHINE, JobCommand, JobState, Phase, out_again, outside, supply, waits
from services.production.jobs.queries.describe import decimals_of, feeds_of, totals_of
from services.production.jobs.schemas import CommandOut, SendIn
from services.production.jobs.tables import Job, Sending
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem, unprocessable
from shared.kit.quantities import plain
from shared.kit.units import fits


async def send_out(tx: Transaction, id_: UUID, body: SendIn, *, has_happened: bool = False) -> CommandOut:
    """Pieces go to a subcontractor.

    The first ones start the job. Results say what comes back. What goes out again to be reworked does not wait for
    that here any more. 422 for an operation of the shop's own.
    """
    if body.reworked is not None and body.reworked > body.quantity:
        raise unprocessable("reworked", "less_than_equal", le=plain(body.quantity))
    context = await begin_command(tx, id_, body.at, has_happened=has_happened)
    job = context.job
    if not job.subcontract:
        raise Problem(422, "not_subcontracted", op=job.op)
    if job.state in (JobState.WAITING, JobState.READY, JobState.BLOCKED):
        await run_job(tx, context, JobCommand.START, None, Phase.PRODUCTION)
    elif job.state not in ON_MACHINE:
        flag = "order_cancelled" if job.state == JobState.CANCELLED else "after_finish"
        context.object_to(flag, Problem(409, "wrong_state", state=job.state))
    elif job.order_state == "on_hold":
        context.object_to("order_on_hold", Problem(409, "order_on_hold", state=job.state, number=job.number))
    feeds = (await feeds_of(tx.session, [job.id]))[job.id]
    decimals = decimals_of(job.model_dump(), await load_units(tx.session))
    there = supply(job.planned, feeds, decimals)
    again = body.reworked
    if again is None:
        again = out_again(body.quantity, there - _been_out(job), job.rework_in)
    if not (fits(body.quantity, decimals) and fits(again, decimals)):
        context.flags.append("fraction")
    if again > waits(job.rework_in):
        context.flags.append("beyond_rework")
    job.sent += body.quantity
    job.rework_in -= again
    if totals_of(job).processed + outside(job.sent, job.rework_in) > there:
        context.flags.append("beyond_ready")
    actor = {"person": tx.actor.person, "device": tx.actor.device}
    sending = body.model_dump(exclude={"at"}) | actor | {"reworked": again, "at": context.at, "flags": context.flags}
    tx.session.add(Sending(id=new_id(), job=job.id, **sending))
    publish_change(tx, job, job.state, person=tx.actor.person)
    return await answer_command(tx, context)


def _been_out(job: Job) -> Decimal:
    """The pieces of a locked job that are through, out, or back to be reworked.

    Those that have to pass once more after they were reworked at an operation before go out as others do.
    """
    return totals_of(job).processed + outside(job.sent, job.rework_in) + waits(job.rework_in)
