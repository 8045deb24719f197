"""The step before the services: databases with their roles, this release's revisions, and the event streams."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
from pydantic import SecretStr

from infra.agreement.agree import Say, bring_to_agreement
from infra.containers.secrets import POSTGRES_URL, PSEUDONYM_KEY, database_url_file, seed_file
from infra.local.provision import provide
from infra.local.suite import metadata_of, services
from shared.kit.bus import Bus, provision_streams
from shared.kit.migrations import migrate
from shared.kit.settings import Settings
from shared.registry import APP_NAMES, PROVISIONING_USER, SERVICE_NAMES


async def provision_suite(secrets: Path, nats_url: str, say: Say, *, replicas: int = 1) -> None:
    """Prepare the servers for the suite whose secrets are in ``secrets``, and have the services agree.

    Again and again with the same outcome; ``say`` is told what had to be done.

    Raises asyncpg.PostgresError or OSError when PostgreSQL refuses or is not there, TimeoutError when NATS is not.
    """
    urls = {app: (secrets / database_url_file(app)).read_text().strip() for app in APP_NAMES}
    admin = await asyncpg.connect((secrets / POSTGRES_URL).read_text().strip(), timeout=10)
    try:
        for url in urls.values():
            login = urlsplit(url)
            await provide(admin, login.username or "", unquote(login.password or ""))
    finally:
        await admin.close()
    for app, url in urls.items():
        metadata, folder = metadata_of(app)
        await migrate(url, folder, metadata)
    seed = secrets / seed_file(PROVISIONING_USER)
    await provision_streams(nats_url, seed, replicas=replicas)
    pseudonym_key = (secrets / PSEUDONYM_KEY).read_text().strip()
    settings = {
        name: Settings(database_url=SecretStr(urls[name]), pseudonym_key=SecretStr(pseudonym_key))
        for name in SERVICE_NAMES
    }
    await bring_to_agreement(services(), settings, Bus(nats_url, PROVISIONING_USER, seed), say, replicas)
