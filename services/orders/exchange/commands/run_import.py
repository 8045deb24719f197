"""Imports: each entry is really put by its slice's command, and its outcome reported."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import insert, text
from sqlmodel import col, select

from services.orders.exchange.adapters.reading import IncomingFile
from services.orders.exchange.commands.kinds.kind import ExchangeKind
from services.orders.exchange.commands.kinds.registry import KINDS
from services.orders.exchange.commands.outcomes import DONE, EntryOutcome
from services.orders.exchange.commands.pictures import store_pictures
from services.orders.exchange.commands.publish_progress import RowProgress
from services.orders.exchange.commands.reject import store_rejected
from services.orders.exchange.domain.documents import Document, frozen, read_rows, references, row_changes
from services.orders.exchange.domain.entries import ImportBatch, ImportEntry
from services.orders.exchange.schemas import Mode
from services.orders.exchange.tables import ImportChange, ImportRun
from shared.kit.chunks import in_chunks
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.importing import row_faults
from shared.kit.names import Code
from shared.kit.problem import FieldError, Problem

CODE: TypeAdapter[str] = TypeAdapter(Code)
AT_ONCE = 100
"""Entries between which others get their turn: an import must not keep the shop floor waiting."""
READ_AT_ONCE = 500
"""Entries whose neighbours are read in one query."""
PLAN_ANEW = text("DISCARD PLANS")
"""A plan made while a table was empty would read all of it for each hundred keys, once a file has filled it."""


async def import_entries(
    tx: Transaction,
    incoming: IncomingFile[ExchangeKind],
    *,
    file: str,
    mode: Mode,
    dry_run: bool,
    progress: RowProgress,
) -> tuple[list[EntryOutcome], UUID | None]:
    """Put every entry; with the run's id, when something was applied. In all_or_nothing one error undoes all."""
    progress.done = 0
    events, entries = len(tx.events), len(tx.entries)
    outcomes: list[EntryOutcome] = []
    async with tx.session.begin_nested() as savepoint:
        incoming.ignored.extend(await store_pictures(tx, incoming.pictures, incoming.documents))
        for batch in incoming.batches:
            outcomes += await _import_batch(tx, batch, progress)
        refused = mode == "all_or_nothing" and any(outcome.verdict == "error" for outcome in outcomes)
        if refused and not dry_run:
            await savepoint.rollback()
            del tx.events[events:], tx.entries[entries:]
    if dry_run or refused:
        return outcomes, None
    await store_rejected(tx, file, outcomes)
    return outcomes, await _store_run(tx, incoming, outcomes, file, mode)


async def _import_batch(tx: Transaction, batch: ImportBatch[ExchangeKind], progress: RowProgress) -> list[EntryOutcome]:
    kind = batch.kind
    outcomes: list[EntryOutcome] = []
    await tx.session.execute(PLAN_ANEW)
    async for entries in in_chunks(batch.entries, AT_ONCE):
        present = await kind.store.read(tx, [entry.key for entry in entries])
        withdrawn = await _withdrawn(tx, kind, present)
        for entry in entries:
            revive = entry.key in withdrawn
            outcomes.append(_compare(kind, batch.mapped, entry, present.get(entry.key), revive=revive))
    async for some in in_chunks(outcomes, READ_AT_ONCE):
        await _check_references(tx, kind, [outcome for outcome in some if outcome.verdict in DONE])
        await kind.store.prepare(tx, _documents(some))
    async for some in in_chunks(outcomes, AT_ONCE):
        for outcome in some:
            if outcome.verdict in DONE:
                await _put(tx, outcome)
            progress.done += len(outcome.entry.rows)
        await tx.flush()
    await tx.session.execute(PLAN_ANEW)
    async for some in in_chunks(outcomes, READ_AT_ONCE):
        left = await kind.store.left(tx, _documents(some))
        for outcome in some:
            outcome.after = left.get(outcome.entry.key, outcome.after)
    return outcomes


def _documents(outcomes: Sequence[EntryOutcome]) -> dict[str, Document]:
    """The documents that are put, by key."""
    return {outcome.entry.key: outcome.after for outcome in outcomes if outcome.verdict in DONE}


async def _withdrawn(tx: Transaction, kind: ExchangeKind, present: Mapping[str, Document]) -> set[str]:
    """The keys that are out of use because the import that made them was undone.

    A file that has them again puts them in use.
    """
    inactive = [key for key, document in present.items() if document.get("active") is False]
    if not inactive:
        return set()
    statement = select(ImportChange.key).join(ImportRun, col(ImportRun.id) == ImportChange.run)
    statement = statement.where(
        ImportChange.kind == kind.name,
        col(ImportChange.key).in_(inactive),
        col(ImportChange.before).is_(None),
        ImportRun.state == "undone",
    )
    return set(await tx.session.scalars(statement))


def _compare(
    kind: ExchangeKind, mapped: Sequence[str], entry: ImportEntry, present: Document | None, *, revive: bool
) -> EntryOutcome:
    """Compare the entry with what is there."""
    outcome = EntryOutcome(kind, entry, "error", before=present)
    if fault := _row_fault(kind, entry):
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


def _row_fault(kind: ExchangeKind, entry: ImportEntry) -> FieldError | None:
    if entry.surplus:
        return FieldError("row", "row_surplus", {"surplus": entry.surplus})
    if not entry.key:
        return FieldError(kind.key, "missing")
    if kind.lines is None and len(entry.rows) > 1:
        return FieldError(kind.key, "code_twice")
    return None


async def _check_references(tx: Transaction, kind: ExchangeKind, outcomes: Sequence[EntryOutcome]) -> None:
    """Read ahead what all entries refer to, in one query a kind; what is not known is a fault."""
    named: dict[str, set[str]] = {}
    for outcome in outcomes:
        for _, other, key in references(kind, outcome.entry.key, outcome.after):
            named.setdefault(other, set()).add(key)
    known = {other: await KINDS[other].store.in_use(tx, keys) for other, keys in named.items()}
    for outcome in outcomes:
        unknown = [
            FieldError(location, "unknown_reference", {"value": key})
            for location, other, key in references(kind, outcome.entry.key, outcome.after)
            if key not in known[other]
        ]
        if unknown:
            _fail(outcome, unknown)


async def _put(tx: Transaction, outcome: EntryOutcome) -> None:
    events, entries = len(tx.events), len(tx.entries)
    kind = outcome.kind
    try:
        verdict = await kind.store.put(tx, outcome.entry.key, outcome.body)
        if verdict == "unchanged":
            outcome.verdict, outcome.changes = verdict, []
    except Problem as problem:
        del tx.events[events:], tx.entries[entries:]
        _fail(outcome, row_faults(problem, kind.key))


def _fail(outcome: EntryOutcome, faults: Sequence[FieldError]) -> None:
    """Each fault stands with its row; a row without one says that another row of the same key has it."""
    outcome.verdict, outcome.changes = "error", []
    by_row: list[list[FieldError]] = [[] for _ in outcome.entry.rows]
    for fault in faults:
        index, name = _locate(outcome.kind, fault.field)
        by_row[index if index < len(by_row) else 0].append(replace(fault, field=name))
    outcome.faults = [faults or [FieldError("row", "another_row_wrong")] for faults in by_row]


def _locate(kind: ExchangeKind, location: str) -> tuple[int, str]:
    """The row and the field of a fault's location in the document."""
    index = 0
    parts = location.split(".")
    if kind.lines and parts[0] == kind.lines.name and len(parts) > 2 and parts[1].isdigit():
        index, parts = int(parts[1]), parts[2:]
    for field_ in kind.fields:
        if field_.name == parts[0] or ".".join(field_.location) == ".".join(parts[: len(field_.location)]):
            return index, field_.name
    return index, kind.key if parts == ["code"] else parts[0]


async def _store_run(
    tx: Transaction, incoming: IncomingFile[ExchangeKind], outcomes: Sequence[EntryOutcome], file: str, mode: Mode
) -> UUID | None:
    """Store the changes of the run, so that it can be shown and undone; nothing when there are none."""
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
