"""The apps of Dure, stated once: whatever needs a list of them takes it from here.

A new service is one entry here, a section in ``infra/nats/nats.conf`` and containers in ``infra/compose.yaml``; a test
compares the three.
"""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class ServiceEntry:
    """A service: ``name`` is its package, database, process and NATS user.

    ``publisher`` is its name in routes, subjects and token audiences.
    """

    name: str
    publisher: str
    stream_bytes: int
    """The most that its event stream holds: at least 14 days of a busy shop."""


SERVICES = (
    ServiceEntry("orders", "orders", 512 * MIB),
    ServiceEntry("production", "production", 2048 * MIB),
    ServiceEntry("quality", "quality", 512 * MIB),
    ServiceEntry("erp_bridge", "erp", 512 * MIB),
)

GATEWAY_NAME = "gateway"
SERVICE_NAMES = tuple(service.name for service in SERVICES)
APP_NAMES = (*SERVICE_NAMES, GATEWAY_NAME)
"""All that is served, in the order in which it starts: each has a database, a process and a NATS user of this name."""
PROVISIONING_USER = "provision"
NATS_USERS = (*APP_NAMES, PROVISIONING_USER)
PUBLISHER_OF = {service.name: service.publisher for service in SERVICES}


def package_of(app: str) -> str:
    """The Python package of an app."""
    return app if app == GATEWAY_NAME else f"services.{app}"
