"""Routes of lots, their movements, serial numbers and traces, and of the materials of jobs."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from services.production.definitions.queries import can_receive
from services.production.genealogy.commands import consumption
from services.production.genealogy.commands import lots as commands
from services.production.genealogy.domain.lots import Move
from services.production.genealogy.queries import lots as queries
from services.production.genealogy.queries import trace
from services.production.genealogy.queries.materials import job_materials
from services.production.genealogy.schemas import (
    ConsumeIn,
    ConsumptionOut,
    CorrectMovementIn,
    CountIn,
    JobMaterialsOut,
    LotDetailOut,
    LotOut,
    MergeIn,
    MovementOut,
    ReasonIn,
    RecallOut,
    ReceiveIn,
    SerialOut,
    ShipIn,
    SplitIn,
    TraceOut,
)
from services.production.permissions import (
    CanCorrectStock,
    CanHoldLots,
    CanMoveLots,
    CanRead,
    CanReceiveLots,
    CanReleaseLots,
    CanShipLots,
)
from shared.kit.arrival import wait_until
from shared.kit.idempotency import Db, Once
from shared.kit.paging import Cursor, Limit, Page
from shared.kit.routing import api_router

router = api_router("production", "genealogy")


@router.get("/lots")
async def list_lots(
    actor: CanRead,
    db: Db,
    item: str | None = None,
    state: Annotated[str | None, Query(description="available, on_hold, expired or empty; several with commas")] = None,
    q: Annotated[
        str | None, Query(max_length=100, description="number, supplier's number, supplier, order, item, serial")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[LotOut]:
    """The lots of the stock, the newest first."""
    async with db.reading() as session:
        return await queries.list_lots(session, db.today, item, q, state, cursor, limit)


@router.post("/lots", status_code=201)
async def receive_lot(body: ReceiveIn, once: Once, actor: CanReceiveLots, db: Db) -> LotOut:
    """Receive a lot, or more of one; without a number it gets one by its item's rule."""

    async def look() -> bool:
        async with db.reading() as session:
            return await can_receive(session, body.item, body.unit)

    await wait_until(look)
    return await once.run(LotOut, body, lambda tx: commands.receive_lot(tx, body))


@router.post("/lots/merge", status_code=201)
async def merge_lots(body: MergeIn, once: Once, actor: CanMoveLots) -> LotOut:
    """Make one lot of what is left of several."""
    return await once.run(LotOut, body, lambda tx: commands.merge_lots(tx, body))


@router.get("/lots/{lot}")
async def get_lot(lot: str, actor: CanRead, db: Db) -> LotDetailOut:
    """One lot with its latest movements."""
    async with db.reading() as session:
        return await queries.get_lot(session, lot, db.today)


@router.post("/lots/{lot}/split", status_code=201)
async def split_lot(lot: str, body: SplitIn, once: Once, actor: CanMoveLots) -> LotOut:
    """Put a part of a lot into one of its own."""
    return await once.run(LotOut, body, lambda tx: commands.split_lot(tx, lot, body))


@router.post("/lots/{lot}/hold")
async def hold_lot(lot: str, body: ReasonIn, once: Once, actor: CanHoldLots) -> LotOut:
    """Keep a lot from being used or shipped."""
    return await once.run(LotOut, body, lambda tx: commands.hold_lot(tx, lot, body.reason))


@router.post("/lots/{lot}/release")
async def release_lot(lot: str, body: ReasonIn, once: Once, actor: CanReleaseLots) -> LotOut:
    """Let a held lot be used again."""
    return await once.run(LotOut, body, lambda tx: commands.release_lot(tx, lot, body.reason))


@router.post("/lots/{lot}/count")
async def count_lot(lot: str, body: CountIn, once: Once, actor: CanCorrectStock) -> LotOut:
    """Say how much is really there of a lot (stock count)."""
    return await once.run(LotOut, body, lambda tx: commands.count_lot(tx, lot, body))


@router.post("/lots/{lot}/ship", status_code=201)
async def ship_lot(lot: str, body: ShipIn, once: Once, actor: CanShipLots) -> MovementOut:
    """Send goods of a lot to a customer."""
    return await once.run(MovementOut, body, lambda tx: commands.ship_lot(tx, lot, body))


@router.get("/lots/{lot}/trace", response_model=TraceOut)
async def trace_lot(
    lot: str,
    actor: CanRead,
    db: Db,
    direction: trace.Direction = "backward",
    limit: Annotated[int, Query(ge=1, le=5000, description="lots at most, the near ones first")] = 2000,
) -> Response:
    """Everything that a lot was made of, or went into: through any depth."""
    async with db.reading() as session:
        return _as_json(await trace.trace_lot(session, lot, direction, limit, db.today))


@router.get("/lots/{lot}/recall", response_model=RecallOut)
async def recall_lot(lot: str, actor: CanRead, db: Db) -> Response:
    """Customers, lots and quantities that a lot has reached, where they are now, and the mass balance."""
    async with db.reading() as session:
        return _as_json(await trace.recall_lot(session, lot, db.clock(), db.today))


def _as_json(answer: BaseModel) -> Response:
    """An answer of thousands of lots, written once: the framework would look at each of them again."""
    return Response(answer.model_dump_json(), media_type="application/json")


@router.get("/lot-movements")
async def list_movements(
    actor: CanRead,
    db: Db,
    lot: str | None = None,
    job: UUID | None = None,
    kind: Move | None = None,
    flagged: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[MovementOut]:
    """The ledger of lots, the newest first."""
    async with db.reading() as session:
        return await queries.list_movements(session, lot, job, kind, flagged, cursor, limit)


@router.post("/lot-movements/{movement}/reverse", status_code=201)
async def reverse_movement(movement: UUID, body: ReasonIn, once: Once, actor: CanMoveLots) -> MovementOut:
    """Take a scan back, or as who may correct stock a receipt or a shipment; 409 when that was done already."""
    return await once.run(MovementOut, body, lambda tx: commands.reverse_movement(tx, movement, body.reason))


@router.post("/lot-movements/{movement}/correct", status_code=201)
async def correct_movement(movement: UUID, body: CorrectMovementIn, once: Once, actor: CanCorrectStock) -> MovementOut:
    """Say what the quantity of a receipt or a shipment should have been, in one step."""
    return await once.run(MovementOut, body, lambda tx: commands.correct_movement(tx, movement, body))


@router.get("/serials")
async def list_serials(
    actor: CanRead,
    db: Db,
    lot: str | None = None,
    q: Annotated[str | None, Query(max_length=60, description="how the number begins")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[SerialOut]:
    """Pieces with a number of their own."""
    async with db.reading() as session:
        return await queries.list_serials(session, lot, q, cursor, limit)


@router.get("/jobs/{job}/materials")
async def get_job_materials(job: UUID, actor: CanRead, db: Db) -> JobMaterialsOut:
    """The need of a job of each component, what it was given, and which lots to take next."""
    async with db.reading() as session:
        return await job_materials(session, job, db.today)


@router.post("/jobs/{job}/consumptions", status_code=201)
async def consume_lot(job: UUID, body: ConsumeIn, once: Once, actor: CanMoveLots) -> ConsumptionOut:
    """Give a lot to a job; a wrong, held, expired, empty or unknown one is refused unless it was ``used`` already.

    A negative quantity was left over and goes back. 422 ``lot_ambiguous`` names the lots of a number that several have.
    """
    return await once.run(ConsumptionOut, body, lambda tx: consumption.consume(tx, job, body))
