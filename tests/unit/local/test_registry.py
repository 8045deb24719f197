"""What is written outside of Python names the apps of the registry, and no others."""

import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from gateway.settings import GatewaySettings
from shared.registry import APP_NAMES, GATEWAY_NAME, NATS_USERS, PUBLISHER_OF, SERVICE_NAMES, package_of

ROOT = Path(__file__).parents[3]
NATS_CONF = (ROOT / "infra/nats/nats.conf").read_text()
COMPOSE = yaml.safe_load((ROOT / "infra/compose.yaml").read_text())


@pytest.mark.parametrize("app", APP_NAMES)
def test_an_app_is_a_package_with_a_composition_root(app: str) -> None:
    assert callable(import_module(f"{package_of(app)}.main").create_app)


def test_every_service_folder_is_in_the_registry() -> None:
    assert {path.parent.name for path in (ROOT / "services").glob("*/main.py")} == set(SERVICE_NAMES)


def test_nats_knows_the_users_of_the_registry() -> None:
    assert set(re.findall(r"\$DURE_NATS_KEY_(\w+)", NATS_CONF)) == {user.upper() for user in NATS_USERS}


def test_nats_lets_each_service_publish_under_its_own_name() -> None:
    allowed = set(re.findall(r'"dure\.\*\.(\w+)\.>"', NATS_CONF))
    assert allowed == set(PUBLISHER_OF.values())


def test_compose_serves_the_apps_of_the_registry() -> None:
    served = [s["command"][1] for s in COMPOSE["services"].values() if (s.get("command") or [""])[0] == "serve"]
    assert sorted(served) == sorted(APP_NAMES)
    for app in APP_NAMES:
        assert f"{app}-database-url" in COMPOSE["secrets"]
    for user in NATS_USERS:
        assert f"nats-{user}.nk" in COMPOSE["secrets"]


def test_the_gateway_has_an_address_for_each_service() -> None:
    asked = {name.removesuffix("_url") for name in GatewaySettings.model_fields if name.endswith("_url")}
    assert set(SERVICE_NAMES) <= asked
    environment = COMPOSE["services"][GATEWAY_NAME]["environment"]
    for name in SERVICE_NAMES:
        assert f"DURE_{name.upper()}_URL" in environment
