"""What the compose file promises about every container."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FILE = yaml.safe_load((ROOT / "infra/compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
ONCE = {"provision", "own-volumes"}
RUNNING = sorted(set(SERVICES) - ONCE)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_has_no_powers_and_cannot_change_its_image(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == {"caddy": ["NET_BIND_SERVICE"], "own-volumes": ["CHOWN"]}.get(name, [])
    assert not service.get("privileged", False)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_cannot_take_the_whole_machine(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize("name", RUNNING)
def test_what_runs_for_long_says_how_it_is_and_comes_back_after_a_crash(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_https_server_is_published() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    assert all(FILE["networks"][network]["internal"] for network in ("front", "inside"))
    assert [name for name, service in SERVICES.items() if "outgoing" in service.get("networks", [])] == ["erp-bridge"]


def test_nobody_reaches_the_servers_over_the_network_of_the_https_server() -> None:
    assert SERVICES["caddy"]["networks"] == ["edge", "front"]
    assert [name for name, service in SERVICES.items() if "front" in service.get("networks", [])] == [
        "caddy",
        "gateway",
    ]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_come_as_files(name: str) -> None:
    for variable_name, value in (SERVICES[name].get("environment") or {}).items():
        if re.search(r"PASSWORD|SECRET|PRIVATE|SEED|TOKEN|DATABASE_URL|BADGE", variable_name):
            assert variable_name.endswith("_FILE"), variable_name
            assert value.removeprefix("/run/secrets/") in SERVICES[name]["secrets"]
        assert "://" not in str(value) or "@" not in str(value), f"{variable_name} has a login"
    assert set(SERVICES[name].get("secrets", [])) <= set(FILE["secrets"])


def test_a_service_holds_its_own_secrets_alone() -> None:
    held = {name: set(SERVICES[name].get("secrets", [])) - {"token-public-key", "pseudonym-key"} for name in RUNNING}
    assert held["orders"] == {"orders-database-url", "nats-orders.nk"}
    assert "token-private-key" in held["gateway"]
    everyone = [secret for secrets in held.values() for secret in secrets]
    assert len(everyone) == len(set(everyone)), "two containers share a secret"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_an_image_is_of_a_known_version(name: str) -> None:
    image = re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", SERVICES[name]["image"])
    assert re.search(r":\d+(\.\d+)*(-\w+)?$", image), image


def test_services_start_after_their_servers_are_prepared() -> None:
    for name in ("orders", "production", "quality", "erp-bridge", "gateway"):
        assert SERVICES[name]["depends_on"]["provision"] == {"condition": "service_completed_successfully"}
    assert SERVICES["provision"]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "nats": {"condition": "service_healthy"},
    }


def test_all_that_is_named_is_declared() -> None:
    for service in SERVICES.values():
        assert set(service.get("networks", [])) <= set(FILE["networks"])
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        named = [volume.partition(":")[0] for volume in service.get("volumes", [])]
        for source in named:
            assert source in FILE["volumes"] or (ROOT / "infra" / source).is_file(), source
