"""What is named before its event has arrived is waited for, and not for ever."""

from collections.abc import Iterator

import pytest

from shared.kit import arrival

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "LOOK_AGAIN_S", 0)


async def looked(found: Iterator[bool], seconds: float = arrival.ARRIVAL_S) -> bool:
    async def look() -> bool:
        return next(found)

    return await arrival.wait_until(look, seconds)


async def test_what_arrives_meanwhile_is_found_and_not_looked_for_again() -> None:
    found = iter([False, False, True, False])
    assert await looked(found)
    assert list(found) == [False]


async def test_when_the_time_is_over_it_is_unknown() -> None:
    found = iter([False, True])
    assert not await looked(found, seconds=0)
    assert list(found) == [True]
