"""The address behind a URL, resolved and checked before anything is sent there."""

import asyncio
import socket
from collections.abc import Collection

from services.erp_bridge.outbound.domain.target import Network, Target, address_fault, parse_target

RESOLVE_S = 3


class Unreachable(Exception):
    """The URL leads nowhere, or where the bridge must not go; the message is a code."""


async def checked_address(url: str, allowed: Collection[Network]) -> str:
    """The address to call for ``url``, when all addresses of its name may be called; raises Unreachable."""
    try:
        target = parse_target(url)
    except ValueError as error:
        raise Unreachable(str(error)) from error
    addresses = await _resolve(target)
    for address in addresses:
        if fault := address_fault(address, target.secure, allowed):
            raise Unreachable(fault)
    return addresses[0]


async def _resolve(target: Target) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_S):
            found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError) as error:
        raise Unreachable("url_unresolved") from error
    return [str(address[0]) for *_, address in found]
