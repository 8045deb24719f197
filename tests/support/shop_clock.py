"""The time in a file, which a script sets and every process of a suite sees."""

import os
from datetime import UTC, datetime
from pathlib import Path

from shared.kit.clock import utc_now as own_now


class ShopClock:
    """The time in a file, seen by every process of the suite."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, moment: datetime) -> None:
        """It is this moment from now on, until it is set again."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(moment.astimezone(UTC).isoformat())
        new.rename(self.path)

    def now(self) -> datetime:
        """The moment that was set."""
        return datetime.fromisoformat(self.path.read_text())


def now() -> datetime:
    """The moment in the file that the environment names; Dure's own where it names none."""
    path = os.environ.get("DURE_SHOP_CLOCK")
    return ShopClock(Path(path)).now() if path else own_now()
