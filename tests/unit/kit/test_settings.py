"""Settings: what is wrong with them is told at the start, and never what a secret is."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.settings import GatewaySettings
from infra.local.data_folder import DataFolder
from infra.local.errors import WrongSettingsError
from infra.local.up import Options, site_of
from shared.kit.settings import Settings


def test_an_error_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DURE_DATABASE_URL", "postgresql://u:hunter7@h/d")
    with pytest.raises(ValidationError) as raised:
        GatewaySettings()
    assert "token_private_key" in str(raised.value)
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
            site_of(options, data)
        monkeypatch.setenv("DURE_TIME_ZONE", "Asia/Seoul")
        assert site_of(options, data)["time_zone"] == "Asia/Seoul"
