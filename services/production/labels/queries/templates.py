"""Templates and printers, and which of them a label gets."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.labels.domain.layout import USUAL_DETAILS, USUAL_SIZE, LabelKind, choose_template
from services.production.labels.schemas import TemplateIn
from services.production.labels.tables import LabelTemplate, Printer


async def list_templates(session: AsyncSession) -> list[LabelTemplate]:
    """All templates by code; those that are not in use any more, too."""
    return list(await session.scalars(select(LabelTemplate).order_by(LabelTemplate.code)))


async def list_printers(session: AsyncSession) -> list[Printer]:
    """All printers by code; those that are not in use any more, too."""
    return list(await session.scalars(select(Printer).order_by(Printer.code)))


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
