"""Each service has a database that only it can use, in our cluster or in one that the shop has already."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from infra.local.data_folder import DataFolder
from infra.local.errors import ClusterRefusedError
from infra.local.postgres import EmbeddedPostgres
from infra.local.provision import provision, with_login
from shared.registry import APP_NAMES

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataFolder]:
    with DataFolder(tmp_path_factory.mktemp("cluster"), minimum_free=0) as opened:
        yield opened


@pytest.fixture(scope="module")
def cluster(data: DataFolder) -> Iterator[str]:
    postgres = EmbeddedPostgres(data)
    postgres.start()
    yield postgres.url
    postgres.stop()


@pytest.fixture(scope="module")
def urls(data: DataFolder, cluster: str) -> dict[str, str]:
    return asyncio.run(provision(data, cluster))


async def test_each_service_works_in_its_own_database(urls: dict[str, str]) -> None:
    assert set(urls) == set(APP_NAMES)
    for service, url in urls.items():
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE work (id int)")
        assert await connection.fetchval("SELECT current_database()") == f"dure_{service}"
        await connection.close()


async def test_a_service_cannot_enter_the_database_of_another(urls: dict[str, str]) -> None:
    assert "@/dure_quality" in urls["quality"]
    foreign = urls["quality"].replace("@/dure_quality", "@/dure_orders")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(foreign)


async def test_nobody_enters_without_the_password(urls: dict[str, str]) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(urls["orders"], password="guessed")


async def test_a_stuck_statement_of_a_service_ends_by_itself(urls: dict[str, str]) -> None:
    connection = await asyncpg.connect(urls["orders"])
    limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "synchronous_commit")
    assert [await connection.fetchval(f"SHOW {limit}") for limit in limits] == ["5s", "2s", "15s", "on"]
    await connection.close()


async def test_pages_are_checked_and_hangul_is_sorted(urls: dict[str, str]) -> None:
    connection = await asyncpg.connect(urls["orders"])
    assert await connection.fetchval("SHOW data_checksums") == "on"
    names = await connection.fetch(
        "SELECT * FROM unnest(ARRAY['하우징', '가스켓', '브라켓', 'Bolt']) AS name ORDER BY name"
    )
    assert [row["name"] for row in names] == ["Bolt", "가스켓", "브라켓", "하우징"]
    await connection.close()


async def test_a_second_start_gives_the_same_urls_and_keeps_what_is_there(
    data: DataFolder, cluster: str, urls: dict[str, str]
) -> None:
    connection = await asyncpg.connect(urls["gateway"])
    await connection.execute("CREATE TABLE person (code text)")
    await connection.close()
    assert await provision(data, cluster) == urls
    connection = await asyncpg.connect(urls["gateway"])
    assert await connection.fetchval("SELECT count(*) FROM person") == 0
    await connection.close()


async def test_a_server_that_exists_is_used_by_a_role_that_may_make_databases(tmp_path: Path, cluster: str) -> None:
    superuser = await asyncpg.connect(cluster)
    await superuser.execute("CREATE ROLE administrator LOGIN CREATEDB CREATEROLE PASSWORD 'correct horse'")
    await superuser.close()
    given = with_login(cluster, "administrator", "correct horse").replace("/administrator?", "/postgres?")
    with DataFolder(tmp_path / "another", minimum_free=0) as data:
        # not the module's services: another host of the same shop would have its own server
        urls = await provision(data, given.replace("postgresql://", "postgresql+asyncpg://"), ["learning_factory"])
        assert await provision(data, given, ["learning_factory"]) == urls
    connection = await asyncpg.connect(urls["learning_factory"])
    await connection.execute("CREATE TABLE work (id int)")
    await connection.close()


async def test_a_role_that_may_not_make_databases_is_told_what_it_lacks(tmp_path: Path, cluster: str) -> None:
    superuser = await asyncpg.connect(cluster)
    await superuser.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    await superuser.close()
    given = with_login(cluster, "guest", "guest").replace("/guest?", "/postgres?")
    with (
        DataFolder(tmp_path / "another", minimum_free=0) as data,
        pytest.raises(ClusterRefusedError, match="CREATEDB CREATEROLE"),
    ):
        await provision(data, given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            "postgresql://dure:secret@127.0.0.1:1/postgres",
            r"PostgreSQL at 127\.0\.0\.1 cannot be used.*DURE_DATABASE_URL",
        ),
        ("postgresql://dure:secret@/postgres?host=/nowhere", r"PostgreSQL at /nowhere cannot be used"),
    ],
)
async def test_a_server_that_does_not_answer_is_named_without_its_password(
    data: DataFolder, given: str, said: str
) -> None:
    with pytest.raises(ClusterRefusedError, match=said) as refused:
        await provision(data, given)
    assert "secret" not in str(refused.value)


def test_the_options_of_a_server_that_exists_are_kept() -> None:
    given = (
        "postgresql://admin:secret@db1:5433,db2:5434/postgres"
        "?sslmode=verify-full&target_session_attrs=read-write&user=x"
    )
    assert with_login(given, "dure_orders", "p@ss/word") == (
        "postgresql://dure_orders:p%40ss%2Fword@db1:5433,db2:5434/dure_orders"
        "?sslmode=verify-full&target_session_attrs=read-write"
    )
