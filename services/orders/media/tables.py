"""Media by the hash of their content: the same picture is stored once, whoever sends it under whatever name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base
from services.orders.media.domain import LIMIT_BYTES, TYPES


class Media(Base, table=True):
    """A picture or a PDF; nothing of it ever changes. ``width`` and ``height`` in pixels."""

    __table_args__ = (
        CheckConstraint(f"type IN ({', '.join(repr(type_) for type_ in TYPES)})", name="type"),
        CheckConstraint(f"size = octet_length(content) AND size BETWEEN 1 AND {LIMIT_BYTES}", name="size"),
    )

    id: UUID = Field(primary_key=True)
    sha256: bytes = Field(sa_type=LargeBinary, unique=True, nullable=False)
    type: str
    size: int
    width: int | None = None
    height: int | None = None
    name: str
    content: bytes = Field(sa_type=LargeBinary, nullable=False)
    added_at: datetime = Field(sa_type=TIMESTAMP(timezone=True), nullable=False)
    added_by: str
