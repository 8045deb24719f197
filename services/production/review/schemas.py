"""Reviews over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from services.production.jobs.domain import JobState
from services.production.jobs.schemas import In, Note
from services.production.review.domain import Resolution, ResolveAction, ReviewState
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.nesting import JsonObject, shallow
from shared.kit.references import refers_to

ShortText = Annotated[str, Field(min_length=1, max_length=60)]
CommandPath = Annotated[str, Field(min_length=1, max_length=300)]


class QueuedCommandIn(In):
    """A command as it stood in a tablet's queue.

    ``id`` is its Idempotency-Key, ``at`` the tablet's time of the touch, ``machine`` the one at which the
    tablet stood.
    """

    id: UUID
    kind: ShortText
    path: CommandPath
    body: JsonObject
    person: ShortText | None = None
    machine: Code | None = None
    at: Moment


class ProblemIn(BaseModel):
    """The problem with which the command was refused, as the server responded."""

    model_config = ConfigDict(extra="allow")

    status: int
    code: ShortText
    title: Annotated[str, Field(max_length=500)] | None = None
    detail: Annotated[str, Field(max_length=1000)] | None = None
    errors: Annotated[list[JsonObject], Field(max_length=100)] = []

    @model_validator(mode="after")
    def shallow_rest(self) -> Self:
        """Refuse other members that are nested too deeply."""
        shallow(self.model_extra)
        return self


class ReviewIn(In):
    """A command that a tablet could not get done."""

    command: QueuedCommandIn
    problem: ProblemIn


class ReceiptOut(BaseModel):
    """The review in which a command is stored."""

    id: UUID
    state: ReviewState


class QueuedCommandOut(BaseModel):
    """The command as it was meant; ``device`` is the tablet that sent it."""

    id: UUID
    kind: str
    path: str
    body: dict[str, Any]
    person: str | None
    at: datetime


class FieldErrorOut(BaseModel):
    """An error in one field."""

    field: str
    code: str
    message: str


class ProblemOut(BaseModel):
    """A problem in the reader's language."""

    status: int
    code: str
    title: str
    detail: str
    errors: list[FieldErrorOut]


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


class ResolveOptionOut(BaseModel):
    """An option to resolve a review, and its effects: the moves of the job in order, or ``record``.

    ``other`` is the job that is paused before.
    ``refusal``: the problem with which it would be refused once more.
    """

    way: ResolveAction
    effects: list[str] = []
    other: OtherJobOut | None = None
    refusal: ProblemOut | None = None


class OutcomeOut(BaseModel):
    """The outcome of a command: the result in the ledger and its flags, the job on which it was done and its state."""

    result_id: UUID | None = refers_to("result", default=None)
    job_id: UUID | None = refers_to("job", default=None)
    number: str | None = None
    op: int | None = None
    job_state: JobState | None = None
    flags: list[str] = []


class ReviewOut(BaseModel):
    """A review; who resolved it, how and why stays with it. ``ways`` are left out of lists."""

    id: UUID
    state: ReviewState
    command: QueuedCommandOut
    device_id: str | None = refers_to("device")
    sent_by: str
    received_at: datetime
    machine: str | None
    job: ReviewJobOut | None
    problem: ProblemOut
    ways: list[ResolveOptionOut]
    resolution: Resolution | None
    resolved_by: str | None
    resolved_at: datetime | None
    reason: str | None
    done_body: dict[str, Any] | None
    outcome: OutcomeOut | None


class AcceptReviewIn(In):
    """Do it as it was meant."""

    reason: Note | None = None


class CorrectReviewIn(In):
    """Do it with another content."""

    body: JsonObject
    reason: Note


class AssignReviewIn(In):
    """Do it on another job."""

    job_id: UUID = refers_to("job")
    reason: Note


class DismissReviewIn(In):
    """Do not do it."""

    reason: Note


class AcknowledgeResultIn(In):
    """The acknowledgement of a result, with a reason."""

    reason: Note | None = None


class AcknowledgeResultsIn(AcknowledgeResultIn):
    """The acknowledgement of several results at once."""

    result_ids: list[UUID] = Field(validation_alias=AliasChoices("result_ids", "results"), min_length=1, max_length=200)


class AcknowledgedOut(BaseModel):
    """The number of results that nobody had acknowledged before."""

    acknowledged: int
