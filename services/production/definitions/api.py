"""Routes of definitions."""

from services.production.definitions import queries
from services.production.definitions.schemas import ReasonOut
from services.production.permissions import CanRead
from shared.kit.idempotency import Db
from shared.kit.paging import Page, Short
from shared.kit.routing import api_router

router = api_router("production", "definitions")


@router.get("/reasons")
async def list_reasons(actor: CanRead, db: Db, paging: Short) -> Page[ReasonOut]:
    """Reasons for a stop or a set-up, for the tablets' tiles."""
    async with db.reading() as session:
        return paging.page(await queries.list_reasons(session))
