"""The need of a job of each component, what it was given, and which lots to take next."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from services.production.definitions.queries import items_by_code, load_units
from services.production.genealogy.commands.sources import enough_for, operation_of
from services.production.genealogy.domain.flow import SupplyLine, lines_of, rounded
from services.production.genealogy.domain.lots import LotState
from services.production.genealogy.queries.lots import is_in_state, state_of
from services.production.genealogy.schemas import (
    AdviceOut,
    JobMaterialOut,
    JobMaterialsOut,
    SuppliedOut,
)
from services.production.genealogy.tables import JobOutput, JobSupply, Lot
from services.production.jobs.queries.graph import order_graph
from services.production.jobs.queries.jobs import get_job

ADVISED = 20
"""Lots of a component that are proposed to a tablet."""


async def job_materials(session: AsyncSession, id_: UUID, today: date) -> JobMaterialsOut:
    """The need of a job of each component, what it was given, and which lots to take next.

    A 404 problem for an unknown job.
    """
    job = await get_job(session, id_)
    flow = await order_graph(session, job.work_order_id)
    operations = [operation_of(one) for one in flow.values()]
    lines = [line for line in lines_of(operations)[job.op] if line.before is None]
    statement = (
        select(JobSupply, Lot)
        .join(Lot, col(Lot.code) == col(JobSupply.lot))
        .where(JobSupply.job == id_)
        .order_by(col(JobSupply.since), col(JobSupply.lot))
    )
    given = [(supply, lot) for supply, lot in await session.execute(statement)]
    made = select(func.coalesce(func.sum(JobOutput.pieces), 0)).where(JobOutput.job == id_)
    pieces = Fraction(await session.scalar(made) or 0)
    items = await items_by_code(session, {item for line in lines for item in line.per_piece})
    units = await load_units(session)
    materials = []
    for line, material in zip(lines, flow[id_].materials, strict=True):
        own = [(supply, lot) for supply, lot in given if supply.line == line.key]
        materials.append(
            JobMaterialOut(
                component=line.component,
                name=material["name"],
                unit=material["unit"],
                decimals=units.decimals(material["unit"]),
                needed=rounded(Fraction(flow[id_].planned) * line.per_piece[line.component]),
                consumed=_consumed(line, own),
                without_material=rounded(max(pieces - enough_for(line, own), Fraction(0))),
                is_lot_tracked=any(items[item].lot_tracked for item in line.per_piece if item in items),
                items=list(line.per_piece),
                lots=[
                    SuppliedOut(lot=lot.code, item=lot.item, quantity=s.scanned + s.drawn, since=s.since)
                    for s, lot in own
                    if s.scanned + s.drawn
                ],
                advice=await _advice(session, line, today),
            )
        )
    return JobMaterialsOut(items=materials)


def _consumed(line: SupplyLine, given: Sequence[tuple[JobSupply, Lot]]) -> Decimal:
    pieces = sum((Fraction(s.scanned + s.drawn) / per for s, lot in given if (per := line.of(lot.item))), Fraction(0))
    return rounded(pieces * line.per_piece[line.component])


async def _advice(session: AsyncSession, line: SupplyLine, today: date) -> list[AdviceOut]:
    """Lots in the order in which they should be used.

    Those that may not be used come last, so that a tablet knows them, too.
    """
    statement = (
        select(Lot)
        .where(col(Lot.item).in_(list(line.per_piece)), col(Lot.op).is_(None), Lot.remaining > 0)
        .order_by(
            (~is_in_state(LotState.AVAILABLE, today)),
            col(Lot.item) != line.component,
            col(Lot.expires_on).nulls_last(),
            col(Lot.available_from),
            col(Lot.code),
        )
        .limit(ADVISED)
    )
    return [
        AdviceOut(
            lot=lot.code,
            item=lot.item,
            remaining=lot.remaining,
            expires_on=lot.expires_on,
            received_at=lot.available_from,
            location=lot.location,
            state=state_of(lot, today),
        )
        for lot in await session.scalars(statement)
    ]
