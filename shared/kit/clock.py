"""The one place that reads the clock, and the one that can put another in its stead.

While a demo's history is made, the time of its shop stands in the place of the true one, for this process and those
that are forked from it: it is kept in their shared memory and nowhere else, so neither a request nor a file or variable
can set it, and with the processes it is gone.
"""

import mmap
import struct
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CELL = struct.Struct("=q")
TRUE = 0
"""What is in the cell while the true time counts."""
_cell: mmap.mmap | None = None


def utc_now() -> datetime:
    """The present instant, in UTC."""
    if _cell is not None and (microseconds := _read(_cell)) != TRUE:
        return EPOCH + microseconds * MICROSECOND
    return datetime.now(UTC)


def _read(cell: mmap.mmap) -> int:
    (microseconds,) = CELL.unpack_from(cell)
    return int(microseconds)


class PlayedClock:
    """The hand on the clock of a history that is being made; there is one in a process at most."""

    def __init__(self, begins: datetime) -> None:
        global _cell
        if _cell is not None:
            raise RuntimeError("a clock is being played already")
        _cell = mmap.mmap(-1, CELL.size)
        self._cell = _cell
        self.put(begins)

    def put(self, moment: datetime) -> None:
        """It is this moment from now on. ValueError when it lies before the last one, or in the future."""
        microseconds = (moment - EPOCH) // MICROSECOND
        if microseconds < _read(self._cell):
            raise ValueError("a clock goes forwards")
        if moment > datetime.now(UTC):
            raise ValueError("a history ends now")
        CELL.pack_into(self._cell, 0, microseconds)

    def release(self) -> None:
        """The true time counts again, for good."""
        CELL.pack_into(self._cell, 0, TRUE)
