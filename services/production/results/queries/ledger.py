"""Reads of the ledger: results, their chains, and the machines on which they were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.production.jobs.queries.jobs import jobs_of_order
from services.production.results.schemas import ResultChainOut, ResultOut, UsedMachineOut
from services.production.results.tables import Result
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import Problem

CHAIN = text(
    "WITH RECURSIVE back AS (SELECT id, coalesce(corrects, reverses) AS before FROM result WHERE id = :id"
    " UNION ALL SELECT r.id, coalesce(r.corrects, r.reverses) FROM result r JOIN back ON r.id = back.before),"
    " chain AS (SELECT id FROM back WHERE before IS NULL"
    " UNION ALL SELECT r.id FROM result r JOIN chain ON r.reverses = chain.id OR r.corrects = chain.id)"
    " SELECT id FROM chain"
)


USED_MACHINES = text(
    "SELECT used.op, used.machine, m.work_center FROM ("
    "SELECT j.op, run.machine, run.begins AS at FROM run JOIN job j ON j.id = run.job WHERE j.work_order = :work_order"
    " UNION ALL SELECT r.op, r.machine, r.at FROM job j JOIN result r ON r.job = j.id"
    " WHERE j.work_order = :work_order AND r.reverses IS NULL AND r.returned_by IS NULL"
    " AND NOT EXISTS (SELECT FROM result back WHERE back.reverses = r.id)) used JOIN machine m ON m.code = used.machine"
    " GROUP BY used.op, used.machine, m.work_center ORDER BY used.op, min(used.at)"
)


SHORT = timedelta(days=31)
"""A window whose results are sorted as a whole; of a longer one a page is found sooner from the ledger's begin."""


async def list_used_machines(session: AsyncSession, work_order: UUID) -> list[UsedMachineOut]:
    """The machines of each operation of an order, in the order in which they were first used."""
    found = await session.execute(USED_MACHINES, {"work_order": work_order})
    return [UsedMachineOut.model_validate(row) for row in found.mappings()]


async def describe_results(session: AsyncSession, results: Sequence[Result]) -> list[ResultOut]:
    """The results for a client, with what took them back."""
    reversals = select(Result.reverses, Result.id).where(col(Result.reverses).in_([result.id for result in results]))
    reversed_by: dict[UUID | None, UUID] = dict((await session.execute(reversals)).all())
    return [
        ResultOut.model_validate(
            result.model_dump(exclude={"scrap"})
            | {"scrap": result.scrap_by_defect, "reversed_by": reversed_by.get(result.id)}
        )
        for result in results
    ]


async def get_result(session: AsyncSession, id_: UUID) -> ResultChainOut:
    """A result with its chain of corrections, or a 404 problem."""
    ids = [row.id for row in await session.execute(CHAIN, {"id": id_})]
    found = list(await session.scalars(select(Result).where(col(Result.id).in_(ids)).order_by(col(Result.id))))
    chain = await describe_results(session, found)
    shown = next((result for result in chain if result.id == id_), None)
    if shown is None:
        raise Problem(404, "not_found")
    return ResultChainOut(**shown.model_dump(), chain=chain)


@dataclass(frozen=True)
class Scrapped:
    """Which results are behind a count of scrap: of an item, of a defect, of business dates, both included."""

    item: str | None = None
    defect: str | None = None
    first: date | None = None
    last: date | None = None
    only: bool = False
    """Those alone that scrapped something, or took it back."""

    def narrow(self, statement: SelectOfScalar[Result]) -> SelectOfScalar[Result]:
        """The statement with these conditions."""
        if self.item:
            statement = statement.where(Result.item == self.item)
        if self.defect:
            statement = statement.where(col(Result.scrap_by_defect).contains([{"defect": self.defect}]))
        if self.first:
            statement = statement.where(Result.business_date >= self.first)
        if self.last:
            statement = statement.where(Result.business_date <= self.last)
        return statement.where(Result.scrap != 0) if self.only else statement


async def list_results(
    session: AsyncSession,
    job: UUID | None,
    work_order: str | None,
    machine: str | None,
    begins: datetime | None,
    ends: datetime | None,
    scrapped: Scrapped,
    cursor: str | None,
    limit: int,
    now: datetime,
) -> Page[ResultOut]:
    """The ledger in the order in which it was written."""
    statement = select(Result).order_by(col(Result.id)).limit(limit + 1)
    if job:
        statement = statement.where(Result.job == job)
    if work_order:
        statement = statement.where(col(Result.job).in_(await jobs_of_order(session, work_order)))
    if machine:
        statement = statement.where(Result.machine == machine)
    if begins:
        statement = statement.where(Result.at >= begins)
    if ends:
        statement = statement.where(Result.at < ends)
    statement = scrapped.narrow(statement)
    if key := read_cursor(cursor, UUID):
        statement = statement.where(col(Result.id) > key[0])
    first = begins or (scrapped.first and datetime.combine(scrapped.first, time.min, now.tzinfo))
    last = ends or (scrapped.last and datetime.combine(scrapped.last, time.max, now.tzinfo)) or now
    if first and last - first <= SHORT:
        # the planner does not know that these lie together: it would walk the ledger from its first row
        chosen = (
            statement.with_only_columns(col(Result.id))
            .order_by(None)
            .limit(None)
            .cte("chosen")
            .prefix_with("MATERIALIZED")
        )
        of_page = select(chosen.c.id).order_by(chosen.c.id).limit(limit + 1)
        statement = select(Result).where(col(Result.id).in_(of_page)).order_by(col(Result.id))
    page = page_of((await session.scalars(statement)).all(), limit, lambda result: (result.id,))
    return Page(items=await describe_results(session, page.items), next_cursor=page.next_cursor)
