"""Work orders, the operations they were released with, what became of them, and which order is made for which.

Invariants: an ERP's ``external_id`` has one order that was not split off another, and its parts; an order that was
closed has its reconciliation.
"""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base
from shared.kit.searching import SOON_MERGED, letters_of

INSTANT = TIMESTAMP(timezone=True)


ORDER_TEXT = "search_text(number, external_id, item, customer, sales_order)"
"""What an order is searched by, as the index has it."""


class WorkOrder(Base, table=True):
    """One order; ``version`` counts its events, ``parent`` is the order that it is made for.

    Without tolerances of its own it gets the shop's when it is released.
    """

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
        CheckConstraint("changes_open >= 0", name="changes_open"),
        Index("ix_work_order_state", "state", "due_at", "number"),
        Index("ix_work_order_due", "due_at", "number"),
        Index("ix_work_order_item", "item", "number"),
        Index("ix_work_order_item_due", "item", "due_at", "number"),
        Index("ix_work_order_customer", "customer", "due_at", "number"),
        Index("ix_work_order_priority", "priority", "number"),
        Index("ix_work_order_quantity", "quantity", "number"),
        Index("ix_work_order_created", "created_at", "number"),
        Index("ix_work_order_released", "released_at", postgresql_where=text("released_at IS NOT NULL")),
        Index(
            "ix_work_order_letters",
            literal_column(letters_of(ORDER_TEXT)).label("letters"),
            postgresql_using="gin",
            postgresql_with=SOON_MERGED,
        ),
        Index("uq_work_order_external_id", "external_id", unique=True, postgresql_where=text("split_from IS NULL")),
        Index("ix_work_order_external_id", "external_id"),
    )

    id: UUID = Field(primary_key=True)
    number: str = Field(unique=True)
    external_id: str | None = None
    split_from: UUID | None = Field(default=None, foreign_key="work_order.id", index=True)
    item: str = Field(foreign_key="item.code")
    quantity: Decimal = Field(sa_type=Numeric)
    due_at: datetime = Field(sa_type=INSTANT)
    priority: int = 50
    state: str = "draft"
    held_from: str | None = None
    reason: str | None = None
    customer: str | None = None
    sales_order: str | None = None
    note: str | None = None
    over_tolerance_pct: Decimal | None = Field(default=None, sa_type=Numeric)
    under_tolerance_pct: Decimal | None = Field(default=None, sa_type=Numeric)
    changes_open: int = 0
    routing_revision: int | None = None
    bom_revision: int | None = None
    parent: UUID | None = Field(default=None, foreign_key="work_order.id", index=True)
    created_at: datetime = Field(sa_type=INSTANT)
    released_at: datetime | None = Field(default=None, sa_type=INSTANT)
    started_at: datetime | None = Field(default=None, sa_type=INSTANT)
    completed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    version: int = 1

    @property
    def subject(self) -> str:
        """The order as events and the audit trail name it."""
        return self.subject_of(self.id)


class WorkOrderOperation(Base, table=True):
    """An operation as it was frozen at release, and what the floor has reported on it."""

    __tablename__ = "work_order_operation"
    __table_args__ = (CheckConstraint("(instruction IS NULL) = (instruction_revision IS NULL)", name="instruction"),)

    work_order: UUID = Field(primary_key=True, foreign_key="work_order.id")
    op: int = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    work_center: str | None = None
    machine: str | None = None
    predecessors: list[int] = Field(sa_type=JSONB, nullable=False)
    ratio: Decimal = Field(default=Decimal(1), sa_type=Numeric)
    tool: str | None = None
    setup_s: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    piece_s: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    lead_time_d: Decimal | None = Field(default=None, sa_type=Numeric)
    skip: bool = False
    planned: Decimal = Field(sa_type=Numeric)
    state: str = "waiting"
    good: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    scrap: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    rework: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    rework_in: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    sent: Decimal = Field(default=Decimal(0), sa_type=Numeric, sa_column_kwargs={"server_default": "0"})
    instruction: str | None = None
    instruction_revision: int | None = None


class WorkOrderMaterial(Base, table=True):
    """A component for one of the order's item, as the BOM said at release, in its stock unit.

    ``line`` counts the BOM's lines; ``exact`` is the quantity as a fraction where no decimal says it.
    """

    __tablename__ = "work_order_material"

    work_order: UUID = Field(primary_key=True, foreign_key="work_order.id")
    line: int = Field(primary_key=True)
    component: str
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    unit: str
    quantity: Decimal = Field(sa_type=Numeric)
    exact: str | None = None
    scrap_pct: Decimal = Field(sa_type=Numeric)
    op: int | None = None

    @property
    def per_piece(self) -> Fraction:
        """The exact quantity for one, without what is lost."""
        return Fraction(self.exact or self.quantity)


class WorkOrderMilestone(Base, table=True):
    """An operation was begun, finished, skipped or opened again, for the order's history. ``id`` is the event's.

    ``person`` is the pseudonymous id of the event, before v0.2 the code.
    """

    __tablename__ = "work_order_milestone"
    __table_args__ = (Index("ix_work_order_milestone_at", "work_order", "at"),)

    id: UUID = Field(primary_key=True)
    work_order: UUID = Field(foreign_key="work_order.id")
    op: int
    state: str
    at: datetime = Field(sa_type=INSTANT)
    person: str | None = None
    machine: str | None = None
    reason: str | None = None


class Reconciliation(Base, table=True):
    """The balance of a closed order's pieces, as it was closed, and done anew for what was reported after that.

    A revision is never changed; the last one holds while the order is closed.
    """

    __tablename__ = "work_order_reconciliation"
    __table_args__ = (CheckConstraint("revision > 0", name="revision"),)

    work_order: UUID = Field(primary_key=True, foreign_key="work_order.id")
    revision: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False, "server_default": "1"})
    at: datetime = Field(sa_type=INSTANT)
    person: str
    reason: str | None = None
    report: dict[str, Any] = Field(sa_type=JSONB, nullable=False)


class OrderCount(Base, table=True):
    """The orders in a state, by parts: a trigger counts each into that of its connection, so that none waits."""

    __tablename__ = "work_order_count"

    state: str = Field(primary_key=True)
    part: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    orders: int


class OrderPeg(Base, table=True):
    """``quantity`` of what ``supply`` makes is for ``parent``; a cancelled parent sets it free again."""

    __tablename__ = "order_peg"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"), Index("ix_order_peg_supply", "supply"))

    parent: UUID = Field(primary_key=True, foreign_key="work_order.id")
    supply: UUID = Field(primary_key=True, foreign_key="work_order.id")
    quantity: Decimal = Field(sa_type=Numeric)


class NumberSeries(Base, table=True):
    """The last sequence number given out in a month."""

    __tablename__ = "number_series"

    month: str = Field(primary_key=True)
    last: int
