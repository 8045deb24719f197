"""Report what was made without an order, assign or dismiss it."""

from uuid import UUID

from services.production.definitions.commands import effective_time
from services.production.definitions.queries import find_item, load_units, shop_calendar
from services.production.machines.queries import get_machine
from services.production.results.commands.acknowledge import acknowledge_results
from services.production.results.commands.batch import Report
from services.production.results.commands.report import report_within
from services.production.results.domain import fraction_flags
from services.production.results.queries.references import reference_errors, unknown_references
from services.production.results.schemas import ResultIn, ScrapIn
from services.production.unassigned.domain import ASSIGNED_LATER, UnassignedState
from services.production.unassigned.events import unassigned_changed
from services.production.unassigned.queries import unassigned_out
from services.production.unassigned.schemas import UnassignedIn, UnassignedOut
from services.production.unassigned.tables import Unassigned
from shared.kit.auth import Actor
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import FieldError, Problem
from shared.kit.quantities import plain


async def report_unassigned(tx: Transaction, machine: str, body: UnassignedIn) -> UnassignedOut:
    """Store the pieces, with the date and the shift in which they were made; refused is only what cannot be a fact."""
    found = await get_machine(tx.session, machine)
    reported = ResultIn(good=body.good, scrap=body.scrap)
    if not reported.has_pieces():
        raise Problem(422, "invalid", errors=[FieldError("good", "nothing_reported")])
    errors = reference_errors(reported, await unknown_references(tx.session, reported.references()))
    if errors:
        raise Problem(422, "invalid", errors=errors)
    time = effective_time(tx, body.at)
    shift = (await shop_calendar(tx.session, tx.zone)).shift_at(time.at)
    row = Unassigned(
        id=new_id(),
        machine=found.code,
        item=body.item,
        good=body.good,
        scrap=body.scrapped,
        scrap_by_defect=[{"defect": entry.defect, "quantity": plain(entry.quantity)} for entry in body.scrap],
        note=body.note,
        person=tx.actor.person,
        device=tx.actor.device,
        at=time.at,
        flags=[*time.flags, *await _flags(tx, body)],
        recorded_at=tx.now,
        business_date=shift.business_date,
        shift=shift.code,
    )
    tx.session.add(row)
    await tx.session.flush()
    _publish(tx, row)
    return unassigned_out(row)


async def _flags(tx: Transaction, body: UnassignedIn) -> list[str]:
    """Flags for such parts of a piece as the item's unit has not, where somebody has named an item that is known."""
    item = body.item and await find_item(tx.session, body.item)
    if not item:
        return []
    decimals = 0 if item.serial_tracked else (await load_units(tx.session)).decimals(item.unit)
    return fraction_flags((body.good, *(entry.quantity for entry in body.scrap)), decimals)


async def assign_unassigned(tx: Transaction, id_: UUID, job: UUID) -> UnassignedOut:
    """The pieces become a result of a job, with the time and the person of when they were made."""
    row = await _lock_open(tx, id_)
    scrap = [ScrapIn.model_validate(entry) for entry in row.scrap_by_defect]
    body = ResultIn(good=row.good, scrap=scrap, machine=row.machine, at=row.at)
    flags = (*row.flags, ASSIGNED_LATER)
    maker = Actor(row.person, tx.actor.roles, row.device, tx.actor.site)
    report = await report_within(
        tx, Report(new_id(), row.id.bytes, job, body, maker, flags, received_at=row.recorded_at)
    )
    await acknowledge_results(tx, [report.id], None)
    row.job, row.result = job, report.id
    return _resolve(tx, row, UnassignedState.ASSIGNED, None)


async def dismiss_unassigned(tx: Transaction, id_: UUID, reason: str) -> UnassignedOut:
    """The pieces belong to no order."""
    return _resolve(tx, await _lock_open(tx, id_), UnassignedState.DISMISSED, reason)


async def _lock_open(tx: Transaction, id_: UUID) -> Unassigned:
    row = await tx.session.get(Unassigned, id_, with_for_update=True)
    if row is None:
        raise Problem(404, "not_found")
    if row.state != UnassignedState.OPEN:
        raise Problem(409, "review_resolved", state=row.state, person=row.resolved_by)
    return row


def _resolve(tx: Transaction, row: Unassigned, state: UnassignedState, reason: str | None) -> UnassignedOut:
    tx.audit(
        "assign" if state is UnassignedState.ASSIGNED else "dismiss",
        f"unassigned/{row.id}",
        [("state", row.state, state.value), ("job", None, row.job)],
        reason,
    )
    row.state, row.reason = state.value, reason
    row.resolved_by, row.resolved_at, row.version = tx.actor.person, tx.now, row.version + 1
    _publish(tx, row)
    return unassigned_out(row)


def _publish(tx: Transaction, row: Unassigned) -> None:
    tx.record(unassigned_changed(row, tx.people), aggregate=f"unassigned/{row.id}", version=row.version)
