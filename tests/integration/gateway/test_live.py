"""What a board hears, when, and what it hears after it was away."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import nats
import pytest

from gateway.live.adapters import hub as hubs
from gateway.main import create_app
from shared.contracts.quality.defects import DefectDefined
from shared.kit.cloudevents import headers_of
from shared.kit.ids import new_id
from tests.support.gateway import GatewayWorld, served
from tests.support.world import eventually, settings_for

pytestmark = pytest.mark.anyio


class Screen:
    """Reads a live stream, block by block."""

    def __init__(self, answer: httpx.Response) -> None:
        self._blocks = self._read(answer)
        self.last_id: str | None = None

    async def _read(self, answer: httpx.Response) -> AsyncIterator[dict[str, str]]:
        block: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line == "":
                yield block
                block = {}
            elif name:
                block[name] = value

    async def next(self, seconds: float = 10) -> tuple[str, dict[str, Any]]:
        """The next event and its data."""
        async with asyncio.timeout(seconds):
            async for block in self._blocks:
                self.last_id = block.get("id", self.last_id)
                if "event" in block:
                    return block["event"], json.loads(block["data"])
        raise EOFError

    async def codes(self, count: int) -> list[str]:
        """The codes of the next defects."""
        return [(await self.next())[1]["data"]["code"] for _ in range(count)]


@asynccontextmanager
async def watching(
    world: GatewayWorld, topics: str = "definitions", *, since: str | None = None, token: str | None = None
) -> AsyncIterator[Screen]:
    async with world.visitor(token or world.admin_token) as board:
        headers = {"Last-Event-ID": since} if since else {}
        async with board.stream("GET", "/live", params={"topics": topics}, headers=headers, timeout=30) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield Screen(answer)


async def define(world: GatewayWorld, *codes: str) -> None:
    """Defects of the catalogue."""
    async with world.admin() as admin:
        for code in codes:
            answer = await admin.put(f"/quality/defects/{code}", json={"name": {"ko": "버\n줄"}})
            assert answer.status_code == 201, answer.text


@asynccontextmanager
async def replica(world: GatewayWorld) -> AsyncIterator[GatewayWorld]:
    """Another gateway of the same shop."""
    gateway = create_app(settings_for("gateway", world.nats, world.urls["gateway"], {}))
    async with served(gateway) as origin:
        yield GatewayWorld(world.apps, world.nats, world.urls, world.signer, gateway, origin, world.admin_token)


async def test_a_board_hears_of_its_topics_at_once_and_of_no_others(world: GatewayWorld) -> None:
    async with watching(world) as board, watching(world, "machines,andon") as other, watching(world, "") as everything:
        await define(world, "L1")
        topic, event = await board.next()
        assert topic == "definitions"
        assert event["type"] == "dure.quality.defect.defined.v1"
        assert event["subject"].endswith("/L1")
        assert event["data"]["name"] == {"ko": "버\n줄"}
        assert board.last_id is not None
        assert board.last_id[:1] == "o"
        assert (await everything.next())[1] == event
        with pytest.raises(TimeoutError):
            await other.next(seconds=0.3)


async def test_who_comes_back_gets_what_was_missed_once_and_in_order(world: GatewayWorld) -> None:
    async with watching(world) as board:
        await define(world, "M1")
        assert await board.codes(1) == ["M1"]
    missed = [f"M{n}" for n in range(2, 12)]
    async with watching(world) as witness:
        await define(world, *missed)
        await witness.codes(10)
    async with watching(world, since=board.last_id) as again:
        await define(world, "M12")
        assert await again.codes(11) == [*missed, "M12"]
        with pytest.raises(TimeoutError):
            await again.next(seconds=0.3)


async def test_each_event_says_a_position_from_which_one_can_go_on(world: GatewayWorld) -> None:
    codes = [f"N{n}" for n in range(6)]
    positions = []
    async with watching(world) as board:
        await define(world, *codes)
        for _ in codes:
            await board.next()
            positions.append(board.last_id)
    for heard, position in enumerate(positions[:-1], start=1):
        async with watching(world, since=position) as again:
            assert await again.codes(len(codes) - heard) == codes[heard:]


async def test_another_replica_goes_on_even_when_its_memory_is_shorter(
    world: GatewayWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watching(world) as board:
        await define(world, "R0")
        await board.codes(1)
        missed = [f"R{n}" for n in range(1, 30)]
        await define(world, *missed)
        await board.codes(29)
    first = await position_of(world, "R0")
    monkeypatch.setattr(hubs, "HISTORY", 3)
    async with replica(world) as other, watching(other, since=first) as again:
        assert await again.codes(29) == missed
        await define(world, "R30")
        assert await again.codes(1) == ["R30"]


async def position_of(world: GatewayWorld, code: str) -> str:
    """The position of a defect's event, found by listening from the very beginning."""
    async with watching(world, since="o0.p0.q0.e0") as board:
        while (await board.next())[1]["data"]["code"] != code:
            pass
    assert board.last_id is not None
    return board.last_id


@pytest.mark.parametrize("position", ["nonsense", "o1.p2", "o0.p0.q999999.e0", "o0.p0.q0.e0.x9"])
async def test_a_position_that_nobody_knows_means_read_anew(world: GatewayWorld, position: str) -> None:
    async with watching(world, since=position) as board:
        assert await board.next() == ("reset", {})
        await define(world, f"P{abs(hash(position))}"[:9])
        assert (await board.next())[0] == "definitions"


async def test_who_missed_too_much_reads_anew(world: GatewayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    await define(world, "Q1", "Q2", "Q3")
    monkeypatch.setattr(hubs, "RESUMED_AT_MOST", 2)
    async with watching(world, since="o0.p0.q0.e0") as board:
        assert await board.next() == ("reset", {})


async def test_the_board_goes_on_by_itself_after_nats_was_down(world: GatewayWorld) -> None:
    async with watching(world) as board:
        await define(world, "S1")
        await board.codes(1)
        await asyncio.to_thread(world.nats.stop)
        await define(world, "S2")
        async with world.visitor() as nobody:
            health = (await nobody.get(f"{world.origin}/health/ready")).json()
            assert (health["status"], health["checks"]["nats"]) == ("degraded", "not connected")
        async with replica(world) as other, watching(other) as late:
            await asyncio.to_thread(world.nats.start)
            assert (await late.next(seconds=20))[0] == "reset"
            while (code := (await board.next(seconds=20))[1]["data"]["code"]) == "S1":
                pass  # what was acknowledged on a connection that broke may be told once more
            assert code == "S2"
            await define(world, "S3")
            while (await late.next())[1]["data"]["code"] != "S3":
                pass
            assert await board.codes(1) == ["S3"]


async def test_a_stream_ends_with_its_session(world: GatewayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "KEEP_ALIVE_TICKS", 1)
    async with await world.signed_in("viewer") as viewer:
        token = viewer.headers["authorization"].removeprefix("Bearer ")
        async with watching(world, token=token) as board:
            await viewer.delete("/sessions/current")
            with pytest.raises(EOFError):
                await board.next()


async def test_a_reader_who_stalls_is_cut_and_the_others_hear_everything(world: GatewayWorld) -> None:
    def cut() -> float:
        return world.gateway.state.metrics.registry.get_sample_value("dure_live_cut_total") or 0.0

    before = cut()
    sleeper = socket.socket()
    sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sleeper.connect(("127.0.0.1", int(world.origin.rpartition(":")[2])))
    request = f"GET /api/v1/live HTTP/1.1\r\nHost: dure\r\nAuthorization: Bearer {world.admin_token}\r\n\r\n"
    sleeper.sendall(request.encode())
    try:
        async with watching(world) as board:
            count = 5000
            heard: list[str] = []
            telling = asyncio.create_task(publish_large_events(world, count, lambda: len(heard)))
            while len(heard) < count:
                heard.append((await board.next())[1]["data"]["code"])
            await telling
        assert heard == [f"T{n}" for n in range(count)]

        async def is_cut() -> bool:
            return cut() == before + 1

        assert await eventually(is_cut, bool)
    finally:
        sleeper.close()


async def publish_large_events(world: GatewayWorld, count: int, heard: Callable[[], int]) -> None:
    """Some 15 MB of news, as fast as somebody hears it."""
    seed = str(world.nats.seed_file("quality"))
    client = await nats.connect(world.nats.url, nkeys_seed=seed, inbox_prefix="_INBOX_quality")
    stream = client.jetstream()
    for n in range(count):
        event = DefectDefined(code=f"T{n}", name={"ko": "가" * 1000}, active=True)
        row = {
            "id": new_id(),
            "type": event.TYPE,
            "aggregate": f"defect/T{n}",
            "version": 1,
            "time": datetime.now(UTC),
            "traceparent": None,
            "repeats": 0,
        }
        stored = await stream.publish_async(
            f"dure.test.{event.TYPE}", event.model_dump_json().encode(), headers=headers_of(row, "test")
        )
        if n % 50 == 49:
            await stored
            await eventually(lambda: _now(heard), lambda count, told=n: count > told - 50)
    await client.close()


async def _now(count: Callable[[], int]) -> int:
    return count()
