"""Group commit: neighbours share a transaction, and a bad one fails alone."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.kit.batching import Batcher

pytestmark = pytest.mark.anyio


async def test_requests_that_arrive_meanwhile_share_the_next_batch() -> None:
    batches: list[list[int]] = []

    async def work(requests: Sequence[int]) -> list[int | Exception]:
        batches.append(list(requests))
        await asyncio.sleep(0.01)
        return [request * 2 for request in requests]

    batcher: Batcher[int, int] = Batcher(work, limit=3)
    assert await asyncio.gather(*(batcher.submit(number) for number in range(7))) == [0, 2, 4, 6, 8, 10, 12]
    assert [len(batch) for batch in batches] == [3, 3, 1]


async def test_one_that_breaks_the_batch_fails_alone() -> None:
    async def work(requests: Sequence[int]) -> list[int | Exception]:
        if 3 in requests:
            raise ValueError("three")
        return list(requests)

    batcher: Batcher[int, int] = Batcher(work, limit=10)
    outcomes = await asyncio.gather(*(batcher.submit(number) for number in range(5)), return_exceptions=True)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Exception)] == [0, 1, 2, 4]
    assert isinstance(outcomes[3], ValueError)


async def test_without_a_database_all_are_told_and_none_is_tried_again() -> None:
    tries = 0

    async def work(requests: Sequence[int]) -> list[int | Exception]:
        nonlocal tries
        tries += 1
        raise ConnectionRefusedError

    batcher: Batcher[int, int] = Batcher(work, limit=10)
    outcomes = await asyncio.gather(*(batcher.submit(number) for number in range(5)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {ConnectionRefusedError}
    assert tries == 1


async def test_an_answer_in_place_of_an_exception_is_raised_for_its_request() -> None:
    async def work(requests: Sequence[int]) -> list[int | Exception]:
        return [KeyError(request) if request == 1 else request for request in requests]

    batcher: Batcher[int, int] = Batcher(work, limit=10)
    outcomes = await asyncio.gather(*(batcher.submit(number) for number in range(3)), return_exceptions=True)
    assert (outcomes[0], type(outcomes[1]), outcomes[2]) == (0, KeyError, 2)
