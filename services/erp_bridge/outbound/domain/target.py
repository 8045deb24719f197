"""The addresses that the bridge may send to. Pure: no name is resolved here."""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NEVER = tuple(
    ip_network(text) for text in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32", "0.0.0.0/8")
)
"""Link-local and metadata addresses: no setting opens them."""
NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """The host and port of a URL."""

    host: str
    port: int
    secure: bool


def parse_target(url: str) -> Target:
    """The target of a URL; ``ValueError(code)`` when it is not one for a webhook."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("url_parsing") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or parts.fragment:
        raise ValueError("url_parsing")
    secure = parts.scheme == "https"
    return Target(parts.hostname, port or (443 if secure else 80), secure)


def same_target(one: str, other: str) -> bool:
    """True if two URLs lead to the same: they differ in letter case of the host or in what is left out."""
    return _normal_form(one) == _normal_form(other)


def _normal_form(url: str) -> tuple[Target, str, str]:
    parts = urlsplit(url)
    return parse_target(url), parts.path or "/", parts.query


def plain_address(address: Address) -> Address:
    """The IPv4 address that an IPv6 address only wraps, or the address itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped or address.sixtofour:
            return address.ipv4_mapped or address.sixtofour or address
        if address.teredo:
            return address.teredo[1]
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def address_fault(address: str, secure: bool, allowed: Collection[Network]) -> str | None:
    """The reason why this address must not be called, as a code; None when it may be.

    Listed networks may be private and without TLS.
    """
    plain = plain_address(ip_address(address.partition("%")[0]))
    if any(plain in network for network in NEVER):
        return "url_address_refused"
    if any(plain in network for network in allowed):
        return None
    if not plain.is_global or plain.is_multicast:
        return "url_address_refused"
    return None if secure else "url_not_https"
