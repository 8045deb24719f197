"""Handover notes over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.production.jobs.schemas import In
from shared.kit.moments import Moment


class HandoverIn(In):
    """A note for the next shift."""

    note: Annotated[str, Field(min_length=1, max_length=2000)]
    at: Moment | None = None


class HandoverReaderOut(BaseModel):
    """A person who has read a note, and when."""

    person: str
    at: datetime


class HandoverOut(BaseModel):
    """A note, and who has read it."""

    id: UUID
    machine: str
    note: str
    person: str
    at: datetime
    business_date: date
    shift: str | None
    flags: list[str]
    read_by: list[HandoverReaderOut]
