"""Events through real NATS: doubled, late, reordered, broken; each has one effect, in order, and nothing is lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import nats
import pytest
from nats.js import JetStreamContext

from shared.contracts.quality.defects import DefectDefined
from shared.kit.cloudevents import batch_headers, write_batch
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio
MENDED = DefectDefined(code="FLAW", name={"ko": "흠집"}, active=True).model_dump_json()


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("kit"), ["production"]) as world:
        yield world


@pytest.fixture
async def quality(world: World) -> AsyncIterator[JetStreamContext]:
    """What the quality service may publish."""
    client = await nats.connect(
        world.nats.url, nkeys_seed=str(world.nats.seed_file("quality")), inbox_prefix="_INBOX_quality"
    )
    yield client.jetstream()
    await client.close()


async def publish(
    js: JetStreamContext,
    code: str,
    version: int,
    name: str,
    *,
    type_: str = DefectDefined.TYPE,
    body: bytes | None = None,
) -> str:
    """Publish a defect's definition as the relay would, without the server's own deduplication."""
    id_ = str(uuid4())
    headers = {
        "ce-id": id_,
        "ce-type": f"dure.{type_}",
        "ce-time": "2026-11-21T05:00:00+00:00",
        "ce-subject": f"defect/{code}",
        "dure-version": str(version),
    }
    event = DefectDefined(code=code, name={"ko": name}, active=True)
    await js.publish(f"dure.test.{type_}", event.model_dump_json().encode() if body is None else body, headers=headers)
    return id_


async def publish_together(js: JetStreamContext, *defects: tuple[str, int, dict[str, Any]]) -> list[str]:
    """Publish definitions of defects, each with its version and its body, as one message; their ids."""
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "type": DefectDefined.TYPE,
            "aggregate": f"defect/{code}",
            "version": version,
            "time": datetime(2026, 11, 21, 5, tzinfo=UTC),
            "body": json.dumps(body),
            "traceparent": None,
            "repeats": 0,
        }
        for code, version, body in defects
    ]
    headers = batch_headers(rows)
    del headers["Nats-Msg-Id"]  # of the server's own deduplication
    await js.publish(f"dure.test.{DefectDefined.TYPE}", write_batch(rows, "test"), headers=headers)
    return [str(row["id"]) for row in rows]


def defect(code: str, name: str) -> dict[str, Any]:
    return DefectDefined(code=code, name={"ko": name}, active=True).model_dump(mode="json")


async def name_of(world: World, code: str) -> str | None:
    rows = await world.fetch("production", "SELECT name->>'ko' AS name FROM defect WHERE code = $1", code)
    return rows[0]["name"] if rows else None


async def test_a_duplicate_and_a_late_older_version_change_nothing(world: World, quality: JetStreamContext) -> None:
    for version, name in ((1, "버"), (2, "버 (거스러미)"), (1, "버"), (2, "버")):
        await publish(quality, "BURR", version, name)
    await publish(quality, "AFTER", 1, "끝")
    await eventually(lambda: name_of(world, "AFTER"), lambda name: name == "끝")
    assert await name_of(world, "BURR") == "버 (거스러미)"


async def test_reordered_events_wait_for_the_one_that_is_missing(world: World, quality: JetStreamContext) -> None:
    await publish(quality, "DENT", 3, "셋째")
    await publish(quality, "DENT", 2, "둘째")
    await asyncio.sleep(0.3)
    assert await name_of(world, "DENT") is None
    await publish(quality, "DENT", 1, "첫째")
    await eventually(lambda: name_of(world, "DENT"), lambda name: name == "셋째")


async def test_a_batch_is_applied_event_by_event_whatever_it_holds_twice_early_or_broken(
    world: World, quality: JetStreamContext
) -> None:
    both = (("B-ONE", 1, defect("B-ONE", "첫째")), ("B-ONE", 2, defect("B-ONE", "둘째")))
    await publish_together(quality, *both)
    await publish_together(quality, *both, ("B-TWO", 2, defect("B-TWO", "일찍")), ("B-ONE", 3, defect("B-ONE", "셋째")))
    await eventually(lambda: name_of(world, "B-ONE"), lambda name: name == "셋째")
    assert await name_of(world, "B-TWO") is None
    ids = await publish_together(
        quality,
        ("B-TWO", 1, defect("B-TWO", "처음")),
        ("B-BAD", 1, {"code": 7}),
        ("B-BAD", 2, defect("B-BAD", "뒤")),
        ("B-END", 1, defect("B-END", "끝")),
    )
    await eventually(lambda: name_of(world, "B-TWO"), lambda name: name == "일찍")
    await eventually(lambda: name_of(world, "B-END"), lambda name: name == "끝")

    async def parked() -> list[dict[str, Any]]:
        return await parked_with(world, "B-BAD")

    seen = await eventually(parked, lambda found: len(found) == 2)
    assert [event["id"] for event in seen] == ids[1:3]
    assert seen[1]["body"]["name"] == {"ko": "뒤"}
    assert await name_of(world, "B-BAD") is None


@pytest.mark.parametrize(
    "body", [b'{"code": 7}', b"no JSON at all", b'{"code": NaN}', b"\xff\xfe", b"", b'"a text"'], ids=repr
)
async def test_a_broken_event_is_parked_with_its_reason_and_others_go_on(
    world: World, quality: JetStreamContext, body: bytes
) -> None:
    broken = await publish(quality, f"CRACK-{len(body)}", 1, "", body=body)
    await publish(quality, f"WELD-{len(body)}", 1, "용접")
    await eventually(lambda: name_of(world, f"WELD-{len(body)}"), lambda name: name == "용접")
    async with world.client("production", "admin") as admin:

        async def parked() -> list[Any]:
            found: list[Any] = (await admin.get("/parked-events")).json()["items"]
            return [event for event in found if event["id"] == broken]

        (event,) = await eventually(parked, lambda found: len(found) == 1)
        assert event["reason"].startswith("ValidationError")
    async with world.client("production", "operator") as operator:
        assert (await operator.get("/parked-events")).status_code == 403


async def test_what_comes_behind_a_parked_event_is_parked_too_and_replayed_in_order(
    world: World, quality: JetStreamContext
) -> None:
    first = await publish(quality, "FLASH", 1, "플래시", body=b"{}")
    second = await publish(quality, "FLASH", 2, "플래시")
    async with world.client("production", "admin") as admin:

        async def parked() -> set[str]:
            return {event["id"] for event in (await admin.get("/parked-events")).json()["items"]}

        await eventually(parked, lambda found: {first, second} <= found)
        early = await admin.post(f"/parked-events/{second}/replay", headers=key())
        assert (early.status_code, early.json()["code"]) == (409, "event_out_of_order")
        unreadable = await admin.post(f"/parked-events/{first}/replay", headers=key())
        assert (unreadable.status_code, unreadable.json()["code"]) == (409, "event_unknown")


async def parked_with(world: World, code: str) -> list[dict[str, Any]]:
    """The parked events of a defect, in order."""
    async with world.client("production", "admin") as admin:
        found = (await admin.get("/parked-events")).json()["items"]
    mine = [event for event in found if event["aggregate"] == f"defect/{code}"]
    return sorted(mine, key=lambda event: event["version"])


async def health(world: World) -> dict[str, Any]:
    async with world.client("production") as client:
        told: dict[str, Any] = (await client.get("http://production/health/ready")).json()
    return told


async def test_an_event_of_an_unknown_major_version_is_parked_and_dismissed_with_a_reason(
    world: World, quality: JetStreamContext
) -> None:
    unknown = await publish(quality, "WARP", 1, "변형", type_="quality.defect.defined.v9")
    await publish(quality, "WARP", 2, "변형 2")
    await publish(quality, "WARP", 3, "변형 3")
    parked = await eventually(lambda: parked_with(world, "WARP"), lambda found: len(found) == 3)
    assert parked[0]["type"] == "quality.defect.defined.v9"
    async with world.client("production", "admin", person="BOSS") as admin:
        refused = await admin.post(f"/parked-events/{unknown}/replay", headers=key())
        assert (refused.status_code, refused.json()["code"]) == (409, "event_unknown")
        later = await admin.post(f"/parked-events/{parked[1]['id']}/dismiss", json={"reason": "no"}, headers=key())
        assert (later.status_code, later.json()["code"]) == (409, "event_out_of_order")
        for body in ({}, {"reason": " "}):
            without = await admin.post(f"/parked-events/{unknown}/dismiss", json=body, headers=key())
            assert without.status_code == 422
        dismissed = await admin.post(
            f"/parked-events/{unknown}/dismiss", json={"reason": "of a later release"}, headers=key()
        )
        assert dismissed.status_code == 200, dismissed.text
        trail = (await admin.get("/audit", params={"subject": f"parked_event/{unknown}"})).json()["items"]
    assert [(entry["action"], entry["person"], entry["reason"]) for entry in trail] == [
        ("dismiss", "BOSS", "of a later release")
    ]
    assert await name_of(world, "WARP") == "변형 3", "what was parked behind it followed by itself"
    assert await parked_with(world, "WARP") == []
    await publish(quality, "WARP", 4, "변형 4")
    await eventually(lambda: name_of(world, "WARP"), lambda name: name == "변형 4")


async def test_an_event_that_fails_each_time_is_seen_at_once_and_parked_within_seconds(
    world: World, quality: JetStreamContext
) -> None:
    body = DefectDefined(code="FLAW", name={"ko": "\0"}, active=True).model_dump_json().encode()
    poison = await publish(quality, "FLAW", 1, "", body=body)

    async def retrying() -> list[dict[str, Any]]:
        async with world.client("production", "admin") as admin:
            found = (await admin.get("/retrying-events")).json()["items"]
        return [event for event in found if event["id"] == poison]

    (seen,) = await eventually(retrying, bool, seconds=5)
    assert (seen["aggregate"], seen["version"], seen["stream"]) == ("defect/FLAW", 1, "QUALITY")
    told = await health(world)
    assert told["status"] == "degraded"
    assert "1 tried again" in told["checks"]["events"]
    await eventually(lambda: parked_with(world, "FLAW"), bool, seconds=30)
    assert await retrying() == []
    await publish(quality, "FLAW", 2, "흠")
    parked = await eventually(lambda: parked_with(world, "FLAW"), lambda found: len(found) == 2)
    assert parked[0]["id"] == poison
    await publish(quality, "FLAT", 1, "눌림")
    await eventually(lambda: name_of(world, "FLAT"), lambda name: name == "눌림")
    await world.fetch("production", "UPDATE parked_event SET body = $2::json WHERE id = $1", poison, MENDED)
    async with world.client("production", "admin", person="BOSS") as admin:
        replayed = await admin.post(f"/parked-events/{poison}/replay", headers=key())
        assert replayed.status_code == 200, replayed.text
        trail = (await admin.get("/audit", params={"subject": f"parked_event/{poison}"})).json()["items"]
    assert [(entry["action"], entry["person"]) for entry in trail] == [("replay", "BOSS")]
    assert await name_of(world, "FLAW") == "흠"


async def test_what_comes_while_an_event_is_replayed_is_applied_after_it(
    world: World, quality: JetStreamContext
) -> None:
    first = await publish(quality, "RUSH", 1, "", type_="quality.defect.defined.v9")
    await eventually(lambda: parked_with(world, "RUSH"), bool)

    async def rest() -> None:
        for version in range(2, 30):
            await publish(quality, "RUSH", version, f"{version}째")

    async with world.client("production", "admin") as admin:
        told = asyncio.create_task(rest())
        await eventually(lambda: parked_with(world, "RUSH"), lambda found: len(found) > 3)
        body = {"reason": "of a later release"}
        assert (await admin.post(f"/parked-events/{first}/dismiss", json=body, headers=key())).status_code == 200
        await told
    await eventually(lambda: name_of(world, "RUSH"), lambda name: name == "29째")
    assert await parked_with(world, "RUSH") == []


async def test_events_that_wait_for_half_a_minute_make_the_service_degraded(
    world: World, quality: JetStreamContext
) -> None:
    await publish(quality, "LATE", 2, "둘째")

    async def waiting() -> str:
        checks: dict[str, str] = (await health(world))["checks"]
        return checks.get("events of QUALITY", "")

    assert "oldest event waits" in await eventually(waiting, bool)
    await publish(quality, "LATE", 1, "첫째")
    await eventually(waiting, lambda told: not told)
