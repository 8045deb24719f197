"""By which addresses and names other devices of the local network reach this machine."""

import re
import socket
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, ip_address

import psutil

from infra.local.errors import NoLanAddressError, NotALanAddressError

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918."""
INSIDE = re.compile(r"(docker|br-|veth|virbr|cni|podman|lxc|lxd)")
"""Networks between containers and virtual machines: no tablet is there, and they come and go."""
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  compared, not bound
ELSEWHERE = ("198.51.100.1", 9)
"""Of RFC 5737: in nobody's network, so the way there is the way out."""


def lan_names(host: str) -> list[str]:
    """The addresses to reach a server that listens on ``host``, the best one first, then this machine's name by mDNS.

    Raises NoLanAddressError, NotALanAddressError.
    """
    addresses = lan_addresses(_interfaces(), _outgoing_address()) if host in EVERYWHERE else [_own_choice(host)]
    if not addresses:
        raise NoLanAddressError
    return [*addresses, f"{machine_name()}.local"]


def machine_name() -> str:
    """The first word of this machine's name, as it is written in other names."""
    return re.sub(r"[^a-z0-9-]", "", socket.gethostname().partition(".")[0].lower()) or "dure"


def lan_addresses(interfaces: Mapping[str, Sequence[str]], own_address: str | None) -> list[str]:
    """The private IPv4 addresses among the interfaces', the one that leads to other networks first."""
    found = {
        address
        for interface, addresses in interfaces.items()
        if not INSIDE.match(interface)
        for address in addresses
        if _is_private(address)
    }
    return sorted(found, key=lambda address: (address != own_address, IPv4Address(address)))


def _is_private(address: str) -> bool:
    return any(IPv4Address(address) in network for network in PRIVATE)


def _own_choice(host: str) -> str:
    """An address that somebody chose; loopback too, for who tries it out."""
    try:
        address = ip_address(host)
    except ValueError:
        raise NotALanAddressError(host) from None
    if isinstance(address, IPv4Address) and (address.is_loopback or _is_private(host)):
        return host
    raise NotALanAddressError(host)


def _interfaces() -> dict[str, list[str]]:
    stats = psutil.net_if_stats()
    return {
        name: [one.address for one in addresses if one.family == socket.AF_INET]
        for name, addresses in psutil.net_if_addrs().items()
        if name in stats and stats[name].isup
    }


def _outgoing_address() -> str | None:
    """The address that this machine speaks from; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return None
        return str(probe.getsockname()[0])
