"""The apps as processes of their own, for ``dure up --processes``."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from infra.local.data_folder import DataFolder
from infra.local.nats import free_port
from infra.local.service import ServiceProcess
from infra.local.suite import APPS, SERVICES
from infra.local.supervisor import Supervisor


def environment_of(settings: BaseSettings) -> dict[str, str]:
    """The settings as the environment variables that they are read from."""
    values: dict[str, str] = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is None:
            continue
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if isinstance(value, tuple):
            value = ",".join(str(one) for one in value)
        values[f"DURE_{name.upper()}"] = json.dumps(value) if isinstance(value, dict | list) else str(value)
    return values


def app_process(data: DataFolder, app: str, settings: BaseSettings, host: str, port: int) -> ServiceProcess:
    """``dure serve`` of one app, with its settings."""
    command = [sys.executable, "-m", "infra.cli", "serve", app, "--host", host, "--port", str(port)]
    return ServiceProcess(data, app, command, environment_of(settings), f"http://127.0.0.1:{port}/health/ready")


class Processes:
    """All apps, one process each; the gateway on the port that people use."""

    def __init__(self, data: DataFolder, settings: Mapping[str, BaseSettings], host: str, port: int) -> None:
        ports = {app: port if app == "gateway" else free_port() for app in APPS}
        urls = {f"{app}_url": f"http://127.0.0.1:{ports[app]}" for app in SERVICES}
        own = {**settings, "gateway": settings["gateway"].model_copy(update=urls)}
        hosts = {app: host if app == "gateway" else "127.0.0.1" for app in APPS}
        self._supervisor = Supervisor([app_process(data, app, own[app], hosts[app], ports[app]) for app in APPS])
        self._stopped = asyncio.Event()
        self.started = False

    async def serve(self) -> None:
        """Start them and keep them alive until a signal. Raises LocalError."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        await asyncio.to_thread(self._supervisor.start)
        self.started = True
        try:
            await self._stopped.wait()
        finally:
            await asyncio.to_thread(self._supervisor.stop)

    def stop(self) -> None:
        """End ``serve``."""
        self._stopped.set()
