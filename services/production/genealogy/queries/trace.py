"""Traces and recalls: the lots from which a lot came and into which it went, through any depth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, any_, literal, text
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, exists, func, or_, select

from services.production.definitions.queries import items_by_code
from services.production.definitions.tables import Item
from services.production.genealogy.domain.trace import Balance, depths
from services.production.genealogy.queries.lots import describe_lot, find_lot, lot_values
from services.production.genealogy.schemas import (
    BalanceOut,
    EdgeOut,
    NodeOut,
    RecallCustomerOut,
    RecallItemOut,
    RecallLotOut,
    RecallOut,
    ShipmentOut,
    TraceJobOut,
    TraceOut,
)
from services.production.genealogy.tables import JobSupply, Lot, LotEdge, Movement
from services.production.jobs.domain import OPEN
from services.production.jobs.queries.graph import open_jobs
from services.production.jobs.tables import Job

Direction = Literal["backward", "forward"]


LISTED = 5000
"""Lots that a recall lists; its sums are over all of them."""


WALK = {
    direction: text(
        f"""
        WITH RECURSIVE walk (lot) AS (
          SELECT CAST(:lot AS text)
          UNION
          SELECT next.lot FROM walk
          CROSS JOIN LATERAL (SELECT {there} AS lot FROM lot_edge WHERE {here} = walk.lot OFFSET 0) AS next
        )
        SELECT lot FROM walk LIMIT :most
        """  # noqa: S608  both names are of the lines below
    )
    for direction, here, there in (("backward", "target", "source"), ("forward", "source", "target"))
}
"""From lot to lot by the index; ``OFFSET 0`` keeps the planner from reading the whole table once a step instead."""


EDGES = text(
    "SELECT source, target, kind, sum(quantity) AS quantity FROM lot_edge"
    " WHERE source = ANY(:lots) AND target = ANY(:lots) GROUP BY source, target, kind ORDER BY source, target"
)


def _among(column: Any, lots: Iterable[str]) -> ColumnElement[bool]:
    """True where a column is one of the lots: one parameter, however many there are."""
    return column == any_(literal(list(lots), ARRAY(Text)))  # type: ignore[no-any-return]  # a comparison of columns


def _columns_of(table: type[Lot] | type[Movement]) -> list[Any]:
    """All columns of a table, read without its entities: there may be thousands."""
    return [getattr(table, name) for name in table.model_fields]


async def walk(session: AsyncSession, lot: str, direction: Direction, most: int | None = None) -> list[str]:
    """The lots that are reached from ``lot``, itself first and the near ones before the far ones; ``most`` of them."""
    return list(await session.scalars(WALK[direction], {"lot": lot, "most": most}))


async def trace_lot(session: AsyncSession, code: str, direction: Direction, limit: int, today: date) -> TraceOut:
    """The lots of which a lot was made, or into which it went, as a graph."""
    await find_lot(session, code)
    lots = await walk(session, code, direction, limit + 1)
    is_cut = len(lots) > limit
    edges = [EdgeOut.model_validate(dict(row._mapping)) for row in await session.execute(EDGES, {"lots": lots[:limit]})]
    ends = ((e.source, e.target) if direction == "forward" else (e.target, e.source) for e in edges)
    depth = depths(code, ends)
    nodes = await _nodes(session, lots[:limit], depth, today)
    return TraceOut(
        lot=code,
        direction=direction,
        nodes=[NodeOut.model_validate(node) for node in nodes],
        edges=edges,
        jobs=await _jobs_at(session, lots[:limit]) if direction == "forward" else [],
        depth=max(depth.values()),
        is_cut=is_cut,
    )


async def _nodes(
    session: AsyncSession, lots: Sequence[str], depth: Mapping[str, int], today: date
) -> list[dict[str, Any]]:
    """The lots as they are shown in a trace, by depth."""
    found = await session.execute(sql_select(*_columns_of(Lot)).where(_among(col(Lot.code), lots)))
    rows = [dict(row._mapping) for row in found]
    items = await items_by_code(session, (row["item"] for row in rows))
    shipped = await _shipped(session, lots)
    nodes = [
        lot_values(row, items, today)
        | {"shipped": shipped.get(row["code"], Decimal(0)), "depth": depth.get(row["code"], 0)}
        for row in rows
    ]
    return sorted(nodes, key=lambda node: (node["depth"], node["created_at"], node["lot"]))


async def _shipped(session: AsyncSession, lots: Iterable[str]) -> dict[str, Decimal]:
    statement = (
        select(Movement.lot, -func.sum(Movement.quantity))
        .where(_among(col(Movement.lot), lots), Movement.kind == "shipped")
        .group_by(col(Movement.lot))
    )
    return dict((await session.execute(statement)).all())


async def recall_lot(session: AsyncSession, code: str, now: datetime, today: date) -> RecallOut:
    """Everybody and everything that the lot has reached.

    These are customers, lots, quantities, where they are now, and the mass balance.
    """
    root = await find_lot(session, code)
    lots = await walk(session, code, "forward")
    depth = depths(code, ((e.source, e.target) for e in await _ends(session, lots)))
    balances = await _balances(session, lots)
    nodes = await _nodes(session, lots, depth, today)
    items = await items_by_code(session, (node["item"] for node in nodes))
    shipments = await _shipments(session, {node["lot"]: node for node in nodes})
    return RecallOut(
        lot=await describe_lot(session, root, today),
        at=now,
        balance=BalanceOut.model_validate(balances[code]),
        customers=_customers(shipments, items),
        jobs=await _jobs_at(session, lots),
        shipments=shipments,
        items=_by_item(nodes, balances),
        lots=[RecallLotOut.model_validate(node | _balance(balances[node["lot"]])) for node in nodes[:LISTED]],
        is_cut=len(nodes) > LISTED,
    )


async def _ends(session: AsyncSession, lots: Sequence[str]) -> list[Any]:
    return list(
        await session.execute(select(col(LotEdge.source), col(LotEdge.target)).where(_among(col(LotEdge.source), lots)))
    )


async def _balances(session: AsyncSession, lots: Sequence[str]) -> dict[str, Balance]:
    """The whereabouts of the quantity of each lot."""
    used: defaultdict[str, Decimal] = defaultdict(Decimal)
    explained = await _used(session, lots)
    for (lot, _), quantity in explained.items():
        used[lot] += quantity
    given = {(lot, job): quantity for lot, job, quantity in await _given(session, lots)}
    still_open = await open_jobs(session, {job for _, job in given})
    none = Decimal(0)
    at_jobs: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (lot, job), quantity in given.items():
        if job in still_open:
            at_jobs[lot] += _rest(quantity, explained, lot, job)
    shipped = await _shipped(session, lots)
    counts = select(col(Movement.lot), func.sum(Movement.quantity)).where(
        _among(col(Movement.lot), lots), Movement.kind == "counted"
    )
    counted = dict((await session.execute(counts.group_by(col(Movement.lot)))).all())
    rows = await session.execute(
        select(col(Lot.code), col(Lot.came_in), col(Lot.remaining)).where(_among(col(Lot.code), lots))
    )
    return {
        lot: Balance(came_in, remaining, shipped.get(lot, none), used[lot], at_jobs[lot], counted.get(lot, none))
        for lot, came_in, remaining in rows
    }


async def _given(session: AsyncSession, lots: Sequence[str]) -> Sequence[Any]:
    """What jobs were given of the lots: (lot, job, quantity)."""
    quantity = func.sum(col(JobSupply.scanned) + col(JobSupply.drawn))
    statement = select(col(JobSupply.lot), col(JobSupply.job), quantity).where(_among(col(JobSupply.lot), lots))
    return (await session.execute(statement.group_by(col(JobSupply.lot), col(JobSupply.job)))).all()


async def _jobs_at(session: AsyncSession, lots: Sequence[str]) -> list[TraceJobOut]:
    """The jobs that the lots were given to and that are open or made nothing of them yet: their products are next.

    What a job has drawn without a scan, and used up by calculation, does not lie there.
    """
    is_done = exists().where(col(LotEdge.via) == col(Job.id), col(LotEdge.source) == col(JobSupply.lot))
    job = (Job.id, Job.number, Job.op, Job.item, Job.item_name, Job.customer, Job.state)
    scanned = func.sum(col(JobSupply.scanned))
    quantity = func.sum(col(JobSupply.scanned) + col(JobSupply.drawn))
    statement = (
        sql_select(col(JobSupply.lot), *map(col, job), scanned.label("scanned"), quantity.label("quantity"))
        .join(Job, col(Job.id) == col(JobSupply.job))
        .where(_among(col(JobSupply.lot), lots), or_(col(Job.state).in_(list(OPEN)), ~is_done))
        .group_by(col(JobSupply.lot), col(Job.id))
        .having(quantity > 0)
        .order_by(col(Job.number), col(Job.op), col(JobSupply.lot))
    )
    rows = [row._mapping for row in await session.execute(statement)]
    used = await _used(session, lots)
    found = [
        {**row, "job_id": row["id"], "unused": _rest(row["quantity"], used, row["lot"], row["id"])} for row in rows
    ]
    return [TraceJobOut.model_validate(one) for one in found if one["scanned"] > 0 or one["unused"] > 0]


async def _used(session: AsyncSession, lots: Sequence[str]) -> dict[tuple[str, UUID], Decimal]:
    """How much of a lot is in what a job made of it, or in its part, by (lot, job or movement)."""
    statement = (
        select(col(LotEdge.source), col(LotEdge.via), func.sum(LotEdge.quantity))
        .where(_among(col(LotEdge.source), lots))
        .group_by(col(LotEdge.source), col(LotEdge.via))
    )
    return {(lot, via): quantity for lot, via, quantity in await session.execute(statement)}


def _rest(given: Decimal, used: Mapping[tuple[str, UUID], Decimal], lot: str, job: UUID) -> Decimal:
    """What a job was given of a lot and what is in no product yet."""
    return max(Decimal(0), given - used.get((lot, job), Decimal(0)))


def _balance(balance: Balance) -> dict[str, Any]:
    return BalanceOut.model_validate(balance).model_dump()


async def _shipments(session: AsyncSession, lots: Mapping[str, Mapping[str, Any]]) -> list[ShipmentOut]:
    """The shipments of the lots that were not taken back, by customer and time."""
    statement = sql_select(*_columns_of(Movement)).where(
        _among(col(Movement.lot), lots),
        col(Movement.kind) == "shipped",
        col(Movement.reverses).is_(None),
    )
    found = (await session.execute(statement.order_by(col(Movement.customer), col(Movement.id)))).all()
    shipped = literal([one.id for one in found], ARRAY(Uuid))
    taken_back = set(await session.scalars(select(Movement.reverses).where(col(Movement.reverses) == any_(shipped))))
    return [
        ShipmentOut.model_validate(
            {**one._mapping, "item": lots[one.lot]["item"], "unit": lots[one.lot]["unit"], "quantity": -one.quantity}
        )
        for one in found
        if one.id not in taken_back
    ]


def _customers(shipments: Sequence[ShipmentOut], items: Mapping[str, Item]) -> list[RecallCustomerOut]:
    groups: defaultdict[tuple[str, str], list[ShipmentOut]] = defaultdict(list)
    for shipment in shipments:
        groups[shipment.customer, shipment.item].append(shipment)
    return [
        RecallCustomerOut(
            customer=customer,
            item=item,
            item_name=items[item].name if item in items else {},
            unit=group[0].unit,
            quantity=sum((one.quantity for one in group), Decimal(0)),
            lots=len({one.lot for one in group}),
            shipments=len(group),
        )
        for (customer, item), group in groups.items()
    ]


def _by_item(nodes: Sequence[Mapping[str, Any]], balances: Mapping[str, Balance]) -> list[RecallItemOut]:
    groups: defaultdict[tuple[str, int | None], list[Mapping[str, Any]]] = defaultdict(list)
    for node in nodes:
        groups[node["item"], node["op"]].append(node)
    return [
        RecallItemOut.model_validate(
            dict(group[0]) | {"lots": len(group)} | _balance(sum((balances[node["lot"]] for node in group), Balance()))
        )
        for group in groups.values()
    ]
