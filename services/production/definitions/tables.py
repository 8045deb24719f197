"""Read copies of master data, by code. What is not in use any more stays: facts still name it."""

from datetime import time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.production.base import Base
from shared.kit.units import StockUnit


class Unit(Base, table=True):
    """A unit of measure; ``decimals`` 0 counts."""

    code: str = Field(primary_key=True)
    decimals: int
    aliases: list[str] = Field(sa_type=JSONB, nullable=False)
    active: bool = True


class Item(Base, table=True):
    """An item, how its lots are tracked and numbered, and which units it converts to its own: [{unit, factor}]."""

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    kind: str
    unit: str
    box_quantity: Decimal | None = Field(default=None, sa_type=Numeric)
    active: bool
    lot_tracked: bool
    serial_tracked: bool
    shelf_life_d: int | None = None
    lot_rule: str | None = None
    picture_id: UUID | None = Field(default=None, sa_column_kwargs={"name": "picture", "key": "picture_id"})
    unit_conversions: list[dict[str, str]] = Field(
        default_factory=list, sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": "[]"}
    )

    @property
    def stock_unit(self) -> StockUnit:
        """The unit of its quantities, and what converts to it."""
        return StockUnit.of(self.code, self.unit, self.unit_conversions)


class Reason(Base, table=True):
    """A reason for which a machine stops."""

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    kind: str
    note_required: bool = False
    active: bool = True


class Shift(Base, table=True):
    """A shift of the day, in the shop's time zone; ``earlier`` are the times that it had before.

    ``version`` is that of the definition, as in ``Calendar``: their sum grows with every change of the shop's calendar.
    """

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    starts: time
    ends: time
    active: bool = True
    earlier: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": "[]"}
    )
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Calendar(Base, table=True):
    """What counts of a calendar: the days off, and [{date, shift, ends}] where a shift ends at another time."""

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    active: bool = True
    days_off: list[str] = Field(sa_type=JSONB, nullable=False)
    overtime: list[dict[str, str]] = Field(sa_type=JSONB, nullable=False)
    version: int = 0


class Defect(Base, table=True):
    """A defect of the quality service's catalogue."""

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    active: bool = True
