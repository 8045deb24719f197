"""Row 4: what the gateway adds to a call of a service."""

import json
import tempfile
from pathlib import Path

import psutil
from joserfc.jwk import OKPKey

from shared.kit.auth import Actor, TokenSigner
from tests.bench.harness import REPETITIONS, Row, generate
from tests.bench.in_process import added_in_process
from tests.support.floor import furnish
from tests.support.shop import Shop

SECONDS = 4


async def measure() -> Row:
    """The same read of a job, straight to the service and through the gateway."""
    row = Row("gateway", "a read of a job through the gateway against the service itself")
    row.add("one process: added to the p50", await added_in_process(), "ms", "≤ 0.2")
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as folder, Shop(Path(folder), processes=True) as shop:
        floor = await furnish(shop, orders=2)
        signer = TokenSigner(OKPKey.import_key(json.loads(shop.secret("token-key.json"))))
        token = signer.sign(Actor("P01", frozenset({"operator"}), None, "main"), "production")
        port = _port(shop.pid_of("production"))
        common = {"method": "GET", "paths": [f"/api/v1/production/jobs/{floor.jobs[0].id}"], "seconds": SECONDS}
        ways = {
            "direct": {"origin": f"http://127.0.0.1:{port}"},
            "gateway": {"origin": floor.origin, "token": floor.token},
        }
        p50: dict[str, list[float]] = {"direct": [], "gateway": []}
        rates: dict[str, list[float]] = {"direct": [], "gateway": []}
        for _ in range(REPETITIONS):
            for way, order in ways.items():
                token = signer.sign(Actor("P01", frozenset({"operator"}), None, "main"), "production")
                order = {"token": token, **order, **common}
                measured = await generate(order | {"mode": "open", "rate": 200, "connections": 8})
                assert not measured["failures"], measured
                p50[way].append(measured["p50"])
                rates[way].append((await generate(order | {"mode": "closed", "connections": 8}))["rate"])
        row.add("a process each: direct p50 at 200/s", p50["direct"], "ms")
        row.add("a process each: gateway p50 at 200/s", p50["gateway"], "ms")
        row.add(
            "a process each: added to the p50",
            [g - d for g, d in zip(p50["gateway"], p50["direct"], strict=True)],
            "ms",
            "≤ 0.5",
        )
        row.add("a process each: direct at saturation", rates["direct"], "/s")
        row.add("a process each: gateway at saturation", rates["gateway"], "/s")
        lost = [100 * (1 - g / d) for g, d in zip(rates["gateway"], rates["direct"], strict=True)]
        row.add("a process each: lost at saturation", lost, "%", "≤ 40")
    return row


def _port(pid: int | None) -> int:
    command = psutil.Process(pid).cmdline()
    return int(command[command.index("--port") + 1])
