"""Calls over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.production.andon.domain import CallKind, CallState
from services.production.jobs.schemas import In, Note
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.readers import AnyPersonOut, PersonOut


class CallIn(In):
    """A call to a machine for those who are needed there."""

    machine: Code
    kind: CallKind
    note: Note | None = None
    at: Moment | None = None


class CallStepIn(In):
    """A step of a call, with a note."""

    note: Note | None = None


class CallOut(BaseModel):
    """A call, who comes and how it ended."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    machine: str
    kind: CallKind
    note: str | None
    state: CallState
    person: PersonOut
    at: datetime
    flags: list[str]
    acknowledged_by: AnyPersonOut
    acknowledged_at: datetime | None
    resolved_by: AnyPersonOut
    resolved_at: datetime | None
    resolution: str | None
