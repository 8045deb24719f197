"""The apps as processes of their own, for ``dure up --processes``."""

import signal
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from infra.local.child import Child, answers
from infra.local.data_folder import DataFolder
from infra.local.forks import Fork, Job, become_daemon, call_myself
from infra.local.nats import free_port
from infra.local.suite import gateway_server, serve
from infra.local.supervisor import Supervisor
from shared.kit.logs import configure_logs
from shared.registry import APP_NAMES, GATEWAY_NAME, SERVICE_NAMES

if TYPE_CHECKING:
    from infra.lan.network import LocalNetwork


class AppProcess(Child):
    """One app in a fork of this process; ready when it says so itself."""

    def __init__(
        self, data: DataFolder, app: str, settings: Any, host: str, port: int, trusted_proxies: str | None = None
    ) -> None:
        self.name = app
        super().__init__(data)
        self._settings = settings
        self._host = host
        self._port = port
        self._trusted_proxies = trusted_proxies

    def launch(self, output: int) -> Fork:
        """A fork, and no new program."""

        def work() -> None:
            become_daemon(self.data.path, output, open_file=self.data.lock_fd)
            call_myself("dure", "serve", self.name, "--port", str(self._port))
            self.serve()

        return Fork(work)

    def serve(self) -> None:
        """Serve until a signal."""
        serve(self.name, self._settings, self._host, self._port, self._trusted_proxies)

    def is_ready(self) -> bool:
        """True when it says so itself."""
        return answers(f"http://127.0.0.1:{self._port}/health/ready")


class LanGateway(AppProcess):
    """The gateway where it serves a local network."""

    def __init__(
        self, data: DataFolder, settings: Any, host: str, network: "LocalNetwork", trusted_proxies: str | None
    ) -> None:
        super().__init__(data, "gateway", settings, host, network.port, trusted_proxies)
        self._network = network
        self._trusting = network.trusting()

    def serve(self) -> None:
        """Over HTTPS, with the guide beside it."""
        configure_logs(self._settings.log_level)
        gateway_server(self._settings, self._host, self._port, self._network, self._trusted_proxies).run()

    def is_ready(self) -> bool:
        """True when it says so itself, to a client that trusts our authority."""
        return answers(f"{self._network.own_address}/health/ready", self._trusting)


def app_processes(
    data: DataFolder,
    settings: Mapping[str, Any],
    host: str,
    port: int,
    network: "LocalNetwork | None",
    trusted_proxies: str | None,
) -> list[AppProcess]:
    """All apps, one process each; the gateway on the port that people use, the services on free ports."""
    ports = {app: port if app == GATEWAY_NAME else free_port() for app in APP_NAMES}
    urls = {f"{app}_url": f"http://127.0.0.1:{ports[app]}" for app in SERVICE_NAMES}
    own = {**settings, "gateway": settings["gateway"].model_copy(update=urls)}
    services = [AppProcess(data, app, own[app], "127.0.0.1", ports[app]) for app in SERVICE_NAMES]
    if network is not None:
        return [*services, LanGateway(data, own["gateway"], host, network, trusted_proxies)]
    return [*services, AppProcess(data, "gateway", own["gateway"], host, port, trusted_proxies)]


def run_until_a_signal(supervisor: Supervisor, announcing: Job) -> None:
    """Keep everything alive until SIGINT or SIGTERM, or until ``announcing`` fails. Raises LocalError as it does."""
    stopped: list[int] = []

    def note(number: int, _frame: object) -> None:
        if number != signal.SIGCHLD:
            stopped.append(number)
        supervisor.wake()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, note)
    supervisor.watch(lambda: bool(stopped) or bool(announcing.poll()))
    if not stopped:
        announcing.outcome()
    announcing.send_signal(signal.SIGTERM)
