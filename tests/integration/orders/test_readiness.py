"""A shop drops its spreadsheets in, and sees everything that is wrong with them."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.support.exchange import drop
from tests.support.factory import define_bracket, new_order, release_order
from tests.support.faulty_factories import FACTORIES, HANBYEOL, INSTRUCTION, FaultyFactory
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("readiness"), ["orders", "production"]) as world:
        yield world


@pytest.fixture
async def bracket(world: World) -> None:
    await define_bracket(world)


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner", "quality") as client:
        yield client


async def put(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    answer = await client.put(path, json=body)
    assert answer.is_success, (path, answer.text)


async def report(planner: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await planner.get("/readiness")).json()
    return found


def named(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(finding["code"], finding["key"]) for finding in found["findings"]}


async def make(world: World, quantity: int) -> str:
    """One order of the bracket, stamped in a moment: nothing like the 1.5 s a piece of its standard; its result."""
    order = await release_order(world, await new_order(world, quantity=quantity))
    async with world.client("production", "operator") as floor:

        async def jobs() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = (await floor.get("/jobs", params={"work_order": order["id"]})).json()["items"]
            return found

        job = min(await eventually(jobs, bool), key=lambda job: int(job["op"]))
        answers = {}
        for path, body in (("start", {}), ("results", {"good": quantity}), ("finish", {})):
            answers[path] = await floor.post(f"/jobs/{job['id']}/{path}", json=body, headers=key())
            assert answers[path].is_success, answers[path].text
    return str(answers["results"].json()["id"])


@pytest.mark.parametrize("factory", FACTORIES, ids=str)
async def test_a_factorys_faults_are_named_and_nothing_else_is_accused(
    world: World, planner: httpx.AsyncClient, factory: FaultyFactory
) -> None:
    await put(planner, "/readiness/code-rules/items", {"rule": factory.item_rule})
    await put(planner, f"/instructions/{INSTRUCTION}", {"title": "외관·치수", "pages": [{"text": "5개마다"}]})
    for kind, file in factory.files().items():
        if kind != "defects":
            await drop(planner, kind, file, name=factory.file_name(kind))
    if factory is HANBYEOL:
        await make(world, 100)

    async def look() -> dict[str, Any]:
        return await report(planner)

    found = await eventually(look, lambda seen: factory.named <= named(seen))
    assert found["errors"] + found["warnings"] == len(found["findings"]) == sum(found["by_code"].values())
    assert all(finding["page"].startswith("/") and "{" not in finding["message"] for finding in found["findings"])
    accused = {finding["key"] for finding in found["findings"] if finding["code"] != "instruction_missing"}
    assert accused <= factory.touched | {fault.key for fault in factory.faults}
    rejected = {
        (finding["key"], error["code"])
        for finding in found["findings"]
        if finding["code"] == "row_rejected"
        for error in finding["params"]["errors"]
    }
    assert {(fault.key, fault.reason) for fault in factory.faults if fault.reason} <= rejected


async def test_a_circle_of_boms_leads_to_each_of_them_since_any_may_have_the_wrong_line(
    planner: httpx.AsyncClient,
) -> None:
    await drop(planner, "items", "품번,품명,구분\nRING1,조립,완제품\nRING2,반제품,반제품\n")
    await drop(planner, "boms", "모품번,자품번,소요량\nRING1,RING2,1\nRING2,RING1,1\n", name="ring.csv")
    (circle,) = [f for f in (await report(planner))["findings"] if f["params"].get("file") == "ring.csv"]
    assert (circle["key"], circle["page"]) == ("RING2", "/items/RING2#bom")
    assert circle["also"] == [{"key": "RING1", "page": "/items/RING1#bom"}]


async def test_the_report_says_how_many_items_it_looked_at_so_that_an_empty_shop_is_not_praised(
    planner: httpx.AsyncClient,
) -> None:
    before = (await report(planner))["items"]
    await put(planner, "/items/LOOK1", {"name": "나사", "kind": "purchased"})
    assert (await report(planner))["items"] == before + 1


async def test_a_file_that_comes_again_settles_its_rows(planner: httpx.AsyncClient) -> None:
    await drop(planner, "items", "품번,품명,구분,단위\nHB 1,브라켓,완제품,EA\n", name="items.csv")
    (row,) = [f for f in (await report(planner))["findings"] if f["code"] == "row_rejected"]
    assert (row["key"], row["params"]["file"], row["params"]["row"]) == ("HB 1", "items.csv", 2)
    await drop(planner, "items", "품번,품명,구분,단위\nHB1,브라켓,완제품,EA\n", name="items.csv")
    assert "row_rejected" not in (await report(planner))["by_code"]


@pytest.mark.parametrize(
    ("kind", "file", "path", "body"),
    [
        ("items", "품번,품명,구분\nHB9,브라켓,모름\n", "/items/HB9", {"name": "브라켓", "kind": "finished"}),
        ("person_skills", "사번,기능코드,수준\n1101,TIG,9\n", "/person-skills/1101", {"skills": []}),
    ],
)
async def test_a_row_is_settled_when_its_entry_is_put_by_hand(
    planner: httpx.AsyncClient, kind: str, file: str, path: str, body: dict[str, Any]
) -> None:
    await drop(planner, kind, file, name=f"{kind}-by-hand.csv")

    async def waiting() -> list[str]:
        findings = (await report(planner))["findings"]
        return [f["key"] for f in findings if f["params"].get("file") == f"{kind}-by-hand.csv"]

    assert len(await waiting()) == 1
    await put(planner, path, body)
    assert await waiting() == []


@pytest.mark.usefixtures("bracket")
async def test_a_code_rule_can_be_set_and_taken_away(planner: httpx.AsyncClient) -> None:
    (rule,) = (await planner.put("/readiness/code-rules/machines", json={"rule": "PR#"})).json()["items"]
    assert rule == {"kind": "machines", "rule": "PR#", "codes": 3, "off_rule": 1}
    assert ("code_off_rule", "PK") in named(await report(planner))
    assert (await planner.delete("/readiness/code-rules/machines")).status_code == 204
    assert "code_off_rule" not in (await report(planner))["by_code"]
    refused = await planner.put("/readiness/code-rules/people", json={"rule": "P##"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "kind")


@pytest.mark.usefixtures("bracket")
async def test_a_report_corrected_after_its_job_is_done_counts_for_the_time_that_the_job_ran(world: World) -> None:
    result = await make(world, 100)

    async def pieces() -> list[int]:
        rows = await world.fetch("orders", "SELECT pieces::int FROM measured_run WHERE finished_at IS NOT NULL")
        return [row["pieces"] for row in rows]

    assert await eventually(pieces, lambda seen: seen == [100])
    async with world.client("production", "leader") as leader:
        body = {"good": 10, "reason": "miscounted"}
        answer = await leader.post(f"/results/{result}/correct", json=body, headers=key())
    assert answer.is_success, answer.text
    assert await eventually(pieces, lambda seen: seen == [10])


@pytest.mark.usefixtures("bracket")
async def test_the_evidence_has_the_days_with_records_and_the_shares(world: World, planner: httpx.AsyncClient) -> None:
    await make(world, 100)

    async def evidence() -> dict[str, Any]:
        found: dict[str, Any] = (await planner.get("/readiness/evidence")).json()
        return found

    found = await eventually(evidence, lambda seen: seen["results"] == 1)
    assert len(found["days"]) == found["weeks_with_records"] == found["orders_released"] == 1
    shares = {share["key"]: (share["ready"], share["total"]) for share in found["shares"]}
    assert shares["times"] == shares["machines"] == (2, 2)
    assert shares["instructions"] == (0, 2)
    assert (
        timedelta(days=-1)
        <= world.apps["orders"].state.database.today - date.fromisoformat(found["as_of"])
        <= timedelta(days=1)
    )
