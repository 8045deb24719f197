"""Lots and how they hang together.

``movement`` is the ledger: a lot's ``remaining`` is the sum of its movements, and what was written there is never
changed. ``job_supply`` and ``job_output`` add up what a job was given and what it made; ``lot_edge`` is what follows
from them. ``serial`` are the pieces of a lot that have a number: never more of them in stock than the lot has left.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base
from shared.kit.searching import SOON_MERGED, letters_of

INSTANT = TIMESTAMP(timezone=True)


LOT_TEXT = "search_text(code, item, supplier_lot, supplier, number)"
"""What a lot is searched by beside its item, as the index has it."""


class Lot(Base, table=True):
    """A quantity of an item that is alike and stays together.

    ``came_in`` is what it was given, ``remaining`` what is left; ``available_from`` is when it first could be used.

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
        Index("ix_lot_item", "item", "created_at", "code"),
        Index(
            "ix_lot_stock",
            "item",
            "expires_on",
            "available_from",
            postgresql_where=text("op IS NULL AND remaining > 0"),
        ),
        Index(
            "ix_lot_left",
            text("created_at DESC"),
            text("code DESC"),
            postgresql_where=text("op IS NULL AND (remaining > 0 OR hold_reason IS NOT NULL)"),
        ),
        Index(
            "ix_lot_letters",
            literal_column(letters_of(LOT_TEXT)).label("letters"),
            postgresql_using="gin",
            postgresql_with=SOON_MERGED,
            postgresql_where=text("op IS NULL"),
        ),
        Index("ix_lot_newest", text("created_at DESC"), text("code DESC"), postgresql_where=text("op IS NULL")),
        Index("ix_lot_between", "number", "op", postgresql_where=text("op IS NOT NULL")),
        Index("ix_lot_code_lower", text("lower(code)")),
        Index(
            "ix_lot_supplier_lot_lower", text("lower(supplier_lot)"), postgresql_where=text("supplier_lot IS NOT NULL")
        ),
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
    available_from: datetime = Field(sa_type=INSTANT, nullable=False)
    created_at: datetime = Field(sa_type=INSTANT, nullable=False)


class Movement(Base, table=True):
    """A change of a lot's quantity, and why. A reversal has the opposite quantity and names what it reverses, once.

    ``pieces`` of a result took material, be they good or not; none of those that came back from rework did. ``line`` of
    the bill of material is that for which a lot was scanned.
    """

    __table_args__ = (
        CheckConstraint(
            "kind IN ('received', 'produced', 'consumed', 'drawn', 'split', 'merged', 'shipped', 'counted',"
            " 'recovered')",
            name="kind",
        ),
        CheckConstraint("quantity <> 0 OR kind IN ('counted', 'produced')", name="something"),
        CheckConstraint("(kind = 'produced') = (pieces IS NOT NULL)", name="pieces"),
        CheckConstraint("(kind = 'shipped') = (customer IS NOT NULL)", name="customer"),
        Index("ix_movement_lot", "lot", "id"),
        Index("ix_movement_job", "job", "id", postgresql_where=text("job IS NOT NULL")),
        Index("ix_movement_result", "result", postgresql_where=text("result IS NOT NULL")),
        Index("ix_movement_flagged", "id", postgresql_where=text("flags <> '{}'")),
        Index("ix_movement_rare", "kind", "id", postgresql_where=text("kind NOT IN ('produced', 'consumed', 'drawn')")),
        Index("uq_movement_reverses", "reverses", unique=True, postgresql_where=text("reverses IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    lot: str = Field(foreign_key="lot.code")
    kind: str
    quantity: Decimal = Field(sa_type=Numeric)
    pieces: Decimal | None = Field(default=None, sa_type=Numeric)
    other: str | None = None
    job: UUID | None = Field(default=None, foreign_key="job.id")
    line: str | None = None
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
    reverses: UUID | None = Field(default=None, foreign_key="movement.id")


class JobSupply(Base, table=True):
    """A quantity that a job was given of a lot for a line: ``scanned`` by hand, ``drawn`` by the bill of material.

    ``line`` is that of the bill of material that it serves. ``spared`` are the pieces that were made with less than the
    bill says: what was left over went back and was weighed.
    """

    __tablename__ = "job_supply"
    __table_args__ = (
        CheckConstraint("scanned >= 0 AND drawn >= 0 AND spared >= 0", name="amounts"),
        Index("ix_job_supply_lot", "lot"),
    )

    job: UUID = Field(primary_key=True, foreign_key="job.id")
    lot: str = Field(primary_key=True, foreign_key="lot.code")
    line: str = Field(primary_key=True)
    scanned: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    drawn: Decimal = Field(default=Decimal(0), sa_type=Numeric)
    spared: Decimal = Field(default=Decimal(0), sa_type=Numeric)
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


class JobShortage(Base, table=True):
    """What a job had and lost again, as its source went: it is given anew as soon as there is one of ``items``."""

    __tablename__ = "job_shortage"
    __table_args__ = (CheckConstraint("pieces > 0", name="pieces"),)

    job: UUID = Field(primary_key=True, foreign_key="job.id")
    line: str = Field(primary_key=True)
    items: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    pieces: Decimal = Field(sa_type=Numeric)


class Serial(Base, table=True):
    """One piece with a number of its own, in the lot where it is or was last.

    ``void``: the result that made it was taken back. ``missing``: it was not there when the lot was counted. ``job``
    has consumed it; ``assumed``: by the bill of material, so nobody has seen that it was this one.
    """

    __table_args__ = (
        CheckConstraint("state IN ('in_stock', 'consumed', 'shipped', 'missing', 'void')", name="state"),
        CheckConstraint("job IS NULL OR state = 'consumed'", name="consumed"),
        Index("ix_serial_lot", "lot", "code"),
        Index("ix_serial_code", "code", "item"),
        Index("ix_serial_code_lower", text("lower(code)")),
        Index("ix_serial_result", "result"),
    )

    item: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    lot: str = Field(foreign_key="lot.code")
    result: UUID | None = None
    state: str = "in_stock"
    job: UUID | None = Field(default=None, foreign_key="job.id")
    assumed: bool = False


class LotNumber(Base, table=True):
    """The last running number that was given under ``prefix``."""

    __tablename__ = "lot_number"

    prefix: str = Field(primary_key=True)
    last: int
