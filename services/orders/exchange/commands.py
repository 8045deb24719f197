"""Imports as commands: each entry is really put, and what happened is told; mappings are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import insert
from sqlmodel import col, select

from services.orders.exchange.archive import take_pictures
from services.orders.exchange.domain import Document, frozen, read_rows, references, row_changes
from services.orders.exchange.incoming import Batch, Entry, Incoming
from services.orders.exchange.kind import Kind
from services.orders.exchange.kinds import KINDS
from services.orders.exchange.outcome import DONE, Outcome
from services.orders.exchange.progress import Progress
from services.orders.exchange.rejected import keep_rejected
from services.orders.exchange.schemas import Mode
from services.orders.exchange.tables import ImportChange, ImportMapping, ImportRun
from shared.kit.chunks import in_chunks
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.importing import Mapped, row_faults
from shared.kit.names import Code
from shared.kit.problem import FieldError, Problem

CODE: TypeAdapter[str] = TypeAdapter(Code)
AT_ONCE = 100
"""Entries between which others get their turn: an import must not keep the shop floor waiting."""
READ_AT_ONCE = 500
"""Entries whose neighbours are read in one query."""


async def import_entries(
    tx: Transaction, incoming: Incoming, *, file: str, mode: Mode, dry_run: bool, progress: Progress
) -> tuple[list[Outcome], UUID | None]:
    """Put every entry; with the run's id, when something was applied. In all_or_nothing one error undoes all."""
    progress.done = 0
    told, entered = len(tx.events), len(tx.entries)
    outcomes: list[Outcome] = []
    async with tx.session.begin_nested() as savepoint:
        incoming.ignored.extend(await take_pictures(tx, incoming.pictures, incoming.documents))
        for batch in incoming.batches:
            outcomes += await _import_batch(tx, batch, progress)
        refused = mode == "all_or_nothing" and any(outcome.verdict == "error" for outcome in outcomes)
        if refused and not dry_run:
            await savepoint.rollback()
            del tx.events[told:], tx.entries[entered:]
    if dry_run or refused:
        return outcomes, None
    await keep_rejected(tx, file, outcomes)
    return outcomes, await _keep_run(tx, incoming, outcomes, file, mode)


async def _import_batch(tx: Transaction, batch: Batch, progress: Progress) -> list[Outcome]:
    kind = batch.kind
    outcomes: list[Outcome] = []
    async for entries in in_chunks(batch.entries, AT_ONCE):
        present = await kind.store.read(tx, [entry.key for entry in entries])
        withdrawn = await _withdrawn(tx, kind, present)
        for entry in entries:
            revive = entry.key in withdrawn
            outcomes.append(_decide(kind, batch.mapped, entry, present.get(entry.key), revive=revive))
    async for some in in_chunks(outcomes, READ_AT_ONCE):
        await _check_references(tx, kind, [outcome for outcome in some if outcome.verdict in DONE])
        await kind.store.prepare(tx, _documents(some))
    async for some in in_chunks(outcomes, AT_ONCE):
        for outcome in some:
            if outcome.verdict in DONE:
                await _put(tx, outcome)
            progress.done += len(outcome.entry.rows)
        await tx.flush()
    async for some in in_chunks(outcomes, READ_AT_ONCE):
        left = await kind.store.left(tx, _documents(some))
        for outcome in some:
            outcome.after = left.get(outcome.entry.key, outcome.after)
    return outcomes


def _documents(outcomes: Sequence[Outcome]) -> dict[str, Document]:
    """What is put, by key."""
    return {outcome.entry.key: outcome.after for outcome in outcomes if outcome.verdict in DONE}


async def _withdrawn(tx: Transaction, kind: Kind, present: Mapping[str, Document]) -> set[str]:
    """The keys that are out of use because the import that made them was taken back: a file that has them again puts them in use."""
    inactive = [key for key, document in present.items() if document.get("active") is False]
    if not inactive:
        return set()
    wanted = select(ImportChange.key).join(ImportRun, col(ImportRun.id) == ImportChange.run)
    wanted = wanted.where(
        ImportChange.kind == kind.name,
        col(ImportChange.key).in_(inactive),
        col(ImportChange.before).is_(None),
        ImportRun.state == "undone",
    )
    return set(await tx.session.scalars(wanted))


def _decide(kind: Kind, mapped: Sequence[str], entry: Entry, present: Document | None, *, revive: bool) -> Outcome:
    """What the entry says against what is there."""
    outcome = Outcome(kind, entry, "error", before=present)
    if fault := _odd_rows(kind, entry):
        _fail(outcome, [fault])
        return outcome
    try:
        if present is None:
            CODE.validate_python(entry.key)
        if entry.document is not None:
            document = (present or {}) | entry.document
        else:
            document = read_rows(kind, mapped, entry.cells, present)
        if revive and "active" not in mapped and entry.document is None:
            document["active"] = True
        outcome.body = kind.body.model_validate(document)
        outcome.after = frozen(outcome.body)
    except (Problem, ValueError) as error:
        _fail(outcome, row_faults(error, kind.key))
        return outcome
    if present == outcome.after:
        outcome.verdict = "unchanged"
    elif present is None:
        outcome.verdict = "created"
    else:
        outcome.verdict = "updated"
        outcome.changes = row_changes(kind, entry.key, present, outcome.after)
    return outcome


def _odd_rows(kind: Kind, entry: Entry) -> FieldError | None:
    if entry.surplus:
        return FieldError("row", "row_surplus", {"surplus": entry.surplus})
    if not entry.key:
        return FieldError(kind.key, "missing")
    if kind.lines is None and len(entry.rows) > 1:
        return FieldError(kind.key, "code_twice")
    return None


async def _check_references(tx: Transaction, kind: Kind, outcomes: Sequence[Outcome]) -> None:
    """Read ahead what all entries refer to, in one query a kind; what is not known is a fault."""
    named: dict[str, set[str]] = {}
    for outcome in outcomes:
        for _, other, key in references(kind, outcome.entry.key, outcome.after):
            named.setdefault(other, set()).add(key)
    known = {other: await KINDS[other].store.in_use(tx, keys) for other, keys in named.items()}
    for outcome in outcomes:
        unknown = [
            FieldError(where, "unknown_reference", {"value": key})
            for where, other, key in references(kind, outcome.entry.key, outcome.after)
            if key not in known[other]
        ]
        if unknown:
            _fail(outcome, unknown)


async def _put(tx: Transaction, outcome: Outcome) -> None:
    told, entered = len(tx.events), len(tx.entries)
    kind = outcome.kind
    try:
        verdict = await kind.store.put(tx, outcome.entry.key, outcome.body)
        if verdict == "unchanged":
            outcome.verdict, outcome.changes = verdict, []
    except Problem as problem:
        del tx.events[told:], tx.entries[entered:]
        _fail(outcome, row_faults(problem, kind.key))


def _fail(outcome: Outcome, faults: Sequence[FieldError]) -> None:
    """Each fault stands with its row; a row without one says that another row of the same key has it."""
    outcome.verdict, outcome.changes = "error", []
    by_row: list[list[FieldError]] = [[] for _ in outcome.entry.rows]
    for fault in faults:
        place, name = _place_of(outcome.kind, fault.field)
        by_row[place if place < len(by_row) else 0].append(replace(fault, field=name))
    outcome.faults = [told or [FieldError("row", "another_row_wrong")] for told in by_row]


def _place_of(kind: Kind, where: str) -> tuple[int, str]:
    """The row and the field of a fault's place in the document."""
    place = 0
    parts = where.split(".")
    if kind.lines and parts[0] == kind.lines.name and len(parts) > 2 and parts[1].isdigit():
        place, parts = int(parts[1]), parts[2:]
    for field_ in kind.fields:
        if field_.name == parts[0] or ".".join(field_.place) == ".".join(parts[: len(field_.place)]):
            return place, field_.name
    return place, kind.key if parts == ["code"] else parts[0]


async def _keep_run(
    tx: Transaction, incoming: Incoming, outcomes: Sequence[Outcome], file: str, mode: Mode
) -> UUID | None:
    """Keep what the run did, so that it can be shown and taken back; nothing when it did nothing."""
    done = [outcome for outcome in outcomes if outcome.verdict in DONE]
    if not done:
        return None
    kinds = {batch.kind.name for batch in incoming.batches}
    summary = {"created": 0, "updated": 0, "unchanged": 0, "error": 0}
    for outcome in outcomes:
        summary[outcome.verdict] += len(outcome.entry.rows)
    run = ImportRun(
        id=new_id(),
        kind=kinds.pop() if len(incoming.batches) == 1 and incoming.columns else "everything",
        file=file,
        at=tx.now,
        person=tx.actor.person,
        mode=mode,
        summary=summary,
    )
    tx.session.add(run)
    await tx.session.flush()
    changes: list[dict[str, Any]] = [
        {
            "run": run.id,
            "position": position,
            "kind": outcome.kind.name,
            "key": outcome.entry.key,
            "before": outcome.before,
            "after": outcome.after,
        }
        for position, outcome in enumerate(done, 1)
    ]
    async for some in in_chunks(changes):
        await tx.session.execute(insert(ImportChange), some)
    tx.audit("import", f"import/{run.id}", [(name, None, count) for name, count in summary.items()], file)
    return run.id


async def keep_mapping(tx: Transaction, kind: str, name: str, mapping: Mapped) -> ImportMapping:
    """Keep a mapping by name, or replace the one of this name."""
    row = await tx.lock(ImportMapping, (kind, name))
    if row is None:
        row = ImportMapping(kind=kind, name=name, mapping=mapping, person=tx.actor.person, updated_at=tx.now)
        tx.add(row, (kind, name))
    else:
        row.sqlmodel_update({"mapping": mapping, "person": tx.actor.person, "updated_at": tx.now})
    tx.audit("keep", f"import_mapping/{kind}.{name}", [("mapping", None, mapping)])
    return row


async def forget_mapping(tx: Transaction, kind: str, name: str) -> None:
    """Forget a mapping; 404 when there is none of this name."""
    row = await tx.lock(ImportMapping, (kind, name))
    if row is None:
        raise Problem(404, "not_found")
    await tx.session.delete(row)
    tx.audit("forget", f"import_mapping/{kind}.{name}", [("mapping", row.mapping, None)])
