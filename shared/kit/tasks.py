"""Background tasks and their end."""

import asyncio
from typing import Any

AGAIN_S = 0.2


async def end(task: "asyncio.Task[Any] | None") -> None:
    """Cancel ``task`` until it has ended: a wait that meets its answer in that moment swallows a cancellation."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_S)
