"""One listener and its queue."""

import asyncio
from collections import deque
from collections.abc import Callable

QUEUE_BYTES = 512 * 1024


class Listener:
    """Takes what is put for it, all at once; who takes too slowly is cut, and comes back with ``Last-Event-ID``."""

    def __init__(self, topics: frozenset[str], on_cut: Callable[[], object]) -> None:
        self.topics = topics
        self._on_cut = on_cut
        self._queue: deque[bytes] = deque()
        self._bytes = 0
        self._waiter: asyncio.Future[None] | None = None
        self.is_over = False
        self.must_prove = False
        """Set when its session is to be checked again."""

    def put(self, message: bytes) -> None:
        """Queue a message; it is shared with the other listeners."""
        if self.is_over:
            return
        self._bytes += len(message)
        if self._bytes > QUEUE_BYTES:
            self.end()
            self._on_cut()
            return
        self._queue.append(message)
        self._wake()

    def end(self) -> None:
        """Nothing more will come."""
        self.is_over = True
        self._queue.clear()
        self._wake()

    async def take(self) -> bytes:
        """All that was queued, as soon as there is something; nothing when it is over."""
        if not self._queue and not self.is_over:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        chunk = b"".join(self._queue)
        self._queue.clear()
        self._bytes = 0
        return chunk

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
