"""Settings of the ERP bridge."""

from typing import Annotated

from pydantic import BeforeValidator, IPvAnyNetwork
from pydantic_settings import NoDecode

from shared.kit.settings import Settings


def _listed(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class ErpBridgeSettings(Settings):
    """The plumbing's settings, and where the bridge may send to."""

    outgoing_allowed: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_listed)] = ()
    """Networks that webhooks may reach though they are not public; http is allowed there.

    For example ``10.0.0.0/8,192.168.1.20/32``.
    """
