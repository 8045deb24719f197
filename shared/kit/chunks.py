"""Long work in small parts: whoever has thousands of rows lets others have their turn."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 200


async def in_chunks(things: Sequence[T], at_once: int = AT_ONCE) -> AsyncIterator[Sequence[T]]:
    """A long list in parts, between which others get their turn."""
    for first in range(0, len(things), at_once):
        yield things[first : first + at_once]
        await asyncio.sleep(0)
