"""The load generator, in a process of its own: reads its order from standard input, writes what it measured.

``closed``: each connection sends the next request when it has the answer to the last one. ``open``: requests are due at a fixed rate, and
a latency counts from when the request was due, not from when it could be sent.
"""

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import uvloop


class Connection:
    """A kept-alive HTTP/1.1 connection, with no more than this needs."""

    def __init__(self, origin: str) -> None:
        where = urlsplit(origin)
        self._host, self._port = where.hostname or "127.0.0.1", where.port or 80
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def request(self, method: str, path: str, token: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body."""
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAuthorization: Bearer {token}\r\n"
            f"Idempotency-Key: {uuid4()}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lowered = answer.lower()
        at = lowered.index(b"content-length:")
        length = int(lowered[at + 15 : lowered.index(b"\r\n", at)])
        return int(answer[9:12]), await self._reader.readexactly(length)


class Measured:
    """Latencies by kind, and what went wrong."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.live: list[float] = []
        self.failures = 0

    def told(self, seconds: float) -> dict[str, Any]:
        """As the harness reads it; latencies in milliseconds."""
        return {
            "count": len(self.latencies),
            "seconds": seconds,
            "rate": len(self.latencies) / seconds,
            "failures": self.failures,
            **quantiles("", self.latencies),
            **quantiles("live_", self.live),
        }


def quantiles(prefix: str, values: list[float]) -> dict[str, float]:
    """p50 and p99 in milliseconds."""
    ordered = sorted(values)
    return (
        {f"{prefix}p{p}": ordered[min(len(ordered) - 1, len(ordered) * p // 100)] * 1000 for p in (50, 99)}
        if ordered
        else {}
    )


BODY = b'{"good": 1}'


async def closed(order: dict[str, Any], measured: Measured) -> float:
    """As fast as the answers come."""
    until = time.perf_counter() + order["seconds"]

    async def one(number: int) -> None:
        connection = Connection(order["origin"])
        path = order["paths"][number % len(order["paths"])]
        while time.perf_counter() < until:
            begun = time.perf_counter()
            status, _ = await connection.request(
                order["method"], path, order["token"], BODY if order["method"] == "POST" else b""
            )
            measured.latencies.append(time.perf_counter() - begun)
            measured.failures += status >= 300

    begun = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(order["connections"])))
    return time.perf_counter() - begun


async def open_loop(order: dict[str, Any], measured: Measured) -> float:
    """At a fixed rate."""
    idle = [Connection(order["origin"]) for _ in range(order["connections"])]
    free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
    for connection in idle:
        free.put_nowait(connection)
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}

    async def one(due: float, path: str) -> None:
        connection = await free.get()
        try:
            status, answer = await connection.request(
                order["method"], path, order["token"], BODY if order["method"] == "POST" else b""
            )
        finally:
            free.put_nowait(connection)
        measured.latencies.append(time.perf_counter() - due)
        measured.failures += status >= 300
        if order.get("live"):
            sent[answer[7:43].decode()] = due

    listening = asyncio.create_task(listen(order, seen)) if order.get("live") else None
    if listening is not None:
        await asyncio.sleep(1)
    begun = time.perf_counter()
    tasks = []
    for number in range(int(order["rate"] * order["seconds"])):
        due = begun + number / order["rate"]
        delay = due - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        tasks.append(asyncio.create_task(one(due, order["paths"][number % len(order["paths"])])))
    await asyncio.gather(*tasks)
    lasted = time.perf_counter() - begun
    if listening is not None:
        deadline = time.perf_counter() + 20
        while len(seen) < len(sent) and time.perf_counter() < deadline:
            await asyncio.sleep(0.02)
        listening.cancel()
        measured.live = [seen[id_] - due for id_, due in sent.items() if id_ in seen]
        measured.failures += len(sent) - len(measured.live)
    return lasted


async def listen(order: dict[str, Any], seen: dict[str, float]) -> None:
    """A browser's live stream: when each result was seen."""
    where = urlsplit(order["origin"])
    reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=2**20)
    writer.write(
        f"GET /api/v1/live?topics=work_orders HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {order['token']}\r\n\r\n".encode()
    )
    marker = b'"result":"'
    while True:
        line = await reader.readline()
        at = line.find(marker)
        if at > 0:
            seen[line[at + len(marker) : at + len(marker) + 36].decode()] = time.perf_counter()


async def main() -> None:
    """Do what standard input says."""
    order = json.loads(sys.stdin.read())
    measured = Measured()
    lasted = await (closed if order["mode"] == "closed" else open_loop)(order, measured)
    json.dump(measured.told(lasted), sys.stdout)


if __name__ == "__main__":
    uvloop.run(main())
