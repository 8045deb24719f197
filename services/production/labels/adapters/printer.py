"""Sends commands to a label printer over the network (raw TCP, as a rule port 9100)."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

CONNECT_S = 3.0
SEND_S = 10.0
Networks = Sequence[IPv4Network | IPv6Network]


class PrinterError(Exception):
    """A printer got nothing; ``code`` is one with a text in ``messages``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def send(host: str, port: int, commands: bytes, networks: Networks) -> None:
    """Send the commands to the printer; PrinterError when it is not reached, too slow or outside of ``networks``.

    The name is looked up once and that address is used, so that it cannot lead elsewhere after it was checked.
    """
    try:
        address = await _address(host, port, networks)
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(address, port)
    except TimeoutError as error:
        raise PrinterError("printer_timeout") from error
    except ConnectionRefusedError as error:
        raise PrinterError("printer_refused") from error
    except OSError as error:
        raise PrinterError("printer_unreachable") from error
    try:
        async with asyncio.timeout(SEND_S):
            writer.write(commands)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
    except TimeoutError as error:
        writer.transport.abort()
        raise PrinterError("printer_timeout") from error
    except OSError as error:
        raise PrinterError("printer_unreachable") from error


async def _address(host: str, port: int, networks: Networks) -> str:
    async with asyncio.timeout(CONNECT_S):
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not any(ip_address(address) in network for network in networks):
        raise PrinterError("printer_elsewhere")
    return address
