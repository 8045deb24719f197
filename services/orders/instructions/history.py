"""The whole past of instructions: told as it was, and laid down again where there is none yet."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from services.orders.definitions.tables import Item
from services.orders.instructions.commands import Verdict, move, tell
from services.orders.instructions.domain import OPEN, TEXT, Command, State, history_faults, text_length
from services.orders.instructions.schemas import InstructionHistory, PastInstruction
from services.orders.instructions.tables import Instruction, InstructionRevision
from shared.kit.database import Transaction
from shared.kit.media.queries import unknown_media
from shared.kit.problem import FieldError, Problem, unprocessable


async def read_instructions(tx: Transaction, codes: Collection[str] | None) -> dict[str, InstructionHistory]:
    """All revisions of these instructions, locked; or of all, unlocked."""
    if codes is not None:
        await tx.read_ahead(Instruction, codes, lock=True)
    told: dict[str, list[PastInstruction]] = {}
    for row in await _revisions(tx, codes):
        told.setdefault(row.code, []).append(PastInstruction.model_validate(row.model_dump(exclude={"code"})))
    return {code: InstructionHistory(revisions=revisions) for code, revisions in told.items()}


async def _revisions(tx: Transaction, codes: Collection[str] | None) -> Sequence[InstructionRevision]:
    table = InstructionRevision
    wanted = select(table).order_by(col(table.code), col(table.revision))
    return list(await tx.session.scalars(wanted if codes is None else wanted.where(col(table.code).in_(codes))))


async def restore_instruction(tx: Transaction, code: str, body: InstructionHistory) -> Verdict:
    """Lay down the past of an instruction where there is none; 409 where there is another one.

    What was approved comes in by an administrator alone: nobody else can vouch for an approval that was given elsewhere.
    """
    if await tx.lock(Instruction, code) is not None:
        raise unprocessable("code", "instruction_has_revisions")
    approved = any(past.approved_by for past in body.revisions)
    if approved and "admin" not in tx.actor.roles:
        raise unprocessable("revisions", "approved_elsewhere")
    faults = [FieldError(field, fault) for field, fault in history_faults(body.revisions)]
    faults += [fault for place, past in enumerate(body.revisions) for fault in await _faults(tx, place, past)]
    if faults:
        raise Problem(422, "invalid", errors=faults)
    instruction = Instruction(code=code, version=0, updated_at=tx.now)
    tx.add(instruction, code)
    await tx.flush()
    for past in body.revisions:
        revision = InstructionRevision(code=code, **past.model_dump(exclude={"pages"}), pages=_pages(past))
        tx.session.add(revision)
        await tell(tx, instruction, revision)
    tx.audit("restore", f"instruction/{code}", [("revisions", None, len(body.revisions))])
    return "created"


def _pages(past: PastInstruction) -> list[dict[str, object]]:
    return [page.model_dump(mode="json") for page in past.pages]


async def _faults(tx: Transaction, place: int, past: PastInstruction) -> list[FieldError]:
    where = f"revisions.{place}"
    faults = []
    if past.item is not None and await tx.find(Item, past.item) is None:
        faults.append(FieldError(f"{where}.item", "unknown_reference", {"value": past.item}))
    if text_length(past.pages) > TEXT:
        faults.append(FieldError(f"{where}.pages", "instruction_too_long", {"limit": TEXT}))
    unknown = await unknown_media(tx.session, (page.media for page in past.pages if page.media))
    faults += [FieldError(f"{where}.pages", "picture_missing", {"value": str(media)}) for media in sorted(unknown)]
    return faults


async def withdraw_instruction(tx: Transaction, code: str) -> None:
    """Withdraw what is approved and drop what is being written."""
    instruction = await tx.lock(Instruction, code)
    if instruction is None:
        return
    for revision in await _revisions(tx, [code]):
        if revision.state == State.IN_REVIEW:
            await move(tx, instruction, revision, Command.RETURN, revision.note)
        if revision.state in (*OPEN, State.APPROVED):
            await move(tx, instruction, revision, Command.WITHDRAW, revision.note)
