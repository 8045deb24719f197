"""Reads of the ERP's orders."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select, tuple_

from services.erp_bridge.inbound.domain import State
from services.erp_bridge.inbound.tables import ErpOrder, KnownItem
from shared.kit.paging import Page, decode_cursor, encode_cursor
from shared.kit.problem import Problem, unprocessable

LOOK_AGAIN_S = 0.05


async def is_item_known(session: AsyncSession, code: str) -> bool:
    """Whether the item's event has arrived."""
    return await session.scalar(select(KnownItem.code).where(KnownItem.code == code)) is not None


async def wait_until(look: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Look again and again, until ``look`` finds something or the time is over."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not (found := await look()) and loop.time() < deadline:
        await asyncio.sleep(LOOK_AGAIN_S)
    return found


async def list_orders(
    session: AsyncSession, states: str | None, q: str | None, cursor: str | None, limit: int
) -> Page[ErpOrder]:
    """Orders, the last received first; ``states`` is a comma-separated choice, ``q`` is looked for in numbers, item and customer."""
    wanted = (
        select(ErpOrder).order_by(col(ErpOrder.received_at).desc(), col(ErpOrder.external_id).desc()).limit(limit + 1)
    )
    if states:
        chosen = [state.strip() for state in states.split(",")]
        if not set(chosen) <= set(State):
            raise unprocessable("state", "literal_error", expected=", ".join(State))
        wanted = wanted.where(col(ErpOrder.state).in_(chosen))
    if q:
        places = (ErpOrder.external_id, ErpOrder.number, ErpOrder.item, ErpOrder.customer, ErpOrder.sales_order)
        wanted = wanted.where(or_(*(col(place).icontains(q, autoescape=True) for place in places)))
    if key := decode_cursor(cursor, 2):
        try:
            before = datetime.fromisoformat(key[0])
        except ValueError as error:
            raise Problem(422, "cursor_invalid") from error
        wanted = wanted.where(tuple_(col(ErpOrder.received_at), col(ErpOrder.external_id)) < tuple_(before, key[1]))
    orders = list(await session.scalars(wanted))
    page = orders[:limit]
    following = encode_cursor(page[-1].received_at.isoformat(), page[-1].external_id) if len(orders) > limit else None
    return Page(items=page, next_cursor=following)


async def count_orders(session: AsyncSession) -> dict[State, int]:
    """How many orders stand in each state."""
    counted = await session.execute(select(ErpOrder.state, func.count()).group_by(col(ErpOrder.state)))
    return dict.fromkeys(State, 0) | {State(state): count for state, count in counted}
