"""The beginning and the answer of every command from the floor.

A command counts from the moment at which it was done at the tablet. What has happened already is not refused for a rule
that would have forbidden it: it becomes a flag.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.production.definitions.commands import effective_time
from services.production.jobs.commands.transitions import lock_job
from services.production.jobs.domain import JobState
from services.production.jobs.queries.describe import describe_jobs
from services.production.jobs.schemas import CommandOut
from services.production.jobs.tables import Job
from services.production.machines.queries import is_first_state, present_states
from shared.kit.database import Transaction
from shared.kit.problem import Problem


@dataclass
class CommandContext:
    """The job of a command, locked; when the command took effect, and what is unusual about it so far.

    ``earlier_at`` is when it happened, where the job is known to have done something else since.
    """

    job: Job
    at: datetime
    flags: list[str]
    has_happened: bool
    made_at: datetime
    """When it was done, by the device; ``at`` is after what the job did since."""
    earlier_at: datetime | None = None

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
    followed = await _begun_before(tx, job, used) if used else None
    effective = effective_time(tx, at, job.moved_at, followed, released_at=job.released_at)
    has_happened = has_happened or effective.has_happened
    earlier_at = _earlier(tx, job, at) if has_happened and "late" in effective.flags else None
    made_at = effective_time(tx, at, released_at=job.released_at).at
    return CommandContext(job, effective.at, list(effective.flags), has_happened, made_at, earlier_at)


async def _begun_before(tx: Transaction, job: Job, machine: str) -> datetime | None:
    """When the machine began what it does; None where nothing that it did stands in the way of the job."""
    present = (await present_states(tx.session, [machine])).get(machine)
    if present is None or (job.state == JobState.RUNNING and present.job != job.id):
        return None
    return None if await is_first_state(tx.session, present) else present.begins


def _earlier(tx: Transaction, job: Job, at: datetime | None) -> datetime | None:
    """The time of a touch that lies between the job's start and what it did last."""
    touched = effective_time(tx, at, job.started_at, released_at=job.released_at)
    is_within = job.started_at is not None and job.moved_at is not None and touched.at < job.moved_at
    return touched.at if is_within and "late" not in touched.flags else None


async def answer_command(tx: Transaction, context: CommandContext) -> CommandOut:
    """The job after the command, which leaves its flags on it."""
    context.job.flags = sorted({*context.job.flags, *context.flags})
    await tx.session.flush()
    [job] = await describe_jobs(tx.session, [context.job])
    return CommandOut(**job.model_dump(), command_flags=context.flags)
