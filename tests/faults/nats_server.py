"""A NATS server that stays down as long as a test wants."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
from nats.js import JetStreamContext

from infra.local.nats import find_binary
from tests.support.ports import own_port

READERS = ("orders", "quality", "erp_bridge")
"""The durable consumers of production's stream."""


class NatsServer:
    """Without users; it keeps its port and its store."""

    def __init__(self, folder: Path) -> None:
        self.port = own_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self._command = [str(find_binary()), "-js", "-sd", str(folder), "-a", "127.0.0.1", "-p", str(self.port)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and do not wait."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """``kill -9``."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @asynccontextmanager
    async def js(self) -> AsyncIterator[JetStreamContext]:
        """JetStream, for what an operator of the server may do."""
        client = await nats.connect(self.url)
        try:
            yield client.jetstream()
        finally:
            await client.close()

    async def fill(self, stream: str) -> int:
        """Leave a stream no room for more than a message; the limit that it had."""
        async with self.js() as js:
            info = await js.stream_info(stream)
        had = int(info.config.max_bytes or 0)
        await self.allow(stream, info.state.bytes + 1024)
        return had

    async def allow(self, stream: str, max_bytes: int) -> None:
        """Let a stream hold so many bytes."""
        async with self.js() as js:
            config = (await js.stream_info(stream)).config
            config.max_bytes = max_bytes
            await js.update_stream(config)

    async def settle(self, stream: str, seconds: float = 60) -> None:
        """Wait until all readers of a stream have acknowledged everything."""
        deadline = asyncio.get_running_loop().time() + seconds
        async with self.js() as js:
            while True:
                infos = [await js.consumer_info(stream, reader) for reader in READERS]
                if not any((info.num_pending or 0) + (info.num_ack_pending or 0) for info in infos):
                    return
                assert asyncio.get_running_loop().time() < deadline, infos
                await asyncio.sleep(0.1)

    async def deliver_again(self, stream: str, share: float) -> int:
        """Publish the last ``share`` of a stream once more, the newest first, as if the duplicate window had
        passed; how many."""
        async with self.js() as js:
            state = (await js.stream_info(stream)).state
            first = state.last_seq - int((state.last_seq - state.first_seq + 1) * share) + 1
            for position in range(state.last_seq, first - 1, -1):
                message = await js.get_msg(stream, position)
                headers = {**(message.headers or {}), "Nats-Msg-Id": f"again-{position}"}
                await js.publish(str(message.subject), message.data or b"", headers=headers)
            return int(state.last_seq - first + 1)
