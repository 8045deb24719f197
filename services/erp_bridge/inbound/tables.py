"""Orders as an ERP sent them, and the items it may name.

Invariant: one row for each external id; an accepted order has its work order, a refused one the reason.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import Field

from services.erp_bridge.base import Base

INSTANT = TIMESTAMP(timezone=True)


class ErpOrder(Base, table=True):
    """One line of the ERP's order document; ``version`` counts the events told about it."""

    __tablename__ = "erp_order"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("source IN ('http', 'file')", name="source"),
        CheckConstraint("state IN ('received', 'accepted', 'refused')", name="state"),
        CheckConstraint("state <> 'accepted' OR work_order IS NOT NULL", name="accepted"),
        CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name="refused"),
        CheckConstraint("(work_order IS NULL) = (number IS NULL)", name="work_order"),
        CheckConstraint("(work_order IS NULL) = (work_order_state IS NULL)", name="work_order_state"),
        Index("ix_erp_order_received", "received_at", "external_id"),
    )

    external_id: str = Field(primary_key=True)
    item: str
    quantity: Decimal = Field(sa_type=Numeric)
    due_at: datetime = Field(sa_type=INSTANT)
    priority: int
    customer: str | None = None
    sales_order: str | None = None
    note: str | None = None
    source: str
    state: str = "received"
    reason: str | None = None
    work_order: UUID | None = None
    number: str | None = None
    work_order_state: str | None = None
    received_at: datetime = Field(sa_type=INSTANT)
    version: int = 1


class KnownItem(Base, table=True):
    """The read copy of an item, as far as orders need it."""

    __tablename__ = "known_item"

    code: str = Field(primary_key=True)
    active: bool
