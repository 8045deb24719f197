"""Labels, templates and printers over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.production.jobs.schemas import In, Note
from services.production.labels.domain.layout import LabelDetail, LabelKind
from services.production.labels.domain.zpl import Density
from shared.kit.names import Code, Name
from shared.kit.quantities import Positive, QuantityOut
from shared.kit.readers import PersonOut, VisibleTo
from shared.kit.references import refers_to

Copies = Annotated[int, Field(ge=1, le=500)]
Millimetres = Annotated[Decimal, Field(ge=20, le=300, max_digits=6, decimal_places=1)]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$", max_length=253)]
StoredFont = Annotated[str, Field(pattern=r"^[A-Z]:[A-Za-z0-9_]{1,16}\.[A-Za-z]{3}$")]


class TemplateIn(In):
    """The looks of labels of a kind.

    ``items`` empty: for all items without a template of their own. ``title`` stands on top.
    """

    name: Name
    kind: LabelKind
    items: list[Code] = Field(default_factory=list, max_length=500)
    width_mm: Millimetres = Decimal(100)
    height_mm: Millimetres = Decimal(60)
    details: Annotated[list[LabelDetail], Field(max_length=len(LabelDetail))]
    language: Literal["ko", "en", "vi"] = "ko"
    title: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    with_code: bool = True
    active: bool = True


class TemplateOut(BaseModel):
    """A template."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: dict[str, str]
    kind: LabelKind
    items: list[str]
    width_mm: QuantityOut
    height_mm: QuantityOut
    details: list[LabelDetail]
    language: Literal["ko", "en", "vi"]
    title: str | None
    with_code: bool
    active: bool


class PictureOut(BaseModel):
    """A label as SVG."""

    svg: str


class PrinterIn(In):
    """A ZPL printer in the shop's own network.

    ``font`` is a font with Hangul that is stored on it; without one Hangul is sent as a picture.
    """

    name: Name
    host: Host
    port: Annotated[int, Field(ge=1, le=65535)] = 9100
    dpi: Density = Density.DPI_203
    font: StoredFont | None = None
    machines: list[Code] = Field(default_factory=list, max_length=200)
    active: bool = True


SET_UP = VisibleTo(("admin",))
"""The network is known to those who set it up."""


class PrinterOut(BaseModel):
    """A printer; its address is for the administrator."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: dict[str, str]
    host: Annotated[str, SET_UP]
    port: Annotated[int, SET_UP]
    dpi: int
    font: str | None
    machines: list[str]
    active: bool


class LabelIn(In):
    """A label of a ``lot``, or of what a ``job`` has made: of its newest lot, or a tag when it has none.

    Without ``quantity`` what is left of the lot or what the job has made. Without ``printer`` the one at its machine; a
    browser prints when there is none, or with ``on_page``.
    """

    kind: LabelKind | None = None
    lot: Code | None = None
    job_id: UUID | None = refers_to("job", default=None)
    quantity: Positive | None = None
    copies: Copies = 1
    printer: Code | None = None
    on_page: bool = False


class ReprintIn(In):
    """The reason why a label is printed again, and the printer."""

    reason: Note
    copies: Copies = 1
    printer: Code | None = None
    on_page: bool = False


class PrintErrorOut(BaseModel):
    """The reason why a printer printed nothing."""

    code: str
    detail: str


class PrintOut(BaseModel):
    """One print.

    ``state``: waiting or sending (nobody knows yet), sent (the printer has it), failed, page (a
    browser's).
    """

    id: UUID
    printer: str | None
    copies: int
    reason: str | None
    person: PersonOut
    at: datetime
    state: Literal["waiting", "sending", "sent", "failed", "page"]
    error: PrintErrorOut | None


class LabelOut(BaseModel):
    """A label.

    ``printed`` and ``error`` are those of its newest print; ``html_url`` is the page that a browser
    prints.
    """

    id: UUID
    kind: LabelKind
    template: str | None
    lot: str | None
    job_id: UUID | None = refers_to("job")
    item: str
    name: str
    quantity: QuantityOut
    unit: str
    width_mm: QuantityOut
    height_mm: QuantityOut
    person: PersonOut
    at: datetime
    html_url: str
    printed: bool
    error: PrintErrorOut | None
    prints: list[PrintOut]


class LabelPictureOut(LabelOut):
    """A label with its picture."""

    svg: str


class PrintRef(BaseModel):
    """The print that a request has made."""

    label_id: UUID = refers_to("label")
    print_id: UUID = refers_to("print")
