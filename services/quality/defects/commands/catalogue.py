"""Changes of the catalogue."""

from typing import Literal

from services.quality.defects.events import defect_defined
from services.quality.defects.schemas import DefectIn
from services.quality.defects.tables import Defect
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.media.queries import require_picture
from shared.kit.paging import Precondition, check_etag

Verdict = Literal["created", "updated", "unchanged"]


async def put_defect(tx: Transaction, code: str, body: DefectIn, if_match: Precondition | None = None) -> Verdict:
    """Create or replace a defect of the catalogue.

    412 when ``if_match`` is stale, 422 when its picture was never uploaded.
    """
    await require_picture(tx.session, body.picture_id)
    row = await tx.session.get(Defect, code, with_for_update=True)
    check_etag(if_match, row.version if row else 0)
    changes = differences(row.model_dump(include={"name", "picture_id", "active"}) if row else {}, body.model_dump())
    verdict: Verdict = "updated"
    if row is None:
        row = Defect(code=code, updated_at=tx.now, **body.model_dump())
        tx.session.add(row)
        verdict = "created"
    elif not changes:
        return "unchanged"
    else:
        row.sqlmodel_update(body.model_dump() | {"version": row.version + 1, "updated_at": tx.now})
    await tx.session.flush()
    tx.record(defect_defined(row), aggregate=f"defect/{code}", version=row.version)
    tx.audit(verdict, f"defect/{code}", changes)
    return verdict
