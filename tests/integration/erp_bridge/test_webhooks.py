"""Signed deliveries to an ERP's receiver: in order, tried again, parked, replayed."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from infra.local.suite import create_service
from tests.integration.erp_bridge.receiver import Receiver
from tests.integration.erp_bridge.steps import act, confirmations, first_job, read_ledger, released_order
from tests.support.world import World, eventually, key

pytestmark = pytest.mark.anyio


@pytest.fixture
async def webhook(admin: httpx.AsyncClient, receiver: Receiver) -> AsyncIterator[dict[str, Any]]:
    """The receiver, registered; what waits for it is gone after the test."""
    created = await admin.post("/webhooks", json={"url": receiver.url, "events": ["confirmation"]}, headers=key())
    assert created.status_code == 201, created.text
    yield created.json()
    await admin.post(f"/webhooks/{created.json()['id']}/remove", headers=key())


@pytest.fixture
async def job(world: World, erp: httpx.AsyncClient) -> AsyncIterator[dict[str, Any]]:
    """A running job of an ERP's order, with ``external_id``; its machine is free after the test."""
    order = await released_order(world, erp, quantity="1000")
    job = await first_job(world, order["number"])
    await act(world, f"/jobs/{job['id']}/start")
    yield job | {"external_id": order["external_id"]}
    await act(world, f"/jobs/{job['id']}/finish")
    # its end is confirmed before the next test's webhook comes, which would get it
    await eventually(lambda: read_ledger(erp), lambda rows: rows[-1]["final"] and rows[-1]["number"] == order["number"])


async def report(world: World, job: dict[str, Any], *goods: int) -> None:
    for good in goods:
        await act(world, f"/jobs/{job['id']}/results", good=good)


async def deliveries(
    client: httpx.AsyncClient, webhook: dict[str, Any], state: str, count: int
) -> list[dict[str, Any]]:
    """The webhook's deliveries in this state, in the ledger's order, once there are ``count``."""

    async def look() -> list[dict[str, Any]]:
        found = (await client.get("/deliveries", params={"state": state, "limit": 200})).json()["items"]
        return sorted((d for d in found if d["webhook"] == webhook["id"]), key=lambda d: int(d["position"]))

    return await eventually(look, lambda found: len(found) == count)


async def test_a_confirmation_arrives_signed_and_equal_to_the_ledger(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    await act(world, f"/jobs/{job['id']}/results", good=100, scrap=[{"defect": "BURR", "quantity": 3}])
    (delivery,) = await deliveries(erp, webhook, "delivered", 1)
    assert (delivery["external_id"], delivery["op"], delivery["attempts"]) == (job["external_id"], 10, 1)
    (row,) = await confirmations(erp, job["external_id"], 1)
    assert [got.read(webhook["secret"]) for got in receiver.got] == [row]
    assert (row["good"], row["scrap"]) == ("100", [{"defect": "BURR", "quantity": "3"}])


async def test_the_trace_of_a_tablets_request_goes_on_to_the_erp(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any]
) -> None:
    order = await released_order(world, erp)
    job = await first_job(world, order["number"])
    traces = [f"00-{step * 32}-b7ad6b7169203331-01" for step in "1234"]
    steps = [("start", {}), ("results", {"good": 60}), ("results", {"good": 40}), ("finish", {})]
    async with world.client("production", "operator") as tablet:
        for trace, (step, body) in zip(traces, steps, strict=True):
            answer = await tablet.post(f"/jobs/{job['id']}/{step}", json=body, headers=key() | {"traceparent": trace})
            assert answer.status_code in (200, 201), answer.text
    delivered = await deliveries(erp, webhook, "delivered", 3)
    assert [got.headers["traceparent"] for got in receiver.got] == traces[1:]
    of_aggregate = "SELECT traceparent FROM outbox WHERE aggregate = $1 ORDER BY version"
    job_events = await world.fetch("production", of_aggregate, f"job/{job['id']}")
    assert [row["traceparent"] for row in job_events if row["traceparent"] in traces] == traces
    for delivery, trace in zip(delivered, traces[1:], strict=True):
        events = await world.fetch("erp_bridge", of_aggregate, f"delivery/{delivery['id']}")
        assert [row["traceparent"] for row in events] == [trace]


async def test_deliveries_keep_the_ledgers_order_over_one_connection(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    await report(world, job, *range(1, 13))
    await deliveries(erp, webhook, "delivered", 12)
    assert [got.read(webhook["secret"])["good"] for got in receiver.got] == [str(n) for n in range(1, 13)]
    assert len({got.port for got in receiver.got}) == 1
    assert receiver.most_at_once == 1


async def test_a_receiver_that_is_down_gets_everything_in_order_when_it_is_back(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    receiver.answer(503, 503, 204)
    await report(world, job, 1, 2, 3)
    delivered = await deliveries(erp, webhook, "delivered", 3)
    assert [delivery["attempts"] for delivery in delivered] == [3, 1, 1]
    assert [got.read(webhook["secret"])["good"] for got in receiver.got] == ["1", "1", "1", "2", "3"]


async def test_when_the_answer_is_lost_the_resend_bears_the_same_id(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    receiver.answer(None, 204)
    await report(world, job, 7)
    await deliveries(erp, webhook, "delivered", 1)
    assert len(receiver.got) == 2
    assert len({got.id for got in receiver.got}) == 1


async def test_a_refused_document_is_parked_the_others_flow_and_a_person_replays_it(
    world: World,
    erp: httpx.AsyncClient,
    planner: httpx.AsyncClient,
    receiver: Receiver,
    webhook: dict[str, Any],
    job: dict[str, Any],
) -> None:
    receiver.answer(204, 422, 204, text="unknown lot")
    await report(world, job, 1, 2, 3)
    await deliveries(erp, webhook, "delivered", 2)
    (parked,) = await deliveries(erp, webhook, "parked", 1)
    assert (parked["last_error"], parked["attempts"], parked["next_attempt_at"]) == ("HTTP 422: unknown lot", 1, None)
    refused = receiver.got[1]
    once = key()
    answers = [await planner.post(f"/deliveries/{parked['id']}/replay", headers=once) for _ in range(2)]
    assert {(answer.status_code, answer.json()["state"]) for answer in answers} == {(200, "pending")}
    await deliveries(erp, webhook, "delivered", 3)
    assert receiver.got[-1].id == refused.id
    late = await planner.post(f"/deliveries/{parked['id']}/replay", headers=key())
    assert (late.status_code, late.json()["code"], late.json()["state"]) == (409, "wrong_state", "delivered")


async def test_a_redirect_is_not_followed(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    receiver.answer(307, location="http://169.254.169.254/")
    await report(world, job, 1)
    (parked,) = await deliveries(erp, webhook, "parked", 1)
    assert parked["last_error"] == "HTTP 307"


async def test_a_receiver_that_asks_for_time_gets_it(
    world: World,
    erp: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    receiver: Receiver,
    webhook: dict[str, Any],
    job: dict[str, Any],
) -> None:
    receiver.answer(429, Retry_After="600")
    await report(world, job, 1, 2)

    async def resting() -> Any:
        found = (await admin.get("/webhooks")).json()["items"]
        return next(w for w in found if w["id"] == webhook["id"])["rests_until"]

    rests_until = await eventually(resting, bool)
    tried, waiting = await deliveries(erp, webhook, "pending", 2)
    assert (tried["next_attempt_at"], tried["last_error"]) == (rests_until, "HTTP 429")
    assert (waiting["attempts"], len(receiver.got)) == (0, 1)


async def test_after_three_days_of_silence_a_delivery_is_parked(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    receiver.answer(429, Retry_After="3600")
    await report(world, job, 1)
    await eventually(lambda: deliveries(erp, webhook, "pending", 1), lambda found: found[0]["attempts"] == 1)
    await world.fetch(
        "erp_bridge",
        "UPDATE delivery SET first_attempt_at = first_attempt_at - interval '71.5 hours' WHERE webhook = $1",
        webhook["id"],
    )
    await world.fetch("erp_bridge", "UPDATE webhook SET rests_until = now() WHERE id = $1", webhook["id"])
    (parked,) = await deliveries(erp, webhook, "parked", 1)
    assert parked["attempts"] == 2


async def test_two_replicas_never_send_the_same_twice(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    second = create_service("erp_bridge", world.apps["erp_bridge"].state.settings)
    async with second.router.lifespan_context(second):
        await report(world, job, *range(1, 31))
        await deliveries(erp, webhook, "delivered", 30)
    assert len(receiver.got) == len({got.id for got in receiver.got}) == 30
    assert receiver.most_at_once == 1


async def test_sending_goes_on_after_the_database_cut_all_sessions(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    await world.fetch(
        "erp_bridge",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <>"
        " pg_backend_pid()",
    )
    await report(world, job, 1, 2)
    await deliveries(erp, webhook, "delivered", 2)
    assert [got.read(webhook["secret"])["good"] for got in receiver.got] == ["1", "2"]


async def test_what_waits_for_a_removed_webhook_is_parked_and_cannot_be_replayed(
    world: World,
    erp: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    receiver: Receiver,
    webhook: dict[str, Any],
    job: dict[str, Any],
) -> None:
    receiver.answer(429, Retry_After="600")
    await report(world, job, 1)
    await eventually(lambda: deliveries(erp, webhook, "pending", 1), lambda found: found[0]["attempts"] == 1)
    removed = await admin.post(f"/webhooks/{webhook['id']}/remove", headers=key())
    assert removed.status_code == 200
    assert webhook["id"] not in {w["id"] for w in (await admin.get("/webhooks")).json()["items"]}
    (parked,) = await deliveries(erp, webhook, "parked", 1)
    assert parked["last_error"] == "webhook removed"
    replayed = await admin.post(f"/deliveries/{parked['id']}/replay", headers=key())
    assert (replayed.status_code, replayed.json()["code"]) == (409, "webhook_removed")


async def test_the_monitor_counts_what_came_and_what_went(
    world: World, erp: httpx.AsyncClient, receiver: Receiver, webhook: dict[str, Any], job: dict[str, Any]
) -> None:
    before = (await erp.get("/summary")).json()
    await report(world, job, 1, 2)
    await deliveries(erp, webhook, "delivered", 2)
    after = (await erp.get("/summary")).json()
    assert {name: after[name] - before[name] for name in after} == {
        "received": 0,
        "accepted": 0,
        "refused": 0,
        "confirmed": 2,
        "pending": 0,
        "delivered": 2,
        "parked": 0,
    }


async def test_the_secret_is_shown_once_and_to_an_admin(
    world: World, admin: httpx.AsyncClient, webhook: dict[str, Any]
) -> None:
    assert webhook["secret"].startswith("whsec_")
    assert webhook["secret"] not in (await admin.get("/webhooks")).text
    async with world.client("erp_bridge", "planner", "erp") as other:
        assert (await other.post("/webhooks", json={"url": webhook["url"]}, headers=key())).status_code == 403


async def test_a_rotated_secret_and_the_one_before_both_sign_for_a_day_and_then_the_new_one_alone(
    world: World,
    erp: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    receiver: Receiver,
    webhook: dict[str, Any],
    job: dict[str, Any],
) -> None:
    once = key()
    rotated = [await admin.post(f"/webhooks/{webhook['id']}/rotate", headers=once) for _ in range(2)]
    assert [answer.status_code for answer in rotated] == [200, 200]
    (secret,) = {answer.json()["secret"] for answer in rotated}
    assert secret.startswith("whsec_")
    assert secret != webhook["secret"]
    assert secret not in (await admin.get("/webhooks")).text
    await report(world, job, 1)
    await deliveries(erp, webhook, "delivered", 1)
    assert receiver.got[0].read(webhook["secret"]) == receiver.got[0].read(secret)
    await world.fetch("erp_bridge", "UPDATE webhook SET former_until = now() WHERE id = $1", webhook["id"])
    await report(world, job, 2)
    await deliveries(erp, webhook, "delivered", 2)
    assert receiver.got[1].read(secret)["good"] == "2"
    with pytest.raises(WebhookVerificationError):
        receiver.got[1].read(webhook["secret"])
    async with world.client("erp_bridge", "planner", "erp") as other:
        assert (await other.post(f"/webhooks/{webhook['id']}/rotate", headers=key())).status_code == 403


async def test_one_address_is_one_webhook_so_that_nothing_arrives_twice(
    admin: httpx.AsyncClient, webhook: dict[str, Any]
) -> None:
    for url in (webhook["url"], webhook["url"].replace("http://", "HTTP://")):
        again = await admin.post("/webhooks", json={"url": url}, headers=key())
        assert (again.status_code, again.json()["code"]) == (409, "webhook_exists")
        assert again.json()["webhook_id"] == webhook["id"]
    await admin.post(f"/webhooks/{webhook['id']}/remove", headers=key())
    anew = await admin.post("/webhooks", json={"url": webhook["url"]}, headers=key())
    assert anew.status_code == 201
    await admin.post(f"/webhooks/{anew.json()['id']}/remove", headers=key())


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://10.0.0.5/hook", "url_address_refused"),
        ("https://169.254.169.254/latest/meta-data", "url_address_refused"),
        ("https://[fe80::1]/", "url_address_refused"),
        ("http://93.184.216.34/", "url_not_https"),
        ("ftp://127.0.0.1/", "url_parsing"),
        ("https://no-such-name.invalid/", "url_unresolved"),
    ],
)
async def test_an_address_that_must_not_be_called_is_refused(admin: httpx.AsyncClient, url: str, code: str) -> None:
    answer = await admin.post("/webhooks", json={"url": url}, headers=key())
    assert answer.status_code == 422, answer.text
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("url", code)]
