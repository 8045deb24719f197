"""Alembic for each service, driven from code: no ini files, one folder ``migrations/`` a service."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine


def config_of(folder: Path, connection: Connection | None = None, metadata: MetaData | None = None) -> Config:
    """Alembic's configuration for the migrations in ``folder``."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


async def migrate(url: str, folder: Path, metadata: MetaData) -> None:
    """Bring the database at ``url`` to the newest revision."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)

    def upgrade(connection: Connection) -> None:
        command.upgrade(config_of(folder, connection, metadata), "head")

    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


async def difference(url: str, metadata: MetaData) -> list[object]:
    """The differences of the database at ``url`` from ``metadata``."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)

    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compare)
    finally:
        await engine.dispose()


def run_env() -> None:
    """Run the revisions on the connection given; the whole of every service's ``migrations/env.py``."""
    from alembic import context

    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection, target_metadata=context.config.attributes["metadata"], transaction_per_migration=False
    )
    with context.begin_transaction():
        context.run_migrations()
