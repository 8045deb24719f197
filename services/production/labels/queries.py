"""Reads of templates, printers and labels, and the content of a new label."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.definitions.queries import shift_names
from services.production.genealogy.queries.lots import get_lot, newest_lot_of_job
from services.production.genealogy.schemas import LotDetailOut
from services.production.jobs.queries.jobs import get_job
from services.production.jobs.schemas import JobOut
from services.production.labels.domain.layout import (
    USUAL_DETAILS,
    USUAL_SIZE,
    Content,
    Element,
    LabelDetail,
    LabelKind,
    choose_template,
    lay_out,
    scan_code,
)
from services.production.labels.domain.svg import draw_svg
from services.production.labels.schemas import LabelOut, LabelPictureOut, PrintErrorOut, PrintOut, TemplateIn
from services.production.labels.tables import Label, LabelPrint, LabelTemplate, Printer
from shared.kit.names import in_language
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import Messages, Problem
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


async def list_templates(session: AsyncSession) -> list[LabelTemplate]:
    """All templates by code; those that are not in use any more, too."""
    return list(await session.scalars(select(LabelTemplate).order_by(LabelTemplate.code)))


async def list_printers(session: AsyncSession) -> list[Printer]:
    """All printers by code; those that are not in use any more, too."""
    return list(await session.scalars(select(Printer).order_by(Printer.code)))


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


async def template_for(session: AsyncSession, kind: LabelKind, item: str) -> LabelTemplate | None:
    """The template in use for an item's labels of this kind; None is the usual template."""
    statement = select(LabelTemplate).where(LabelTemplate.kind == kind.value, LabelTemplate.active)
    templates = {template.code: template for template in await session.scalars(statement)}
    chosen = choose_template(item, ((code, template.items) for code, template in templates.items()))
    return templates[chosen] if chosen else None


async def printer_at(session: AsyncSession, machine: str | None) -> str | None:
    """The printer in use that stands at a machine."""
    statement = select(Printer.code).where(Printer.active, col(Printer.machines).contains([machine]))
    found: str | None = await session.scalar(statement.order_by(Printer.code).limit(1)) if machine else None
    return found


def usual_template(kind: LabelKind) -> TemplateIn:
    """The template of labels for which nobody has made one."""
    width, height = USUAL_SIZE
    return TemplateIn(
        name={"ko": kind.value}, kind=kind, details=list(USUAL_DETAILS[kind]), width_mm=width, height_mm=height
    )


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


def elements_of(label: Label) -> list[Element]:
    """The elements of the label."""
    content = Content(**label.content | {"rows": [tuple(row) for row in label.content["rows"]]})
    return lay_out(content, float(label.width_mm), float(label.height_mm))


async def get_label(session: AsyncSession, id_: UUID) -> Label:
    """The label, or a 404 problem."""
    label = await session.get(Label, id_)
    if label is None:
        raise Problem(404, "not_found")
    return label


async def show_label(session: AsyncSession, id_: UUID, messages: Messages, language: str) -> LabelPictureOut:
    """The label with its prints and its picture, or a 404 problem."""
    label = await get_label(session, id_)
    [shown] = await _describe(session, [label], messages, language)
    picture = draw_svg(elements_of(label), float(label.width_mm), float(label.height_mm))
    return LabelPictureOut(**shown.model_dump(), svg=picture)


async def list_labels(
    session: AsyncSession,
    lot: str | None,
    job: UUID | None,
    cursor: str | None,
    limit: int,
    messages: Messages,
    language: str,
) -> Page[LabelOut]:
    """Labels with their prints, the newest first."""
    statement = select(Label).order_by(col(Label.id).desc()).limit(limit + 1)
    if lot:
        statement = statement.where(Label.lot == lot)
    if job:
        statement = statement.where(Label.job == job)
    if key := read_cursor(cursor, UUID):
        statement = statement.where(col(Label.id) < key[0])
    page = page_of((await session.scalars(statement)).all(), limit, lambda label: (label.id,))
    return Page(items=await _describe(session, page.items, messages, language), next_cursor=page.next_cursor)


async def _describe(
    session: AsyncSession, labels: Sequence[Label], messages: Messages, language: str
) -> list[LabelOut]:
    prints: dict[UUID, list[PrintOut]] = {label.id: [] for label in labels}
    statement = select(LabelPrint).where(col(LabelPrint.label).in_(prints)).order_by(col(LabelPrint.id))
    for one in await session.scalars(statement):
        error = one.error and PrintErrorOut(
            code=one.error, detail=messages.text(language, one.error, {"printer": one.printer})
        )
        prints[one.label].append(PrintOut.model_validate(one.model_dump() | {"error": error}))
    return [
        LabelOut.model_validate(
            label.model_dump()
            | {
                "name": label.content["name"],
                "html_url": f"/labels/{label.id}",
                "prints": prints[label.id],
                "printed": prints[label.id][-1].state == "sent",
                "error": prints[label.id][-1].error,
            }
        )
        for label in labels
    ]
