"""Reads of instructions."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Text, cast, func
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, or_, select

from services.orders.instructions.domain import InstructionState
from services.orders.instructions.events import released_instruction
from services.orders.instructions.schemas import (
    InstructionHistory,
    InstructionOut,
    InstructionRevisionOut,
    InstructionSummary,
    PastInstruction,
    ReaderOut,
)
from services.orders.instructions.tables import Instruction, InstructionReader, InstructionRevision
from services.orders.products.queries.routings import operations_with_instruction
from shared.contracts.orders.instructions import ReleasedInstruction
from shared.kit.database import Transaction
from shared.kit.paging import INT, Page, page_of, read_cursor
from shared.kit.problem import LANGUAGES, Problem, unprocessable
from shared.kit.pseudonyms import Pseudonyms

PAGE_TEXTS = cast(func.jsonb_path_query_array(InstructionRevision.pages, cast("$[*].text.*", JSONPATH)), Text)


async def get_instruction(session: AsyncSession, code: str) -> InstructionOut:
    """The newest revision with the approved one, or a 404 problem."""
    instruction = await session.get(Instruction, code)
    if instruction is None:
        raise Problem(404, "not_found")
    revisions = await list_revisions(session, code)
    approved = next((revision for revision in revisions if revision.state is InstructionState.APPROVED), None)
    return InstructionOut.model_validate(revisions[0].model_dump() | instruction.model_dump() | {"approved": approved})


async def list_revisions(session: AsyncSession, code: str) -> list[InstructionRevisionOut]:
    """All revisions, newest first; a 404 problem for an unknown instruction."""
    statement = (
        select(InstructionRevision)
        .where(InstructionRevision.code == code)
        .order_by(col(InstructionRevision.revision).desc())
    )
    revisions = [InstructionRevisionOut.model_validate(revision) for revision in await session.scalars(statement)]
    if not revisions:
        raise Problem(404, "not_found")
    return revisions


async def list_instructions(
    session: AsyncSession,
    q: str | None,
    states: str | None,
    item: str | None,
    cursor: str | None,
    limit: int,
    today: date,
) -> Page[InstructionSummary]:
    """Instructions by code, each with its newest revision.

    ``q`` is looked for in code, titles, item and the pages' texts.
    """
    newest = (
        select(InstructionRevision.code, func.max(InstructionRevision.revision).label("revision"))
        .group_by(col(InstructionRevision.code))
        .subquery()
    )
    approved = aliased(InstructionRevision)
    statement = (
        select(InstructionRevision, Instruction.updated_at, col(approved.revision))
        .join(Instruction, col(Instruction.code) == col(InstructionRevision.code))
        .join(
            newest,
            and_(
                newest.c.code == col(InstructionRevision.code), newest.c.revision == col(InstructionRevision.revision)
            ),
        )
        .outerjoin(
            approved,
            and_(
                col(approved.code) == col(InstructionRevision.code), approved.state == InstructionState.APPROVED.value
            ),
        )
        .order_by(col(InstructionRevision.code))
        .limit(limit + 1)
    )
    if q:
        titles = (col(InstructionRevision.title)[language].as_string() for language in LANGUAGES)
        columns = (col(InstructionRevision.code), col(InstructionRevision.item), *titles, PAGE_TEXTS)
        statement = statement.where(or_(*(column.icontains(q, autoescape=True) for column in columns)))
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(InstructionState):
            raise unprocessable("state", "literal_error", expected=", ".join(InstructionState))
        statement = statement.where(col(InstructionRevision.state).in_(chosen))
    if item:
        statement = statement.where(InstructionRevision.item == item)
    if key := read_cursor(cursor, str):
        statement = statement.where(col(InstructionRevision.code) > key[0])
    page = page_of((await session.execute(statement)).all(), limit, lambda row: (row[0].code,))
    codes = [revision.code for revision, _, _ in page.items]
    uses = Counter(use.instruction for use in await operations_with_instruction(session, codes, today))
    lines = [
        InstructionSummary.model_validate(
            revision.model_dump()
            | {
                "pages": len(revision.pages),
                "updated_at": updated_at,
                "approved_revision": approved_revision,
                "operations": uses[revision.code],
            }
        )
        for revision, updated_at, approved_revision in page.items
    ]
    return Page(items=lines, next_cursor=page.next_cursor)


async def list_readers(
    session: AsyncSession, people: Pseudonyms, code: str, revision: int | None, cursor: str | None, limit: int
) -> Page[ReaderOut]:
    """A page of the people who confirmed the revisions."""
    if await session.get(Instruction, code) is None:
        raise Problem(404, "not_found")
    position = (col(InstructionReader.person), col(InstructionReader.revision))
    statement = select(InstructionReader).where(InstructionReader.code == code).order_by(*position).limit(limit + 1)
    if revision is not None:
        statement = statement.where(InstructionReader.revision == revision)
    if key := read_cursor(cursor, str, INT):
        after = and_(position[0] == key[0], position[1] > key[1])
        statement = statement.where(or_(position[0] > key[0], after))
    page = page_of((await session.scalars(statement)).all(), limit, lambda reader: (reader.person, reader.revision))
    return Page(items=[_reader_out(reader, people) for reader in page.items], next_cursor=page.next_cursor)


def _reader_out(reader: InstructionReader, people: Pseudonyms) -> ReaderOut:
    person, person_id = people.stored(reader.person)
    return ReaderOut.model_validate(reader.model_dump() | {"person": person, "person_id": person_id})


async def instruction_codes(session: AsyncSession) -> list[str]:
    """The codes of all instructions."""
    return list(await session.scalars(select(Instruction.code).order_by(col(Instruction.code))))


async def load_approved(session: AsyncSession, codes: Iterable[str]) -> dict[str, ReleasedInstruction]:
    """The approved revisions as a release names them, by code; those that have none are left out."""
    statement = select(InstructionRevision).where(
        col(InstructionRevision.code).in_(set(codes)), InstructionRevision.state == InstructionState.APPROVED.value
    )
    return {revision.code: released_instruction(revision) for revision in await session.scalars(statement)}


async def read_instructions(tx: Transaction, codes: Collection[str] | None) -> dict[str, InstructionHistory]:
    """All revisions of these instructions, locked; or of all, unlocked."""
    if codes is not None:
        await tx.read_ahead(Instruction, codes, lock=True)
    found: dict[str, list[PastInstruction]] = {}
    for row in await load_revisions(tx, codes):
        found.setdefault(row.code, []).append(PastInstruction.model_validate(row.model_dump(exclude={"code"})))
    return {code: InstructionHistory(revisions=revisions) for code, revisions in found.items()}


async def load_revisions(tx: Transaction, codes: Collection[str] | None) -> Sequence[InstructionRevision]:
    table = InstructionRevision
    statement = select(table).order_by(col(table.code), col(table.revision))
    return list(await tx.session.scalars(statement if codes is None else statement.where(col(table.code).in_(codes))))
