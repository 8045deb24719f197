"""What the tests make cheap is as strict as it should be in what is shipped."""

from pathlib import Path

from gateway.settings import GatewaySettings
from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from infra.local.postgres import SETTINGS

FIELDS = GatewaySettings.model_fields


def test_passwords_are_hashed_as_owasp_recommends() -> None:
    """Argon2id with 19 MiB, two passes and one lane."""
    assert (FIELDS["hash_memory_kib"].default, FIELDS["hash_passes"].default) == (19 * 1024, 2)


def test_a_session_is_looked_up_every_few_seconds() -> None:
    assert FIELDS["session_fresh_s"].default == 5.0


def test_what_is_acknowledged_is_on_the_disk(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data", minimum_free=0) as data:
        assert EmbeddedNats(data).environment["DURE_NATS_SYNC"] == "always"
    assert SETTINGS["synchronous_commit"] == "on"
    assert not {"fsync", "full_page_writes"} & SETTINGS.keys()
