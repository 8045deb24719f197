"""Changes of the counts, and of the names they are shown with."""

import json
from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import text

from services.quality.defects.domain import Result, count
from shared.contracts.event import Name
from shared.kit.database import Transaction

# rows are sorted by key, so that two replicas lock them in the same order
ADD_OUTPUT = text("""
    INSERT INTO output_count AS c (business_date, item, machine, good, scrap)
    SELECT * FROM unnest(
        CAST(:dates AS date[]), CAST(:items AS text[]), CAST(:machines AS text[]), CAST(:good AS numeric[]),
        CAST(:scrap AS numeric[])
    )
    ON CONFLICT (business_date, item, machine)
    DO UPDATE SET good = c.good + excluded.good, scrap = c.scrap + excluded.scrap
""")
ADD_DEFECTS = text("""
    INSERT INTO defect_count AS c (business_date, item, machine, defect, quantity)
    SELECT * FROM unnest(
        CAST(:dates AS date[]), CAST(:items AS text[]), CAST(:machines AS text[]), CAST(:defects AS text[]),
        CAST(:quantities AS numeric[])
    )
    ON CONFLICT (business_date, item, machine, defect) DO UPDATE SET quantity = c.quantity + excluded.quantity
""")
COPY_NAMES = {
    table: text(
        f"INSERT INTO {table} (code, name)"  # noqa: S608  the table is one of two constants
        " SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:names AS jsonb[]))"
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name"
    )
    for table in ("known_item", "known_machine")
}


async def count_results(tx: Transaction, results: Iterable[Result]) -> None:
    """Add results to the counts of their business dates; a reversal takes away."""
    counts = count(results)
    keys = sorted(counts.good)
    await tx.session.execute(
        ADD_OUTPUT,
        {
            "dates": [key.business_date for key in keys],
            "items": [key.item for key in keys],
            "machines": [key.machine for key in keys],
            "good": [counts.good[key] for key in keys],
            "scrap": [counts.scrap[key] for key in keys],
        },
    )
    scrapped = sorted(counts.defects)
    if scrapped:
        await tx.session.execute(
            ADD_DEFECTS,
            {
                "dates": [key.business_date for key in scrapped],
                "items": [key.item for key in scrapped],
                "machines": [key.machine for key in scrapped],
                "defects": [key.defect for key in scrapped],
                "quantities": [counts.defects[key] for key in scrapped],
            },
        )


async def clear_counts(tx: Transaction) -> None:
    """Forget all counts, to count anew."""
    await tx.session.execute(text("TRUNCATE output_count, defect_count"))


async def clear_names(tx: Transaction) -> None:
    """Forget all names, to copy them anew."""
    await tx.session.execute(text("TRUNCATE known_item, known_machine"))


async def copy_names(tx: Transaction, table: Literal["known_item", "known_machine"], names: Mapping[str, Name]) -> None:
    """Store the present names by code."""
    codes = sorted(names)
    await tx.session.execute(COPY_NAMES[table], {"codes": codes, "names": [json.dumps(names[code]) for code in codes]})
