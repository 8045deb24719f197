"""Routes of readiness."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request

from services.orders.readiness import commands, queries
from services.orders.readiness.schemas import CodeRuleIn, CodeRuleOut, EvidenceOut, ReadinessOut
from shared.kit.auth import Actor, allow
from shared.kit.idempotency import Db
from shared.kit.paging import Page
from shared.kit.problem import language_of

router = APIRouter(tags=["readiness"], prefix="/readiness")
Reader = Annotated[Actor, Depends(allow("leader", "quality", "planner", "maintenance", "admin", "viewer"))]
Planner = Annotated[Actor, Depends(allow("planner", "admin"))]
WEEKS = timedelta(weeks=4)


@router.get("")
async def get_readiness(request: Request, actor: Reader, db: Db) -> ReadinessOut:
    """Everything in the master data that is missing or contradicts, each with the page on which it is mended."""
    language = language_of(request.headers.get("accept-language"))
    now = db.clock()
    today = now.astimezone(ZoneInfo(request.app.state.settings.time_zone)).date()
    async with db.reading() as session:
        return await queries.report(session, now, today, request.app.state.messages, language)


@router.get("/evidence")
async def get_evidence(request: Request, actor: Reader, db: Db) -> EvidenceOut:
    """What JS1 asks for, with figures: complete lists, approved instructions, four weeks of records."""
    settings = request.app.state.settings
    today = db.clock().astimezone(ZoneInfo(settings.time_zone)).date()
    async with db.reading() as session:
        return await queries.evidence(session, settings.site, today - WEEKS, today)


@router.get("/code-rules")
async def list_code_rules(request: Request, actor: Reader, db: Db) -> Page[CodeRuleOut]:
    """The shop's code rules."""
    today = db.clock().astimezone(ZoneInfo(request.app.state.settings.time_zone)).date()
    async with db.reading() as session:
        return Page(items=await queries.code_rules(session, today))


@router.put("/code-rules/{kind}")
async def put_code_rule(kind: str, body: CodeRuleIn, request: Request, actor: Planner, db: Db) -> Page[CodeRuleOut]:
    """Create or replace the rule of a kind; answers with all rules."""
    await db.run(lambda tx: commands.put_code_rule(tx, kind, body), actor)
    return await list_code_rules(request, actor, db)


@router.delete("/code-rules/{kind}", status_code=204)
async def remove_code_rule(kind: str, actor: Planner, db: Db) -> None:
    """Any code will do again."""
    await db.run(lambda tx: commands.remove_code_rule(tx, kind), actor)
