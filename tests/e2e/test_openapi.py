"""The API describes itself, and whatever its description allows, or does not, is answered without a failure of ours."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jsonschema_rs
import openapi_spec_validator
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from shared.contracts.catalogue import EVENTS
from tests.support.caller import Caller, Shop
from tests.support.factory import furnish
from tests.support.suite import Suite
from tests.support.typed_client import TypedClient, example, without_chance
from tests.support.waiting import jobs_of
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
EXAMPLES = 4 if "DURE_LONG_PROPERTIES" in os.environ else 1
"""For each operation and each way to make them."""
SEED = 20261125
LEFT_OUT = {("GET", "/api/v1/live"), ("DELETE", "/api/v1/sessions/current")}
"""The first has no end, the second would end the session of all that follow."""


@dataclass(frozen=True)
class Scene:
    """A furnished shop: its administrator, and what there is by the names of the paths' parameters."""

    admin: Caller
    there: dict[str, str]


@pytest.fixture(scope="module")
async def scene(suite: Suite) -> AsyncIterator[Scene]:
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        await furnish(admin)
        await admin.post("/people", {"code": "PR1", "name": "김민수", "roles": ["operator"], "pin": "482917"})
        body = {"item": "HB1001", "quantity": 100, "due_at": "2026-12-24T18:00:00+09:00"}
        order = await admin.post("/orders/work-orders", body)
        await admin.post(f"/orders/work-orders/{order['id']}/release")
        job = (await jobs_of(admin, order))[0]
        result = await admin.post(f"/production/jobs/{job['id']}/results", {"good": 5})
        there = {
            "work_order": order["id"],
            "job": job["id"],
            "result": result["id"],
            "item": "HB1001",
            "code": "PR1",  # a machine and a person of this code are there
        }
        yield Scene(admin, there)


async def test_the_description_is_valid_and_complete(scene: Scene, suite: Suite) -> None:
    async with httpx.AsyncClient(base_url=suite.address, timeout=60) as anybody:
        document = (await anybody.get("/openapi.json")).json()
        schemathesis.openapi.from_dict(document).validate()
        for schema in document["components"]["schemas"].values():
            jsonschema_rs.meta.validate(schema)
        for word in ("orders", "production", "quality", "erp", "sessions", "people", "devices", "live"):
            assert any(path.startswith(f"/api/v1/{word}") for path in document["paths"]), word
        names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
        assert len(names) == len(set(names))
        events = (await anybody.get("/asyncapi.json")).json()
        addresses = {channel["address"].split(".", 2)[2] for channel in events["channels"].values()}
        assert addresses == set(EVENTS)
        assert (await anybody.get("/docs")).status_code == 200


@pytest.mark.long
async def test_no_request_is_answered_with_a_failure(scene: Scene, suite: Suite) -> None:
    async with httpx.AsyncClient(base_url=suite.address, timeout=60) as anybody:
        schema = schemathesis.openapi.from_dict((await anybody.get("/openapi.json")).json())
    authorization = scene.admin.http.headers["Authorization"]

    def try_all() -> list[str]:
        with requests.Session() as session:
            send = Sender(suite.address, session, authorization, scene.there)
            for operation in operations(schema):
                try_some(operation, GenerationMode.POSITIVE, send)
                if any(operation.definition.raw.get(part) for part in ("parameters", "requestBody", "security")):
                    try_some(operation, GenerationMode.NEGATIVE, send)
            assert send.answered > 400, "too few requests to tell anything"
            return send.failures

    failures = await asyncio.to_thread(try_all)
    assert not failures, "\n".join(failures)


def operations(schema: Any) -> Iterator[Any]:
    """The operations that can be tried."""
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.upper(), operation.path) not in LEFT_OUT:
            yield operation


@dataclass
class Sender:
    """Sends what was made up, at things that are there, and keeps what failed."""

    address: str
    session: requests.Session
    authorization: str
    there: dict[str, str]
    answered: int = 0
    failures: list[str] = field(default_factory=list)

    def send(self, case: Any) -> None:
        """One request."""
        known = {name: value for name, value in self.there.items() if f"{{{name}}}" in case.operation.path}
        case.path_parameters = {**(case.path_parameters or {}), **known}
        headers = {"Authorization": self.authorization, "Idempotency-Key": str(uuid4())}
        answer = case.call(base_url=self.address, session=self.session, headers=headers, timeout=30)
        self.answered += 1
        if answer.status_code >= 500:
            self.failures.append(f"{case.as_curl_command()} → {answer.status_code} {answer.text}")


def try_some(operation: Any, mode: GenerationMode, sender: Sender) -> None:
    """A few requests that the description allows, or does not; the same at every run."""

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send_one(case: Any) -> None:
        sender.send(case)

    send_one()


async def test_a_generated_client_takes_an_item_to_its_finished_order_and_reads_every_answer(
    scene: Scene, suite: Suite, tmp_path: Path
) -> None:
    async with httpx.AsyncClient(base_url=suite.address, timeout=60) as anybody:
        document = (await anybody.get("/openapi.json")).json()
    openapi_spec_validator.validate(document)
    typed = TypedClient(document, tmp_path, "dure_client")
    assert typed.faults == []
    assert typed.operations == {one["operationId"] for path in document["paths"].values() for one in path.values()}
    token = scene.admin.http.headers["Authorization"].partition(" ")[2]
    planner = typed.client.AuthenticatedClient(suite.address, token, headers={"Accept-Language": "en"})

    async def step(operation: str, *path: Any, **more: Any) -> Any:
        golden = example(operation)
        status, made = await typed.call(operation, planner, *path, body=golden.get("request"), **more)
        assert (status, without_chance(made.to_dict())) == (golden["status"], without_chance(golden["response"]))
        return made

    def once() -> dict[str, str]:
        return {"idempotency_key": str(uuid4())}

    async with planner:
        await step("put_work_center", "PRS")
        await step("put_machine", "PR3")
        raw = {"name": {"ko": "냉연 코일"}, "kind": "raw", "unit": "kg"}
        assert (await typed.call("put_item", planner, "CR-1.2T", body=raw))[0] == 201
        await step("put_item", "HB2040")
        await step("put_bom", "HB2040")
        await step("put_routing", "HB2040")
        order = await step("create_work_order", **once())
        await step("release_work_order", order.id, **once())

        async def jobs() -> Any:
            return (await typed.call("list_jobs", planner, work_order=order.number))[1].items

        (job,) = await eventually(jobs, bool)
        await step("start_job", job.id, **once())
        reported = str(uuid4())
        await step("report_result", job.id, idempotency_key=reported)
        await step("finish_job", job.id, **once())

        async def finished() -> Any:
            return (await typed.call("get_work_order", planner, order.number))[1]

        done = await eventually(finished, lambda order: str(order.state) == "completed")
        assert (done.good, done.scrap) == ("97", "3")

        # each problem is read too, by its code
        async def code_of(operation: str, *path: Any, **more: Any) -> tuple[int, str]:
            status, problem = await typed.call(operation, planner, *path, **more)
            return status, problem.code

        assert await code_of("get_item", "NOTHING") == (404, "not_found")
        assert await code_of("finish_job", job.id, **once()) == (409, "wrong_state")
        assert await code_of("put_item", "HB2040", body=raw, if_match='"9"') == (412, "stale")
        other = {"good": 1}
        assert await code_of("report_result", job.id, idempotency_key=reported, body=other) == (
            422,
            "idempotency_key_reused",
        )
        status, refused = await typed.call(
            "put_machine", planner, "PR4", body={"name": {"ko": "4호기"}, "work_center": "NONE"}
        )
        assert (status, refused.code) == (422, "invalid")
        assert [(fault.field, fault.code) for fault in refused.errors] == [("work_center", "unknown_reference")]
    stranger = typed.client.AuthenticatedClient(suite.address, "ses_guessed")
    async with stranger:
        status, problem = await typed.call("get_me", stranger)
        assert (status, problem.code) == (401, "no_session")
