"""Everything goes out as a workbook, as JSON or as an archive with pictures, and comes in to an empty factory as
the same."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.exchange import changes_of, drop, faults, furnish, undo, upload
from tests.support.media import pdf, photo, png
from tests.support.working_day import SEOUL
from tests.support.world import TestCluster, World, key, running

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
    ("/items/SOLVENT", {"name": "희석제", "kind": "raw", "unit": "L"}),
    ("/items/PAINT", {"name": "도료", "kind": "raw", "unit": "kg"}),
    ("/units/CAN", {"name": "캔", "decimals": 2, "aliases": ["canister", "통"]}),
    ("/items/OLD", {"name": "단종", "kind": "finished", "active": False}),
    (
        "/routings/HB1",
        {
            "effective_from": (datetime.now(SEOUL).date() + timedelta(days=30)).isoformat(),
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
                {"component": "HB1", "quantity": "2", "op": 10, "alternates": [{"component": "COIL", "quantity": "3"}]},
                {
                    "component": "COIL",
                    "quantity": "1/7",
                    "alternates": [{"component": "PAINT", "quantity": "2.5/1000"}],
                },
                {
                    "component": "PAINT",
                    "quantity": "0.5",
                    "unit": "g",
                    "alternates": [{"component": "SOLVENT", "quantity": "1/3", "unit": "mL"}],
                },
            ]
        },
    ),
)


PAST: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/items/HB3", {"name": "조립품 3", "kind": "finished"}),
    (
        "/routings/HB3",
        {"effective_from": "2026-01-05", "operations": [{"op": 10, "name": "수작업", "work_center": "PACK"}]},
    ),
    (
        "/routings/HB3",
        {"operations": [{"op": 10, "name": "조립", "machine": "PR2", "cycle_s": 8, "instruction": "WI-1"}]},
    ),
    (
        "/routings/HB3",
        {"effective_from": "2031-01-01", "operations": [{"op": 10, "name": "조립", "machine": "PR1", "cycle_s": 7}]},
    ),
    (
        "/boms/HB3",
        {"lines": [{"component": "PAINT", "quantity": "1/7", "unit": "mg"}], "effective_from": "2026-02-02"},
    ),
    ("/boms/HB3", {"lines": [{"component": "HB1", "quantity": "7"}]}),
)
"""Revisions one after another: a day that is over, today, and one to come."""


def read_by(text: str, media: str | None = None) -> dict[str, Any]:
    return {"title": {"ko": "조립 작업"}, "item": "HB2", "op": 10, "pages": [{"text": {"ko": text}, "media_id": media}]}


async def instruct(author: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    """An instruction with a superseded, an approved and a draft revision; an item and the pages show pictures."""
    shown = {}
    for name, content in (("프레스.jpg", photo()), ("part.png", png(9, 9)), ("도면.pdf", pdf())):
        sent = await author.post("/media", files={"file": (name, content)}, headers=key())
        shown[name] = sent.json()["id"]
    item = {"name": "브라켓", "kind": "semi", "picture_id": shown["part.png"]}
    assert (await author.put("/items/HB1", json=item)).is_success
    for text, picture in (("처음", shown["프레스.jpg"]), ("둘째", shown["도면.pdf"])):
        assert (await author.put("/instructions/WI-1", json=read_by(text, picture))).is_success
        assert (await author.post("/instructions/WI-1/submit", json={}, headers=key())).is_success
        assert (await leader.post("/instructions/WI-1/approve", json={}, headers=key())).is_success
    assert (await author.put("/instructions/WI-1", json=read_by("셋째"))).is_success


@pytest.fixture(scope="module")
async def source(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("source"), ["orders"]) as world:
        async with (
            world.client("orders", "planner", "leader") as client,
            world.client("orders", "leader", person="LEADER") as leader,
        ):
            await furnish(client)
            await instruct(client, leader)
            for path, body in (*RICH, *PAST):
                answer = await client.put(path, json=body)
                assert answer.is_success, (path, answer.text)
        yield world


@pytest.fixture
async def planner(source: World) -> AsyncIterator[httpx.AsyncClient]:
    async with source.client("orders", "planner") as client:
        yield client


@pytest.fixture
async def new_factory(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A factory that has nothing yet."""
    async with running(cluster, tmp_path_factory.mktemp("empty"), ["orders"]) as world:
        yield world


@pytest.fixture
async def empty(new_factory: World) -> AsyncIterator[httpx.AsyncClient]:
    """Its administrator."""
    async with new_factory.client("orders", "planner", "admin") as client:
        yield client


Kinds = dict[str, list[dict[str, Any]]]


async def kinds(client: httpx.AsyncClient) -> Kinds:
    """All master data, by kind."""
    exported: Kinds = (await client.get("/exchange/export.json")).json()["kinds"]
    return exported


def in_sheets(content: Kinds) -> Kinds:
    """What a workbook has of it: no pictures, no instructions, and of revisions those in force."""
    left_out = ("instructions", "routing_history", "bom_history")
    items = [item | {"picture_id": None} for item in content["items"]]
    return {name: found for name, found in content.items() if name not in left_out} | {"items": items}


@pytest.mark.parametrize("language", ["ko", "en", "vi"])
async def test_a_workbook_fills_an_empty_factory_with_the_same(
    planner: httpx.AsyncClient, empty: httpx.AsyncClient, language: str
) -> None:
    workbook = await planner.get("/exchange/export.xlsx", headers={"Accept-Language": language})
    report = await drop(empty, "everything", workbook.content, mode="all_or_nothing")
    assert (report["summary"]["error"], report["ignored"]) == (0, []), report["rows"]
    there = await kinds(planner)
    assert in_sheets(await kinds(empty)) == in_sheets(there)
    assert all(there.values())


async def everything_of(client: httpx.AsyncClient) -> list[Any]:
    """What the pages show of revisions, instructions and pictures."""
    paths = [
        *("/routings/HB3/revisions", "/routings/HB3?revision=1", "/boms/HB3/revisions", "/boms/HB3?revision=1"),
        *(
            "/instructions/WI-1/revisions",
            "/instructions/WI-1",
            "/routings/HB3?on=2031-02-01",
            "/boms/HB3?on=2026-03-03",
        ),
    ]
    documents = [(await client.get(path)).json() for path in paths]
    for one in documents:
        for name in ("version", "updated_at"):
            one.pop(name, None)
    pages = [page for revision in documents[4]["items"] for page in revision["pages"] if page["media_id"]]
    shown = [(await client.get(f"/media/{page['media_id']}")).content for page in pages]
    assert len(shown) == 2
    return [*documents, *shown]


async def test_an_archive_fills_an_empty_factory_with_every_revision_instruction_and_picture(
    planner: httpx.AsyncClient, empty: httpx.AsyncClient
) -> None:
    archive = await planner.get("/exchange/export.zip")
    assert (archive.headers["content-type"], archive.headers["content-disposition"][-5:]) == (
        "application/zip",
        '.zip"',
    )
    checked = await drop(empty, "everything", archive.content, dry_run=True)
    assert (checked["summary"]["error"], checked["ignored"]) == (0, []), faults(checked)
    report = await drop(empty, "everything", archive.content, mode="all_or_nothing")
    assert report["summary"] == checked["summary"]
    assert await kinds(empty) == await kinds(planner)
    assert await everything_of(empty) == await everything_of(planner)
    again = await drop(empty, "everything", archive.content)
    assert (again["id"], again["summary"]["unchanged"]) == (None, len(again["rows"]))
    assert (await undo(empty, report["id"])).status_code == 200
    left = await kinds(empty)
    assert (left["routings"], left["boms"]) == ([], [])
    revisions = [revision for one in left["instructions"] for revision in one["revisions"]]
    assert [revision["state"] for revision in revisions] == ["superseded", "withdrawn", "withdrawn"]


async def test_json_fills_an_empty_factory_with_all_but_the_pictures_and_goes_back_as_a_whole(
    planner: httpx.AsyncClient, empty: httpx.AsyncClient
) -> None:
    exported = (await planner.get("/exchange/export.json")).content
    report = await drop(empty, "everything", exported)
    assert [(row["kind"], row["key"]) for row in report["rows"] if row["errors"]] == [("instructions", "WI-1")]
    assert {code for _, _, code in faults(report)} == {"picture_missing"}
    assert "part.png" in json.loads(exported)["media"].values()
    assert len(report["ignored"]) == 3
    arrived, there = await kinds(empty), await kinds(planner)
    assert arrived["routing_history"] == there["routing_history"]
    assert in_sheets(arrived) == in_sheets(there)
    assert (await undo(empty, report["id"])).status_code == 200
    left = await kinds(empty)
    shipped = {"units"}  # a shop has them from the start
    assert not any(
        one.get("active", True)
        for name, found in left.items()
        for one in found
        if "history" not in name and name not in shipped
    )


async def test_an_approval_given_elsewhere_comes_in_by_an_administrator_alone(
    planner: httpx.AsyncClient, new_factory: World
) -> None:
    archive = (await planner.get("/exchange/export.zip")).content
    async with new_factory.client("orders", "planner") as other:
        report = await drop(other, "everything", archive, dry_run=True)
    assert faults(report) == [(1, "revisions", "approved_elsewhere")]


def edited(archive: bytes, change: Any, *, without: str = "no file") -> bytes:
    """The archive with its document changed, and without some of its files."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "master-data.json":
                document = json.loads(content)
                change(document["kinds"])
                content = json.dumps(document).encode()
            if without not in name:
                new.writestr(name, content)
    return made.getvalue()


def forge_approval(content: Kinds) -> None:
    content["instructions"][0]["revisions"][1]["approved_by"] = content["instructions"][0]["revisions"][1]["authors"][0]


def two_at_once(content: Kinds) -> None:
    content["routing_history"][-1]["revisions"][0]["effective_to"] = None


def unknown_machine(content: Kinds) -> None:
    content["routing_history"][-1]["revisions"][0]["operations"][0]["machine"] = "GONE"


def circle(content: Kinds) -> None:
    content["bom_history"][-1]["revisions"][-1]["lines"][0]["component"] = "HB3"


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        (forge_approval, "instructions", "same_person"),
        (two_at_once, "routing_history", "revisions_overlap"),
        (unknown_machine, "routing_history", "unknown_reference"),
        (circle, "bom_history", "bom_cycle"),
    ],
)
async def test_a_past_that_cannot_have_been_stays_out(
    planner: httpx.AsyncClient, empty: httpx.AsyncClient, change: Any, kind: str, code: str
) -> None:
    archive = edited((await planner.get("/exchange/export.zip")).content, change)
    report = await drop(empty, "everything", archive, dry_run=True)
    wrong = [(row["kind"], error["code"]) for row in report["rows"] for error in row["errors"]]
    assert wrong[0] == (kind, code)


async def test_a_picture_that_is_not_what_was_exported_stays_out(
    planner: httpx.AsyncClient, empty: httpx.AsyncClient
) -> None:
    archive = (await planner.get("/exchange/export.zip")).content
    report = await drop(empty, "everything", edited(archive, lambda content: None, without=".png"), dry_run=True)
    assert (report["ignored"], faults(report)) == (["part.png"], [])
    swapped = archive.replace(b"JFIF", b"JFIX")
    assert (await drop(empty, "everything", swapped, dry_run=True))["ignored"] == ["프레스.jpg"]


async def test_revisions_that_are_there_are_never_written_over(planner: httpx.AsyncClient, source: World) -> None:
    def other(content: Kinds) -> None:
        content["instructions"][0]["revisions"][0]["title"] = {"ko": "다른 제목"}
        content["routing_history"][-1]["revisions"][0]["operations"][0]["name"] = {"ko": "다른 이름"}

    archive = edited((await planner.get("/exchange/export.zip")).content, other)
    async with source.client("orders", "admin") as admin:
        report = await drop(admin, "everything", archive, dry_run=True)
    assert faults(report) == [(1, "code", "instruction_has_revisions")]
    assert {row["verdict"] for row in report["rows"] if not row["errors"]} == {"unchanged"}


async def test_an_export_that_was_edited_changes_what_was_edited(planner: httpx.AsyncClient) -> None:
    exported = (await planner.get("/exchange/export.json")).json()
    item = next(one for one in exported["kinds"]["items"] if one["code"] == "HB1")
    exported["kinds"] = {"items": [item | {"unit": "SET"}], "colours": []}
    report = await drop(planner, "everything", httpx.Request("POST", "http://x", json=exported).content, dry_run=True)
    assert changes_of(report) == [("HB1", "updated", [("unit", "EA", "SET")])]
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
