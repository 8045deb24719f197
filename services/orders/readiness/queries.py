"""Reads of readiness: the facts, the report in the reader's language, and the evidence."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from services.orders.definitions.queries import codes_in_use, items_in_use
from services.orders.exchange.queries import rejected_rows
from services.orders.products.queries import boms_in_effect, routings_in_effect
from services.orders.readiness.commands import KINDS
from services.orders.readiness.domain import MADE, Facts, ItemFacts
from services.orders.readiness.tables import CodeRule

RUNS = 20
"""The newest finished jobs of an operation that its measured time is taken from."""


async def gather(session: AsyncSession, today: date) -> Facts:
    """Everything that the checks look at."""
    items = await items_in_use(session)
    routings = await routings_in_effect(session, today)
    return Facts(
        items=[
            ItemFacts(
                item.code,
                item.name.get("ko") or next(iter(item.name.values()), ""),
                item.kind,
                item.unit,
                item.kind in MADE,
            )
            for item in items
        ],
        routings=await _steps(session, routings),
        boms=await boms_in_effect(session, today),
        codes={kind: await codes_in_use(session, kind) for kind in KINDS},
        rules={row.kind: row.rule for row in await session.scalars(select(CodeRule))},
        measured=await _measured(session),
        rejected=await rejected_rows(session),
    )
