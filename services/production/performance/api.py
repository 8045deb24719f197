"""Routes of the daily report."""

import asyncio
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request, Response

from services.production.performance.queries.daily_report import ReportRequest, daily_report
from services.production.performance.queries.workbook import report_table
from services.production.performance.schemas import DailyReportOut
from services.production.permissions import CanRead
from shared.kit.idempotency import Db
from shared.kit.moments import Day
from shared.kit.names import Code
from shared.kit.readers import check_may_ask_for
from shared.kit.routing import api_router
from shared.kit.translation import RequestTranslator
from shared.kit.workbook import WorkbookResponse, write_workbook

router = api_router("production", "performance")


def _requested(
    day: Annotated[Day | None, Query(alias="date", description="the present business date when left out")] = None,
    shift: Code | None = None,
    machine: Code | None = None,
    person: Annotated[
        Code | None, Query(description="their results, and the times in which they worked on jobs")
    ] = None,
) -> ReportRequest:
    check_may_ask_for(person)
    return ReportRequest(day, shift, machine, person)


Requested = Annotated[ReportRequest, Depends(_requested)]


@router.get("/daily-report")
async def get_daily_report(
    request: Request, actor: CanRead, db: Db, requested: Requested, translate: RequestTranslator
) -> DailyReportOut:
    """The daily report: pieces made and the machines' time of a business date, a row a shift, machine and job."""
    zone = ZoneInfo(request.app.state.settings.time_zone)
    async with db.reading() as session:
        return await daily_report(session, requested, zone, db.clock(), translate)


@router.get("/daily-report.xlsx", response_class=WorkbookResponse)
async def export_daily_report(
    request: Request, actor: CanRead, db: Db, requested: Requested, translate: RequestTranslator
) -> Response:
    """The same as a workbook in the reader's language."""
    report = await get_daily_report(request, actor, db, requested, translate)
    content = await asyncio.to_thread(write_workbook, report_table(report, translate))
    return WorkbookResponse(content, f"daily-report-{report.business_date}.xlsx")
