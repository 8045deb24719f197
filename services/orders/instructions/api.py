"""Routes of work instructions."""

from typing import Annotated, Any

from fastapi import Query, Response

from services.orders.instructions import commands, queries
from services.orders.instructions.domain import InstructionCommand
from services.orders.instructions.schemas import (
    InstructionIn,
    InstructionOut,
    InstructionRevisionOut,
    InstructionSummary,
    MoveIn,
    ReaderOut,
)
from services.orders.permissions import CanApproveInstructions, CanRead, CanReadRevisions, CanWriteInstructions
from shared.kit.idempotency import Db, Once
from shared.kit.names import Code
from shared.kit.openapi.refusals import refuses
from shared.kit.paging import Cursor, IfMatch, Limit, Page, Short, etag
from shared.kit.routing import api_router

router = api_router("orders", "instructions", "/instructions")


@router.get("")
async def list_instructions(
    actor: CanRead,
    db: Db,
    q: Annotated[str | None, Query(max_length=100, description="looked for in code, title, item and text")] = None,
    state: Annotated[str | None, Query(description="of the newest revision: one or several, by commas")] = None,
    item: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[InstructionSummary]:
    """Instructions by code."""
    async with db.reading() as session:
        return await queries.list_instructions(session, q, state, item, cursor, limit, db.today)


@router.get("/{code}")
async def get_instruction(code: str, actor: CanRead, db: Db, response: Response) -> InstructionOut:
    """The newest revision and the approved one, with the ETag."""
    async with db.reading() as session:
        instruction = await queries.get_instruction(session, code)
    response.headers["ETag"] = etag(instruction.version)
    return instruction


@router.put("/{code}", responses=refuses(409))
async def write_instruction(
    code: Code,
    body: InstructionIn,
    actor: CanWriteInstructions,
    db: Db,
    response: Response,
    if_match: IfMatch,
) -> InstructionOut:
    """Write the draft; after an approved revision this begins the next one. 409 while it is being reviewed."""
    verdict = await db.run(lambda tx: commands.write_instruction(tx, code, body, if_match), actor)
    async with db.reading() as session:
        instruction = await queries.get_instruction(session, code)
    response.status_code = 201 if verdict == "created" else 200
    response.headers["ETag"] = etag(instruction.version)
    return instruction


def _add_move(command: InstructionCommand, right: Any, summary: str) -> None:
    @router.post(f"/{{code}}/{command.value}", name=f"{command.value.title()} instruction", description=summary)
    async def move_instruction(
        code: str,
        once: Once,
        actor: right,
        response: Response,
        if_match: IfMatch,
        body: MoveIn | None = None,
    ) -> InstructionOut:
        move = body or MoveIn()
        moved = await once.run(
            InstructionOut, move, lambda tx: commands.move_instruction(tx, code, command, move, if_match)
        )
        response.headers["ETag"] = etag(moved.version)
        return moved


_add_move(InstructionCommand.SUBMIT, CanWriteInstructions, "Submit the draft for review.")


_add_move(
    InstructionCommand.RETURN, CanApproveInstructions, "Send the submitted revision back to its authors, with a note."
)


_add_move(
    InstructionCommand.APPROVE, CanApproveInstructions, "Approve the submitted revision; 403 for one of its authors."
)


_add_move(
    InstructionCommand.WITHDRAW, CanApproveInstructions, "Withdraw the approved revision, or drop a draft, with a note."
)


@router.get("/{code}/revisions")
async def list_revisions(code: str, actor: CanReadRevisions, db: Db, paging: Short) -> Page[InstructionRevisionOut]:
    """All revisions, newest first."""
    async with db.reading() as session:
        return paging.page(await queries.list_revisions(session, code))


@router.get("/{code}/readers")
async def list_readers(
    code: str,
    actor: CanReadRevisions,
    db: Db,
    revision: Annotated[int | None, Query(gt=0, le=1_000_000)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReaderOut]:
    """The people who confirmed a revision on the floor."""
    async with db.reading() as session:
        return await queries.list_readers(session, db.people, code, revision, cursor, limit)
