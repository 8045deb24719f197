"""The suite in one process with a second door: production's own API on a port of its own, without the gateway.

``python -m tests.bench.two_doors FOLDER`` prints a line of JSON when it serves, and serves until SIGINT.
"""

import asyncio
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import uvloop

from gateway.identity.commands.setup import issue_setup_token
from gateway.main import create_app
from infra.local.data_folder import DataFolder
from infra.local.nats import EmbeddedNats
from infra.local.postgres import EmbeddedPostgres
from infra.local.suite import Servers, create_service, prepare, settings_of
from infra.local.supervisor import Supervisor
from shared.kit.logs import configure_logs
from shared.kit.serve import Server
from shared.registry import NATS_USERS, SERVICE_NAMES
from tests.support.ports import own_port


class SecondDoor(Server):
    """Leaves signals to the first one."""

    def capture_signals(self) -> AbstractContextManager[None]:
        """Do not."""
        return nullcontext()


async def _serve(data: DataFolder, servers: Servers, urls: dict[str, str]) -> None:
    settings = settings_of(data, servers, urls)
    services = {app: create_service(app, settings[app]) for app in SERVICE_NAMES}
    gateway = create_app(settings["gateway"], in_process=services)
    ports = {"gateway": own_port(), "production": own_port()}
    front = Server(gateway, "127.0.0.1", ports["gateway"])
    back = SecondDoor(services["production"], "127.0.0.1", ports["production"])
    back.config.lifespan = "off"  # the gateway runs it
    running = asyncio.create_task(front.serve())
    while not front.started:
        await asyncio.sleep(0.02)
    beside = asyncio.create_task(back.serve())
    while not back.started:
        await asyncio.sleep(0.02)
    token = await issue_setup_token(gateway.state.database)
    sys.stdout.write(json.dumps({"token": token, **ports}) + "\n")
    sys.stdout.flush()
    await running
    back.stop()
    await beside


def main() -> None:
    """Serve until SIGINT."""
    configure_logs("WARNING", readable=True)
    with DataFolder(Path(sys.argv[1])) as data:
        postgres, nats = EmbeddedPostgres(data), EmbeddedNats(data)
        with Supervisor([postgres, nats]):
            servers = Servers(postgres.url, nats.url, {user: nats.seed_file(user) for user in NATS_USERS})
            urls = asyncio.run(prepare(data, servers))
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_serve(data, servers, urls))


if __name__ == "__main__":
    main()
