"""What stands on a new label: the details of its lot or job, as its template wants them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.production.definitions.queries import shift_names
from services.production.genealogy.queries.lots import get_lot, newest_lot_of_job
from services.production.genealogy.schemas import LotDetailOut
from services.production.jobs.queries.jobs import get_job
from services.production.jobs.schemas import JobOut
from services.production.labels.domain.layout import Content, LabelDetail, LabelKind, lay_out, scan_code
from services.production.labels.domain.svg import draw_svg
from services.production.labels.schemas import TemplateIn
from shared.kit.names import in_language
from shared.kit.problem import Messages
from shared.kit.quantities import plain


@dataclass(frozen=True)
class Subject:
    """A lot or a job that gets a label, and the quantity on it."""

    kind: LabelKind
    lot: LotDetailOut | None
    job: JobOut | None
    quantity: Decimal

    @property
    def item(self) -> str:
        """The item's code."""
        return self.lot.item if self.lot else self.job.item if self.job else ""

    @property
    def unit(self) -> str:
        """The item's unit."""
        return self.lot.unit if self.lot else self.job.unit if self.job else ""

    @property
    def machine(self) -> str | None:
        """The machine on which it was made."""
        return self.job.machine if self.job else self.lot.machine if self.lot else None


@dataclass(frozen=True)
class Author:
    """A person who makes a label, when and in which zone, and the texts of their shop."""

    person: str
    now: datetime
    zone: ZoneInfo
    messages: Messages


async def find_subject(
    session: AsyncSession,
    kind: LabelKind | None,
    lot: str | None,
    job: UUID | None,
    quantity: Decimal | None,
    today: date,
) -> Subject:
    """The lot or job that a label is requested for; 404 for an unknown one.

    A job's label is that of its newest lot when it has one.
    """
    made = await get_job(session, job) if job else None
    if lot is None and job is not None and kind is not LabelKind.TAG:
        lot = await newest_lot_of_job(session, job)
    known = await get_lot(session, lot, today) if lot else None
    usual = known.remaining if known else made.good if made else Decimal(0)
    if kind is LabelKind.BOX and made and made.box_quantity:
        usual = made.box_quantity
    return Subject(kind or (LabelKind.LOT if known else LabelKind.TAG), known, made, quantity or usual)


async def write_content(session: AsyncSession, subject: Subject, template: TemplateIn, author: Author) -> Content:
    """The content of the label, in its template's language; details that are unknown are left out."""
    values = _values(subject, template.language, author, await shift_names(session))
    names = subject.lot.item_name if subject.lot else subject.job.item_name if subject.job else {}
    return compose(
        template, subject.item, in_language(names, template.language), values, author.messages, _code(subject)
    )


def _code(subject: Subject) -> str | None:
    lot, job = subject.lot, subject.job
    return scan_code(lot.lot if lot else None, job.number if job else None, job.op if job else None)


def compose(
    template: TemplateIn,
    item: str,
    name: str,
    values: dict[LabelDetail, str | None],
    messages: Messages,
    code: str | None,
) -> Content:
    """The template filled with these values."""
    rows = [
        (messages.text(template.language, f"label.{detail}", {}), value)
        for detail in template.details
        if (value := values.get(detail))
    ]
    title = template.title or messages.text(template.language, f"label.title.{template.kind}", {})
    return Content(title, item, name, rows, code if template.with_code else None)


def _values(
    subject: Subject, language: str, author: Author, shifts: dict[str, dict[str, str]]
) -> dict[LabelDetail, str | None]:
    lot, job = subject.lot, subject.job
    local = author.now.astimezone(author.zone)
    made_on = lot.produced_on or lot.business_date if lot else local.date()
    shift = lot.shift if lot else None
    return {
        LabelDetail.LOT: lot.lot if lot else None,
        LabelDetail.QUANTITY: f"{with_commas(subject.quantity)} {subject.unit}",
        LabelDetail.ORDER: job.number if job else lot.number if lot else None,
        LabelDetail.OPERATION: f"{job.op} {in_language(job.op_name, language)}" if job else None,
        LabelDetail.CUSTOMER: job.customer if job else None,
        LabelDetail.MACHINE: subject.machine,
        LabelDetail.PRODUCED_ON: f"{made_on:%Y-%m-%d}" if made_on else None,
        LabelDetail.SHIFT: in_language(shifts[shift], language) if shift in shifts else None,
        LabelDetail.EXPIRES_ON: f"{lot.expires_on:%Y-%m-%d}" if lot and lot.expires_on else None,
        LabelDetail.SUPPLIER: lot.supplier if lot else None,
        LabelDetail.SUPPLIER_LOT: lot.supplier_lot if lot else None,
        LabelDetail.LOCATION: lot.location if lot else None,
        LabelDetail.PERSON: author.person,
        LabelDetail.PRINTED_AT: f"{local:%Y-%m-%d %H:%M}",
    }


def with_commas(quantity: Decimal) -> str:
    """The quantity as people write it: 1,200.5."""
    whole, dot, rest = plain(quantity).partition(".")
    return f"{int(whole):,}{dot}{rest}"


SAMPLE: dict[LabelDetail, str | None] = {
    LabelDetail.LOT: "HB1001-261125-001",
    LabelDetail.QUANTITY: "1,200 EA",
    LabelDetail.ORDER: "W-2611-0182",
    LabelDetail.OPERATION: "10 프로그레시브",
    LabelDetail.CUSTOMER: "㈜금강모터스",
    LabelDetail.MACHINE: "PR200P",
    LabelDetail.PRODUCED_ON: "2026-11-25",
    LabelDetail.SHIFT: "주간",
    LabelDetail.EXPIRES_ON: "2027-05-25",
    LabelDetail.SUPPLIER: "한빛철강",
    LabelDetail.SUPPLIER_LOT: "C24-0913",
    LabelDetail.LOCATION: "A-03",
    LabelDetail.PERSON: "1101",
    LabelDetail.PRINTED_AT: "2026-11-25 14:32",
}


def preview(template: TemplateIn, messages: Messages) -> str:
    """The template with what an item could have, as SVG."""
    item = template.items[0] if template.items else "HB1001"
    content = compose(template, item, "마운팅 브라켓", SAMPLE, messages, "HB1001-261125-001")
    width, height = float(template.width_mm), float(template.height_mm)
    return draw_svg(lay_out(content, width, height), width, height)
