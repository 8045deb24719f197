"""Commands on instructions: write, submit, return, approve, withdraw; restore their past; store their readers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.orders.definitions.commands import PutOutcome, require
from services.orders.definitions.tables import Item
from services.orders.instructions.domain import (
    MAX_CHARACTERS,
    NOTE_NEEDED,
    UNAPPROVED,
    InstructionCommand,
    InstructionState,
    history_faults,
    may_approve,
    next_state,
    page_faults,
    text_length,
)
from services.orders.instructions.events import instruction_changed
from services.orders.instructions.queries import get_instruction, load_revisions
from services.orders.instructions.schemas import (
    InstructionHistory,
    InstructionIn,
    InstructionOut,
    MoveIn,
    PageIn,
    PastInstruction,
)
from services.orders.instructions.tables import Instruction, InstructionReader, InstructionRevision
from shared.contracts.orders.instructions import InstructionChanged
from shared.contracts.production.instructions import InstructionConfirmed
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.media.queries import unknown_media
from shared.kit.paging import Precondition, check_etag
from shared.kit.problem import FieldError, Problem, unprocessable
from shared.kit.republish import Republishable


async def write_instruction(
    tx: Transaction, code: str, body: InstructionIn, if_match: Precondition | None = None
) -> PutOutcome:
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
    if newest is not None and newest.state == InstructionState.IN_REVIEW:
        raise Problem(409, "wrong_state", state=newest.state)
    present = newest.content() if newest else {}
    content = body.model_dump(mode="json")
    if newest is not None and present == content and newest.state != InstructionState.WITHDRAWN:
        return "unchanged"
    if instruction is None:
        instruction = Instruction(code=code, version=0, updated_at=tx.now)
        tx.session.add(instruction)
        await tx.session.flush()
    author = tx.actor.person
    if newest is not None and newest.state == InstructionState.DRAFT:
        revision = newest
        authors = [*newest.authors, *({author} - set(newest.authors))]
        revision.sqlmodel_update(content | {"authors": authors, "written_at": tx.now})
    else:
        number = newest.revision + 1 if newest else 1
        revision = InstructionRevision(
            code=code,
            revision=number,
            state=InstructionState.DRAFT.value,
            authors=[author],
            written_at=tx.now,
            **content,
        )
        tx.session.add(revision)
    tx.audit("write", instruction.subject_of(code), differences(_by_page(present), _by_page(content)))
    await record_change(tx, instruction, revision)
    return "created" if newest is None else "updated"


async def _check_content(tx: Transaction, body: InstructionIn) -> None:
    if body.item is not None:
        await require(tx, Item, body.item, "item")
    if text_length(body.pages) > MAX_CHARACTERS:
        raise unprocessable("pages", "instruction_too_long", limit=MAX_CHARACTERS)
    unknown = await unknown_media(tx.session, (page.media_id for page in body.pages if page.media_id))
    if unknown:
        errors = [
            FieldError(f"pages.{index}.media_id", "unknown_reference", {"value": str(page.media_id)})
            for index, page in enumerate(body.pages)
            if page.media_id in unknown
        ]
        raise Problem(422, "invalid", errors=errors)


def _by_page(content: dict[str, Any]) -> dict[str, Any]:
    """The content with a field for each page, so that a change names the page."""
    pages = {f"page {number}": page for number, page in enumerate(content.get("pages", []), 1)}
    return {name: value for name, value in content.items() if name != "pages"} | pages


async def move_instruction(
    tx: Transaction, code: str, command: InstructionCommand, body: MoveIn, if_match: Precondition | None = None
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
    revision = known[body.revision] if body.revision else _revision_for(list(known.values()), command)
    if command is InstructionCommand.SUBMIT:
        _check_submission(tx, revision)
    if command is InstructionCommand.APPROVE:
        if revision.state == InstructionState.IN_REVIEW and not may_approve(tx.actor.person, revision.authors):
            raise Problem(403, "same_person")
        before = next((one for one in known.values() if one.state == InstructionState.APPROVED), None)
        if before is not None and next_state(InstructionState(revision.state), command):
            await apply_command(tx, instruction, before, InstructionCommand.SUPERSEDE, None)
    await apply_command(tx, instruction, revision, command, body.note)
    return await get_instruction(tx.session, code)


def _revision_for(revisions: Sequence[InstructionRevision], command: InstructionCommand) -> InstructionRevision:
    """The newest revision that the command can move (an approved one before a draft).

    The newest of all when there is none.
    """
    movable = [revision for revision in revisions if next_state(InstructionState(revision.state), command)]
    return min(movable, key=lambda revision: revision.state in UNAPPROVED, default=revisions[0])


def _check_submission(tx: Transaction, revision: InstructionRevision) -> None:
    faults = page_faults([PageIn.model_validate(page) for page in revision.pages])
    if faults:
        raise Problem(422, "invalid", errors=[FieldError(field, code) for field, code in faults])
    if tx.actor.person not in revision.authors:
        revision.authors = [*revision.authors, tx.actor.person]


async def apply_command(
    tx: Transaction,
    instruction: Instruction,
    revision: InstructionRevision,
    command: InstructionCommand,
    note: str | None,
) -> None:
    """Move a revision; a 409 problem when its state does not allow it."""
    before = InstructionState(revision.state)
    after = next_state(before, command)
    if after is None:
        raise Problem(409, "wrong_state", state=before.value)
    revision.state, revision.note = after.value, note
    if command is InstructionCommand.SUBMIT:
        revision.submitted_by, revision.submitted_at = tx.actor.person, tx.now
    if command is InstructionCommand.APPROVE:
        revision.approved_by, revision.approved_at = tx.actor.person, tx.now
    changes = [("revision", revision.revision, revision.revision), ("state", before, after)]
    tx.audit(command, instruction.subject_of(revision.code), changes, note)
    await record_change(tx, instruction, revision)


async def record_change(tx: Transaction, instruction: Instruction, revision: InstructionRevision) -> None:
    """Record a change of a revision, as the instruction's next version."""
    instruction.version += 1
    instruction.updated_at = tx.now
    await tx.session.flush()
    subject = instruction.subject_of(instruction.code)
    tx.record(instruction_changed(revision), aggregate=subject, version=instruction.version)


async def store_readers(tx: Transaction, readings: Sequence[InstructionConfirmed]) -> None:
    """Store who confirmed which revision."""
    rows = [
        reading.model_dump(include={"code", "revision", "at", "number", "op"})
        | {"person": str(reading.person_id), "work_order": reading.work_order_id}
        for reading in readings
    ]
    await tx.session.execute(insert(InstructionReader).values(rows).on_conflict_do_nothing())


async def restore_instruction(tx: Transaction, code: str, body: InstructionHistory) -> PutOutcome:
    """Restore the past of an instruction where there is none; 409 where there is another one.

    What was approved comes in by an administrator alone: nobody else can vouch for an approval given elsewhere.
    """
    if await tx.lock(Instruction, code) is not None:
        raise unprocessable("code", "instruction_has_revisions")
    approved = any(past.approved_by for past in body.revisions)
    if approved and "admin" not in tx.actor.roles:
        raise unprocessable("revisions", "approved_elsewhere")
    faults = [FieldError(field, fault) for field, fault in history_faults(body.revisions)]
    faults += [fault for index, past in enumerate(body.revisions) for fault in await _past_faults(tx, index, past)]
    if faults:
        raise Problem(422, "invalid", errors=faults)
    instruction = Instruction(code=code, version=0, updated_at=tx.now)
    tx.add(instruction, code)
    await tx.flush()
    for past in body.revisions:
        revision = InstructionRevision(code=code, **past.model_dump(exclude={"pages"}), pages=_pages(past))
        tx.session.add(revision)
        await record_change(tx, instruction, revision)
    tx.audit("restore", instruction.subject_of(code), [("revisions", None, len(body.revisions))])
    return "created"


def _pages(past: PastInstruction) -> list[dict[str, object]]:
    return [page.model_dump(mode="json") for page in past.pages]


async def _past_faults(tx: Transaction, index: int, past: PastInstruction) -> list[FieldError]:
    field = f"revisions.{index}"
    faults = []
    if past.item is not None and await tx.find(Item, past.item) is None:
        faults.append(FieldError(f"{field}.item", "unknown_reference", {"value": past.item}))
    if text_length(past.pages) > MAX_CHARACTERS:
        faults.append(FieldError(f"{field}.pages", "instruction_too_long", {"limit": MAX_CHARACTERS}))
    unknown = await unknown_media(tx.session, (page.media_id for page in past.pages if page.media_id))
    faults += [FieldError(f"{field}.pages", "picture_missing", {"value": str(media)}) for media in sorted(unknown)]
    return faults


async def withdraw_instruction(tx: Transaction, code: str) -> None:
    """Withdraw what is approved and drop what is being written."""
    instruction = await tx.lock(Instruction, code)
    if instruction is None:
        return
    for revision in await load_revisions(tx, [code]):
        if revision.state == InstructionState.IN_REVIEW:
            await apply_command(tx, instruction, revision, InstructionCommand.RETURN, revision.note)
        if revision.state in (*UNAPPROVED, InstructionState.APPROVED):
            await apply_command(tx, instruction, revision, InstructionCommand.WITHDRAW, revision.note)


async def present_instructions(tx: Transaction, instructions: Sequence[Instruction]) -> list[InstructionChanged]:
    """Of each instruction the approved revision with its pages, or else the newest one."""
    newest: dict[str, InstructionRevision] = {}
    for revision in await load_revisions(tx, [instruction.code for instruction in instructions]):
        if revision.code not in newest or newest[revision.code].state != InstructionState.APPROVED:
            newest[revision.code] = revision
    return [instruction_changed(newest[instruction.code]) for instruction in instructions]


REPUBLISHES = [Republishable("instruction", Instruction, present_instructions)]
