"""Labels that were made, their pictures and their prints."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.production.labels.domain.layout import Content, Element, lay_out
from services.production.labels.domain.svg import draw_svg
from services.production.labels.schemas import LabelOut, LabelPictureOut, PrintErrorOut, PrintOut
from services.production.labels.tables import Label, LabelPrint
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import Messages, Problem


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
