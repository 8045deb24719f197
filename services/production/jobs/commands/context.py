"""The beginning and the answer of every command from the floor.

A command counts from the moment at which it was done at the tablet. What has happened already is not refused for a rule
that would have forbidden it: it becomes a flag.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.production.jobs.commands.transitions import lock_job
from services.production.jobs.domain import EffectiveTime, JobState, effective_time
from services.production.jobs.queries.describe import describe_jobs
from services.production.jobs.schemas import CommandOut
from services.production.jobs.tables import Job
from services.production.machines.queries import present_states
from shared.kit.database import Transaction
from shared.kit.problem import Problem


@dataclass
class CommandContext:
    """The job of a command, locked; when the command took effect, and what is unusual about it so far."""

    job: Job
    at: datetime
    flags: list[str]
    has_happened: bool
    made_at: datetime
    """When it was done, by the device; ``at`` is after what the job did since."""

    def object_to(self, flag: str, problem: Problem) -> None:
        """Refuse what is against a rule; what has happened already is flagged instead."""
        if not self.has_happened:
            raise problem
        self.flags.append(flag)


async def begin_command(
    tx: Transaction, id_: UUID, at: datetime | None, machine: str | None = None, *, has_happened: bool = False
) -> CommandContext:
    """Lock the job and give the command its time.

    It is after what the job did before, and what the machine does for it or now begins to do.
    """
    job = await lock_job(tx, id_)
    used = machine or job.machine or job.planned_machine
    present = (await present_states(tx.session, [used])).get(used) if used else None
    is_followed = present is not None and (job.state != JobState.RUNNING or present.job == job.id)
    effective = effective_time(at, tx.now, job.moved_at, present.begins if present and is_followed else None)
    return context_of(job, effective, has_happened=has_happened)


def context_of(job: Job, effective: EffectiveTime, *, has_happened: bool = False) -> CommandContext:
    """The command on a locked job, which took effect at this time."""
    is_late = has_happened or effective.has_happened
    return CommandContext(job, effective.at, list(effective.flags), is_late, effective.made_at)


async def answer_command(tx: Transaction, context: CommandContext) -> CommandOut:
    """The job after the command, which leaves its flags on it."""
    context.job.flags = sorted({*context.job.flags, *context.flags})
    await tx.session.flush()
    [job] = await describe_jobs(tx.session, [context.job])
    return CommandOut(**job.model_dump(), command_flags=context.flags)
