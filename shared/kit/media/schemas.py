"""Media over HTTP."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class MediaOut(BaseModel):
    """A stored picture or PDF; ``size`` in bytes, ``width`` and ``height`` in pixels."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    type: str
    size: int
    width: int | None
    height: int | None
    name: str
