"""The defect catalogue, the counts of defects and output by day, and read copies of names.

Invariant: a count is the sum of the results that were applied; the inbox row of a result's job is written in the same
transaction.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.quality.base import Base


class Defect(Base, table=True):
    """A defect of the catalogue; ``version`` counts its changes."""

    code: str = Field(primary_key=True, max_length=60)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    picture_id: UUID | None = Field(
        default=None, foreign_key="media.id", sa_column_kwargs={"name": "picture", "key": "picture_id"}
    )
    active: bool = True
    version: int = 1
    updated_at: datetime = Field(sa_type=TIMESTAMP(timezone=True), nullable=False)


class DefectCount(Base, table=True):
    """Pieces scrapped for a defect on a business date; the defect need not be in the catalogue."""

    __tablename__ = "defect_count"

    business_date: date = Field(primary_key=True)
    item: str = Field(primary_key=True)
    machine: str = Field(primary_key=True)
    defect: str = Field(primary_key=True)
    quantity: Decimal = Field(sa_type=Numeric)


class OutputCount(Base, table=True):
    """Pieces processed on a business date."""

    __tablename__ = "output_count"

    business_date: date = Field(primary_key=True)
    item: str = Field(primary_key=True)
    machine: str = Field(primary_key=True)
    good: Decimal = Field(sa_type=Numeric)
    scrap: Decimal = Field(sa_type=Numeric)


class OutputMonth(Base, table=True):
    """``OutputCount`` of a month, named by its first day: triggers keep both alike."""

    __tablename__ = "output_month"

    month: date = Field(primary_key=True)
    item: str = Field(primary_key=True)
    machine: str = Field(primary_key=True)
    good: Decimal = Field(sa_type=Numeric)
    scrap: Decimal = Field(sa_type=Numeric)


class DefectMonth(Base, table=True):
    """``DefectCount`` of a month by defect."""

    __tablename__ = "defect_month"

    month: date = Field(primary_key=True)
    defect: str = Field(primary_key=True)
    quantity: Decimal = Field(sa_type=Numeric)


class KnownItem(Base, table=True):
    """The read copy of an item's name."""

    __tablename__ = "known_item"

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)


class KnownMachine(Base, table=True):
    """The read copy of a machine's name."""

    __tablename__ = "known_machine"

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
