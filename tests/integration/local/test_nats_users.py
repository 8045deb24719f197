"""What each user of the NATS server may do, and what not."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import ConsumerConfig, DeliverPolicy

from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from shared.contracts.streams import STREAMS, stream_of
from shared.kit.bus import provision_streams
from shared.registry import NATS_USERS, PUBLISHER_OF

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNats]:
    with DataFolder(tmp_path_factory.mktemp("nats"), minimum_free=0) as data:
        server = EmbeddedNats(data)
        server.start()
        asyncio.run(provision_streams(server.url, server.seed_file("provision")))
        yield server
        server.stop()


@asynccontextmanager
async def connected(server: EmbeddedNats, user: str) -> AsyncIterator[tuple[Client, list[str]]]:
    """The client of ``user``, and what the server refused it."""
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    client = await nats.connect(
        server.url, nkeys_seed=str(server.seed_file(user)), inbox_prefix=f"_INBOX_{user}", error_cb=note
    )
    try:
        yield client, refused
    finally:
        await client.close()


async def is_refused(client: Client, refused: list[str], subject: str, body: bytes = b"{}") -> bool:
    refused.clear()
    await client.publish(subject, body)
    await client.flush()
    await asyncio.sleep(0.01)  # the client tells of a refusal in a task of its own
    return any("permissions violation" in each.lower() for each in refused)


@pytest.mark.parametrize("user", PUBLISHER_OF)
async def test_a_service_publishes_its_own_events_and_no_others(server: EmbeddedNats, user: str) -> None:
    async with connected(server, user) as (client, refused):
        for word in (*PUBLISHER_OF.values(), "gateway"):
            subject = f"dure.gunsan.{word}.thing.happened.v1"
            assert await is_refused(client, refused, subject) == (word != PUBLISHER_OF[user]), subject
        assert await is_refused(client, refused, "anything.else")


@pytest.mark.parametrize("user", PUBLISHER_OF)
async def test_a_service_reads_every_stream_by_its_own_durable_consumer(server: EmbeddedNats, user: str) -> None:
    async with connected(server, user) as (client, _):
        js = client.jetstream()
        stored = await js.publish(f"dure.gunsan.{PUBLISHER_OF[user]}.thing.happened.v1", b"1")
        for publisher in PUBLISHER_OF.values():
            await js.add_consumer(stream_of(publisher), ConsumerConfig(durable_name=user))
        subscription = await js.pull_subscribe_bind(durable=user, stream=stored.stream)
        for message in await subscription.fetch(1, timeout=2):
            await message.ack_sync()
        assert (await js.consumer_info(stored.stream, user)).ack_floor.stream_seq > 0


async def test_a_service_can_neither_take_nor_acknowledge_what_is_meant_for_another(server: EmbeddedNats) -> None:
    async with connected(server, "quality") as (client, refused):
        for subject in (
            "$JS.API.CONSUMER.MSG.NEXT.PRODUCTION.orders",
            "$JS.API.CONSUMER.DURABLE.CREATE.PRODUCTION.orders",
            "$JS.API.CONSUMER.CREATE.PRODUCTION.orders.dure.>",
            "$JS.API.CONSUMER.DELETE.PRODUCTION.orders",
            "$JS.ACK.PRODUCTION.orders.1.1.1.1.0",
            "_INBOX_orders.answer",
        ):
            assert await is_refused(client, refused, subject), subject
        refused.clear()
        for subject in ("_INBOX_orders.>", "dure.>", "$JS.EVENT.>", ">"):
            await client.subscribe(subject)
        await client.flush()
        await asyncio.sleep(0.01)
        assert len(refused) == 4


@pytest.mark.parametrize("user", [*PUBLISHER_OF, "gateway"])
async def test_nobody_but_the_provisioning_step_touches_a_stream(server: EmbeddedNats, user: str) -> None:
    async with connected(server, user) as (client, refused):
        for verb in ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE"):
            assert await is_refused(client, refused, f"$JS.API.STREAM.{verb}.PRODUCTION"), verb


def from_position(position: int) -> ConsumerConfig:
    return ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=position)


async def test_the_gateway_reads_on_from_a_position_and_publishes_nothing(server: EmbeddedNats) -> None:
    async with connected(server, "production") as (client, _):
        position = (await client.jetstream().publish("dure.gunsan.production.job.started.v1", b"here")).seq
    async with connected(server, "gateway") as (client, refused):
        js = client.jetstream()
        pulled = await js.pull_subscribe("dure.*.production.>", stream="PRODUCTION", config=from_position(position))
        assert [message.data for message in await pulled.fetch(1, timeout=2)] == [b"here"]
        ordered = await js.subscribe(
            "dure.>", stream="PRODUCTION", ordered_consumer=True, config=from_position(position)
        )
        assert (await ordered.next_msg(timeout=2)).data == b"here"
        for subject in (
            "dure.gunsan.production.job.started.v1",
            "$JS.API.CONSUMER.MSG.NEXT.PRODUCTION.orders",
            "$JS.API.CONSUMER.CREATE.PRODUCTION.orders",
            "$JS.API.CONSUMER.CREATE.PRODUCTION.orders.dure.>",
            "$JS.API.CONSUMER.DELETE.PRODUCTION.orders",
            "$JS.ACK.PRODUCTION.orders.1.1.1.1.0",
        ):
            assert await is_refused(client, refused, subject), subject


async def test_the_provisioning_step_does_not_publish_events(server: EmbeddedNats) -> None:
    async with connected(server, "provision") as (client, refused):
        assert await is_refused(client, refused, "dure.gunsan.orders.thing.happened.v1")
        assert {stream.config.name for stream in await client.jetstream().streams_info()} == {
            each.name for each in STREAMS
        }


async def test_advisories_are_kept(server: EmbeddedNats) -> None:
    async with connected(server, "orders") as (client, _):
        assert (await client.jetstream().stream_info("ADVISORIES")).state.messages > 0


async def test_nobody_connects_without_a_key(server: EmbeddedNats) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"CONNECT {}\r\nPING\r\n")
    answers = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    assert "Authorization Violation" in answers


async def test_a_message_beyond_256_kb_is_refused(server: EmbeddedNats) -> None:
    async with connected(server, "orders") as (client, _):
        assert client.max_payload == 256 * 1024


def test_each_user_has_a_key_of_its_own(server: EmbeddedNats) -> None:
    seeds = {server.seed_file(user).read_text() for user in NATS_USERS}
    assert len(seeds) == len(NATS_USERS)
    assert not any(seed in str(server.environment) for seed in seeds)
