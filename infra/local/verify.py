"""``dure verify``: is the stored data unaltered, and do the counts agree with the ledger of results?"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from infra.local.databases import databases_of
from shared.kit.audit import check_chain
from shared.kit.database import Database

PATIENCE_S = 5.0
"""How long events may be on their way before a count that differs is a fault."""
REPORTED = """
    SELECT work_order, op, sum(good) AS good, sum(scrap) AS scrap, sum(rework) AS rework
    FROM result GROUP BY work_order, op
"""
COUNTED = """
    SELECT work_order, op, good, scrap, rework FROM work_order_operation WHERE good <> 0 OR scrap <> 0 OR rework <> 0
"""


def verify(folder: Path, console: Console) -> bool:
    """Check the data in ``folder``, whether Dure runs on it or not; True when all is as it was written.

    Raises LocalError.
    """
    with databases_of(folder, console) as (_, urls):
        return asyncio.run(_verify(urls, console))


async def _verify(urls: Mapping[str, str], console: Console) -> bool:
    databases = {app: Database(url, pool_size=1) for app, url in urls.items()}
    try:
        whole = [await _check_trail(app, database, console) for app, database in databases.items()]
        whole.append(await _check_counts(databases["production"], databases["orders"], console))
    finally:
        for database in databases.values():
            await database.close()
    return all(whole)


async def _check_trail(app: str, database: Database, console: Console) -> bool:
    async with database.reading() as session:
        length, head, broken = await check_chain(session)
    if broken is None:
        console.print(f"{app}: audit trail of {length} entries whole, head {head.hex()[:16] or '–'}")
    else:
        console.print(f"[red]{app}: the audit trail was altered or cut at entry {broken}[/]")
    return broken is None


async def _check_counts(production: Database, orders: Database, console: Console) -> bool:
    """The orders' counters against the ledger; what is still on its way gets a moment."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        reported, counted = await _totals(production, REPORTED), await _totals(orders, COUNTED)
        different = [key for key in reported.keys() | counted.keys() if reported.get(key) != counted.get(key)]
        if not different:
            console.print(f"orders: the counters of {len(counted)} operations equal the ledger")
            return True
        if asyncio.get_running_loop().time() > deadline:
            for order, op in sorted(different, key=str)[:20]:
                console.print(
                    f"[red]orders: operation {op} of {order} counts {_shown(counted.get((order, op)))}, the ledger"
                    f" says {_shown(reported.get((order, op)))}[/]"
                )
            return False
        await asyncio.sleep(0.5)


async def _totals(database: Database, statement: str) -> dict[tuple[Any, int], tuple[Any, ...]]:
    pool = await database.pool()
    rows = [tuple(row) for row in await pool.fetch(statement)]
    return {(row[0], row[1]): row[2:] for row in rows if any(row[2:])}


def _shown(totals: tuple[Any, ...] | None) -> str:
    return " / ".join(str(value) for value in totals) if totals else "nothing"
