"""Routes of results."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.production.permissions import CanCorrectResults, CanRead, CanReport, CanReverseResults
from services.production.results.commands import correct, rework
from services.production.results.commands.batch import Report
from services.production.results.commands.report import store_alone, take_report
from services.production.results.queries import ledger
from services.production.results.queries.references import reference_errors, unknown_references
from services.production.results.schemas import (
    CorrectIn,
    ReportOut,
    ResultChainOut,
    ResultIn,
    ResultOut,
    ReverseIn,
    UsedMachineOut,
)
from shared.kit.arrival import wait_until
from shared.kit.database import Database
from shared.kit.idempotency import Db, IdempotencyKey, Once, fingerprint_of, parse_key
from shared.kit.moments import Moment
from shared.kit.paging import Cursor, Limit, Page, Short
from shared.kit.problem import FieldError, Problem
from shared.kit.routing import api_router

router = api_router("production", "results")


@router.get("/work-orders/{work_order}/machines")
async def list_used_machines(work_order: UUID, actor: CanRead, db: Db, paging: Short) -> Page[UsedMachineOut]:
    """The machines on which an order's operations were really worked on.

    They come from the runs, and from what was reported and stands.
    """
    async with db.reading() as session:
        return paging.page(await ledger.list_used_machines(session, work_order))


@router.post("/jobs/{job}/results", status_code=201, response_model=ReportOut)
async def report_result(
    request: Request,
    job: UUID,
    body: ResultIn,
    actor: CanReport,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Report good pieces, scrap by defect and rework at once.

    Answered after the commit, with what the job has come to.
    """
    if not body.has_pieces():
        raise Problem(422, "invalid", errors=[FieldError("good", "nothing_reported")])
    known: set[tuple[str, str]] = request.app.state.known_references
    if not body.references() <= known:
        await _check_references(request.app.state.database, body, known)
    state = request.app.state
    report = Report(parse_key(idempotency_key), fingerprint_of(request.scope, body), job, body, actor)
    if body.stays_here():
        answer = await take_report(state.reporting, state.database, report)
    else:
        answer = await store_alone(state.database, report, rework.report_result)
    return Response(answer, 201, media_type="application/json")


async def _check_references(db: Database, body: ResultIn, known: set[tuple[str, str]]) -> None:
    """Refuse a defect or a machine that there never was; what there was once is ``known`` for good."""
    unknown = named = body.references()

    async def look() -> bool:
        nonlocal unknown
        async with db.reading() as session:
            unknown = await unknown_references(session, named)
        known.update(named - unknown)
        return not unknown

    if not await wait_until(look):
        raise Problem(422, "invalid", errors=reference_errors(body, unknown))


@router.post("/results/{result}/reverse", status_code=201)
async def reverse_result(result: UUID, body: ReverseIn, once: Once, actor: CanReverseResults) -> ReportOut:
    """Take a result back: one's own of this shift, and with a reason any as a leader or for quality.

    409 when that was done already.
    """
    return await once.run(ReportOut, body, lambda tx: correct.reverse_result(tx, actor, result, body))


@router.post("/results/{result}/correct", status_code=201)
async def correct_result(result: UUID, body: CorrectIn, once: Once, actor: CanCorrectResults) -> ReportOut:
    """Say what a result should have said: it is taken back, and a new one stands for it."""
    return await once.run(ReportOut, body, lambda tx: correct.correct_result(tx, actor, result, body))


@router.get("/results/{result}")
async def get_result(result: UUID, actor: CanRead, db: Db) -> ResultChainOut:
    """A result with all that it corrects and that corrects it."""
    async with db.reading() as session:
        return await ledger.get_result(session, result)


@router.get("/results")
async def list_results(
    actor: CanRead,
    db: Db,
    job: UUID | None = None,
    work_order: Annotated[str | None, Query(description="id or number")] = None,
    machine: str | None = None,
    begins: Annotated[Moment | None, Query(alias="from")] = None,
    ends: Annotated[Moment | None, Query(alias="to")] = None,
    item: str | None = None,
    defect: Annotated[str | None, Query(description="a defect of which pieces were scrapped")] = None,
    first_date: Annotated[date | None, Query(description="business date, included")] = None,
    last_date: Annotated[date | None, Query(description="business date, included")] = None,
    scrapped: Annotated[bool, Query(description="only results with scrap, and what took it back")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ResultOut]:
    """The ledger of results, in the order in which it was written."""
    behind = ledger.Scrapped(item, defect, first_date, last_date, scrapped)
    async with db.reading() as session:
        return await ledger.list_results(
            session, job, work_order, machine, begins, ends, behind, cursor, limit, db.clock()
        )
