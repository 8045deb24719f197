"""Events through real NATS: doubled, late, reordered, broken; each has one effect, in order, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import nats
import pytest
from nats.js import JetStreamContext

from shared.contracts.quality.defects import DefectDefined
from tests.support.world import TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio


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


async def test_an_event_of_an_unknown_major_version_is_parked(world: World, quality: JetStreamContext) -> None:
    unknown = await publish(quality, "WARP", 1, "변형", type_="quality.defect.defined.v9")
    async with world.client("production", "admin") as admin:

        async def parked() -> list[str]:
            return [
                event["type"] for event in (await admin.get("/parked-events")).json()["items"] if event["id"] == unknown
            ]

        assert await eventually(parked, bool) == ["quality.defect.defined.v9"]
