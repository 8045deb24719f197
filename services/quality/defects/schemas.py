"""Defects over HTTP."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.quality.defects.domain import By
from shared.kit.names import Name
from shared.kit.quantities import QuantityOut
from shared.kit.references import refers_to


class DefectIn(BaseModel):
    """A defect of the catalogue."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Name
    picture_id: UUID | None = refers_to("picture", default=None)
    active: bool = True


class DefectOut(BaseModel):
    """A defect of the catalogue."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: dict[str, str]
    picture_id: UUID | None = refers_to("picture")
    active: bool
    version: int
    updated_at: datetime


class BarOut(BaseModel):
    """One bar; ``name`` is null for a code that the catalogue does not know, ``picture_id`` is a defect's.

    ``share`` and ``cumulative`` are 0 … 1.
    """

    key: str
    name: dict[str, str] | None
    picture_id: UUID | None = refers_to("picture")
    quantity: QuantityOut
    processed: QuantityOut
    ppm: QuantityOut
    share: float
    cumulative: float


class ParetoOut(BaseModel):
    """Scrapped pieces of a period, the largest part first; ``ppm`` is pooled over the whole period."""

    by: By
    from_: date | None = Field(serialization_alias="from")
    to: date | None
    total: QuantityOut
    processed: QuantityOut
    ppm: QuantityOut
    items: list[BarOut]
