"""Connections to PostgreSQL, as many as are in use: one that lies idle takes 5 MB of the server's memory."""

import time

from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

LATELY_S = 15.0
"""A connection stays open while so many were in use at once within this time, or within twice of it."""


class SparingPool(AsyncAdaptedQueuePool):
    """Keeps the connections that were in use at once lately, and closes the others as they come back."""

    _since = 0.0
    _most = _most_before = 0

    def _do_get(self) -> ConnectionPoolEntry:
        record = super()._do_get()
        self._look()
        self._most = max(self._most, self.checkedout())
        return record

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        self._look()
        if self.checkedin() < max(self._most, self._most_before):
            super()._do_return_conn(record)
            return
        try:
            record.close()
        finally:
            self._dec_overflow()

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._since >= LATELY_S:
            self._most_before = self._most if now - self._since < 2 * LATELY_S else 0
            self._most, self._since = self.checkedout(), now
