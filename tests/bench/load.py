"""The load generator: a process of its own (``python -m tests.bench.load``) that reads a ``Load`` and writes an
``Outcome`` as JSON.

Raw HTTP/1.1 over asyncio streams, so that it takes as little as possible of the machine it measures. Open loop: the
latency of a request
counts from the moment for which it was planned. Closed loop: each connection sends its next request when it has its
answer.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from uuid import uuid4

import uvloop


@dataclass(frozen=True)
class Load:
    """What is sent: ``body`` to the ``paths`` in turn, each with an Idempotency-Key of its own."""

    port: int
    token: str
    paths: list[str]
    body: str
    seconds: float
    connections: int = 8
    rate: float | None = None
    """Requests a second; None: closed loop."""
    listen: bool = False
    """Follow the live stream, and take the time at which each report appears in it."""


@dataclass
class Outcome:
    """Latencies in seconds; ``shown`` is the time from a report's moment to its event in the live stream."""

    begun: float = 0.0
    """Wall clock."""
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    failed: int = 0


class Connection:
    """One kept-alive connection."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._head = (
            f"Host: 127.0.0.1:{load.port}\r\nAuthorization: Bearer {load.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(load.body.encode())}\r\nIdempotency-Key: "
        )

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._load.port)

    async def post(self, path: str) -> tuple[int, bytes]:
        """Send the body; status and body of the answer."""
        self._writer.write(f"POST {path} HTTP/1.1\r\n{self._head}{uuid4()}\r\n\r\n{self._load.body}".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        at = lower.index(b"content-length:") + 15
        return int(head[9:12]), await self._reader.readexactly(int(lower[at : lower.index(b"\r", at)]))


class Generator:
    """Runs one load."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._sent = 0
        self._planned: dict[str, float] = {}
        self._seen: dict[str, float] = {}
        self.outcome = Outcome()

    async def run(self) -> Outcome:
        """Send everything and wait for all answers."""
        load = self._load
        connections = [Connection(load) for _ in range(load.connections)]
        await asyncio.gather(*(connection.open() for connection in connections))
        listening = asyncio.create_task(self._listen()) if load.listen else None
        if listening:
            await asyncio.sleep(1)
        self.outcome.begun = time.time()
        begun = time.perf_counter()
        if load.rate is None:
            await asyncio.gather(*(self._closed(connection, begun + load.seconds) for connection in connections))
        else:
            await self._open(connections, begun, load.rate)
        self.outcome.seconds = time.perf_counter() - begun
        if listening:
            await asyncio.sleep(2)
            listening.cancel()
            self.outcome.shown = [self._seen[id_] - at for id_, at in self._planned.items() if id_ in self._seen]
        return self.outcome

    async def _closed(self, connection: Connection, end: float) -> None:
        while (now := time.perf_counter()) < end:
            await self._post(connection, now)

    async def _open(self, connections: list[Connection], begun: float, rate: float) -> None:
        free: asyncio.Queue[Connection] = asyncio.Queue()
        for connection in connections:
            free.put_nowait(connection)
        running: set[asyncio.Task[None]] = set()
        for number in range(int(self._load.seconds * rate)):
            planned = begun + number / rate
            if (wait := planned - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(self._borrowed(free, planned))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)

    async def _borrowed(self, free: asyncio.Queue[Connection], planned: float) -> None:
        connection = await free.get()
        await self._post(connection, planned)
        free.put_nowait(connection)

    async def _post(self, connection: Connection, planned: float) -> None:
        self._sent += 1
        status, body = await connection.post(self._load.paths[self._sent % len(self._load.paths)])
        if status != 201:
            self.outcome.failed += 1
            return
        self.outcome.latencies.append(time.perf_counter() - planned)
        if self._load.listen:
            self._planned[json.loads(body)["id"]] = planned

    async def _listen(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._load.port, limit=2**22)
        path = "/api/v1/live?topics=work_orders,machines,quality,erp,definitions"
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self._load.token}\r\n\r\n"
        writer.write(head.encode())
        mark = b'"result_id":"'
        while line := await reader.readline():
            at = line.find(mark)
            if at >= 0:
                start = at + len(mark)
                self._seen.setdefault(line[start : start + 36].decode(), time.perf_counter())


def main() -> None:
    """Run the load that stdin tells."""
    load = Load(**json.load(sys.stdin))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        json.dump(asdict(runner.run(Generator(load).run())), sys.stdout)


if __name__ == "__main__":
    main()
