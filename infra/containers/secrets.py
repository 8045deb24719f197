"""The secrets of a suite in containers: one file each, which the engine mounts as ``/run/secrets/<name>``.

The folder is closed to everybody but its owner. The files in it can be read by all, for an engine mounts a file with
the owner and mode that it has on the host, and no container runs as that owner.
"""

import json
import os
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

from joserfc.jwk import OKPKey

from infra.nats.keys import key_variables, new_seed
from shared.registry import APP_NAMES, NATS_USERS

SUPERUSER = "dure"
POSTGRES_PASSWORD = "postgres-password"  # noqa: S105  a file's name
POSTGRES_URL = "postgres-url"
PSEUDONYM_KEY = "pseudonym-key"
NATS_KEYS = "nats-keys.env"


def database_url_file(app: str) -> str:
    """The name of the secret with an app's database URL."""
    return f"{app}-database-url"


def seed_file(user: str) -> str:
    """The name of the secret with the seed of a user of NATS."""
    return f"nats-{user}.nk"


def make_secrets(folder: Path, *, database: str = "postgres:5432") -> list[str]:
    """Make what is missing in ``folder`` for the PostgreSQL server at ``database``; the names of the new secrets.

    Who removes a secret, calls this again, provisions and starts anew has changed it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    _write(folder / ".gitignore", "*\n")
    created: list[str] = []

    def secret(name: str, make: Callable[[], str]) -> str:
        path = folder / name
        if not path.exists():
            _write(path, make())
            created.append(name)
        return path.read_text()

    password = secret(POSTGRES_PASSWORD, secrets.token_urlsafe)
    _write(folder / POSTGRES_URL, f"postgresql://{SUPERUSER}:{password}@{database}/postgres")
    for app in APP_NAMES:
        secret(database_url_file(app), partial(_database_url, app, database))
    seeds = {user: secret(seed_file(user), new_seed) for user in NATS_USERS}
    _write(folder / NATS_KEYS, "".join(f"{name}={key}\n" for name, key in key_variables(seeds).items()))
    private = secret("token-private-key", lambda: json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    public = OKPKey.import_key(json.loads(private)).as_dict(private=False)
    _write(folder / "token-public-key", json.dumps(public))
    secret("badge-key", secrets.token_urlsafe)
    secret(PSEUDONYM_KEY, secrets.token_urlsafe)
    return created


def _database_url(app: str, database: str) -> str:
    return f"postgresql://dure_{app}:{secrets.token_urlsafe()}@{database}/dure_{app}"


def _write(path: Path, text: str) -> None:
    """All of it or nothing, also when the power fails."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.chmod(0o444)
    new.replace(path)
