"""The step before the services: databases with their roles, this release's revisions, and the event streams."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

from infra.containers.secrets import POSTGRES_URL, database_url_file, seed_file
from infra.local.provision import provide
from infra.local.suite import metadata_of
from shared.kit.bus import provision_streams
from shared.kit.migrations import migrate
from shared.registry import APP_NAMES, PROVISIONING_USER


async def provision_suite(secrets: Path, nats_url: str, *, replicas: int = 1) -> None:
    """Prepare the servers for the suite whose secrets are in ``secrets``; again and again with the same outcome.

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
    await provision_streams(nats_url, secrets / seed_file(PROVISIONING_USER), replicas=replicas)
