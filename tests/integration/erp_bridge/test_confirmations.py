"""The ledger of confirmations: what the shop did, in order, none missing and none twice."""

import asyncio
import dataclasses
from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.erp_bridge.outbound.commands.confirm import confirm, follow_jobs
from services.erp_bridge.outbound.domain.ledger import LedgerEntry
from shared.contracts.production.jobs import JobChanged, JobTotals
from shared.kit.clock import utc_now
from shared.kit.database import Database
from shared.kit.ids import new_id
from tests.integration.erp_bridge.steps import act, confirmations, first_job, read_ledger, released_order
from tests.support.events import Teller
from tests.support.factory import new_order, release_order
from tests.support.world import TestCluster, World, eventually

pytestmark = pytest.mark.anyio


async def test_the_erp_is_told_exactly_what_was_made_taken_back_and_finished(
    world: World, erp: httpx.AsyncClient
) -> None:
    order = await released_order(world, erp, quantity="200")
    job = await first_job(world, order["number"])
    await act(world, f"/jobs/{job['id']}/start")
    await act(world, f"/jobs/{job['id']}/results", good=100, scrap=[{"defect": "BURR", "quantity": 3}])
    wrong = await act(world, f"/jobs/{job['id']}/results", good=50, scrap=[{"defect": "DENT", "quantity": 1}], rework=2)
    await act(world, f"/results/{wrong['id']}/reverse", reason="typed wrong")
    await act(world, f"/jobs/{job['id']}/finish")

    first, second, back, final = await confirmations(erp, order["external_id"], 4)
    assert (first["work_order"], first["number"], first["op"], first["item"]) == (
        order["work_order"],
        order["number"],
        10,
        "HB1001",
    )
    assert (first["good"], first["scrap"], first["final"]) == ("100", [{"defect": "BURR", "quantity": "3"}], False)
    assert (second["good"], second["rework"], second["totals"]) == (
        "50",
        "2",
        {"good": "150", "scrap": "4", "rework": "2"},
    )
    assert (back["good"], back["scrap"], back["rework"]) == ("-50", [{"defect": "DENT", "quantity": "-1"}], "-2")
    assert (final["good"], final["scrap"], final["final"]) == ("0", [], True)
    assert final["totals"] == {"good": "100", "scrap": "3", "rework": "0"}
    assert final["started_at"] is not None
    assert final["finished_at"] is not None
    assert [row["position"] for row in (first, second, back, final)] == sorted(
        {row["position"] for row in (first, second, back, final)}
    )


async def test_work_that_no_erp_ordered_is_not_confirmed(world: World, erp: httpx.AsyncClient) -> None:
    own = await release_order(world, await new_order(world, quantity=10))
    ordered = await released_order(world, erp)
    for number in (own["number"], ordered["number"]):
        job = await first_job(world, number)
        await act(world, f"/jobs/{job['id']}/start")
        await act(world, f"/jobs/{job['id']}/results", good=5)
        await act(world, f"/jobs/{job['id']}/finish")
    await confirmations(erp, ordered["external_id"], 2)
    assert own["number"] not in {row["number"] for row in await read_ledger(erp)}


async def test_a_job_whose_finish_is_told_twice_is_confirmed_as_finished_once(
    world: World, erp: httpx.AsyncClient
) -> None:
    job, order = new_id(), new_id()
    done = JobChanged(
        job_id=job,
        work_order_id=order,
        number="W-9",
        external_id="TWICE-1",
        op=10,
        item="HB1001",
        machine=None,
        before="running",
        state="done",
        reason=None,
        person_id=None,
        totals=JobTotals(good=Decimal(5), scrap=Decimal(0), rework=Decimal(0)),
        started_at=None,
        finished_at=utc_now(),
    )
    again = done.model_copy(update={"before": "done"})
    after = done.model_copy(update={"external_id": "TWICE-2", "job_id": new_id()})
    aggregate = f"job/{job}"
    await Teller(world, "production").tell(
        (aggregate, done), (aggregate, again), (aggregate, done), (f"job/{after.job_id}", after)
    )
    await confirmations(erp, "TWICE-2", 1)
    assert len(await confirmations(erp, "TWICE-1", 1)) == 1


async def test_pages_of_the_ledger_join_without_a_gap(erp: httpx.AsyncClient) -> None:
    whole, paged = await read_ledger(erp, 200), await read_ledger(erp, 2)
    assert paged == whole
    assert [row["position"] for row in whole] == list(range(1, len(whole) + 1))
    behind = (await erp.get("/confirmations", params={"cursor": whole[-1]["position"]})).json()
    assert behind == {"items": [], "next_cursor": None}
    assert (await erp.get("/confirmations")).json()["items"] == whole[:100]


async def test_the_shop_sees_how_far_the_erp_has_read(
    world: World, erp: httpx.AsyncClient, planner: httpx.AsyncClient
) -> None:
    last = (await read_ledger(erp))[-1]["position"]
    (reader,) = (await planner.get("/readers")).json()["items"]
    assert (reader["position"], reader["behind"], reader["waits_since"]) == (last, 0, None)
    order = await released_order(world, erp, quantity="10")
    job = await first_job(world, order["number"])
    await act(world, f"/jobs/{job['id']}/results", good=4)

    async def look() -> dict[str, Any]:
        found: dict[str, Any] = (await planner.get("/readers")).json()["items"][0]
        return found

    waiting = await eventually(look, lambda reader: reader["behind"] == 1)
    assert waiting["waits_since"] is not None
    await read_ledger(erp)
    assert (await look())["behind"] == 0


async def test_a_cursor_that_is_no_position_is_refused(erp: httpx.AsyncClient) -> None:
    assert (await erp.get("/confirmations", params={"cursor": "soon"})).status_code == 422


def made(number: int) -> LedgerEntry:
    return LedgerEntry(
        id=new_id(),
        external_id=f"SO-{number}",
        work_order=new_id(),
        number="W-1",
        op=10,
        item="HB1001",
        job=new_id(),
        good=Decimal(1),
        scrap=[],
        rework=Decimal(0),
        started_at=None,
        finished_at=None,
        final=False,
        total_good=Decimal(1),
        total_scrap=Decimal(0),
        total_rework=Decimal(0),
        recorded_at=utc_now(),
    )


async def test_an_erp_that_polls_while_replicas_write_misses_nothing(cluster: TestCluster) -> None:
    url = await cluster.fresh_database("erp_bridge")
    replicas = [Database(url) for _ in range(3)]
    written: list[Any] = []
    working = True

    async def write(database: Database, number: int) -> None:
        for turn in range(25):
            batch = [made(number) for _ in range(1 + turn % 4)]

            async def append(tx: Any, batch: list[LedgerEntry] = batch) -> None:
                await confirm(tx, batch)
                await asyncio.sleep(0.001 * (number % 3))  # commits take unequal time

            await database.run(append)
            written.extend(one.id for one in batch)

    async def poll() -> list[Any]:
        read: list[Any] = []
        last = 0
        reader = Database(url)
        while True:
            done = not working
            async with reader.connection() as connection:
                rows = await connection.exec_driver_sql(
                    f"SELECT position, id FROM confirmation WHERE position > {last} ORDER BY position"
                )
                for position, id_ in rows:
                    assert position == last + 1, "a position became visible before the one below it"
                    last = position
                    read.append(id_)
            if done:
                await reader.close()
                return read

    polling = asyncio.create_task(poll())
    await asyncio.gather(*(write(database, n) for n, database in enumerate(replicas * 3)))
    working = False
    read = await polling
    assert sorted(read) == sorted(written)
    for database in replicas:
        await database.close()


async def test_the_same_events_confirmed_again_are_there_once(cluster: TestCluster) -> None:
    database = Database(await cluster.fresh_database("erp_bridge"))
    batch = [made(1), made(2)]
    final = dataclasses.replace(made(3), final=True, good=Decimal(0))
    again = dataclasses.replace(final, id=new_id())
    await database.run(lambda tx: confirm(tx, batch))
    await database.run(lambda tx: follow_jobs(tx, [("done", final)]))
    await database.run(lambda tx: follow_jobs(tx, [("done", again)]))
    await database.run(lambda tx: confirm(tx, [*batch, made(4)]))
    async with database.connection() as connection:
        found = (await connection.exec_driver_sql("SELECT position, external_id FROM confirmation ORDER BY 1")).all()
    assert [tuple(one) for one in found] == [(1, "SO-1"), (2, "SO-2"), (3, "SO-3"), (4, "SO-4")]
    await database.close()
