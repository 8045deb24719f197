"""Corrected reasons of stops: the machine's interval has the right one, and so has the job that is still paused."""

from uuid import UUID

from services.production.definitions.queries import shop_calendar
from services.production.jobs.commands.transitions import lock_job, publish_change
from services.production.jobs.domain import JobState
from services.production.machines.commands import correct_reason
from services.production.machines.queries import get_part
from services.production.machines.schemas import ReasonIn, TimelineOut
from services.production.machines.tables import MachineStateInterval
from shared.kit.auth import Actor
from shared.kit.database import Transaction


async def correct_stop(tx: Transaction, actor: Actor, machine: str, id_: UUID, body: ReasonIn) -> TimelineOut:
    """Give a stop of a machine the right reason; the part of the timeline that has it now."""
    found = await tx.session.get(MachineStateInterval, id_)
    job = await lock_job(tx, found.job) if found and found.job else None
    shift = (await shop_calendar(tx.session, tx.zone)).shift_at(tx.now)
    corrected = await correct_reason(tx, actor, machine, id_, body, shift.begins)
    if job and corrected.ends is None and job.state == JobState.PAUSED and job.pause_reason != corrected.reason:
        job.pause_reason = corrected.reason
        publish_change(tx, job, job.state, corrected.reason, actor.person)
    await tx.session.flush()
    return await get_part(tx.session, corrected, tx.now)
