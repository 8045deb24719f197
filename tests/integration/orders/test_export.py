"""Everything goes out as a workbook or as JSON, and comes in to an empty factory as the same."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.exchange import drop, furnish, told, undo, upload
from tests.support.world import TestCluster, World, running

pytestmark = pytest.mark.anyio
RICH: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/areas/A1", {"name": {"ko": "1공장", "vi": "xưởng 1"}}),
    ("/work-centers/PRESS", {"name": {"en": "=press"}, "area": "A1"}),
    ("/tools/D-1", {"name": "금형", "kind": "die", "cavities": 2, "life_shots": 300000, "shots": 1234}),
    ("/shifts/N", {"name": "야간", "starts": "20:00", "ends": "08:00:30"}),
    (
        "/calendars/MAIN",
        {
            "name": "달력",
            "days_off": [{"date": "2026-12-25", "name": {"ko": "성탄절", "en": "Christmas"}}],
            "overtime": [{"date": "2026-12-24", "shift": "N", "ends": "09:30"}],
        },
    ),
    ("/reasons/U1", {"name": "고장", "kind": "unplanned", "note_required": True}),
    ("/skills/WELD", {"name": "용접"}),
    ("/person-skills/1101", {"skills": [{"skill": "WELD", "level": 3}]}),
    (
        "/items/HB2",
        {
            "name": {"ko": "+조립품", "en": "assembly"},
            "kind": "finished",
            "unit_conversions": [{"unit": "BOX,대", "factor": "200"}, {"unit": "KG", "factor": "1/3"}],
            "lot_size": {"minimum": "100", "multiple": "50"},
            "shelf_life_d": 365,
            "note": "둘째 줄은\n여기",
        },
    ),
    ("/items/OLD", {"name": "단종", "kind": "finished", "active": False}),
    (
        "/routings/HB1",
        {
            "effective_from": "2026-12-01",
            "operations": [
                {
                    "op": 10,
                    "name": "블랭킹",
                    "machine": "PR1",
                    "machines": ["PR2"],
                    "tool": "D-1",
                    "cycle_s": "0.000001",
                },
                {"op": 20, "name": "세척", "work_center": "PACK", "run_s_per_batch": 600, "batch_size": 50},
                {"op": 30, "name": "도장", "subcontract": True, "lead_time_d": "2.5", "predecessors": [10, 20]},
            ],
        },
    ),
    (
        "/boms/HB2",
        {
            "lines": [
                {"component": "HB1", "quantity": "2", "op": 10, "alternates": [{"component": "COIL", "quantity": "3"}]}
            ]
        },
    ),
)


@pytest.fixture(scope="module")
async def source(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("source"), ["orders"]) as world:
        async with world.client("orders", "planner", "leader") as client:
            await furnish(client)
            for path, body in RICH:
                answer = await client.put(path, json=body)
                assert answer.is_success, (path, answer.text)
        yield world


@pytest.fixture
async def planner(source: World) -> AsyncIterator[httpx.AsyncClient]:
    async with source.client("orders", "planner") as client:
        yield client


@pytest.fixture
async def empty(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """A planner of a factory that has nothing yet."""
    async with (
        running(cluster, tmp_path_factory.mktemp("empty"), ["orders"]) as world,
        world.client("orders", "planner") as client,
    ):
        yield client


async def kinds(client: httpx.AsyncClient) -> dict[str, list[dict[str, Any]]]:
    """All master data, by kind."""
    exported: dict[str, list[dict[str, Any]]] = (await client.get("/exchange/export.json")).json()["kinds"]
    return exported


@pytest.mark.parametrize("language", ["ko", "en", "vi"])
async def test_a_workbook_fills_an_empty_factory_with_the_same(
    planner: httpx.AsyncClient, empty: httpx.AsyncClient, language: str
) -> None:
    workbook = await planner.get("/exchange/export.xlsx", headers={"Accept-Language": language})
    report = await drop(empty, "everything", workbook.content, mode="all_or_nothing")
    assert (report["summary"]["error"], report["ignored"]) == (0, []), report["rows"]
    there = await kinds(planner)
    assert await kinds(empty) == there
    assert all(there.values())


async def test_json_fills_an_empty_factory_with_the_same_and_goes_back_as_a_whole(
    planner: httpx.AsyncClient, empty: httpx.AsyncClient
) -> None:
    exported = (await planner.get("/exchange/export.json")).content
    report = await drop(empty, "everything", exported)
    assert await kinds(empty) == await kinds(planner)
    again = await drop(empty, "everything", exported)
    assert (again["id"], again["summary"]["unchanged"]) == (None, len(again["rows"]))
    assert (await undo(empty, report["id"])).status_code == 200
    left = await kinds(empty)
    assert not any(one.get("active", True) for name, found in left.items() for one in found), left


async def test_an_export_that_was_edited_changes_what_was_edited(planner: httpx.AsyncClient) -> None:
    exported = (await planner.get("/exchange/export.json")).json()
    item = next(one for one in exported["kinds"]["items"] if one["code"] == "HB1")
    exported["kinds"] = {"items": [item | {"unit": "SET"}], "colours": []}
    report = await drop(planner, "everything", httpx.Request("POST", "http://x", json=exported).content, dry_run=True)
    assert told(report) == [("HB1", "updated", [("unit", "EA", "SET")])]
    assert (report["rows"][0]["kind"], report["ignored"]) == ("items", ["colours"])


async def test_what_is_no_export_is_refused(planner: httpx.AsyncClient) -> None:
    for content, code in (
        ('{"items": []}', "format_unknown"),
        ("{", "not_json"),
        ("a,b\n1,2\n", "not_a_table"),
        ('{"format": "dure.master-data.v1", "kinds": {"items": [1]}}', "format_unknown"),
    ):
        answer = await upload(planner, "everything", content, dry_run=True)
        assert [error["code"] for error in answer.json()["errors"]] == [code]
    stranger = await planner.get("/exchange/templates/items.xlsx")
    assert (await drop(planner, "everything", stranger.content, dry_run=True))["rows"] == []
