"""Lots and how they hang together.

``movement`` is the ledger: a lot's ``remaining`` is the sum of its movements, and what was written there is never
changed. ``job_supply`` and ``job_output`` add up what a job was given and what it made; ``lot_edge`` is what follows
from them.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class Lot(Base, table=True):
    """A quantity of an item that is alike and stays together.

    ``came_in`` is what it was given, ``remaining`` what is left.

    With an ``op`` it is what an operation has made and no stock yet. ``job``, ``business_date`` and ``shift`` name the
    lot into which a job produces during a shift, unless the floor names another; ``number`` is the order's.
    """

    __table_args__ = (
        CheckConstraint("origin IN ('received', 'produced', 'split', 'merged', 'unreceived')", name="origin"),
        CheckConstraint("job IS NULL OR business_date IS NOT NULL", name="job"),
        Index(
            "uq_lot_job_shift",
            "job",
            "business_date",
            text("coalesce(shift, '')"),
            unique=True,
            postgresql_where=text("job IS NOT NULL"),
        ),
        Index("ix_lot_item", "item", "expires_on", "created_at", "code"),
        Index("ix_lot_newest", text("created_at DESC"), text("code DESC"), postgresql_where=text("op IS NULL")),
        Index("ix_lot_supplier_lot", "supplier_lot", postgresql_where=text("supplier_lot IS NOT NULL")),
    )

    code: str = Field(primary_key=True)
    item: str
    unit: str
    origin: str
    came_in: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    remaining: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    op: int | None = None
    number: str | None = None
    machine: str | None = None
    job: UUID | None = Field(default=None, foreign_key="job.id")
    business_date: date | None = None
    shift: str | None = None
    supplier_lot: str | None = None
    supplier: str | None = None
    produced_on: date | None = None
    expires_on: date | None = None
    location: str | None = None
    hold_reason: str | None = None
    created_at: datetime = Field(sa_type=INSTANT, nullable=False)


class Movement(Base, table=True):
    """A change of a lot's quantity, and why. A reversal has the opposite quantity and names what it reverses, once.

    ``pieces`` of a result took material, be they good or not; none of those that came back from rework did.
    """

    __table_args__ = (
        CheckConstraint(
            "kind IN ('received', 'produced', 'consumed', 'drawn', 'split', 'merged', 'shipped', 'counted')",
            name="kind",
        ),
        CheckConstraint("quantity <> 0 OR kind IN ('counted', 'produced')", name="something"),
        CheckConstraint("(kind = 'produced') = (pieces IS NOT NULL)", name="pieces"),
        CheckConstraint("(kind = 'shipped') = (customer IS NOT NULL)", name="customer"),
        Index("ix_movement_lot", "lot", "id"),
        Index("ix_movement_job", "job", "id", postgresql_where=text("job IS NOT NULL")),
        Index("ix_movement_result", "result", postgresql_where=text("result IS NOT NULL")),
        Index("ix_movement_flagged", "id", postgresql_where=text("flags <> '{}'")),
    )

    id: UUID = Field(primary_key=True)
    lot: str = Field(foreign_key="lot.code")
    kind: str
    quantity: Decimal = Field(sa_type=Numeric)
    pieces: Decimal | None = Field(default=None, sa_type=Numeric)
    other: str | None = None
    job: UUID | None = Field(default=None, foreign_key="job.id")
    result: UUID | None = None
    customer: str | None = None
    reference: str | None = None
    reason: str | None = None
    scanned: str | None = None
    serials: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    flags: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    person: str
    device: str | None = None
    at: datetime = Field(sa_type=INSTANT, nullable=False)
    recorded_at: datetime = Field(sa_type=INSTANT, nullable=False)
    reverses: UUID | None = Field(default=None, foreign_key="movement.id", unique=True)


class JobSupply(Base, table=True):
    """A quantity that a job was given of a lot: ``scanned`` by hand, ``drawn`` by the bill of material.

    ``line`` is the component that it serves as.
    """

    __tablename__ = "job_supply"
    __table_args__ = (CheckConstraint("scanned >= 0 AND drawn >= 0", name="amounts"),)

    job: UUID = Field(primary_key=True, foreign_key="job.id")
    lot: str = Field(primary_key=True, foreign_key="lot.code")
    line: str
    scanned: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    drawn: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    since: datetime = Field(sa_type=INSTANT, nullable=False)


class JobOutput(Base, table=True):
    """Pieces that a job made into a lot between ``since`` and ``until``.

    ``pieces`` took material, ``reworked`` ones had taken it before.
    """

    __tablename__ = "job_output"
    __table_args__ = (
        CheckConstraint("pieces >= 0 AND reworked >= 0", name="amounts"),
        Index("ix_job_output_lot", "lot"),
    )

    job: UUID = Field(primary_key=True, foreign_key="job.id")
    lot: str = Field(primary_key=True, foreign_key="lot.code")
    pieces: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    reworked: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    since: datetime = Field(sa_type=INSTANT, nullable=False)
    until: datetime = Field(sa_type=INSTANT, nullable=False)


class LotEdge(Base, table=True):
    """``quantity`` of ``source`` is in ``target``; zero: it may be.

    ``via`` is the job that made it, or the movement of a split or merger.
    """

    __tablename__ = "lot_edge"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("kind IN ('made', 'split', 'merged')", name="kind"),
        CheckConstraint("source <> target", name="loop"),
        Index("ix_lot_edge_target", "target", "source"),
        Index("ix_lot_edge_via", "via"),
    )

    source: str = Field(primary_key=True, foreign_key="lot.code")
    target: str = Field(primary_key=True, foreign_key="lot.code")
    via: UUID = Field(primary_key=True)
    kind: str
    quantity: Decimal = Field(sa_type=Numeric)


class Serial(Base, table=True):
    """One piece with a number of its own. ``void``: the result that made it was taken back."""

    __table_args__ = (
        CheckConstraint("state IN ('in_stock', 'consumed', 'shipped', 'void')", name="state"),
        Index("ix_serial_lot", "lot", "code"),
        Index("ix_serial_result", "result"),
    )

    item: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    lot: str = Field(foreign_key="lot.code")
    result: UUID
    state: str = "in_stock"


class LotNumber(Base, table=True):
    """The last running number that was given under ``prefix``."""

    __tablename__ = "lot_number"

    prefix: str = Field(primary_key=True)
    last: int
