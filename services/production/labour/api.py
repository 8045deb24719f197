"""Routes of labour."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.production.labour import commands, queries
from services.production.labour.schemas import AttendanceIn, AttendanceOut, By, SheetOut
from shared.kit.auth import Actor, allow
from shared.kit.idempotency import Db, Once
from shared.kit.moments import Moment
from shared.kit.problem import unprocessable

router = APIRouter(tags=["labour"])
Worker = Annotated[Actor, Depends(allow("operator", "leader", "quality", "planner", "maintenance", "admin"))]
Leader = Annotated[Actor, Depends(allow("leader", "planner", "admin"))]
LONGEST = timedelta(days=93)


@router.post("/attendance", status_code=201)
async def note_attendance(body: AttendanceIn, once: Once, actor: Worker) -> AttendanceOut:
    """Say that one came or goes."""
    return await once.run(AttendanceOut, body, lambda tx: commands.note_attendance(tx, actor, body))


@router.get("/labour")
async def labour_sheet(
    actor: Leader,
    db: Db,
    begins: Annotated[Moment | None, Query(alias="from", description="a day ago when left out")] = None,
    ends: Annotated[Moment | None, Query(alias="to", description="now when left out")] = None,
    by: By = By.JOB,
) -> SheetOut:
    """Attendance and direct labour time of at most 93 days, by person (a code, in the codes' order), job, machine or shift."""
    until = min(ends or db.clock(), db.clock())
    since = begins or until - timedelta(days=1)
    if until - since > LONGEST:
        raise unprocessable("from", "period_too_long", days=LONGEST.days)
    async with db.reading() as session:
        return await queries.labour_sheet(session, since, until, by, db.zone)
