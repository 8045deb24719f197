"""Work instructions over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from shared.kit.references import refers_to


class PageOut(BaseModel):
    """One page: a text by language, and the media id of a picture or PDF."""

    text: dict[str, str]
    media_id: UUID | None = refers_to("media")


class JobInstructionOut(BaseModel):
    """The revision that a job was released with.

    ``confirmed_at`` is when the caller confirmed it, null while it is new to them.
    """

    code: str
    revision: int
    title: dict[str, str]
    pages: list[PageOut]
    confirmed_at: datetime | None
