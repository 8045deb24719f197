"""`dure up --lan`, from the set-up link to a tablet's enrolment, all over HTTPS."""

import re
import signal
import ssl
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest

from infra.lan.announcement import qr_code
from tests.support.ports import own_port
from tests.support.suite import Suite, running_suite

PASSWORD = "correct horse battery"
ONLY_HERE = ("--lan", "--host", "127.0.0.1")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((), id="one process"),
        pytest.param(("--processes",), marks=pytest.mark.faults, id="a process each"),
    ],
)
def suite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    folder = tmp_path_factory.mktemp("lan") / "data"
    with running_suite(folder, *ONLY_HERE, *request.param, port=own_port()) as suite:
        yield suite


def guide_of(suite: Suite) -> str:
    return f"http://127.0.0.1:{suite.port + 1}"


def tablet(suite: Suite) -> httpx.Client:
    """A device that has downloaded the authority from the guide and trusts it alone."""
    authority = httpx.get(f"{guide_of(suite)}/dure.crt").content
    return httpx.Client(base_url=suite.address, verify=ssl.create_default_context(cadata=authority))


def test_the_terminal_shows_the_way_in_and_the_fingerprint(suite: Suite) -> None:
    assert f"Dure runs at {suite.address}" in suite.log
    assert guide_of(suite) in suite.log
    assert qr_code(guide_of(suite)).plain in suite.log
    fingerprints = re.findall(r"(?:[0-9A-F]{2} ){15}[0-9A-F]{2}", suite.log)
    page = httpx.get(guide_of(suite)).text
    assert len(fingerprints) == 2
    for half in fingerprints:
        assert half[:23] in page
        assert half[24:] in page


def test_a_tablet_is_set_up_enrolled_and_signed_in_over_https(suite: Suite) -> None:
    with tablet(suite) as device:
        body = {"token": suite.setup_token, "login": "boss", "name": "사장", "password": PASSWORD}
        answer = device.post("/api/v1/setup", json=body)
        assert answer.status_code == 201, answer.text
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        invitation = device.post("/api/v1/device-enrolments", json={"name": "프레스 태블릿"}, headers=bearer).json()
        assert invitation["url"].startswith(f"{suite.address}/devices#enrol=")
        enrolled = device.post("/api/v1/devices", json={"code": invitation["code"]})
        assert enrolled.status_code == 201
        # no browser is told to insist on HTTPS: it would do so at the guide's port too
        assert "strict-transport-security" not in device.get("/").headers
        assert device.get("/health/ready").json()["status"] == "ready"


def test_the_guide_may_ask_whether_the_authority_is_trusted_and_nothing_else(suite: Suite) -> None:
    origin = {"Origin": guide_of(suite)}
    with tablet(suite) as device:
        assert device.get("/health/live", headers=origin).headers["access-control-allow-origin"] == "*"
        for path in ("/", "/health/ready", "/api/v1/site"):
            assert "access-control-allow-origin" not in device.get(path, headers=origin).headers


@pytest.mark.parametrize("suite", [("--processes",)], ids=["a process each"], indirect=True)
def test_a_killed_gateway_is_back_with_the_same_authority(suite: Suite) -> None:
    pid = suite.pid_of("gateway")
    assert pid is not None
    with tablet(suite) as device:
        device.get("/health/live")
        psutil.Process(pid).send_signal(signal.SIGKILL)
        deadline = time.monotonic() + 60
        while suite.pid_of("gateway") in (pid, None) or not answers(suite, device):
            assert time.monotonic() < deadline, suite.log
            time.sleep(0.1)


def answers(suite: Suite, device: httpx.Client) -> bool:
    try:
        return device.get("/health/live").status_code == 200 and httpx.get(guide_of(suite)).status_code == 200
    except httpx.TransportError:
        return False


def test_after_a_restart_the_tablets_trust_it_still(suite: Suite) -> None:
    with tablet(suite) as before:  # it has installed the authority once
        assert suite.stop() == 0, suite.log
        suite.start()
        assert before.get("/api/v1/site").json()["needs_setup"] is False


def test_an_address_of_the_internet_is_refused_with_what_to_do(suite: Suite) -> None:
    other = Suite(suite.data.parent / "other", ("--lan", "--host", "8.8.8.8"), port=own_port(), log_name="other.log")
    other.spawn()
    assert other.wait() == 1
    assert "Leave --host out, and Dure finds the address" in other.log


def test_a_taken_port_of_the_guide_is_named(suite: Suite) -> None:
    other = Suite(suite.data.parent / "other", ONLY_HERE, port=suite.port - 1, log_name="other.log")
    other.spawn()
    assert other.wait() == 1
    assert f"dure cannot use port {suite.port}" in other.log
