"""A background task ends when it is told to, also where a library swallows the cancellation."""

import asyncio

import pytest

from shared.kit.tasks import end

pytestmark = pytest.mark.anyio


async def stubborn(cancellations: list[str], swallowed: int) -> None:
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancellations.append("cancelled")
            if len(cancellations) > swallowed:
                raise


@pytest.mark.parametrize("swallowed", [0, 1, 2])
async def test_a_task_that_swallows_cancellations_ends_nevertheless(swallowed: int) -> None:
    cancellations: list[str] = []
    task = asyncio.create_task(stubborn(cancellations, swallowed))
    await asyncio.sleep(0)
    await asyncio.wait_for(end(task), 10)
    assert task.cancelled()
    assert len(cancellations) == swallowed + 1


async def test_what_never_began_or_has_ended_is_no_matter() -> None:
    await end(None)
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    await end(task)
    assert task.done()
    assert not task.cancelled()
