"""Orders as an ERP sent them, the work orders they became, and the items they may name.

Invariant: one row for each external id; an accepted order has its work order, a refused one the reason.
``erp_order_part`` has the work order and the parts that were split from it.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, literal_column
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.erp_bridge.base import Base
from shared.kit.searching import SOON_MERGED, letters_of
from shared.kit.units import StockUnit

INSTANT = TIMESTAMP(timezone=True)


ORDER_TEXT = "search_text(external_id, number, item, customer, sales_order)"
"""What an order is searched by, as the index has it."""


class ErpOrder(Base, table=True):
    """One line of the ERP's order document; ``version`` counts its events.

    ``asked`` is what the ERP asks for of a released order and the shop has not taken: not decided yet, or refused with
    ``reason``. ``cancel`` is the change request by which it is or was to be cancelled; a refusal takes it away.
    """

    __tablename__ = "erp_order"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("source IN ('http', 'file')", name="source"),
        CheckConstraint("state IN ('received', 'accepted', 'refused', 'cancelled')", name="state"),
        CheckConstraint("state <> 'accepted' OR work_order IS NOT NULL", name="accepted"),
        CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name="refused"),
        CheckConstraint("(work_order IS NULL) = (number IS NULL)", name="work_order"),
        CheckConstraint("(work_order IS NULL) = (work_order_state IS NULL)", name="work_order_state"),
        Index("ix_erp_order_received", "received_at", "external_id"),
        Index("ix_erp_order_state", "state", "received_at", "external_id"),
        Index(
            "ix_erp_order_letters",
            literal_column(letters_of(ORDER_TEXT)).label("letters"),
            postgresql_using="gin",
            postgresql_with=SOON_MERGED,
        ),
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
    asked: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    cancel: UUID | None = None
    version: int = 1


class ErpOrderCount(Base, table=True):
    """The orders in a state, by parts: a trigger counts each into that of its connection, so that none waits."""

    __tablename__ = "erp_order_count"

    state: str = Field(primary_key=True)
    part: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    orders: int


class ErpOrderPart(Base, table=True):
    """A work order of an ERP's order: the one that was made of it, or a part of that."""

    __tablename__ = "erp_order_part"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    work_order: UUID = Field(primary_key=True)
    external_id: str = Field(index=True)
    number: str
    quantity: Decimal = Field(sa_type=Numeric)
    state: str


class ImportRun(Base, table=True):
    """A file of orders that was imported."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_at", "at", "id"),)

    id: UUID = Field(primary_key=True)
    file: str
    at: datetime = Field(sa_type=INSTANT)
    person: str
    summary: dict[str, int] = Field(sa_type=JSONB, nullable=False)


class ImportRow(Base, table=True):
    """What became of a row of an imported file; one that changed nothing is not stored.

    ``errors`` are {field, code, params}, ``changes`` what it asks to change of a released order, ``cells`` what stood
    in a row that was not taken.
    """

    __tablename__ = "import_row"

    run: UUID = Field(primary_key=True, foreign_key="import_run.id")
    row: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: str
    verdict: str
    errors: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)
    changes: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)
    cells: dict[str, str] = Field(sa_type=JSONB, nullable=False)


class KnownItem(Base, table=True):
    """The read copy of an item, as far as orders need it."""

    __tablename__ = "known_item"

    code: str = Field(primary_key=True)
    active: bool
    unit: str | None = None
    unit_conversions: list[dict[str, str]] = Field(
        default_factory=list, sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": "[]"}
    )

    @property
    def stock_unit(self) -> StockUnit:
        """The unit of its quantities, and what converts to it: [{unit, factor}]."""
        return StockUnit.of(self.code, self.unit or "", self.unit_conversions)


class Unit(Base, table=True):
    """The read copy of a unit of measure; ``decimals`` 0 counts."""

    code: str = Field(primary_key=True)
    decimals: int
    aliases: list[str] = Field(sa_type=JSONB, nullable=False)
    active: bool = True
