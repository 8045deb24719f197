"""The connection to NATS: it is made in the background and for ever, since a service works without it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import nats
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from shared.contracts.streams import STREAMS, Stream

log = structlog.get_logger(__name__)


class Bus:
    """One service's connection; ``js`` waits until there is one."""

    def __init__(self, url: str, name: str, seed_file: Path | None = None) -> None:
        self._url = url
        self._name = name
        self._seed_file = seed_file
        self._client: Client | None = None
        self._connected = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect."""
        self._task = asyncio.create_task(self._connect(), name=f"{self._name}-bus")

    @property
    def is_connected(self) -> bool:
        """True while the server is connected."""
        return self._client is not None and self._client.is_connected

    async def js(self) -> JetStreamContext:
        """JetStream, as soon as a first connection was made."""
        await self._connected.wait()
        assert self._client is not None  # noqa: S101  set before the event
        return self._client.jetstream(timeout=10)

    @property
    def client(self) -> Client:
        """The connection itself; only after ``js`` has answered once."""
        assert self._client is not None  # noqa: S101  said above
        return self._client

    async def _connect(self) -> None:
        async def on_error(error: Exception) -> None:
            log.warning("nats error", service=self._name, error=str(error) or type(error).__name__)

        async def on_closed() -> None:
            log.info("nats connection closed", service=self._name)

        delay = 0.1
        while True:
            try:
                self._client = await nats.connect(
                    self._url,
                    name=self._name,
                    nkeys_seed=str(self._seed_file) if self._seed_file else None,
                    inbox_prefix=f"_INBOX_{self._name}",
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=1,
                    ping_interval=20,
                    error_cb=on_error,
                    closed_cb=on_closed,
                )
            except (OSError, TimeoutError, nats.errors.Error) as error:
                log.warning("nats is not there", service=self._name, error=str(error) or type(error).__name__)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5)
            else:
                self._connected.set()
                return

    async def close(self) -> None:
        """Send what is still to be sent, and close."""
        if self._task is not None:
            self._task.cancel()
        if self._client is not None and not self._client.is_closed:
            try:
                await asyncio.wait_for(self._client.flush(timeout=2), 2.5)
            except (TimeoutError, nats.errors.Error):
                log.info("nats was not there for the last flush", service=self._name)
            await self._client.close()


def stream_config(stream: Stream, replicas: int) -> StreamConfig:
    """A declared stream as the server's configuration: on file, and a full stream refuses instead of forgetting."""
    return StreamConfig(
        name=stream.name,
        subjects=list(stream.subjects),
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=stream.max_bytes,
        max_age=stream.max_age.total_seconds(),
        duplicate_window=stream.duplicate_window.total_seconds(),
        deny_delete=stream.deny_delete,
        deny_purge=stream.deny_purge,
        num_replicas=replicas,
    )


async def provision_streams(
    url: str, seed_file: Path | None = None, *, replicas: int = 1, wait: timedelta = timedelta(seconds=30)
) -> None:
    """Create the declared streams, or bring them up to their declaration."""
    async with asyncio.timeout(wait.total_seconds()):
        bus = Bus(url, "provision", seed_file)
        bus.start()
        try:
            js = await bus.js()
            for stream in STREAMS:
                config = stream_config(stream, replicas)
                try:
                    await js.stream_info(stream.name)
                except NotFoundError:
                    await js.add_stream(config)
                else:
                    await js.update_stream(config)
        finally:
            await bus.close()
