"""What the gateway adds when all apps share a process: the same call, to the gateway's app and to the service's."""

import statistics
import tempfile
import time
from pathlib import Path

from starlette.types import ASGIApp, Message

from tests.bench.harness import REPETITIONS
from tests.support.factory import define_bracket
from tests.support.gateway import gateway_running
from tests.support.world import TestCluster

CALLS = 500


async def added_in_process() -> list[float]:
    """Milliseconds that the gateway adds to the median of a read of the reasons; one figure a repetition."""
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as folder:
        cluster = TestCluster(Path(folder) / "cluster")
        try:
            async with gateway_running(cluster, Path(folder) / "nats", ["orders", "production"]) as world:
                await world.set_up()
                await define_bracket(world)
                internal = world.client("production", "operator").headers["authorization"]
                service, front = world.apps["production"], world.gateway
                added = []
                for _ in range(REPETITIONS):
                    direct = await median(service, internal)
                    added.append(await median(front, f"Bearer {world.admin_token}") - direct)
                return added
        finally:
            cluster.close()


async def median(app: ASGIApp, authorization: str) -> float:
    """The median of sequential calls, in milliseconds."""
    times = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        assert await call(app, authorization) == 200
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


async def call(app: ASGIApp, authorization: str) -> int:
    """One GET, as the server hands it to the app; its status."""
    path = "/api/v1/production/reasons"
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = [(b"host", b"dure"), (b"authorization", authorization.encode()), (b"accept-language", b"ko")]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return status
