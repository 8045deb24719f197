"""Plumbing that every service uses and that knows no service's vocabulary."""

from shared.kit.optional_libraries import load_without

load_without("aiohttp", module="nats.aio.transport")  # its WebSockets: 8 MiB
load_without("rich.traceback", module="structlog.dev")  # its coloured tracebacks: 3 MiB
