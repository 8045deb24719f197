"""A new Alembic revision of one service, found by comparing its tables with a throw-away PostgreSQL at the revision
before.

``python -m infra.local.revision orders "what it is for"``
"""

import asyncio
import importlib
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from infra.local.data_folder import DataFolder
from infra.local.postgres import EmbeddedPostgres
from infra.local.provision import provision
from shared.kit.migrations import config_of, migrate
from shared.registry import package_of


async def write_revision(url: str, package: str, message: str) -> None:
    """Bring the database to the head, compare, and write the revision's file."""
    base = importlib.import_module(f"{package}.base")
    importlib.import_module(f"{package}.main")
    folder = Path(str(base.__file__)).parent / "migrations"
    metadata = base.Base.metadata
    (folder / "versions").mkdir(exist_ok=True)
    if any((folder / "versions").glob("*.py")):
        await migrate(url, folder, metadata)
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)

    def revise(connection: Connection) -> None:
        number = f"{len(list((folder / 'versions').glob('*.py'))) + 1:04d}"
        command.revision(config_of(folder, connection, metadata), message, autogenerate=True, rev_id=number)

    async with engine.begin() as connection:
        await connection.run_sync(revise)
    await engine.dispose()


def main(service: str, message: str) -> None:
    """Start a throw-away PostgreSQL and write the revision."""
    with tempfile.TemporaryDirectory(prefix="dure-") as folder, DataFolder(Path(folder)) as data:
        postgres = EmbeddedPostgres(data)
        postgres.start()
        try:
            urls = asyncio.run(provision(data, postgres.url, [service]))
            asyncio.run(write_revision(urls[service], package_of(service), message))
        finally:
            postgres.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
