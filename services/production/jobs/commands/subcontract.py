"""Pieces that go to a subcontractor."""

from uuid import UUID

from services.production.definitions.queries import load_units
from services.production.jobs.commands.context import answer_command, begin_command
from services.production.jobs.commands.execution import run_job
from services.production.jobs.commands.transitions import publish_change
from services.production.jobs.domain import ON_MACHINE, JobCommand, JobState, Phase, supply
from services.production.jobs.queries.describe import decimals_of, feeds_of, totals_of
from services.production.jobs.schemas import CommandOut, SendIn
from services.production.jobs.tables import Sending
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem
from shared.kit.units import fits


async def send_out(tx: Transaction, id_: UUID, body: SendIn, *, has_happened: bool = False) -> CommandOut:
    """Pieces go to a subcontractor.

    The first ones start the job. Results say what comes back. 422 for an operation of the shop's own.
    """
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
    job.sent += body.quantity
    decimals = decimals_of(job.model_dump(), await load_units(tx.session))
    if not fits(body.quantity, decimals):
        context.flags.append("fraction")
    if totals_of(job).processed + job.sent > supply(job.planned, feeds, decimals):
        context.flags.append("beyond_ready")
    actor = {"person": tx.actor.person, "device": tx.actor.device}
    sending = body.model_dump(exclude={"at"}) | actor | {"at": context.at, "flags": context.flags}
    tx.session.add(Sending(id=new_id(), job=job.id, **sending))
    publish_change(tx, job, job.state, person=tx.actor.person)
    return await answer_command(tx, context)
