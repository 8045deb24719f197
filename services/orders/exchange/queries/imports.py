"""Reads of saved mappings, and of the imports that were run."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select, tuple_

from services.orders.exchange.commands.kinds.registry import KINDS
from services.orders.exchange.domain.documents import row_changes, show_rows
from services.orders.exchange.schemas import MappingOut, RunChange, RunOut
from services.orders.exchange.tables import ImportChange, ImportMapping, ImportRun
from shared.kit.importing import FieldChange, Mapped
from shared.kit.moments import MOMENT
from shared.kit.paging import INT, Page, page_of, read_cursor
from shared.kit.problem import Problem, unprocessable


async def list_mappings(session: AsyncSession, kind: str) -> list[MappingOut]:
    """The saved mappings of a kind, by name."""
    rows = await session.scalars(
        select(ImportMapping).where(ImportMapping.kind == kind).order_by(col(ImportMapping.name))
    )
    return [MappingOut.model_validate(row) for row in rows]


async def get_mapping(session: AsyncSession, kind: str, name: str) -> MappingOut:
    """One mapping, or a 404 problem."""
    row = await session.get(ImportMapping, (kind, name))
    if row is None:
        raise Problem(404, "not_found")
    return MappingOut.model_validate(row)


async def find_mapping(session: AsyncSession, kind: str, name: str) -> Mapped:
    """The columns of a mapping for an import, or a 422 problem about ``mapping_name``."""
    row = await session.get(ImportMapping, (kind, name))
    if row is None:
        raise unprocessable("mapping_name", "unknown_reference", value=name)
    return MappingOut.model_validate(row).mapping


async def list_runs(session: AsyncSession, cursor: str | None, limit: int) -> Page[RunOut]:
    """The runs, newest first."""
    statement = select(ImportRun).order_by(col(ImportRun.at).desc(), col(ImportRun.id).desc()).limit(limit + 1)
    if key := read_cursor(cursor, MOMENT.validate_python, UUID):
        statement = statement.where(tuple_(col(ImportRun.at), col(ImportRun.id)) < tuple_(*key))
    items = [RunOut.model_validate(row) for row in await session.scalars(statement)]
    return page_of(items, limit, lambda run: (run.at, run.id))


async def list_changes(session: AsyncSession, run: UUID, cursor: str | None, limit: int) -> Page[RunChange]:
    """The changes of a run, in the order of its file."""
    (after,) = read_cursor(cursor, INT) or (0,)
    statement = select(ImportChange).where(ImportChange.run == run, ImportChange.position > after)
    rows = await session.scalars(statement.order_by(col(ImportChange.position)).limit(limit + 1))
    page = page_of(rows.all(), limit, lambda row: (row.position,))
    return Page(items=[_describe_change(row) for row in page.items], next_cursor=page.next_cursor)


def _describe_change(row: ImportChange) -> RunChange:
    """A change as people read it, with the cells of its rows."""
    kind = KINDS.get(row.kind)
    changes: list[FieldChange] = []
    if kind is not None and row.before is not None:
        rows = row_changes(kind, row.key, row.before, row.after)
        changes = [FieldChange(field=name, before=b, after=a) for cells in rows for name, b, a in cells]
    elif kind is not None:
        rows_made = show_rows(kind, row.key, row.after)
        changes = [
            FieldChange(field=name, before=None, after=cell)
            for cells in rows_made
            for name, cell in cells.items()
            if cell
        ]
    return RunChange(
        kind=row.kind, key=row.key, verdict="created" if row.before is None else "updated", changes=changes
    )
