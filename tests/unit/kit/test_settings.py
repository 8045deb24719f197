"""Settings: what is wrong with them is told at the start, and never what a secret is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.settings import GatewaySettings
from infra.local.data_folder import DataFolder
from infra.local.errors import WrongSettingsError
from infra.local.up import Options, site_of
from services.erp_bridge.settings import ErpBridgeSettings
from services.orders.settings import OrdersSettings
from services.production.settings import ProductionSettings
from shared.kit.settings import Settings, WrongSettings, load_settings


def test_an_error_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DURE_DATABASE_URL", "postgresql://u:hunter7@h/d")
    with pytest.raises(ValidationError) as raised:
        GatewaySettings()
    assert "DURE_TOKEN_PRIVATE_KEY" in str(raised.value)
    assert "hunter7" not in str(raised.value)


def test_a_placeholder_password_is_refused(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://u:changeme@h/d")
    with pytest.raises(ValidationError, match="placeholder"):
        Settings(database_url_file=tmp_path / "url")


@pytest.mark.parametrize("site", ["", "gunsan 1", "gunsan.1", "*", ">", "군산"])
def test_a_site_is_a_word_that_subjects_can_hold(site: str) -> None:
    with pytest.raises(ValidationError, match="site"):
        Settings(site=site)


@pytest.mark.parametrize("zone", ["Asia/Soul", "", "/etc/passwd", "../x"])
def test_the_time_zone_is_known(zone: str) -> None:
    with pytest.raises(ValidationError, match="time zone"):
        Settings(time_zone=zone)


def test_a_mistyped_time_zone_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    options = Options(tmp_path / "data", "127.0.0.1", 8000, None, processes=False)
    with DataFolder(options.data) as data:
        monkeypatch.setenv("DURE_TIME_ZONE", "Asia/Soul")
        with pytest.raises(WrongSettingsError, match="Asia/Soul"):
            site_of(options, data, "")
        monkeypatch.setenv("DURE_TIME_ZONE", "Asia/Seoul")
        assert site_of(options, data, "")["time_zone"] == "Asia/Seoul"


@pytest.mark.parametrize("given", ["127.0.0.0/8, 10.0.0.5", '["127.0.0.0/8", "10.0.0.5"]'])
def test_networks_stand_between_commas_as_in_every_other_setting(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("DURE_PRINTER_NETWORKS", given)
    assert [str(network) for network in ProductionSettings().printer_networks] == ["127.0.0.0/8", "10.0.0.5/32"]


@pytest.mark.parametrize(
    ("cls", "variable", "given", "said"),
    [
        (ProductionSettings, "DURE_PRINTER_NETWORKS", "10.0.0.5/8", "The networks in which label printers may be"),
        (ProductionSettings, "DURE_PRINTER_NETWORKS", "[10.0.0.5", "10.1.2.3/32"),
        (ProductionSettings, "DURE_REPORT_BATCH", "many", "Reports that share one transaction at most"),
        (ErpBridgeSettings, "DURE_OUTGOING_ALLOWED", "factory", "Networks that webhooks may reach"),
        (OrdersSettings, "DURE_OVER_TOLERANCE_PCT", "5 %", "in percent"),
        (Settings, "DURE_DATABASE_URL_FILE", "/nowhere/url", "No such file"),
        (Settings, "DURE_TIME_ZONE", "Asia/Soul", "no such time zone"),
        (GatewaySettings, "DURE_SITE_NAME", "Hanbyeol", "as JSON"),
    ],
)
def test_a_wrong_setting_is_told_by_its_variable_and_what_it_wants(
    monkeypatch: pytest.MonkeyPatch, cls: type[Settings], variable: str, given: str, said: str
) -> None:
    monkeypatch.setenv(variable, given)
    with pytest.raises(WrongSettings) as told:
        load_settings(cls)
    assert variable in str(told.value)
    assert said in str(told.value)


def test_a_wrong_setting_ends_serving_with_its_name_and_no_traceback() -> None:
    environment = os.environ | {
        "DURE_REPORT_BATCH": "many",
        "DURE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    command = [sys.executable, "-m", "infra.cli", "serve", "production"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "DURE_REPORT_BATCH" in ended.stderr
    assert "Traceback" not in ended.stderr
