"""Python under a shifted clock: libfaketime 0.9 lets no ``time.sleep`` pass while the monotonic time stays true."""

import select
import time


def sleep(seconds: float) -> None:
    """Wait by the kernel's select, which it leaves alone."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
