"""Calls over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.production.andon.domain import Kind, State
from services.production.jobs.schemas import In, Note
from shared.kit.moments import Moment
from shared.kit.names import Code


class CallIn(In):
    """Who is needed at a machine."""

    machine: Code
    kind: Kind
    note: Note | None = None
    at: Moment | None = None


class StepIn(In):
    """What there is to say about it."""

    note: Note | None = None


class CallOut(BaseModel):
    """A call, who comes and how it ended."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    machine: str
    kind: Kind
    note: str | None
    state: State
    person: str
    at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    resolved_by: str | None
    resolved_at: datetime | None
    resolution: str | None
