"""Events of results."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.production.jobs.domain import Totals, outside, waits
from services.production.results.tables import ResultRow
from shared.contracts.production.jobs import JobTotals
from shared.contracts.production.results import ResultReported, ScrapQuantity


def result_reported(
    row: ResultRow,
    *,
    person_id: UUID | None,
    external_id: str | None,
    planned: Decimal,
    job_started_at: datetime | None,
    totals: Totals,
    rework_in: Decimal,
    sent: Decimal,
) -> ResultReported:
    """A result brought its job to ``totals``.

    ``rework_in`` is the count of what waits there to be reworked, ``sent`` what went to its subcontractor less what
    came back.
    """
    return ResultReported(
        result_id=row.id,
        job_id=row.job,
        work_order_id=row.work_order,
        number=row.number,
        external_id=external_id,
        op=row.op,
        item=row.item,
        machine=row.machine,
        good=row.good,
        scrap=[ScrapQuantity.model_validate(entry) for entry in row.scrap_by_defect],
        rework=row.rework,
        totals=JobTotals(**vars(totals), rework_in=waits(rework_in), sent=outside(sent, rework_in)),
        planned=planned,
        person_id=person_id,
        source=row.source,
        at=row.at,
        business_date=row.business_date,
        shift=row.shift,
        job_started_at=job_started_at,
        flags=row.flags,
        reverses_id=row.reverses,
        rework_op=row.rework_op,
        reworked=row.reworked,
        corrects_id=row.corrects,
        returned_by_id=row.returned_by,
    )
