"""A shop drops its spreadsheets in, sees everything that is wrong with them, and mends it."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.support.factory import define_bracket, new_order, release_order
from tests.support.faulty_shop import BOMS, FAULTS, ITEMS, ROUTINGS
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio
RULE = "@@####, @@-####, @@@##, @@@##@, COIL, NUT#"


@pytest.fixture
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("readiness"), ["orders", "production"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def planner(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner", "quality") as client:
        yield client


async def put(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    answer = await client.put(path, json=body)
    assert answer.is_success, (path, answer.text)


async def drop(planner: httpx.AsyncClient, kind: str, content: str) -> dict[str, Any]:
    """A file as the shop's Excel would write it."""
    answer = await planner.post(
        "/imports", files={"file": (f"{kind}.csv", content.encode("cp949"))}, data={"kind": kind}, headers=key()
    )
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def report(planner: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await planner.get("/readiness")).json()
    return found


def named(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(finding["code"], finding["key"]) for finding in found["findings"]}


async def run_too_fast(world: World) -> None:
    """One order of the bracket, stamped in a moment: nothing like the 1.5 s a piece of its standard."""
    order = await release_order(world, await new_order(world, quantity=100))
    async with world.client("production", "operator") as floor:

        async def jobs() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = (await floor.get("/jobs", params={"work_order": order["id"]})).json()["items"]
            return found

        job = min(await eventually(jobs, bool), key=lambda job: int(job["op"]))
        for path, body in (("start", {}), ("results", {"good": 100}), ("finish", {})):
            answer = await floor.post(f"/jobs/{job['id']}/{path}", json=body, headers=key())
            assert answer.is_success, answer.text


async def draft_instruction(planner: httpx.AsyncClient) -> None:
    """Op 20 of the bracket has an instruction that nobody has approved yet."""
    await put(planner, "/instructions/WI-20", {"title": "검사·포장", "pages": [{"text": "상자에 200개"}]})
    routing = (await planner.get("/routings/HB1001")).json()
    kept = {"op", "name", "work_center", "machine", "cycle_s", "per_cycle", "setup_s", "crew"}
    steps = [{name: step[name] for name in kept} for step in routing["operations"]]
    await put(planner, "/routings/HB1001", {"operations": [steps[0], steps[1] | {"instruction": "WI-20"}]})


async def drop_everything(world: World, planner: httpx.AsyncClient) -> None:
    await put(planner, "/work-centers/INJ", {"name": "사출"})
    await put(planner, "/readiness/code-rules/items", {"rule": RULE})
    for kind, content in (("items", ITEMS), ("routings", ROUTINGS), ("boms", BOMS)):
        await drop(planner, kind, content)
    await run_too_fast(world)
    await draft_instruction(planner)

    async def contradicted() -> bool:
        return ("time_contradicted", "HB1001") in named(await report(planner))

    await eventually(contradicted, bool)


async def test_each_of_twenty_faults_is_named_with_the_place_where_it_is_mended(
    world: World, planner: httpx.AsyncClient
) -> None:
    await drop_everything(world, planner)
    found = await report(planner)
    assert [fault for fault in FAULTS if fault not in named(found)] == []
    assert found["errors"] + found["warnings"] == len(found["findings"]) == sum(found["by_code"].values())
    unit = next(finding for finding in found["findings"] if finding["code"] == "unit_missing")
    assert unit["page"] in ("/items/HB3001#unit", "/items/CAP30#unit")
    assert all("{" not in finding["message"] for finding in found["findings"])


async def test_what_is_mended_is_gone_from_the_report(world: World, planner: httpx.AsyncClient) -> None:
    await drop_everything(world, planner)
    items = {"HB3001": "사이드 브라켓", "CAP30": "캡 30", "SC500": "고추장 소스 500g"}
    for code, name in items.items():
        await put(planner, f"/items/{code}", {"name": name, "kind": "finished", "unit": "EA"})
    for code, name in {"HB-1001": "구형", "ＨＢ２００１": "시작품", "HB9001": "보강 B", "X1": "통"}.items():
        kind = "purchased" if code == "X1" else "finished"
        await put(planner, f"/items/{code}", {"name": name, "kind": kind, "active": False})
    await put(planner, "/machines/IJ1", {"name": "사출 1호기", "work_center": "INJ"})
    press = {"op": 10, "name": "벤딩", "machine": "PR2", "cycle_s": 4}
    for code in ("HB3001", "CAP30", "HB4001", "CAP24A", "SC500"):
        await put(planner, f"/routings/{code}", {"operations": [press]})
    blank = {"op": 10, "name": "블랭킹", "machine": "PR1", "cycle_s": 2}
    coated = {"op": 20, "name": "전착도장", "subcontract": True, "lead_time_d": 2}
    await put(planner, "/routings/HB2001", {"operations": [blank, coated]})
    for code in ("HB4001", "CAP24", "SC500"):
        await put(planner, f"/boms/{code}", {"lines": [{"component": "COIL", "quantity": "0.1"}]})
    await drop(planner, "items", "품번,품명,구분,단위\nSC500,고추장 소스 500g,완제품,EA\n")
    left = named(await report(planner))
    solved = [fault for fault in FAULTS if not fault[0].startswith(("instruction", "time_contradicted"))]
    assert [fault for fault in solved if fault in left] == []


async def test_a_file_that_comes_again_settles_its_rows(planner: httpx.AsyncClient) -> None:
    await drop(planner, "items", "품번,품명,구분,단위\nHB 1,브라켓,완제품,EA\n")
    (row,) = [f for f in (await report(planner))["findings"] if f["code"] == "row_rejected"]
    assert (row["key"], row["params"]["file"], row["params"]["row"]) == ("HB 1", "items.csv", 2)
    await drop(planner, "items", "품번,품명,구분,단위\nHB1,브라켓,완제품,EA\n")
    assert "row_rejected" not in (await report(planner))["by_code"]


async def test_a_code_rule_can_be_set_and_taken_away(planner: httpx.AsyncClient) -> None:
    (rule,) = (await planner.put("/readiness/code-rules/machines", json={"rule": "PR#"})).json()["items"]
    assert rule == {"kind": "machines", "rule": "PR#", "codes": 3, "off_rule": 1}
    assert ("code_off_rule", "PK") in named(await report(planner))
    assert (await planner.delete("/readiness/code-rules/machines")).status_code == 204
    assert "code_off_rule" not in (await report(planner))["by_code"]
    refused = await planner.put("/readiness/code-rules/people", json={"rule": "P##"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "kind")


async def test_the_evidence_has_the_days_with_records_and_the_shares(world: World, planner: httpx.AsyncClient) -> None:
    await run_too_fast(world)

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
