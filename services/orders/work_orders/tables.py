"""Work orders and the operations they were released with."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base

INSTANT = TIMESTAMP(timezone=True)


class WorkOrder(Base, table=True):
    """One order; ``version`` counts the events told about it, ``parent`` is the order that it is made for."""

    __tablename__ = "work_order"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(
            "state IN ('draft', 'planned', 'released', 'in_progress', 'on_hold', 'completed', 'closed', 'cancelled')",
            name="state",
        ),
        CheckConstraint("(state = 'on_hold') = (held_from IS NOT NULL)", name="held"),
        CheckConstraint("state IN ('draft', 'planned', 'cancelled') OR released_at IS NOT NULL", name="released"),
        CheckConstraint("state NOT IN ('completed', 'closed') OR completed_at IS NOT NULL", name="completed"),
        Index(
            "ix_work_order_open",
            "due_at",
            "number",
            postgresql_where=text("state NOT IN ('completed', 'closed', 'cancelled')"),
        ),
        Index("ix_work_order_state", "state", "due_at", "number"),
    )

    id: UUID = Field(primary_key=True)
    number: str = Field(unique=True)
    external_id: str | None = Field(default=None, unique=True)
    item: str = Field(foreign_key="item.code", index=True)
    quantity: Decimal = Field(sa_type=Numeric)
    due_at: datetime = Field(sa_type=INSTANT)
    priority: int = 50
    state: str = "draft"
    held_from: str | None = None
    reason: str | None = None
    customer: str | None = None
    sales_order: str | None = None
    note: str | None = None
    parent: UUID | None = Field(default=None, foreign_key="work_order.id", index=True)
    created_at: datetime = Field(sa_type=INSTANT)
    released_at: datetime | None = Field(default=None, sa_type=INSTANT)
    started_at: datetime | None = Field(default=None, sa_type=INSTANT)
    completed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    version: int = 1


class WorkOrderOperation(Base, table=True):
    """An operation as it was frozen at release, and what the floor has reported on it."""

    __tablename__ = "work_order_operation"
    __table_args__ = (CheckConstraint("(instruction IS NULL) = (instruction_revision IS NULL)", name="instruction"),)

    work_order: UUID = Field(primary_key=True, foreign_key="work_order.id")
    op: int = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    work_center: str | None = None
    machine: str | None = None
    planned: Decimal = Field(sa_type=Numeric)
    state: str = "waiting"
    good: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    scrap: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    rework: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    instruction: str | None = Field(default=None, index=True)
    instruction_revision: int | None = None


class NumberSeries(Base, table=True):
    """The last sequence number given out in a month."""

    __tablename__ = "number_series"

    month: str = Field(primary_key=True)
    last: int
