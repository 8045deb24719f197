"""Ports that no other worker of a test run chooses meanwhile, and the product itself never."""

import itertools
import os
import random

from infra.local.nats import is_taken

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
MINE = range(12_000 + WORKER % 8 * 1_000, 13_000 + WORKER % 8 * 1_000, 2)
"""Below the ports that embedded servers choose, and those that the system gives to connections."""
_next = itertools.cycle(random.sample(MINE, len(MINE)))


def own_port() -> int:
    """A port of the loopback interface on which nobody listens, nor on the next one, which the guide of ``--lan``
    takes."""
    return next(port for port in _next if not is_taken(port) and not is_taken(port + 1))
