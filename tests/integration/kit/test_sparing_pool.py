"""A service's connections: as many as it needs at once, and no more that lie idle."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.kit import sparing_pool
from shared.kit.sparing_pool import SparingPool
from tests.support.world import TestCluster, eventually

pytestmark = pytest.mark.anyio
AT_ONCE = 4


async def test_connections_that_were_needed_at_once_stay_and_go_when_they_are_needed_no_more(
    cluster: TestCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = (await cluster.fresh_database("quality")).replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url, poolclass=SparingPool, pool_use_lifo=True, pool_size=AT_ONCE, max_overflow=0)
    pool = engine.pool
    assert isinstance(pool, SparingPool)

    async def ask() -> int:
        async with engine.connect() as connection:
            return int((await connection.execute(text("SELECT 7 FROM pg_sleep(0.05)"))).scalar_one())

    try:
        assert await asyncio.gather(*(ask() for _ in range(3 * AT_ONCE))) == [7] * (3 * AT_ONCE)
        assert (pool.checkedin(), pool.checkedout()) == (AT_ONCE, 0)
        await ask()
        assert pool.checkedin() == AT_ONCE, "they may be needed again in a moment"
        monkeypatch.setattr(sparing_pool, "LATELY_S", 0.01)

        async def kept() -> int:
            await ask()
            return pool.checkedin()

        await eventually(kept, lambda count: count == 1)
        assert await asyncio.gather(*(ask() for _ in range(AT_ONCE))) == [7] * AT_ONCE
    finally:
        await engine.dispose()
