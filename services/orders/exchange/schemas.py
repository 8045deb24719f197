"""Imports, their history and mappings over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.orders.definitions.schemas import Out
from shared.kit.importing import FieldChange, ImportReport, Mapped, RowVerdict

Mode = Literal["good_rows", "all_or_nothing"]
MappingName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class FieldOut(BaseModel):
    """A field of a kind, in the reader's language."""

    name: str
    heading: str
    required: bool
    note: str | None
    refers: str | None


class KindOut(BaseModel):
    """A kind that can be imported."""

    name: str
    title: str
    key: str
    in_sheets: bool
    fields: list[FieldOut]


class KindsOut(BaseModel):
    """All kinds, in the order in which they build on each other."""

    items: list[KindOut]


class MappingIn(BaseModel):
    """A mapping to save: field to column, or to columns joined by ``-``."""

    model_config = ConfigDict(extra="forbid")

    mapping: Mapped


class MappingOut(Out):
    """A saved mapping."""

    kind: str
    name: str
    mapping: Mapped
    person: str
    updated_at: datetime


class MappingsOut(BaseModel):
    """The mappings of a kind, by name."""

    items: list[MappingOut]


class EntryVerdict(RowVerdict):
    """A row's verdict; ``kind`` names its kind, where a file holds several."""

    kind: str


class ExchangeReport(ImportReport):
    """The outcome: ``id`` is the run's, once something was applied.

    ``ignored`` are sheets that are of no kind, and pictures that did not come along.
    """

    id: UUID | None = None
    mode: Mode
    applied: bool
    ignored: list[str]
    rows: list[EntryVerdict]  # type: ignore[assignment]  # each is a RowVerdict, and lists are only read


class ProgressOut(BaseModel):
    """The rows of an import that are done, while it runs; both are 0 when it does not run."""

    done: int = 0
    total: int = 0


class RunOut(Out):
    """A run of an import."""

    id: UUID
    kind: str
    file: str
    at: datetime
    person: str
    mode: Mode
    summary: dict[str, int]
    state: Literal["applied", "undone"]
    undone_at: datetime | None
    undone_by: str | None
    reason: str | None


class ObstacleOut(BaseModel):
    """An obstacle to an undo: ``by`` is a kind, ``work_order``, or ``change`` when the entry itself was changed."""

    kind: str
    key: str
    by: str
    by_key: str


class RunDetail(RunOut):
    """A run, and whether it can be undone."""

    can_undo: bool
    why_not: list[ObstacleOut]


class RunChange(BaseModel):
    """The change of a run to one entry."""

    kind: str
    key: str
    verdict: Literal["created", "updated"]
    changes: list[FieldChange]


class UndoIn(BaseModel):
    """The reason for an undo."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Annotated[str, StringConstraints(max_length=500)] | None = None
