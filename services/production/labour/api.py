"""Routes of labour."""

import asyncio
from typing import Annotated

from fastapi import Depends, Query, Response

from services.production.labour import commands
from services.production.labour.domain import Period
from services.production.labour.queries import attendance, sheet
from services.production.labour.queries.sheet import SheetRequest
from services.production.labour.queries.workbook import labour_table
from services.production.labour.schemas import (
    AttendanceIn,
    AttendanceOut,
    GroupBy,
    OwnAttendanceOut,
    PresentOut,
    SheetOut,
)
from services.production.permissions import CanNoteAttendance, CanReadLabour
from shared.kit.idempotency import Db, Once
from shared.kit.moments import Day, Moment
from shared.kit.paging import Page, Short
from shared.kit.routing import api_router
from shared.kit.translation import RequestTranslator
from shared.kit.workbook import WorkbookResponse, write_workbook

router = api_router("production", "labour")


def _requested(
    by: GroupBy = GroupBy.JOB,
    period: Annotated[Period | None, Query(description="business dates up to the present one, by name")] = None,
    first: Annotated[Day | None, Query(alias="first_date", description="a business date")] = None,
    last: Annotated[Day | None, Query(alias="last_date", description="a business date")] = None,
    begins: Annotated[Moment | None, Query(alias="from", description="a day ago when left out")] = None,
    ends: Annotated[Moment | None, Query(alias="to", description="now when left out")] = None,
) -> SheetRequest:
    return SheetRequest(by, period, first, last, begins, ends)


Requested = Annotated[SheetRequest, Depends(_requested)]


@router.post("/attendance", status_code=201)
async def note_attendance(body: AttendanceIn, once: Once, actor: CanNoteAttendance) -> AttendanceOut:
    """Note that somebody comes or goes."""
    return await once.run(AttendanceOut, body, lambda tx: commands.note_attendance(tx, actor, body))


@router.get("/attendance/mine")
async def read_own_attendance(actor: CanNoteAttendance, db: Db) -> OwnAttendanceOut:
    """Return when the caller last came and went."""
    async with db.reading() as session:
        return await attendance.own_attendance(session, actor.person)


@router.get("/attendance")
async def list_present(actor: CanReadLabour, db: Db, paging: Short) -> Page[PresentOut]:
    """People who are there now, since when and on which jobs, and flags at which a leader should look."""
    async with db.reading() as session:
        return paging.page(await attendance.present_people(session, db.clock()))


@router.get("/labour")
async def labour_sheet(actor: CanReadLabour, db: Db, requested: Requested) -> SheetOut:
    """Attendance, direct and waiting time, by person (a code, in the codes' order), job, machine or shift.

    The period is at most 93 days: ``period``, or business dates, or from one moment to another; the first of them
    that is given.
    """
    async with db.reading() as session:
        return await sheet.labour_sheet(session, requested, db.clock(), db.zone)


@router.get("/labour.xlsx", response_class=WorkbookResponse)
async def export_labour(actor: CanReadLabour, db: Db, requested: Requested, translate: RequestTranslator) -> Response:
    """The same as a workbook in the reader's language."""
    answer = await labour_sheet(actor, db, requested)
    in_zone = answer.model_copy(
        update={"begins": answer.begins.astimezone(db.zone), "ends": answer.ends.astimezone(db.zone)}
    )
    content = await asyncio.to_thread(write_workbook, labour_table(in_zone, translate))
    return WorkbookResponse(content, f"labour-{requested.by}-{in_zone.begins:%Y-%m-%d}.xlsx")
