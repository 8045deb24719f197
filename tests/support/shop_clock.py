"""``dure up`` with a clock that a script sets: ``python -m tests.support.shop_clock up ...``; DURE_SHOP_CLOCK names the file that holds the time.

A whole shift passes in seconds, so that pictures and tests of the screens show a working day.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from shared.kit import clock


class ShopClock:
    """The time in a file, seen by every process of the suite."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, moment: datetime) -> None:
        """It is this moment from now on, until it is set again."""
        new = self.path.with_suffix(".new")
        new.write_text(moment.astimezone(UTC).isoformat())
        new.rename(self.path)

    def now(self) -> datetime:
        """The moment that was set."""
        return datetime.fromisoformat(self.path.read_text())


if __name__ == "__main__":
    clock.utc_now = ShopClock(Path(os.environ["DURE_SHOP_CLOCK"])).now
    from infra.cli import app  # after the clock: its modules take the function by name

    app()
