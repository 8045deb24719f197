"""Templates, printers, and the labels themselves.

A label's content is stored, so that a reprint says the same; each print is a row.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlmodel import Field

from services.production.base import Base

INSTANT = TIMESTAMP(timezone=True)


class LabelTemplate(Base, table=True):
    """The looks of labels of a kind; for some items, or for all when ``items`` is empty."""

    __tablename__ = "label_template"
    __table_args__ = (
        CheckConstraint("kind IN ('lot', 'tag', 'box')", name="kind"),
        CheckConstraint("width_mm > 0 AND height_mm > 0", name="size"),
    )

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    kind: str
    items: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    width_mm: Decimal = Field(sa_type=Numeric)
    height_mm: Decimal = Field(sa_type=Numeric)
    details: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    language: str
    title: str | None = None
    with_code: bool = True
    active: bool = True
    version: int = 1


class Printer(Base, table=True):
    """A label printer on the shop's network; it prints for the tablets at its ``machines``."""

    __table_args__ = (
        CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
        CheckConstraint("dpi IN (203, 300, 600)", name="dpi"),
    )

    code: str = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    host: str
    port: int = 9100
    dpi: int = 203
    font: str | None = None
    machines: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    active: bool = True
    version: int = 1


class Label(Base, table=True):
    """The content of one label. Never changed."""

    __table_args__ = (
        CheckConstraint("kind IN ('lot', 'tag', 'box')", name="kind"),
        CheckConstraint("lot IS NOT NULL OR job IS NOT NULL", name="of_something"),
        Index("ix_label_lot", "lot", "id", postgresql_where=text("lot IS NOT NULL")),
        Index("ix_label_job", "job", "id", postgresql_where=text("job IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    template: str | None = None
    lot: str | None = None
    job: UUID | None = Field(default=None, foreign_key="job.id")
    machine: str | None = None
    item: str
    quantity: Decimal = Field(sa_type=Numeric)
    unit: str
    content: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
    width_mm: Decimal = Field(sa_type=Numeric)
    height_mm: Decimal = Field(sa_type=Numeric)
    person: str
    at: datetime = Field(sa_type=INSTANT)


class LabelPrint(Base, table=True):
    """One print of a label: by a printer, or by a browser when there is none. A reprint has a reason."""

    __tablename__ = "label_print"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed', 'page')", name="state"),
        CheckConstraint("(state = 'page') = (printer IS NULL)", name="page"),
        CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name="error"),
        CheckConstraint("copies BETWEEN 1 AND 500", name="copies"),
        Index("ix_label_print_label", "label", "id"),
    )

    id: UUID = Field(primary_key=True)
    label: UUID = Field(foreign_key="label.id")
    printer: str | None = Field(default=None, foreign_key="printer.code")
    copies: int
    reason: str | None = None
    person: str
    device: str | None = None
    at: datetime = Field(sa_type=INSTANT)
    state: str
    error: str | None = None
