"""Change requests.

Invariants: a decided request says by whom and when; an order has at most one open request of the ERP;
``work_order.changes_open`` counts the open ones of an order.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.orders.base import Base

INSTANT = TIMESTAMP(timezone=True)


class ChangeRequest(Base, table=True):
    """New values of a released order, in ``wanted``.

    ``difference`` and ``done`` are as the request was made, and, decided, as it was decided.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'applied', 'refused')", name="state"),
        CheckConstraint("origin IN ('person', 'erp')", name="origin"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by"),
        CheckConstraint("(origin = 'erp') = (erp_order IS NOT NULL)", name="erp_order"),
        Index("ix_change_request_work_order", "work_order", "id"),
        Index("ix_change_request_state", "state", "id"),
        Index(
            "uq_change_request_erp",
            "work_order",
            unique=True,
            postgresql_where=text("state = 'proposed' AND origin = 'erp'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    work_order: UUID = Field(foreign_key="work_order.id")
    origin: str
    state: str = "proposed"
    wanted: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
    erp_order: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    difference: list[Any] = Field(sa_type=JSONB, nullable=False)
    done: list[Any] = Field(sa_type=JSONB, nullable=False)
    reason: str | None = None
    by: str
    at: datetime = Field(sa_type=INSTANT)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    decision: str | None = None
