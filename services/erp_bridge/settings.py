"""Settings of the ERP bridge."""

from shared.kit.settings import Networks, Settings


class ErpBridgeSettings(Settings):
    """The plumbing's settings, and where the bridge may send to."""

    outgoing_allowed: Networks = ()
    """Networks that webhooks may reach though they are not public; http is allowed there.

    For example ``10.0.0.0/8,192.168.1.20/32``.
    """
