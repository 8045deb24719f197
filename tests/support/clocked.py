"""``dure up`` by a clock that a script sets: ``python -m tests.support.clocked up ...``; DURE_SHOP_CLOCK names the file
that holds the time, and without it the time is the machine's.

A whole shift passes in seconds, so that pictures and tests of the screens show a working day.
"""

from shared.kit import clock
from tests.support.shop_clock import now

clock.utc_now = now
from infra.cli import app  # noqa: E402  after the clock: its modules take the function by name

if __name__ == "__main__":
    app()
