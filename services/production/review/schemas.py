"""Reviews over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.production.jobs.domain import JobState
from services.production.jobs.schemas import In, Note
from services.production.review.domain import Resolution, Way
from shared.kit.moments import Moment
from shared.kit.names import Code

Word = Annotated[str, Field(min_length=1, max_length=60)]
Path = Annotated[str, Field(min_length=1, max_length=300)]


class CommandIn(In):
    """A command as it stood in a tablet's queue: ``id`` is its Idempotency-Key, ``at`` the tablet's time of the touch, ``machine`` where the tablet stood."""

    id: UUID
    kind: Word
    path: Path
    body: dict[str, Any]
    person: Word | None = None
    machine: Code | None = None
    at: Moment


class ProblemIn(BaseModel):
    """Why it was refused: the problem as the server told it."""

    model_config = ConfigDict(extra="allow")

    status: int
    code: Word
    title: Annotated[str, Field(max_length=500)] | None = None
    detail: Annotated[str, Field(max_length=1000)] | None = None
    errors: Annotated[list[dict[str, Any]], Field(max_length=100)] = []


class ReviewIn(In):
    """A command that a tablet could not get done."""

    command: CommandIn
    problem: ProblemIn


class ReceiptOut(BaseModel):
    """The review that keeps a command."""

    id: UUID
    state: Literal["open", "resolved"]


class CommandOut(BaseModel):
    """The command as it was meant; ``device`` is the tablet that sent it."""

    id: UUID
    kind: str
    path: str
    body: dict[str, Any]
    person: str | None
    at: datetime


class FieldOut(BaseModel):
    """What was wrong with one field."""

    field: str
    code: str
    message: str


class ProblemOut(BaseModel):
    """Why it could not be done, in the reader's language."""

    status: int
    code: str
    title: str
    detail: str
    errors: list[FieldOut]


class ReviewJobOut(BaseModel):
    """The job that it was about, as it is now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    op: int
    op_name: dict[str, str]
    item: str
    item_name: dict[str, str]
    unit: str
    state: JobState


class OtherJobOut(BaseModel):
    """The job that has the machine."""

    number: str
    op: int


class WayOut(BaseModel):
    """A way out, and what it will do: the moves of the job in order, or ``record``; ``other`` is the job that is paused before.

    ``refusal``: why it would be refused once more.
    """

    way: Way
    effects: list[str] = []
    other: OtherJobOut | None = None
    refusal: ProblemOut | None = None


class OutcomeOut(BaseModel):
    """What came of it: the result in the ledger and its flags, the job on which it was done and its state then."""

    result: UUID | None = None
    job: UUID | None = None
    number: str | None = None
    op: int | None = None
    job_state: JobState | None = None
    flags: list[str] = []


class ReviewOut(BaseModel):
    """A review; who resolved it, how and why stays with it. ``ways`` are left out of lists."""

    id: UUID
    state: Literal["open", "resolved"]
    command: CommandOut
    device: str | None
    sent_by: str
    received_at: datetime
    machine: str | None
    job: ReviewJobOut | None
    problem: ProblemOut
    ways: list[WayOut]
    resolution: Resolution | None
    resolved_by: str | None
    resolved_at: datetime | None
    reason: str | None
    done_body: dict[str, Any] | None
    outcome: OutcomeOut | None


class AcceptIn(In):
    """Do it as it was meant."""

    reason: Note | None = None


class CorrectIn(In):
    """Do it with another content."""

    body: dict[str, Any]
    reason: Note


class AssignIn(In):
    """Do it on another job."""

    job: UUID
    reason: Note


class DismissIn(In):
    """Do not do it."""

    reason: Note


class AcknowledgeIn(In):
    """That somebody has looked at a result."""

    reason: Note | None = None


class AcknowledgeManyIn(AcknowledgeIn):
    """The same of several results at once."""

    results: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class AcknowledgedOut(BaseModel):
    """How many of the results nobody had looked at before."""

    acknowledged: int
