"""Routes of readiness."""

from datetime import timedelta

from fastapi import Request

from services.orders.permissions import CanDefine, CanReadReports
from services.orders.readiness import queries
from services.orders.readiness.commands import code_rules
from services.orders.readiness.schemas import CodeRuleIn, CodeRuleOut, EvidenceOut, ReadinessOut
from shared.kit.idempotency import Db
from shared.kit.paging import Page, Short
from shared.kit.problem import language_of
from shared.kit.routing import api_router

router = api_router("orders", "readiness", "/readiness")
WEEKS = timedelta(weeks=4)


@router.get("")
async def get_readiness(request: Request, actor: CanReadReports, db: Db) -> ReadinessOut:
    """Everything in the master data that is missing or contradicts, each with the page on which it is mended."""
    language = language_of(request.headers.get("accept-language"))
    async with db.reading() as session:
        return await queries.report(session, db.clock(), db.today, request.app.state.messages, language)


@router.get("/evidence")
async def get_evidence(request: Request, actor: CanReadReports, db: Db) -> EvidenceOut:
    """The evidence that JS1 asks for, with figures: complete lists, approved instructions, four weeks of records."""
    async with db.reading() as session:
        return await queries.evidence(session, request.app.state.settings.site, db.today - WEEKS, db.today)


@router.get("/code-rules")
async def list_code_rules(actor: CanReadReports, db: Db, paging: Short) -> Page[CodeRuleOut]:
    """The shop's code rules."""
    async with db.reading() as session:
        return paging.page(await queries.code_rules(session))


@router.put("/code-rules/{kind}")
async def put_code_rule(kind: str, body: CodeRuleIn, actor: CanDefine, db: Db) -> Page[CodeRuleOut]:
    """Create or replace the rule of a kind; answers with all rules."""
    await db.run(lambda tx: code_rules.put_code_rule(tx, kind, body), actor)
    async with db.reading() as session:
        return Page(items=await queries.code_rules(session))


@router.delete("/code-rules/{kind}", status_code=204)
async def remove_code_rule(kind: str, actor: CanDefine, db: Db) -> None:
    """Any code will do again."""
    await db.run(lambda tx: code_rules.delete_code_rule(tx, kind), actor)
