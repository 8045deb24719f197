"""Waiting for what another service has published a moment ago, and this one has not heard yet."""

import asyncio
from collections.abc import Awaitable, Callable

ARRIVAL_S = 1.0
"""How long a request waits for something that is named in it and unknown here: its event may be on its way."""
LOOK_AGAIN_S = 0.1


async def wait_until(look: Callable[[], Awaitable[bool]], seconds: float = ARRIVAL_S) -> bool:
    """Look again and again, until ``look`` finds something or the time is over; what it found last."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not (found := await look()) and loop.time() < deadline:
        await asyncio.sleep(LOOK_AGAIN_S)
    return found
