"""Changes of the catalogue and of the counts."""

import json
from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import text

from services.quality.nonconformance.domain import Result, count
from services.quality.nonconformance.schemas import DefectIn
from services.quality.nonconformance.tables import Defect
from shared.contracts.event import Name
from shared.contracts.quality.defects import DefectDefined
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.media.queries import require_picture
from shared.kit.paging import check_etag

Verdict = Literal["created", "updated", "unchanged"]

# rows are sorted by key, so that two replicas lock them in the same order
ADD_OUTPUT = text(
    "INSERT INTO output_count AS c (business_date, item, machine, good, scrap)"
    " SELECT * FROM unnest(CAST(:dates AS date[]), CAST(:items AS text[]), CAST(:machines AS text[]), CAST(:good AS numeric[]), CAST(:scrap AS numeric[]))"
    " ON CONFLICT (business_date, item, machine) DO UPDATE SET good = c.good + excluded.good, scrap = c.scrap + excluded.scrap"
)
ADD_DEFECTS = text(
    "INSERT INTO defect_count AS c (business_date, item, machine, defect, quantity)"
    " SELECT * FROM unnest(CAST(:dates AS date[]), CAST(:items AS text[]), CAST(:machines AS text[]), CAST(:defects AS text[]), CAST(:quantities AS numeric[]))"
    " ON CONFLICT (business_date, item, machine, defect) DO UPDATE SET quantity = c.quantity + excluded.quantity"
)
COPY_NAMES = {
    table: text(
        f"INSERT INTO {table} (code, name) SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:names AS jsonb[]))"  # noqa: S608  the table is one of two constants
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name"
    )
    for table in ("known_item", "known_machine")
}


async def put_defect(tx: Transaction, code: str, body: DefectIn, if_match: str | None = None) -> Verdict:
    """Create or replace a defect of the catalogue; 412 when ``if_match`` is stale, 422 when its picture is not one that is kept."""
    await require_picture(tx.session, body.picture)
    row = await tx.session.get(Defect, code, with_for_update=True)
    check_etag(if_match, row.version if row else 0)
    changes = differences(row.model_dump(include={"name", "picture", "active"}) if row else {}, body.model_dump())
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
    tx.record(
        DefectDefined(code=code, name=row.name, active=row.active), aggregate=f"defect/{code}", version=row.version
    )
    tx.audit(verdict, f"defect/{code}", changes)
    return verdict


async def count_results(tx: Transaction, results: Iterable[Result]) -> None:
    """Add results to the counts of their business dates; a reversal takes away."""
    counts = count(results)
    places = sorted(counts.good)
    await tx.session.execute(
        ADD_OUTPUT,
        {
            "dates": [place.business_date for place in places],
            "items": [place.item for place in places],
            "machines": [place.machine for place in places],
            "good": [counts.good[place] for place in places],
            "scrap": [counts.scrap[place] for place in places],
        },
    )
    made = sorted(counts.defects)
    if made:
        await tx.session.execute(
            ADD_DEFECTS,
            {
                "dates": [place.business_date for place in made],
                "items": [place.item for place in made],
                "machines": [place.machine for place in made],
                "defects": [place.defect for place in made],
                "quantities": [counts.defects[place] for place in made],
            },
        )


async def copy_names(tx: Transaction, table: Literal["known_item", "known_machine"], names: Mapping[str, Name]) -> None:
    """Keep the present names by code."""
    codes = sorted(names)
    await tx.session.execute(COPY_NAMES[table], {"codes": codes, "names": [json.dumps(names[code]) for code in codes]})
