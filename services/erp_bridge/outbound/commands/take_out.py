"""Confirmations of results that the floor's service has lost: they are taken back, as the ERP may have booked them."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlmodel import col, select

from services.erp_bridge.outbound.commands.confirm import confirm
from services.erp_bridge.outbound.domain.ledger import LedgerEntry
from services.erp_bridge.outbound.tables import Confirmation
from shared.kit.database import Transaction
from shared.kit.quantities import plain


def counterpart(id_: UUID) -> UUID:
    """The id of the confirmation that takes another one back."""
    return uuid5(NAMESPACE_OID, f"taken back/{id_}")


async def take_out(tx: Transaction, jobs: Sequence[UUID], true: Sequence[LedgerEntry]) -> None:
    """Confirm what is lacking of ``true``, all results of these jobs, and take back what is beyond it."""
    await confirm(tx, true)
    statement = (
        select(Confirmation)
        .where(col(Confirmation.job).in_(jobs), col(Confirmation.final).is_(False), col(Confirmation.reopens).is_(None))
        .order_by(col(Confirmation.position))
    )
    confirmed = {row.id: row for row in await tx.session.scalars(statement)}
    settled = {counterpart(id_): id_ for id_ in confirmed if counterpart(id_) in confirmed}
    beyond = confirmed.keys() - {entry.id for entry in true} - settled.keys() - set(settled.values())
    last = {entry.job: entry for entry in true}
    await confirm(tx, [_back(row, last.get(row.job), tx) for id_, row in confirmed.items() if id_ in beyond])


def _back(row: Confirmation, last: LedgerEntry | None, tx: Transaction) -> LedgerEntry:
    return LedgerEntry(
        id=counterpart(row.id),
        external_id=row.external_id,
        work_order=row.work_order,
        number=row.number,
        op=row.op,
        item=row.item,
        job=row.job,
        good=-row.good,
        scrap=[scrapped | {"quantity": plain(-Decimal(scrapped["quantity"]))} for scrapped in row.scrap],
        rework=-row.rework,
        started_at=row.started_at,
        finished_at=None,
        final=False,
        total_good=last.total_good if last else Decimal(0),
        total_scrap=last.total_scrap if last else Decimal(0),
        total_rework=last.total_rework if last else Decimal(0),
        recorded_at=tx.now,
    )
