"""What is not Dure's own fault: NATS away or full, deliveries doubled, an event that nobody can read, an ERP that
is down."""

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import httpx
import pytest

from shared.registry import PUBLISHER_OF
from tests.faults.ledgers import compare, drain, read_all
from tests.faults.nats_server import READERS, NatsServer
from tests.faults.reporters import Reporters, tell
from tests.integration.erp_bridge.receiver import Receiver, receiving
from tests.support.floor import furnish
from tests.support.suite import Suite, running_suite
from tests.support.world import eventually, key

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

TABLETS = 8
PAUSE_S = 0.1
AWAY_S = 30
UNPUBLISHED = "SELECT count(*) AS depth FROM outbox WHERE published_at IS NULL"


@dataclass
class Outage:
    """The suite, its tablets, and what is around it."""

    suite: Suite
    nats: NatsServer
    receiver: Receiver
    reporters: Reporters

    def client(self) -> httpx.AsyncClient:
        return self.reporters.floor.client()

    async def unpublished(self) -> int:
        """Production's events that NATS does not have yet."""
        return int((await self.suite.execute("dure_production", UNPUBLISHED))[0]["depth"])

    async def agree(self) -> float:
        """Wait until all ledgers say the same, and see that they do; the seconds that it took."""
        drained = await drain(self.reporters.floor)
        assert await compare(self.reporters.floor, self.reporters) == []
        assert self.reporters.refusals == []
        return drained


@pytest.fixture(scope="module")
async def outage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outage]:
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    tell(f"\nSEED={seed}")
    folder = tmp_path_factory.mktemp("outages")
    nats = NatsServer(folder / "nats")
    nats.start()
    environment = {"DURE_NATS_URL": nats.url, "DURE_OUTGOING_ALLOWED": "127.0.0.0/8"}
    try:
        async with receiving() as receiver:
            with running_suite(folder / "data", durable=True, **environment) as suite:
                floor = await furnish(suite, orders=3)
                yield Outage(suite, nats, receiver, Reporters(floor, random.Random(seed)))
    finally:
        nats.kill()


async def test_while_nats_is_down_every_report_is_taken_and_told_later(outage: Outage) -> None:
    async with outage.reporters.at_work(TABLETS, PAUSE_S):
        await outage.reporters.answered()
        outage.nats.kill()
        before = len(outage.reporters.reports)
        await asyncio.sleep(AWAY_S)
        taken, waiting = len(outage.reporters.reports) - before, await outage.unpublished()
        assert waiting >= taken - TABLETS
        async with httpx.AsyncClient(base_url=outage.suite.address) as client:
            health = (await client.get("/health/ready")).json()
        assert health["status"] == "degraded"
        outage.nats.start()
    assert not outage.reporters.failures
    tell(
        f"NATS down for {AWAY_S} s: {taken} reports taken, {waiting} events waited,"
        f" drained in {await outage.agree():.1f} s"
    )


async def test_a_full_stream_keeps_no_report_out_and_drains_when_there_is_room(outage: Outage) -> None:
    limit = await outage.nats.fill("PRODUCTION")
    async with outage.reporters.at_work(TABLETS, PAUSE_S):
        await asyncio.sleep(5)
    waiting = await outage.unpublished()
    assert waiting > 10
    assert not outage.reporters.failures
    await outage.nats.allow("PRODUCTION", limit)
    tell(f"stream full: {waiting} events waited, drained in {await outage.agree():.1f} s")


async def test_events_delivered_again_after_the_duplicate_window_have_no_second_effect(outage: Outage) -> None:
    async with outage.reporters.at_work(TABLETS, PAUSE_S):
        await outage.reporters.answered()
        again = await outage.nats.deliver_again("PRODUCTION", 0.5)
    await outage.nats.settle("PRODUCTION")
    assert again > 0
    tell(f"{again} events delivered twice, under load; drained in {await outage.agree():.1f} s")


async def test_an_unreadable_event_is_set_aside_with_what_follows_and_replayed_by_a_person(outage: Outage) -> None:
    outage.nats.kill()
    async with outage.reporters.at_work(TABLETS, PAUSE_S):
        await asyncio.sleep(2)
    # not one of the first: NATS may have stored those just before its end
    [spoilt] = await outage.suite.execute(
        "dure_production",
        "UPDATE outbox o SET body = '{}' FROM"
        " (SELECT * FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT 1 OFFSET 30) s"
        " WHERE o.id = s.id RETURNING o.id, o.aggregate, s.body",
    )
    outage.nats.start()
    await eventually(outage.unpublished, lambda depth: depth == 0, seconds=60)
    await outage.nats.settle("PRODUCTION")
    counts = {}
    async with outage.client() as client:
        for reader in READERS:
            parked = (await client.get(f"/{PUBLISHER_OF[reader]}/parked-events")).json()["items"]
            assert {event["aggregate"] for event in parked} == {spoilt["aggregate"]}, "other jobs' events went on"
            counts[reader] = len(parked)
            await _repair(outage.suite, reader, str(spoilt["id"]), spoilt["body"])
            for event in sorted(parked, key=lambda event: event["version"]):
                path = f"/{PUBLISHER_OF[reader]}/parked-events/{event['id']}/replay"
                answer = await client.post(path, headers=key())
                assert answer.status_code == 200, answer.text
    tell(f"one event spoilt: {counts} set aside and replayed; drained in {await outage.agree():.1f} s")


async def _repair(suite: Suite, reader: str, event: str, body: str) -> None:
    quoted = body.replace("'", "''")
    await suite.execute(f"dure_{reader}", f"UPDATE parked_event SET body = '{quoted}' WHERE id = '{event}'")


async def test_an_erp_that_was_down_gets_every_confirmation_in_order(outage: Outage) -> None:
    async with outage.client() as client:
        made = await client.post(
            "/erp/webhooks", json={"url": outage.receiver.url, "events": ["confirmation"]}, headers=key()
        )
        assert made.status_code == 201, made.text
        begun = len(await read_all(client, "/erp/confirmations", "0"))
        outage.receiver.answer(503)
        async with outage.reporters.at_work(TABLETS, PAUSE_S):
            await asyncio.sleep(3)
            outage.receiver.answer(None)
            await asyncio.sleep(3)
            outage.receiver.answer(204)
        await outage.agree()
        ledger: list[dict[str, Any]] = (await read_all(client, "/erp/confirmations", "0"))[begun:]

        async def pending() -> int:
            return int((await client.get("/erp/summary")).json()["pending"])

        await eventually(pending, lambda left: left == 0, seconds=90)
    sent = [json.loads(got.body)["data"] for got in outage.receiver.got]
    firsts = [a for a, b in pairwise([*sent, None]) if b is None or a["id"] != b["id"]]
    assert [row["position"] for row in firsts] == [row["position"] for row in ledger]
    tell(f"ERP down: {len(ledger)} confirmations in order by {len(sent)} calls")
