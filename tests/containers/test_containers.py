"""The suite of ``infra/compose.yaml`` in real containers, from the set-up link to a confirmation, and through a
restart."""

import os
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from infra.containers.secrets import make_secrets
from shared.registry import GATEWAY_NAME, SERVICE_NAMES
from tests.containers.compose import Compose, load
from tests.containers.engine import find_engine
from tests.containers.images import OWN, ROOT, CannotMakeImagesError, Images
from tests.support.ports import own_port

pytestmark = pytest.mark.containers

FILE = ROOT / "infra/compose.yaml"
APPS = tuple(name.replace("_", "-") for name in (GATEWAY_NAME, *SERVICE_NAMES))
SERVERS = ("postgres", "nats", "caddy")
NET_BIND_SERVICE = 1 << 10
PASSWORD = "presses-run-all-night"


@dataclass
class Suite:
    """The running containers, and a browser's way to them."""

    compose: Compose
    address: str
    trust: ssl.SSLContext
    token: str = ""

    def ask(self, method: str, path: str, *, status: int, key: bool = False, **more: Any) -> Any:
        """What the gateway answers; fails when the status is not as expected."""
        headers = {"Accept-Language": "en", "Authorization": f"Bearer {self.token}"} if self.token else {}
        if key:
            headers["Idempotency-Key"] = str(uuid4())
        with httpx.Client(base_url=self.address, verify=self.trust, timeout=15) as client:
            answer = client.request(method, f"/api/v1{path}", headers=headers, **more)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None


def say(text: str) -> None:
    """Tell the person who runs this."""
    sys.stdout.write(f"\n{text}\n")


def eventually(look: Callable[[], Any], satisfied: Callable[[Any], bool], *, seconds: float = 20) -> Any:
    """What ``look`` sees, once it satisfies."""
    deadline = time.monotonic() + seconds
    while not satisfied(seen := look()):
        assert time.monotonic() < deadline, f"still not so: {seen!r}"
        time.sleep(0.2)
    return seen


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    engine = find_engine()
    if isinstance(engine, str):
        pytest.skip(f"the containers cannot be run here: {engine}")
    scratch = tmp_path_factory.mktemp("containers")
    port = own_port()
    environment = {
        "DURE_SECRETS": str(scratch / "secrets"),
        "DURE_IMAGE": OWN,
        "DURE_HTTP_PORT": str(own_port()),
        "DURE_HTTPS_PORT": str(port),
    }
    services = load(FILE, environment)["services"]
    try:
        images = Images(engine, scratch, say).make({server: services[server]["image"] for server in SERVERS})
    except CannotMakeImagesError as error:
        pytest.skip(f"the containers cannot be run here: {error}")
    make_secrets(scratch / "secrets")
    compose = Compose(engine, FILE, environment, {OWN: OWN, **images}, f"dure-test-{os.getpid()}")
    try:
        begun = time.monotonic()
        compose.up()
        say(f"{engine.name}: {len(services)} containers are up and well after {time.monotonic() - begun:.0f} s")
        root = compose.execute("caddy", "cat", "/data/caddy/pki/authorities/local/root.crt")
        yield Suite(compose, f"https://localhost:{port}", ssl.create_default_context(cadata=root))
    finally:
        compose.down()


def test_every_app_is_ready_and_nothing_is_missing(suite: Suite) -> None:
    ask = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/health/ready').read().decode())"
    for app in APPS:
        eventually(
            lambda app=app: suite.compose.execute(app, "python", "-c", ask),
            lambda printed: '"status":"ready"' in printed,
        )


def test_no_container_has_powers_or_can_write_into_its_image(suite: Suite) -> None:
    for service in (*APPS, *SERVERS):
        process = suite.compose.execute(service, "cat", "/proc/1/status")
        facts = dict(line.split(":\t", 1) for line in process.splitlines() if ":\t" in line)
        assert "0" not in facts["Uid"].split(), f"{service} runs as root"
        powers = int(facts["CapEff"], 16) | int(facts["CapPrm"], 16)
        assert powers in ({0, NET_BIND_SERVICE} if service == "caddy" else {0}), f"{service} has capabilities"
        assert facts["NoNewPrivs"] == "1", service
        options = next(
            line.split()[3]
            for line in suite.compose.execute(service, "cat", "/proc/1/mounts").splitlines()
            if line.split()[1] == "/"
        )
        assert "ro" in options.split(","), f"{service} can write into its image"


def test_the_image_brings_no_tool_that_builds_or_installs(suite: Suite) -> None:
    programs = (
        "[each for each in ('gcc', 'cc', 'make', 'git', 'pip')"
        " if shutil.which(each, path='/opt/dure/bin:/usr/bin:/bin')]"
    )
    packages = "[each for each in ('pip', 'setuptools', 'hatchling') if importlib.util.find_spec(each)]"
    look = f"import importlib.util, shutil; print({programs}, {packages})"
    assert suite.compose.execute("orders", "/opt/dure/bin/python", "-c", look) == "[] []"


def test_only_the_https_server_is_published(suite: Suite) -> None:
    for service in (*APPS, "postgres", "nats"):
        assert not any(suite.compose.inspect(service)["HostConfig"]["PortBindings"].values()), service
    answer = httpx.get(f"{suite.address}/metrics", verify=suite.trust)
    assert answer.status_code == 404


def test_an_order_of_the_erp_is_made_and_confirmed(suite: Suite) -> None:
    link = suite.compose.execute("gateway", "dure", "setup-link")
    assert link.startswith("https://localhost/setup#token=")
    person = {"login": "kim", "name": "김영희", "password": PASSWORD}
    suite.ask("POST", "/setup", status=201, json={"token": link.partition("=")[2], **person})
    suite.token = suite.ask("POST", "/sessions", status=201, json={"login": "kim", "password": PASSWORD})[
        "access_token"
    ]
    suite.ask("PUT", "/orders/work-centers/PRESS", status=201, json={"name": {"ko": "프레스", "en": "press"}})
    suite.ask("PUT", "/orders/machines/PR1", status=201, json={"name": "1호기", "work_center": "PRESS"})
    suite.ask("PUT", "/orders/items/HB1001", status=201, json={"name": "마운팅 브라켓", "kind": "finished"})
    stamping = {"op": 10, "name": "프로그레시브", "machine": "PR1", "cycle_s": "1.5"}
    suite.ask("PUT", "/orders/routings/HB1001", status=201, json={"operations": [stamping]})
    suite.ask("PUT", "/quality/defects/BURR", status=201, json={"name": "버"})

    due = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    ordered = {"external_id": "SO-1-10", "item": "HB1001", "quantity": 103, "due_at": due}
    suite.ask("POST", "/erp/orders", status=201, json=ordered, key=True)
    order = eventually(lambda: suite.ask("GET", "/orders/work-orders", status=200)["items"], bool)[0]
    suite.ask("POST", f"/orders/work-orders/{order['id']}/release", status=200, json={}, key=True)
    job = eventually(lambda: suite.ask("GET", "/production/jobs", status=200)["items"], bool)[0]
    suite.ask("POST", f"/production/jobs/{job['id']}/start", status=200, json={}, key=True)
    made = {"good": 100, "scrap": [{"defect": "BURR", "quantity": 3}]}
    suite.ask("POST", f"/production/jobs/{job['id']}/results", status=201, json=made, key=True)
    confirmed = eventually(lambda: suite.ask("GET", "/erp/confirmations", status=200)["items"], bool)[0]
    assert (confirmed["external_id"], confirmed["good"]) == ("SO-1-10", "100")
    assert confirmed["scrap"] == [{"defect": "BURR", "quantity": "3"}]


def test_the_suite_stops_in_order_and_comes_back_with_its_data(suite: Suite) -> None:
    with ThreadPoolExecutor(len(APPS)) as pool:
        seconds = dict(zip(APPS, pool.map(suite.compose.stop, APPS), strict=True))
    for app, taken in seconds.items():
        assert suite.compose.exit_code(app) == 0, (app, suite.compose.log(app)[-2000:])
        assert taken < 10, (app, taken)
    for server in ("caddy", "nats", "postgres"):
        suite.compose.stop(server)
    say(f"the five apps stopped within {max(seconds.values()):.1f} s")
    for service in ("postgres", "nats", *APPS[1:], "gateway", "caddy"):
        suite.compose.start(service)
    order = suite.ask("GET", "/orders/work-orders", status=200)["items"][0]
    assert (order["external_id"], order["state"], order["operations"][0]["good"]) == ("SO-1-10", "in_progress", "100")
    assert len(suite.ask("GET", "/erp/confirmations", status=200)["items"]) == 1
    pareto = suite.ask("GET", "/quality/pareto", status=200, params={"by": "defect"})
    assert [(line["key"], line["quantity"]) for line in pareto["items"]] == [("BURR", "3")]


def test_provisioning_again_changes_nothing(suite: Suite) -> None:
    assert suite.compose.run_again("provision") == 0, suite.compose.log("provision")
    assert suite.ask("GET", "/orders/work-orders", status=200)["items"]
