"""Master data by code. Nothing is deleted: what is no longer used is not ``active``."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Numeric
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base


class Definition(Base):
    """What all kinds of master data have; ``version`` counts the changes of one entry."""

    code: str = Field(primary_key=True, max_length=60)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    active: bool = True
    version: int = 1
    updated_at: datetime = Field(sa_type=TIMESTAMP(timezone=True), nullable=False)


class Item(Definition, table=True):
    """What the shop buys or makes. ``unit`` is its stock unit, ``box_quantity`` the pieces of a full box."""

    __table_args__ = (
        CheckConstraint("kind IN ('raw', 'purchased', 'semi', 'finished')", name="kind"),
        CheckConstraint("box_quantity > 0", name="box_quantity"),
    )

    kind: str
    unit: str
    box_quantity: Decimal | None = Field(default=None, sa_type=Numeric)


class WorkCenter(Definition, table=True):
    """A group of like machines (ISA-95 work center)."""

    __tablename__ = "work_center"


class Machine(Definition, table=True):
    """One machine (ISA-95 work unit)."""

    work_center: str = Field(foreign_key="work_center.code")


class Reason(Definition, table=True):
    """Why a machine stops, an order is held or a result is corrected."""

    __table_args__ = (CheckConstraint("kind IN ('planned', 'setup', 'unplanned', 'hold', 'correction')", name="kind"),)

    kind: str
    note_required: bool = False


class Shift(Definition, table=True):
    """A shift of the day, in the shop's time zone; it may end on the next day."""

    starts: time
    ends: time


class Routing(Base, table=True):
    """How an item is made; the operations stand in ``routing_operation``."""

    item: str = Field(primary_key=True, foreign_key="item.code")
    version: int = 1
    updated_at: datetime = Field(sa_type=TIMESTAMP(timezone=True), nullable=False)


class RoutingOperation(Base, table=True):
    """One step. ``cycle_s`` seconds make ``per_cycle`` pieces; ``setup_s`` seconds of set-up come before."""

    __tablename__ = "routing_operation"
    __table_args__ = (
        CheckConstraint("op > 0 AND cycle_s >= 0 AND per_cycle > 0 AND setup_s >= 0 AND crew > 0", name="positive"),
        CheckConstraint("subcontract OR work_center IS NOT NULL", name="somewhere"),
    )

    item: str = Field(sa_column=Column(ForeignKey("routing.item", ondelete="CASCADE"), primary_key=True))
    op: int = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    work_center: str | None = Field(default=None, foreign_key="work_center.code")
    machine: str | None = Field(default=None, foreign_key="machine.code")
    cycle_s: Decimal = Field(sa_type=Numeric)
    per_cycle: Decimal = Field(sa_type=Numeric)
    setup_s: Decimal = Field(sa_type=Numeric)
    crew: int = 1
    subcontract: bool = False
    lead_time_d: Decimal | None = Field(default=None, sa_type=Numeric)
    instruction: str | None = None

    def values(self) -> dict[str, Any]:
        """The step without its item."""
        return self.model_dump(exclude={"item"})
