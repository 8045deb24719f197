"""Master data by code. Nothing is deleted: what is no longer used is not ``active``."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base
from shared.kit.units import StockUnit, related_units


class Definition(Base):
    """The columns of all kinds of master data; ``version`` counts the changes of one entry."""

    code: str = Field(primary_key=True, max_length=60)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    active: bool = True
    version: int = 1
    updated_at: datetime = Field(sa_type=TIMESTAMP(timezone=True), nullable=False)


class Unit(Definition, table=True):
    """A unit of measure; ``decimals`` 0 counts. Names of units in use differ, and so do their ``aliases``."""

    __table_args__ = (CheckConstraint("decimals BETWEEN 0 AND 6", name="decimals"),)

    decimals: int
    aliases: list[str] = Field(default_factory=list, sa_type=JSONB, nullable=False)

    @property
    def related(self) -> list[str]:
        """The other units that measure or count the same, and convert without an item saying how."""
        return related_units(self.code)


class Item(Definition, table=True):
    """An item that the shop buys or makes. ``unit`` is its stock unit, ``box_quantity`` the pieces of a full box.

    ``unit_conversions`` are [{unit, factor}]: 1 ``unit`` is ``factor`` stock units, a decimal or a fraction as text.
    ``lot_rule`` is the form of its lot numbers, e.g. ``{item}-{yymmdd}-{nnn}``; without one the floor has a usual rule.
    """

    __table_args__ = (
        CheckConstraint("kind IN ('raw', 'purchased', 'semi', 'finished')", name="kind"),
        CheckConstraint("box_quantity > 0", name="box_quantity"),
        CheckConstraint("supply IN ('make', 'buy')", name="supply"),
        CheckConstraint("shelf_life_d > 0", name="shelf_life"),
    )

    kind: str
    unit: str
    box_quantity: Decimal | None = Field(default=None, sa_type=Numeric)
    supply: str
    unit_conversions: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    lot_tracked: bool = False
    serial_tracked: bool = False
    lot_rule: str | None = None
    shelf_life_d: int | None = None
    lot_size: dict[str, str | None] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    picture_id: UUID | None = Field(
        default=None, foreign_key="media.id", sa_column_kwargs={"name": "picture", "key": "picture_id"}
    )
    note: str | None = None

    @property
    def stock_unit(self) -> StockUnit:
        """The unit of its quantities, and what converts to it."""
        return StockUnit.of(self.code, self.unit, self.unit_conversions)


class Area(Definition, table=True):
    """A part of the site (ISA-95 area)."""


class WorkCenter(Definition, table=True):
    """A group of like machines (ISA-95 work center)."""

    __tablename__ = "work_center"

    area: str | None = Field(default=None, foreign_key="area.code")


class Machine(Definition, table=True):
    """One machine (ISA-95 work unit)."""

    work_center: str = Field(foreign_key="work_center.code")


class Reason(Definition, table=True):
    """A reason why a machine stops, an order is held or a result is corrected."""

    __table_args__ = (CheckConstraint("kind IN ('planned', 'setup', 'unplanned', 'hold', 'correction')", name="kind"),)

    kind: str
    note_required: bool = False


class Shift(Definition, table=True):
    """A shift of the day, in the shop's time zone; it may end on the next day.

    ``earlier`` are the times that it had before: [{until, starts, ends, active}], ``until`` the first day without them.
    """

    starts: time
    ends: time
    earlier: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": "[]"}
    )


class Tool(Definition, table=True):
    """A die, mould, jig or gauge. One shot makes ``cavities`` pieces; ``shots`` were made so far."""

    __table_args__ = (
        CheckConstraint("kind IN ('die', 'mould', 'jig', 'gauge', 'other')", name="kind"),
        CheckConstraint("cavities > 0 AND life_shots > 0 AND maintenance_shots > 0 AND shots >= 0", name="positive"),
    )

    kind: str
    cavities: int = 1
    life_shots: int | None = None
    maintenance_shots: int | None = None
    shots: int = 0


class Skill(Definition, table=True):
    """A skill that people can have."""


class PersonSkills(Base, table=True):
    """A person's skills, by code: [{skill, level}], level 1 learns, 2 works, 3 works alone, 4 teaches."""

    __tablename__ = "person_skills"

    person: str = Field(primary_key=True, max_length=60)
    skills: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)
    version: int = 1
    updated_at: datetime = Field(sa_type=TIMESTAMP(timezone=True), nullable=False)


class Calendar(Definition, table=True):
    """The days off, [{date, name}], and the days on which a shift ends at another time, [{date, shift, ends}].

    ``closed``: what counts instead ``before`` a day, as these days were closed when the calendar was changed.
    """

    days_off: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)
    overtime: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)
    closed: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
