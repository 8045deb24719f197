"""Routes of the board."""

from services.production.board.queries import describe_machines, describe_output
from services.production.board.schemas import MachineOut, ShiftOutputOut
from services.production.machines import queries
from services.production.permissions import CanRead
from shared.kit.idempotency import Db
from shared.kit.paging import Page, Short
from shared.kit.routing import api_router

router = api_router("production", "board")


@router.get("/machines")
async def list_machines(actor: CanRead, db: Db, paging: Short) -> Page[MachineOut]:
    """All machines in use, as a board shows them."""
    async with db.reading() as session:
        machines = await queries.list_machines(session)
        return paging.page(await describe_machines(session, machines, db.zone, db.clock()))


@router.get("/machines/{code}")
async def get_machine(code: str, actor: CanRead, db: Db) -> MachineOut:
    """One machine."""
    async with db.reading() as session:
        machine = await queries.get_machine(session, code)
        return (await describe_machines(session, [machine], db.zone, db.clock()))[0]


@router.get("/shift-output")
async def get_shift_output(actor: CanRead, db: Db) -> ShiftOutputOut:
    """What the present shift has finished, and what went through its operations."""
    async with db.reading() as session:
        return await describe_output(session, db.zone, db.clock())
