"""Routes of machines, their states and the reasons for stops."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request

from services.production.machines import queries
from services.production.machines.board import describe_machines, state_out
from services.production.machines.schemas import MachineOut, ReasonOut, StateOut
from shared.kit.auth import EVERYBODY, Actor, allow
from shared.kit.idempotency import Db
from shared.kit.moments import Moment
from shared.kit.paging import Page
from shared.kit.problem import unprocessable

router = APIRouter(tags=["machines"])
Reader = Annotated[Actor, Depends(allow(*EVERYBODY))]
LONGEST = timedelta(days=93)


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(request.app.state.settings.time_zone)


Zone = Annotated[ZoneInfo, Depends(_zone)]


@router.get("/machines")
async def list_machines(actor: Reader, db: Db, zone: Zone) -> Page[MachineOut]:
    """All machines in use, as a board shows them."""
    async with db.reading() as session:
        machines = await queries.list_machines(session)
        return Page(items=await describe_machines(session, machines, zone, db.clock()))


@router.get("/machines/{code}")
async def get_machine(code: str, actor: Reader, db: Db, zone: Zone) -> MachineOut:
    """One machine."""
    async with db.reading() as session:
        machine = await queries.get_machine(session, code)
        return (await describe_machines(session, [machine], zone, db.clock()))[0]


@router.get("/machines/{code}/states")
async def list_states(
    code: str,
    actor: Reader,
    db: Db,
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
        reasons = await queries.reasons_by_code(session)
        found = await queries.state_intervals(session, [machine.code], since, until)
    return Page(items=[state_out(reasons, interval) for interval in found[machine.code]])


@router.get("/reasons")
async def list_reasons(actor: Reader, db: Db) -> Page[ReasonOut]:
    """Reasons for a stop or a set-up, for the tablets' tiles."""
    async with db.reading() as session:
        reasons = await queries.list_reasons(session)
    return Page(items=[ReasonOut(code=reason.code, name=reason.name, kind=reason.kind) for reason in reasons])
