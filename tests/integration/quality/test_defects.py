"""The defect catalogue, and the Pareto of what a shop scrapped, over real events."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from infra.local.suite import metadata_of
from shared.contracts.production.jobs import JobTotals
from shared.contracts.production.results import ResultReported, ScrapQuantity
from shared.kit.ids import new_id
from shared.kit.migrations import difference
from tests.support.events import Teller
from tests.support.factory import define_bracket, new_order, release_order
from tests.support.media import pdf, photo, pixels, png
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("quality"), ["orders", "production", "quality"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def quality(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("quality", "quality") as client:
        yield client


async def draw(quality: httpx.AsyncClient, by: str, processed: int) -> dict[str, Any]:
    """The Pareto, once ``processed`` pieces have been counted."""

    async def look() -> dict[str, Any]:
        seen: dict[str, Any] = (await quality.get("/pareto", params={"by": by, "from": "2020-01-01"})).json()
        return seen

    return await eventually(look, lambda pareto: pareto["processed"] == str(processed))


async def test_scrap_becomes_a_pareto_and_a_reversal_leaves_no_trace(world: World, quality: httpx.AsyncClient) -> None:
    order = await release_order(world, await new_order(world, quantity=1000))
    async with world.client("production", "operator") as production:

        async def first_job() -> Any:
            found = (await production.get("/jobs", params={"work_order": order["number"]})).json()["items"]
            return found and min(found, key=lambda job: job["op"])

        job = await eventually(first_job, bool)
        await production.post(f"/jobs/{job['id']}/start", headers=key())
        for good, scrap in ((190, {"BURR": 8, "DENT": 1}), (100, {"DENT": 1}), (500, {"DENT": 100})):
            body = {"good": good, "scrap": [{"defect": defect, "quantity": pieces} for defect, pieces in scrap.items()]}
            reported = await production.post(f"/jobs/{job['id']}/results", json=body, headers=key())
            assert reported.status_code == 201, reported.text
        await draw(quality, "defect", 900)
        taken_back = await production.post(
            f"/results/{reported.json()['id']}/reverse", json={"reason": "typed wrong"}, headers=key()
        )
        assert taken_back.status_code == 201, taken_back.text

    pareto = await draw(quality, "defect", 300)
    assert (pareto["total"], pareto["ppm"]) == ("10", "33333")
    assert [(bar["key"], bar["quantity"], bar["ppm"]) for bar in pareto["items"]] == [
        ("BURR", "8", "26667"),
        ("DENT", "2", "6667"),
    ]
    assert [bar["name"] for bar in pareto["items"]] == [{"ko": "버"}, {"ko": "찍힘"}]
    assert [bar["cumulative"] for bar in pareto["items"]] == [0.8, 1.0]

    by_item = await draw(quality, "item", 300)
    assert [(bar["key"], bar["name"]["en"], bar["quantity"]) for bar in by_item["items"]] == [
        ("HB1001", "mounting bracket", "10")
    ]
    by_machine = await draw(quality, "machine", 300)
    assert [(bar["key"], bar["name"]["en"], bar["ppm"]) for bar in by_machine["items"]] == [("PR1", "press 1", "33333")]


async def publish_scrap(world: World, defect: str, day: date) -> None:
    """Seven good pieces and one and a half scrapped ones, of which production tells."""
    job, order = new_id(), new_id()
    result = ResultReported(
        result_id=new_id(),
        job_id=job,
        work_order_id=order,
        number="W-1",
        external_id=None,
        op=10,
        item="HB9",
        machine=None,
        good=Decimal(7),
        scrap=[ScrapQuantity(defect=defect, quantity=Decimal("1.5"))],
        rework=Decimal(0),
        totals=JobTotals(good=Decimal(7), scrap=Decimal("1.5"), rework=Decimal(0)),
        planned=Decimal(10),
        person_id=None,
        source="manual",
        at=datetime.now(UTC),
        business_date=day,
        shift=None,
        job_started_at=None,
        flags=[],
        reverses_id=None,
    )
    await Teller(world, "production").tell((f"job/{job}", result))


async def test_a_defect_that_the_catalogue_does_not_know_counts_by_its_code(
    world: World, quality: httpx.AsyncClient
) -> None:
    await publish_scrap(world, "OLD-CODE", date(2019, 5, 6))

    async def look() -> Any:
        return (await quality.get("/pareto", params={"from": "2019-05-06", "to": "2019-05-06"})).json()

    pareto = await eventually(look, lambda seen: seen["processed"] == "8.5")
    assert [(bar["key"], bar["name"], bar["quantity"]) for bar in pareto["items"]] == [("OLD-CODE", None, "1.5")]
    by_machine = await quality.get("/pareto", params={"from": "2019-05-06", "to": "2019-05-06", "by": "machine"})
    assert [(bar["key"], bar["quantity"]) for bar in by_machine.json()["items"]] == [("", "1.5")]


async def test_a_period_before_the_work_is_empty_and_one_that_runs_backwards_is_refused(
    quality: httpx.AsyncClient,
) -> None:
    before = (await quality.get("/pareto", params={"to": "2018-01-01"})).json()
    assert (before["to"], before["processed"], before["ppm"], before["items"]) == ("2018-01-01", "0", "0", [])
    backwards = await quality.get("/pareto", params={"from": "2026-11-25", "to": "2026-11-24"})
    assert (backwards.status_code, backwards.json()["errors"][0]["code"]) == (422, "period_reversed")


async def test_a_moment_counts_as_its_day_at_the_shop(quality: httpx.AsyncClient) -> None:
    answer = await quality.get("/pareto", params={"from": "2026-11-24T15:30:00Z", "to": "2026-11-25"})
    assert answer.json()["from"] == "2026-11-25"


async def test_a_defect_is_created_once_and_a_stale_change_is_refused(quality: httpx.AsyncClient) -> None:
    created = await quality.put("/defects/CRACK", json={"name": {"ko": "크랙", "en": "crack"}})
    assert (created.status_code, created.headers["etag"]) == (201, '"1"')
    again = await quality.put("/defects/CRACK", json={"name": {"ko": "크랙", "en": "crack"}})
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    await quality.put("/defects/CRACK", json={"name": "균열"}, headers={"If-Match": '"1"'})
    stale = await quality.put("/defects/CRACK", json={"name": "깨짐"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (await quality.get("/defects/CRACK")).json()["name"] == {"ko": "균열"}


async def test_the_catalogue_comes_from_a_korean_file_with_a_verdict_for_each_row(quality: httpx.AsyncClient) -> None:
    file = "불량코드,불량명,영문명\r\nRUST,녹,rust\r\nBEND,,\r\nRUST2,녹2,rust 2\r\n".encode("cp949")

    async def send(dry_run: str) -> dict[str, Any]:
        upload = {"file": ("불량.csv", file)}
        answer = await quality.post("/imports", files=upload, data={"dry_run": dry_run}, headers=key())
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json()
        return report

    rehearsed = await send("true")
    assert (await quality.get("/defects/RUST")).status_code == 404
    applied = await send("false")
    for report in (rehearsed, applied):
        assert [row["verdict"] for row in report["rows"]] == ["created", "error", "created"]
        assert report["rows"][1]["errors"][0]["code"] == "name_missing"
    assert (await quality.get("/defects/RUST")).json()["name"] == {"ko": "녹", "en": "rust"}


async def send_picture(client: httpx.AsyncClient, content: bytes, name: str = "burr.jpg") -> httpx.Response:
    return await client.post("/media", files={"file": (name, content)}, headers=key())


async def test_a_defect_shows_its_picture_to_operators_and_in_the_pareto_until_it_is_taken_away(
    world: World, quality: httpx.AsyncClient
) -> None:
    sent = await send_picture(quality, photo(64, 48))
    assert (sent.status_code, sent.json()["type"], sent.json()["width"]) == (201, "image/jpeg", 48), sent.text
    picture = sent.json()["id"]
    shown = await quality.put("/defects/PITS", json={"name": "기공", "picture_id": picture})
    assert (shown.status_code, shown.json()["picture_id"]) == (201, picture)
    async with world.client("quality", "operator") as operator:
        listed = {defect["code"]: defect for defect in (await operator.get("/defects")).json()["items"]}
        assert listed["PITS"]["picture_id"] == picture
        got = await operator.get(f"/media/{picture}")
        assert (got.headers["content-type"], "immutable" in got.headers["cache-control"]) == ("image/jpeg", True)
        assert pixels(got.content)[::2] == ((48, 64), {}), "the photo stands upright and says nothing of its camera"
        assert (await send_picture(operator, png())).status_code == 403

    day = date(2019, 5, 7)
    await publish_scrap(world, "PITS", day)

    async def look() -> Any:
        return (await quality.get("/pareto", params={"from": day.isoformat(), "to": day.isoformat()})).json()["items"]

    bars = await eventually(look, bool)
    assert [(bar["key"], bar["picture_id"]) for bar in bars] == [("PITS", picture)]

    table = {"file": ("불량.csv", "불량코드,불량명\r\nPITS,기공(주물)\r\n".encode("cp949"))}
    imported = await quality.post("/imports", files=table, data={"dry_run": "false"}, headers=key())
    assert imported.json()["rows"][0]["verdict"] == "updated", imported.text
    renamed = (await quality.get("/defects/PITS")).json()
    assert (renamed["name"], renamed["picture_id"]) == ({"ko": "기공(주물)"}, picture), "a table takes no picture away"
    assert (await quality.put("/defects/PITS", json={"name": "기공"})).json()["picture_id"] is None


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"<svg onload='alert(1)'/>", "media_unknown"), (png(640, 480)[:60], "media_unreadable")],
)
async def test_what_is_no_picture_is_refused_with_the_reason(
    quality: httpx.AsyncClient, content: bytes, code: str
) -> None:
    refused = await send_picture(quality, content)
    assert (refused.status_code, [error["code"] for error in refused.json()["errors"]]) == (422, [code])
    assert len(refused.json()["errors"][0]["message"]) > 10


async def test_a_defects_picture_is_one_that_was_sent_and_no_document(quality: httpx.AsyncClient) -> None:
    document = (await send_picture(quality, pdf(), "limit sample.pdf")).json()["id"]
    for picture, code in ((str(UUID(int=1)), "unknown_reference"), (document, "not_a_picture")):
        answer = await quality.put("/defects/HOLES", json={"name": "구멍", "picture_id": picture})
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("picture_id", code)]
    assert (await quality.get("/defects/HOLES")).status_code == 404


async def test_an_operator_reads_the_catalogue_and_does_not_change_it(world: World) -> None:
    async with world.client("quality", "operator") as operator:
        assert (await operator.get("/defects")).status_code == 200
        assert (await operator.put("/defects/X1", json={"name": "x"})).status_code == 403


async def test_the_migrations_make_exactly_the_tables(world: World) -> None:
    metadata, _ = metadata_of("quality")
    assert await difference(world.urls["quality"], metadata) == []
