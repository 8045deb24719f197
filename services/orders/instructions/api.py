"""Routes of work instructions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from services.orders.instructions import commands, queries
from services.orders.instructions.domain import Command
from services.orders.instructions.schemas import (
    InstructionIn,
    InstructionLine,
    InstructionOut,
    MoveIn,
    ReaderOut,
    RevisionOut,
    UsesOut,
)
from shared.kit.auth import EVERYBODY, Actor, Role, allow
from shared.kit.idempotency import Db, Once
from shared.kit.names import Code
from shared.kit.paging import Cursor, Limit, Page, etag

router = APIRouter(tags=["instructions"], prefix="/instructions")
Reader = Annotated[Actor, Depends(allow(*EVERYBODY))]
Office = Annotated[Actor, Depends(allow("leader", "quality", "planner", "admin", "viewer"))]
WRITERS: tuple[Role, ...] = ("planner", "quality", "admin")
APPROVERS: tuple[Role, ...] = ("leader", *WRITERS)
IfMatch = Annotated[str | None, Header()]


@router.get("")
async def list_instructions(
    actor: Reader,
    db: Db,
    q: Annotated[str | None, Query(max_length=100, description="looked for in code, title, item and text")] = None,
    state: Annotated[str | None, Query(description="of the newest revision: one or several, by commas")] = None,
    item: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[InstructionLine]:
    """Instructions by code."""
    async with db.reading() as session:
        return await queries.list_instructions(session, q, state, item, cursor, limit, db.today)


@router.get("/{code}")
async def get_instruction(code: str, actor: Reader, db: Db, response: Response) -> InstructionOut:
    """The newest revision and the approved one, with the ETag."""
    async with db.reading() as session:
        instruction = await queries.get_instruction(session, code)
    response.headers["ETag"] = etag(instruction.version)
    return instruction


@router.put("/{code}")
async def write_instruction(
    code: Code,
    body: InstructionIn,
    actor: Annotated[Actor, Depends(allow(*WRITERS))],
    db: Db,
    response: Response,
    if_match: IfMatch = None,
) -> InstructionOut:
    """Write the draft; after an approved revision this begins the next one. 409 while it is being reviewed."""
    verdict = await db.run(lambda tx: commands.write_instruction(tx, code, body, if_match), actor)
    async with db.reading() as session:
        instruction = await queries.get_instruction(session, code)
    response.status_code = 201 if verdict == "created" else 200
    response.headers["ETag"] = etag(instruction.version)
    return instruction


def _add_move(command: Command, roles: tuple[Role, ...], summary: str) -> None:
    @router.post(f"/{{code}}/{command.value}", name=f"{command.value.title()} instruction", description=summary)
    async def move_instruction(
        code: str,
        once: Once,
        actor: Annotated[Actor, Depends(allow(*roles))],
        response: Response,
        body: MoveIn | None = None,
        if_match: IfMatch = None,
    ) -> InstructionOut:
        wanted = body or MoveIn()
        moved = await once.run(
            InstructionOut, wanted, lambda tx: commands.move_instruction(tx, code, command, wanted, if_match)
        )
        response.headers["ETag"] = etag(moved.version)
        return moved


_add_move(Command.SUBMIT, WRITERS, "Submit the draft for review.")
_add_move(Command.RETURN, APPROVERS, "Send the submitted revision back to its authors, with a note.")
_add_move(Command.APPROVE, APPROVERS, "Approve the submitted revision; 403 for one of its authors.")
_add_move(Command.WITHDRAW, APPROVERS, "Withdraw the approved revision, or drop a draft, with a note.")


@router.get("/{code}/revisions")
async def list_revisions(code: str, actor: Office, db: Db) -> Page[RevisionOut]:
    """All revisions, newest first."""
    async with db.reading() as session:
        return Page(items=await queries.list_revisions(session, code))


@router.get("/{code}/uses")
async def find_uses(code: str, actor: Office, db: Db) -> UsesOut:
    """The operations that name the instruction, and the open orders that run on a revision of it."""
    async with db.reading() as session:
        return await queries.find_uses(session, code, db.today)


@router.get("/{code}/readers")
async def list_readers(
    code: str,
    actor: Office,
    db: Db,
    revision: Annotated[int | None, Query(gt=0, le=1_000_000)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReaderOut]:
    """Who has confirmed which revision on the floor."""
    async with db.reading() as session:
        return await queries.list_readers(session, code, revision, cursor, limit)
