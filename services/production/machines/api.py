"""Routes of machine states."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query

from services.production.definitions.queries import reasons_by_code
from services.production.machines import queries
from services.production.machines.schemas import StateOut, TimelineOut
from services.production.permissions import CanRead
from shared.kit.idempotency import Db
from shared.kit.moments import Moment
from shared.kit.paging import Page, Short
from shared.kit.problem import unprocessable
from shared.kit.routing import api_router

router = api_router("production", "machines")
LONGEST = timedelta(days=93)


From = Annotated[Moment | None, Query(alias="from", description="a day ago when left out")]
To = Annotated[Moment | None, Query(alias="to", description="now when left out")]


def _period(db: Db, begins: datetime | None, ends: datetime | None) -> tuple[datetime, datetime]:
    """The period that is asked for, up to now; a 422 problem when it is too long."""
    until = min(ends or db.clock(), db.clock())
    since = begins or until - timedelta(days=1)
    if until - since > LONGEST:
        raise unprocessable("from", "period_too_long", days=LONGEST.days)
    return since, until


@router.get("/machines/{code}/states")
async def list_states(
    code: str, actor: CanRead, db: Db, paging: Short, begins: From = None, ends: To = None
) -> Page[StateOut]:
    """The states of a machine in a period of at most 93 days, without holes."""
    since, until = _period(db, begins, ends)
    async with db.reading() as session:
        machine = await queries.get_machine(session, code)
        reasons = await reasons_by_code(session)
        intervals = await queries.state_intervals(session, [machine.code], since, until)
    return paging.page([queries.state_out(reasons, interval) for interval in intervals[machine.code]])


@router.get("/machines/{code}/timeline")
async def get_timeline(
    code: str, actor: CanRead, db: Db, paging: Short, begins: From = None, ends: To = None
) -> Page[TimelineOut]:
    """What a machine did in a period of at most 93 days, in parts that tile it, with what was corrected."""
    since, until = _period(db, begins, ends)
    async with db.reading() as session:
        machine = await queries.get_machine(session, code)
        reasons = await reasons_by_code(session)
        return paging.page(await queries.timeline(session, machine.code, since, until, reasons))
