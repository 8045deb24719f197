"""The ledger of confirmations, webhooks, and the deliveries of the one to the others.

Invariants: positions are given out under the lock of the one ``ledger`` row, which is held until the commit, so that
they have no hole and become visible in their order: who reads on from a position misses nothing. An event is confirmed
once (``id``). An operation is final when its jobs have ended in all parts of the order (``operation_job``); a final
confirmation is reopened once at most, and holds no more then. A confirmation has one delivery for each webhook that was
there when it was written.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from services.erp_bridge.base import Base

INSTANT = TIMESTAMP(timezone=True)


class Ledger(Base, table=True):
    """One row: the last position that was given out."""

    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int = Field(sa_type=BigInteger)


class Confirmation(Base, table=True):
    """A difference on an operation since the confirmation before, negative for a reversal.

    Without an operation: the quantity that is to be made now.
    """

    __table_args__ = (
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("NOT final OR (good = 0 AND rework = 0 AND scrap = '[]')", name="final"),
        CheckConstraint(
            "op IS NOT NULL AND job IS NOT NULL AND num_nulls(total_good, total_scrap, total_rework) = 0"
            " OR num_nonnulls(op, job, total_good, total_scrap, total_rework) = 0"
            " AND good = 0 AND rework = 0 AND scrap = '[]'"
            " AND NOT final AND order_quantity IS NOT NULL",
            name="operation",
        ),
        Index("ix_confirmation_operation", "external_id", "op"),
        CheckConstraint(
            "reopens IS NULL OR op IS NOT NULL AND NOT final AND good = 0 AND rework = 0 AND scrap = '[]'",
            name="reopens",
        ),
        Index("uq_confirmation_reopens", "reopens", unique=True, postgresql_where=text("reopens IS NOT NULL")),
    )

    position: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    id: UUID = Field(unique=True)
    external_id: str
    work_order: UUID
    number: str
    op: int | None
    item: str
    job: UUID | None
    good: Decimal = Field(sa_type=Numeric)
    scrap: list[dict[str, Any]] = Field(sa_type=JSONB, nullable=False)
    rework: Decimal = Field(sa_type=Numeric)
    started_at: datetime | None = Field(sa_type=INSTANT)
    finished_at: datetime | None = Field(sa_type=INSTANT)
    final: bool
    total_good: Decimal | None = Field(sa_type=Numeric)
    total_scrap: Decimal | None = Field(sa_type=Numeric)
    total_rework: Decimal | None = Field(sa_type=Numeric)
    recorded_at: datetime = Field(sa_type=INSTANT)
    order_quantity: Decimal | None = Field(default=None, sa_type=Numeric)
    traceparent: str | None = None
    reopens: UUID | None = None


class OperationJob(Base, table=True):
    """A job of an operation of an ERP's order; a split order has one in each part."""

    __tablename__ = "operation_job"
    __table_args__ = (Index("ix_operation_job_operation", "external_id", "op"),)

    job: UUID = Field(primary_key=True)
    external_id: str
    op: int
    state: str


class Webhook(Base, table=True):
    """An address that gets confirmations; while it is in use there is one of it.

    ``failures`` in a row make it rest until ``rests_until``: nothing is sent before. The secret before a rotation signs
    too until ``former_until``.
    """

    __table_args__ = (
        CheckConstraint("failures >= 0 AND delivered >= 0", name="counts"),
        CheckConstraint("(former_secret IS NULL) = (former_until IS NULL)", name="former"),
    )

    id: UUID = Field(primary_key=True)
    url: str
    secret: str
    events: list[str] = Field(sa_type=JSONB, nullable=False)
    created_at: datetime = Field(sa_type=INSTANT)
    removed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    failures: int = 0
    rests_until: datetime | None = Field(default=None, sa_type=INSTANT)
    delivered: int = Field(default=0, sa_type=BigInteger)
    former_secret: str | None = None
    former_until: datetime | None = Field(default=None, sa_type=INSTANT)


class ConfirmationReader(Base, table=True):
    """An ERP that polls the ledger: ``position`` is the last confirmation that it was given, at ``read_at``."""

    __tablename__ = "confirmation_reader"

    reader: str = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)
    read_at: datetime = Field(sa_type=INSTANT)


class Delivery(Base, table=True):
    """One confirmation on its way to one webhook; ``version`` counts its events."""

    __table_args__ = (
        UniqueConstraint("webhook", "position"),
        CheckConstraint("state IN ('pending', 'delivered', 'parked')", name="state"),
        CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered"),
        CheckConstraint("state <> 'parked' OR last_error IS NOT NULL", name="parked"),
        CheckConstraint("state = 'pending' OR next_attempt_at IS NULL", name="next_attempt"),
        CheckConstraint("(attempts = 0) = (first_attempt_at IS NULL)", name="first_attempt"),
        Index("ix_delivery_pending", "webhook", "position", postgresql_where=text("state = 'pending'")),
        Index("ix_delivery_parked", "position", postgresql_where=text("state = 'parked'")),
        Index("ix_delivery_position", "position", "id"),
    )

    id: UUID = Field(primary_key=True)
    webhook: UUID = Field(foreign_key="webhook.id")
    position: int = Field(sa_type=BigInteger, foreign_key="confirmation.position")
    state: str = "pending"
    attempts: int = 0
    first_attempt_at: datetime | None = Field(default=None, sa_type=INSTANT)
    next_attempt_at: datetime | None = Field(default=None, sa_type=INSTANT)
    last_error: str | None = None
    delivered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    version: int = 0
