"""Settings of the production service."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from shared.kit.settings import Networks, Settings

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")


class ProductionSettings(Settings):
    """Settings of reports and label printers, beside those of every service."""

    report_batch: int = 256
    """Reports that share one transaction at most."""
    printer_networks: Networks = (*map(IPv4Network, PRIVATE), IPv6Network("fc00::/7"))
    """The networks in which label printers may be, for example ``192.168.0.0/16,10.1.2.3/32``.

    Private addresses, so that nobody has this computer call elsewhere, or itself.
    """
    label_font: Path | None = None
    """A font file with Hangul for label printers that have none stored; the system's when left out."""
