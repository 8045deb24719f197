"""Group commit: requests that arrive while a transaction is on its way share the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from shared.kit.problem import is_unavailable

Request = TypeVar("Request")
Answer = TypeVar("Answer")
GATHER_S = 0.002
"""Rest after a batch of several requests:
those who were just answered come again, and one transaction takes them all."""


class Batcher(Generic[Request, Answer]):
    """Collects requests and hands them to ``work`` in batches, one batch at a time.

    ``work`` commits a batch and returns one answer a request; an exception in place of an answer is raised for that
    request alone. When a whole batch fails its requests are tried one by one, so that a bad one does not fail its
    neighbours.
    """

    def __init__(
        self, work: Callable[[Sequence[Request]], Awaitable[Sequence[Answer | Exception]]], limit: int
    ) -> None:
        self._work = work
        self._limit = limit
        self._waiting: list[tuple[Request, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def submit(self, request: Request) -> Answer:
        """The answer to ``request``, after its commit."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), context=Context())  # of no request alone
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
            await self._settle(batch)
            if 1 < len(batch) < self._limit:
                await asyncio.sleep(GATHER_S)

    async def _settle(self, batch: Sequence[tuple[Request, "asyncio.Future[Answer]"]]) -> None:
        try:
            answers: Sequence[Answer | Exception] = await self._work([request for request, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not is_unavailable(error):
                for one in batch:
                    await self._settle([one])
                return
            answers = [error] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
