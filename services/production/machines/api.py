"""Routes of machine states."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query

from services.production.definitions.queries import reasons_by_code
from services.production.machines import queries
from services.production.machines.schemas import StateOut
from services.production.permissions import CanRead
from shared.kit.idempotency import Db
from shared.kit.moments import Moment
from shared.kit.paging import Page, Short
from shared.kit.problem import unprocessable
from shared.kit.routing import api_router

router = api_router("production", "machines")
LONGEST = timedelta(days=93)


@router.get("/machines/{code}/states")
async def list_states(
    code: str,
    actor: CanRead,
    db: Db,
    paging: Short,
    begins: Annotated[Moment | None, Query(alias="from", description="a day ago when left out")] = None,
    ends: Annotated[Moment | None, Query(alias="to", description="now when left out")] = None,
) -> Page[StateOut]:
    """The states of a machine in a period of at most 93 days, without holes."""
    until = min(ends or db.clock(), db.clock())
    since = begins or until - timedelta(days=1)
    if until - since > LONGEST:
        raise unprocessable("from", "period_too_long", days=LONGEST.days)
    async with db.reading() as session:
        machine = await queries.get_machine(session, code)
        reasons = await reasons_by_code(session)
        intervals = await queries.state_intervals(session, [machine.code], since, until)
    return paging.page([queries.state_out(reasons, interval) for interval in intervals[machine.code]])
