"""Which order is made for which: a parent's need and the orders that cover it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlmodel import Field

from services.orders.base import Base


class OrderPeg(Base, table=True):
    """``quantity`` of what ``supply`` makes is for ``parent``; a cancelled parent sets it free again."""

    __tablename__ = "order_peg"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"), Index("ix_order_peg_supply", "supply"))

    parent: UUID = Field(primary_key=True, foreign_key="work_order.id")
    supply: UUID = Field(primary_key=True, foreign_key="work_order.id")
    quantity: Decimal = Field(sa_type=Numeric)
