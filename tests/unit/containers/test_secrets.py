"""The secrets of a suite in containers."""

import json
import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from infra.containers.secrets import make_secrets
from infra.nats.keys import public_key
from shared.registry import NATS_USERS

COMPOSE = yaml.safe_load((Path(__file__).parents[3] / "infra/compose.yaml").read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_secrets(tmp_path / "secrets")
    return tmp_path / "secrets"


def test_every_secret_that_the_compose_file_mounts_is_made(folder: Path) -> None:
    for name, secret in COMPOSE["secrets"].items():
        assert secret["file"].endswith(f"/{name}")
        assert (folder / name).read_text(), name
    assert (folder / "nats-keys.env").exists()


def test_nobody_else_enters_the_folder_and_containers_can_read_what_is_mounted(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}


def test_a_second_run_changes_nothing(folder: Path) -> None:
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert make_secrets(folder) == []
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def test_a_removed_secret_is_made_anew_and_what_follows_from_it_too(folder: Path) -> None:
    os.unlink(folder / "nats-orders.nk")
    os.unlink(folder / "postgres-password")
    assert make_secrets(folder) == ["postgres-password", "nats-orders.nk"]
    assert urlsplit((folder / "postgres-url").read_text()).password == (folder / "postgres-password").read_text()
    assert public_key((folder / "nats-orders.nk").read_text()) in (folder / "nats-keys.env").read_text()


def test_the_server_learns_public_keys_alone(folder: Path) -> None:
    keys = (folder / "nats-keys.env").read_text()
    assert keys.count("=U") == len(NATS_USERS)
    assert not any((folder / f"nats-{user}.nk").read_text() in keys for user in NATS_USERS)
    assert "d" not in json.loads((folder / "token-public-key").read_text())


def test_every_app_has_a_password_of_its_own(folder: Path) -> None:
    passwords = {urlsplit(path.read_text()).password for path in folder.glob("*-url")}
    assert len(passwords) == 6
    assert all(password and len(password) >= 40 for password in passwords)


def test_nothing_of_it_gets_into_the_repository(folder: Path) -> None:
    assert (folder / ".gitignore").read_text() == "*\n"
