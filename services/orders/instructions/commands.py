"""What can be done with an instruction: written, submitted, sent back, approved, withdrawn; and read on the floor."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.orders.definitions.commands import require
from services.orders.definitions.tables import Item
from services.orders.instructions.domain import (
    NOTE_NEEDED,
    OPEN,
    TEXT,
    Command,
    State,
    may_approve,
    next_state,
    page_faults,
    text_length,
)
from services.orders.instructions.queries import get_instruction
from services.orders.instructions.schemas import InstructionIn, InstructionOut, MoveIn, PageIn
from services.orders.instructions.tables import Instruction, InstructionReader, InstructionRevision
from shared.contracts.orders.instructions import InstructionChanged
from shared.contracts.production.instructions import InstructionConfirmed
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.media.queries import unknown_media
from shared.kit.paging import check_etag
from shared.kit.problem import FieldError, Problem, unprocessable

Verdict = Literal["created", "updated", "unchanged"]


async def write_instruction(tx: Transaction, code: str, body: InstructionIn, if_match: str | None = None) -> Verdict:
    """Write the draft, or begin a new revision where there is none; 409 while it is being reviewed."""
    instruction = await tx.session.get(Instruction, code, with_for_update=True)
    check_etag(if_match, instruction.version if instruction else 0)
    await _check_content(tx, body)
    newest = await tx.session.scalar(
        select(InstructionRevision)
        .where(InstructionRevision.code == code)
        .order_by(col(InstructionRevision.revision).desc())
        .limit(1)
    )
    if newest is not None and newest.state == State.IN_REVIEW:
        raise Problem(409, "wrong_state", state=newest.state)
    present = newest.content() if newest else {}
    wanted = body.model_dump(mode="json")
    if newest is not None and present == wanted and newest.state != State.WITHDRAWN:
        return "unchanged"
    if instruction is None:
        instruction = Instruction(code=code, version=0, updated_at=tx.now)
        tx.session.add(instruction)
        await tx.session.flush()
    author = tx.actor.person
    if newest is not None and newest.state == State.DRAFT:
        revision = newest
        authors = [*newest.authors, *({author} - set(newest.authors))]
        revision.sqlmodel_update(wanted | {"authors": authors, "written_at": tx.now})
    else:
        number = newest.revision + 1 if newest else 1
        revision = InstructionRevision(
            code=code, revision=number, state=State.DRAFT.value, authors=[author], written_at=tx.now, **wanted
        )
        tx.session.add(revision)
    tx.audit("written", f"instruction/{code}", differences(_by_page(present), _by_page(wanted)))
    await tell(tx, instruction, revision)
    return "created" if newest is None else "updated"


async def _check_content(tx: Transaction, body: InstructionIn) -> None:
    if body.item is not None:
        await require(tx, Item, body.item, "item")
    if text_length(body.pages) > TEXT:
        raise unprocessable("pages", "instruction_too_long", limit=TEXT)
    unknown = await unknown_media(tx.session, (page.media for page in body.pages if page.media))
    if unknown:
        errors = [
            FieldError(f"pages.{place}.media", "unknown_reference", {"value": str(page.media)})
            for place, page in enumerate(body.pages)
            if page.media in unknown
        ]
        raise Problem(422, "invalid", errors=errors)


def _by_page(content: dict[str, Any]) -> dict[str, Any]:
    """The content with a field for each page, so that a change names the page."""
    pages = {f"page {number}": page for number, page in enumerate(content.get("pages", []), 1)}
    return {name: value for name, value in content.items() if name != "pages"} | pages


async def move_instruction(
    tx: Transaction, code: str, command: Command, body: MoveIn, if_match: str | None = None
) -> InstructionOut:
    """Submit, send back, approve or withdraw; 403 for an author who approves, 409 when no revision is in that state."""
    if command in NOTE_NEEDED and not body.note:
        raise unprocessable("note", "missing")
    instruction = await tx.session.get(Instruction, code, with_for_update=True)
    if instruction is None:
        raise Problem(404, "not_found")
    check_etag(if_match, instruction.version)
    revisions = await tx.session.scalars(
        select(InstructionRevision)
        .where(InstructionRevision.code == code)
        .order_by(col(InstructionRevision.revision).desc())
    )
    known = {revision.revision: revision for revision in revisions}
    if body.revision is not None and body.revision not in known:
        raise unprocessable("revision", "unknown_reference", value=body.revision)
    revision = known[body.revision] if body.revision else _meant(list(known.values()), command)
    if command is Command.SUBMIT:
        _check_submission(tx, revision)
    if command is Command.APPROVE:
        if revision.state == State.IN_REVIEW and not may_approve(tx.actor.person, revision.authors):
            raise Problem(403, "same_person")
        before = next((one for one in known.values() if one.state == State.APPROVED), None)
        if before is not None and next_state(State(revision.state), command):
            await move(tx, instruction, before, Command.SUPERSEDE, None)
    await move(tx, instruction, revision, command, body.note)
    return await get_instruction(tx.session, code)


def _meant(revisions: Sequence[InstructionRevision], command: Command) -> InstructionRevision:
    """The newest revision that the command can move (an approved one before a draft); the newest of all when there is none."""
    movable = [revision for revision in revisions if next_state(State(revision.state), command)]
    return min(movable, key=lambda revision: revision.state in OPEN, default=revisions[0])


def _check_submission(tx: Transaction, revision: InstructionRevision) -> None:
    faults = page_faults([PageIn.model_validate(page) for page in revision.pages])
    if faults:
        raise Problem(422, "invalid", errors=[FieldError(field, code) for field, code in faults])
    if tx.actor.person not in revision.authors:
        revision.authors = [*revision.authors, tx.actor.person]


async def move(
    tx: Transaction, instruction: Instruction, revision: InstructionRevision, command: Command, note: str | None
) -> None:
    """Move a revision; a 409 problem when its state does not allow it."""
    before = State(revision.state)
    after = next_state(before, command)
    if after is None:
        raise Problem(409, "wrong_state", state=before.value)
    revision.state, revision.note = after.value, note
    if command is Command.SUBMIT:
        revision.submitted_by, revision.submitted_at = tx.actor.person, tx.now
    if command is Command.APPROVE:
        revision.approved_by, revision.approved_at = tx.actor.person, tx.now
    changes = [("revision", revision.revision, revision.revision), ("state", before, after)]
    tx.audit(command, f"instruction/{revision.code}", changes, note)
    await tell(tx, instruction, revision)


async def tell(tx: Transaction, instruction: Instruction, revision: InstructionRevision) -> None:
    """Tell of a revision, as the instruction's next version."""
    instruction.version += 1
    instruction.updated_at = tx.now
    await tx.session.flush()
    tx.record(
        InstructionChanged(
            code=instruction.code, revision=revision.revision, state=revision.state, title=revision.title
        ),
        aggregate=f"instruction/{instruction.code}",
        version=instruction.version,
    )


async def note_readers(tx: Transaction, readings: Sequence[InstructionConfirmed]) -> None:
    """Keep who confirmed which revision."""
    rows = [
        reading.model_dump(include={"code", "revision", "person", "at", "work_order", "number", "op"})
        for reading in readings
    ]
    await tx.session.execute(insert(InstructionReader).values(rows).on_conflict_do_nothing())
