"""A role and a database for each app, in the embedded cluster or in one that exists."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import asyncpg

from infra.local.data_folder import DataFolder
from infra.local.errors import ClusterRefusedError
from shared.registry import APP_NAMES

ROLE_SETTINGS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "15s",
    "synchronous_commit": "on",
}
"""Of the services' roles and not of the server, so that a backup by the superuser may take its time, and an external
server is set alike.
"""


async def provision(data: DataFolder, cluster_url: str, apps: Iterable[str] = APP_NAMES) -> dict[str, str]:
    """Make what is missing, and return each app's database URL.

    ``cluster_url`` is of a role that is superuser, or that has CREATEROLE and CREATEDB. Raises ClusterRefusedError.
    """
    plain = plain_url(cluster_url)
    try:
        connection = await asyncpg.connect(plain, timeout=10)
        try:
            for app in apps:
                await provide(connection, *login_of(data, app))
        finally:
            await connection.close()
    except asyncpg.InsufficientPrivilegeError as error:
        raise ClusterRefusedError(
            f"The role of DURE_DATABASE_URL may not make databases and roles ({error}). Grant it: ALTER ROLE …"
            " CREATEDB CREATEROLE."
        ) from error
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        where = urlsplit(plain)
        raise ClusterRefusedError(
            f"PostgreSQL at {where.hostname or dict(parse_qsl(where.query)).get('host')} cannot be used:"
            f" {error or type(error).__name__}. Check DURE_DATABASE_URL."
        ) from error
    return database_urls(data, cluster_url, apps)


def database_urls(data: DataFolder, cluster_url: str, apps: Iterable[str] = APP_NAMES) -> dict[str, str]:
    """Each app's database URL in the cluster at ``cluster_url``."""
    return {app: with_login(plain_url(cluster_url), *login_of(data, app)) for app in apps}


def login_of(data: DataFolder, app: str) -> tuple[str, str]:
    """The role of an app, and its password."""
    return f"dure_{app}", data.secret(f"database-{app}")


def plain_url(url: str) -> str:
    """A database's URL without SQLAlchemy's name of the driver."""
    return url.replace("postgresql+asyncpg://", "postgresql://")


async def provide(connection: "asyncpg.Connection[asyncpg.Record]", name: str, password: str) -> None:
    """One app's role, and its database of the same name, to which nobody else can connect."""
    if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
        await connection.execute(f"CREATE ROLE {name} LOGIN")
    await connection.execute(f"ALTER ROLE {name} PASSWORD '{password}'")
    for setting, value in ROLE_SETTINGS.items():
        await connection.execute(f"ALTER ROLE {name} SET {setting} = '{value}'")
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        if not await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            # who is no superuser can only give to a role that it is a member of
            await connection.execute(f"GRANT {name} TO CURRENT_USER")
        # sorted as in the embedded cluster, whatever the server's own locale is
        await connection.execute(
            f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin"
            " BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
        )
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")


def with_login(cluster_url: str, name: str, password: str) -> str:
    """``cluster_url`` for another role and the database of the same name; host, port and options stay."""
    url = urlsplit(cluster_url)
    hosts = url.netloc.rpartition("@")[2]
    options = urlencode(
        [(key, value) for key, value in parse_qsl(url.query) if key not in {"user", "password", "database", "dbname"}]
    )
    return urlunsplit((url.scheme, f"{name}:{quote(password, safe='')}@{hosts}", f"/{name}", options, ""))
