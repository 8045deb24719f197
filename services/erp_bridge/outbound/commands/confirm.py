"""The ledger: what is confirmed to the ERP, and the deliveries of it."""

import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.erp_bridge.inbound.queries import ordered_quantities, quantities_of_orders
from services.erp_bridge.outbound.domain.ledger import LedgerEntry, Operation, ends_and_reopenings
from shared.kit.database import Transaction
from shared.kit.ids import new_id

LOCK_LEDGER = text("""
    INSERT INTO ledger (id, last) VALUES (1, 0)
    ON CONFLICT (id) DO UPDATE SET last = ledger.last
    RETURNING last
""")
KNOWN = text("""
    SELECT id FROM unnest(CAST(:ids AS uuid[])) AS asked (id)
    WHERE EXISTS (SELECT FROM confirmation c WHERE c.id = asked.id OFFSET 0)
""")
"""Each by the index, whatever size the ledger had when the statement was planned: it grows within the same plan."""
WEBHOOKS = text("SELECT id FROM webhook WHERE removed_at IS NULL")
APPEND = text("""
    WITH moved AS (UPDATE ledger SET last = :last)
    INSERT INTO confirmation (
        position, id, external_id, work_order, number, op, item, job, good, scrap, rework, started_at, finished_at,
        final, total_good, total_scrap, total_rework, recorded_at, order_quantity,
        traceparent, reopens
    )
    SELECT * FROM unnest(
        CAST(:position AS bigint[]), CAST(:id AS uuid[]), CAST(:external_id AS text[]), CAST(:work_order AS uuid[]),
        CAST(:number AS text[]), CAST(:op AS int[]), CAST(:item AS text[]), CAST(:job AS uuid[]),
        CAST(:good AS numeric[]), CAST(:scrap AS jsonb[]), CAST(:rework AS numeric[]),
        CAST(:started_at AS timestamptz[]), CAST(:finished_at AS timestamptz[]), CAST(:final AS boolean[]),
        CAST(:total_good AS numeric[]), CAST(:total_scrap AS numeric[]), CAST(:total_rework AS numeric[]),
        CAST(:recorded_at AS timestamptz[]), CAST(:order_quantity AS numeric[]),
        CAST(:traceparent AS text[]), CAST(:reopens AS uuid[])
    )
""")
STORE_JOBS = text("""
    INSERT INTO operation_job (job, external_id, op, state)
    SELECT * FROM unnest(CAST(:jobs AS uuid[]), CAST(:ids AS text[]), CAST(:ops AS int[]), CAST(:states AS text[]))
    ON CONFLICT (job) DO UPDATE SET state = excluded.state
""")
JOBS_OF = text("SELECT external_id, op, job, state FROM operation_job WHERE external_id = ANY(CAST(:ids AS text[]))")
LAST_ENDS = text("""
    SELECT DISTINCT ON (external_id, op) external_id, op, id, final FROM confirmation
    WHERE external_id = ANY(CAST(:ids AS text[])) AND (final OR reopens IS NOT NULL)
    ORDER BY external_id, op, position DESC
""")
TOTALS_OF = text("""
    SELECT external_id, op, sum(good) AS good, sum(rework) AS rework, sum((
        SELECT coalesce(sum((entry->>'quantity')::numeric), 0) FROM jsonb_array_elements(scrap) AS entry
    )) AS scrap
    FROM confirmation WHERE external_id = ANY(CAST(:ids AS text[])) GROUP BY external_id, op
""")
CONFIRMED_QUANTITIES = text("""
    SELECT DISTINCT ON (external_id) external_id, order_quantity FROM confirmation
    WHERE external_id = ANY(CAST(:ids AS text[])) AND order_quantity IS NOT NULL
    ORDER BY external_id, position DESC
""")
COLUMNS = tuple(field.name for field in dataclasses.fields(LedgerEntry))
DELIVER = text("""
    INSERT INTO delivery (id, webhook, position, state, attempts, version)
    SELECT id, webhook, position, 'pending', 0, 0
    FROM unnest(CAST(:ids AS uuid[]), CAST(:webhooks AS uuid[]), CAST(:positions AS bigint[]))
        AS d (id, webhook, position)
""")


async def confirm(tx: Transaction, entries: Sequence[LedgerEntry]) -> None:
    """Append to the ledger, in the order given, what is not there yet, and make its deliveries."""
    last = (await tx.session.execute(LOCK_LEDGER)).scalar_one()
    known = set(await tx.session.scalars(KNOWN, {"ids": [entry.id for entry in entries]}))
    new: list[LedgerEntry] = []
    for entry in entries:
        if entry.id not in known:
            known.add(entry.id)
            new.append(entry)
    if not new:
        return
    new = await _over_all_parts(tx, new)
    columns: dict[str, Any] = {name: [getattr(entry, name) for entry in new] for name in COLUMNS}
    columns["scrap"] = [json.dumps(scrap) for scrap in columns["scrap"]]
    positions = range(last + 1, last + 1 + len(new))
    await tx.session.execute(APPEND, columns | {"position": list(positions), "last": positions[-1]})
    pairs = [(webhook, position) for webhook in await tx.session.scalars(WEBHOOKS) for position in positions]
    if pairs:
        deliveries = {
            "ids": [new_id() for _ in pairs],
            "webhooks": [webhook for webhook, _ in pairs],
            "positions": [position for _, position in pairs],
        }
        await tx.session.execute(DELIVER, deliveries)


async def _over_all_parts(tx: Transaction, new: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """The entries with their order's quantity and, of split orders, the totals of all parts together."""
    ids = sorted({entry.external_id for entry in new})
    quantities = await quantities_of_orders(tx.session, ids)
    jobs = Counter((row.external_id, row.op) for row in await tx.session.execute(JOBS_OF, {"ids": ids}))
    split = sorted({external_id for (external_id, _), count in jobs.items() if count > 1})
    sums = {}
    if split:
        rows = await tx.session.execute(TOTALS_OF, {"ids": split})
        sums = {(row.external_id, row.op): (row.good, row.scrap, row.rework) for row in rows}
    completed = []
    for entry in new:
        operation = (entry.external_id, entry.op)
        more: dict[str, Any] = {"order_quantity": quantities.get(entry.external_id)}
        if entry.op is not None and entry.external_id in split:
            scrap = sum((Decimal(scrapped["quantity"]) for scrapped in entry.scrap), Decimal(0))
            good, scrapped_before, rework = sums.get(operation, (Decimal(0),) * 3)
            sums[operation] = (good + entry.good, scrapped_before + scrap, rework + entry.rework)
            more |= dict(zip(("total_good", "total_scrap", "total_rework"), sums[operation], strict=True))
        completed.append(dataclasses.replace(entry, **more))
    return completed


async def follow_jobs(tx: Transaction, jobs: Sequence[tuple[str, LedgerEntry]]) -> None:
    """Store the jobs' states; confirm when an operation has ended in all its jobs, and when it goes on after that.

    ``jobs`` are pairs of a state and the entry that confirms the end.
    """
    await tx.session.execute(LOCK_LEDGER)
    ids = {"ids": sorted({end.external_id for _, end in jobs})}
    states: defaultdict[Operation, dict[UUID, str]] = defaultdict(dict)
    for row in await tx.session.execute(JOBS_OF, ids):
        states[row.external_id, row.op][row.job] = row.state
    finals = {(row.external_id, row.op): row.id for row in await tx.session.execute(LAST_ENDS, ids) if row.final}
    last = {end.job: (state, end) for state, end in jobs}
    columns = {
        "jobs": list(last),
        "ids": [end.external_id for _, end in last.values()],
        "ops": [end.op for _, end in last.values()],
        "states": [state for state, _ in last.values()],
    }
    await tx.session.execute(STORE_JOBS, columns)
    entries = ends_and_reopenings(states, finals, jobs)
    if entries:
        await confirm(tx, entries)


async def confirm_quantities(tx: Transaction, changed: Sequence[LedgerEntry]) -> None:
    """Confirm the quantity to be made of orders now.

    Only where it differs from the one in the ledger or, before its first entry, from what the ERP has ordered.
    """
    await tx.session.execute(LOCK_LEDGER)
    last = {entry.external_id: entry for entry in changed}
    known = await ordered_quantities(tx.session, list(last))
    known |= {
        row.external_id: row.order_quantity
        for row in await tx.session.execute(CONFIRMED_QUANTITIES, {"ids": list(last)})
    }
    now = await quantities_of_orders(tx.session, list(last))
    different = [entry for external_id, entry in last.items() if known.get(external_id) != now[external_id]]
    if different:
        await confirm(tx, different)
