"""BOMs and routings in revisions.

Of one item's revisions at most one is in force on a day; none is ever changed but for its end.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base
from services.orders.products.domain import BillLine
from shared.kit.quantities import exact, plain

INSTANT = TIMESTAMP(timezone=True)


class Document(Base):
    """The document that revisions belong to; ``version`` counts them all."""

    item: str = Field(primary_key=True, foreign_key="item.code")
    version: int = 1
    updated_at: datetime = Field(sa_type=INSTANT, nullable=False)


class Revision(Base):
    """One revision; ``effective_to`` is its last day. One that was replaced on its first day ends the day before it."""

    item: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    effective_from: date
    effective_to: date | None = None
    created_at: datetime = Field(sa_type=INSTANT, nullable=False)


IN_ORDER = "effective_to >= effective_from - 1"


class Bom(Document, table=True):
    """The BOM of an item."""


class BomRevision(Revision, table=True):
    """One revision of a BOM."""

    __tablename__ = "bom_revision"
    __table_args__ = (CheckConstraint(IN_ORDER, name="in_order"),)

    item: str = Field(primary_key=True, foreign_key="bom.item")


@dataclass(frozen=True)
class Portion:
    """``quantity`` of ``unit``, or of the stock unit, of a component, as it was written."""

    component: str
    quantity: str
    unit: str | None
    factor: str | None


class BomLine(Base, table=True):
    """``quantity`` of ``component`` for one of the item, as it was written; ``rounded`` is that in its stock unit.

    A fraction, or a quantity of another ``unit``, is ``written`` as it is, with the ``factor`` (stock units of one
    ``unit``) that it had then; else ``rounded`` says it all. ``substitutes`` are the same of other components.
    """

    __tablename__ = "bom_line"
    __table_args__ = (
        ForeignKeyConstraint(["item", "revision"], ["bom_revision.item", "bom_revision.revision"]),
        CheckConstraint("quantity > 0 AND scrap_pct >= 0", name="positive"),
        Index("ix_bom_line_component", "component"),
    )

    item: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    component: str = Field(foreign_key="item.code")
    rounded: Decimal = Field(sa_type=Numeric, sa_column_kwargs={"name": "quantity", "key": "rounded"})
    written: str | None = None
    unit: str | None = None
    factor: str | None = None
    scrap_pct: Decimal = Field(sa_type=Numeric)
    op: int | None = None
    substitutes: list[dict[str, str]] = Field(
        sa_type=JSONB, nullable=False, sa_column_kwargs={"name": "alternates", "key": "substitutes"}
    )

    @property
    def quantity(self) -> str:
        """The quantity as it was written."""
        return self.written or plain(self.rounded)

    @property
    def alternates(self) -> list[Portion]:
        """The alternates as they were written."""
        return [
            Portion(
                other["component"], other.get("written") or other["quantity"], other.get("unit"), other.get("factor")
            )
            for other in self.substitutes
        ]

    def values(self) -> dict[str, Any]:
        """The line without its item and revision."""
        return self.model_dump(exclude={"item", "revision"})

    @property
    def portions(self) -> list[Portion]:
        """The component and its alternates, as they were written."""
        return [Portion(self.component, self.quantity, self.unit, self.factor), *self.alternates]

    def line(self) -> BillLine:
        """The line as the rules see it."""
        alternates = tuple(
            (other.component, exact(other.quantity) * exact(other.factor or "1")) for other in self.alternates
        )
        quantity = exact(self.quantity) * exact(self.factor or "1")
        return BillLine(self.component, quantity, self.scrap_pct, self.op, alternates)


class Routing(Document, table=True):
    """The routing of an item."""


class RoutingRevision(Revision, table=True):
    """One revision of a routing."""

    __tablename__ = "routing_revision"
    __table_args__ = (CheckConstraint(IN_ORDER, name="in_order"),)

    item: str = Field(primary_key=True, foreign_key="routing.item")


class RoutingOperation(Base, table=True):
    """One step. ``cycle_s`` seconds make ``per_cycle`` pieces, or ``run_s_per_batch`` seconds a batch.

    ``setup_s`` seconds come before.

    ``predecessors`` None is the step before it; ``machines`` may do it too, beside ``machine``.
    """

    __tablename__ = "routing_operation"
    __table_args__ = (
        ForeignKeyConstraint(["item", "revision"], ["routing_revision.item", "routing_revision.revision"]),
        CheckConstraint("op > 0 AND cycle_s >= 0 AND per_cycle > 0 AND setup_s >= 0 AND crew > 0", name="positive"),
        CheckConstraint("subcontract OR work_center IS NOT NULL", name="somewhere"),
        CheckConstraint("(run_s_per_batch IS NULL) = (batch_size IS NULL) AND batch_size > 0", name="batch"),
        CheckConstraint("ratio > 0", name="ratio"),
    )

    item: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    op: int = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    work_center: str | None = Field(default=None, foreign_key="work_center.code")
    machine: str | None = Field(default=None, foreign_key="machine.code")
    machines: list[str] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    tool: str | None = Field(default=None, foreign_key="tool.code")
    cycle_s: Decimal = Field(sa_type=Numeric)
    per_cycle: Decimal = Field(sa_type=Numeric)
    run_s_per_batch: Decimal | None = Field(default=None, sa_type=Numeric)
    batch_size: Decimal | None = Field(default=None, sa_type=Numeric)
    setup_s: Decimal = Field(sa_type=Numeric)
    crew: int = 1
    subcontract: bool = False
    lead_time_d: Decimal | None = Field(default=None, sa_type=Numeric)
    predecessors: list[int] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    ratio: Decimal = Field(default=Decimal(1), sa_type=Numeric)
    instruction: str | None = None
    self_inspection: bool = False

    def values(self) -> dict[str, Any]:
        """The step without its item and revision."""
        return self.model_dump(exclude={"item", "revision"})
