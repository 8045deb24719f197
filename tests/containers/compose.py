"""Runs ``infra/compose.yaml`` by an engine's plain commands, as it stands: every key is obeyed, an unknown one
fails."""

import os
import re
import shlex
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.containers.engine import LIMITS, Engine, EngineError

VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
FLAGS = {
    "user": "--user",
    "mem_limit": "--memory",
    "pids_limit": "--pids-limit",
    "cpus": "--cpus",
    "shm_size": "--shm-size",
}
LISTS = {"cap_drop": "--cap-drop", "cap_add": "--cap-add", "security_opt": "--security-opt", "tmpfs": "--tmpfs"}
READY_SECONDS = 90


def load(path: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """The compose file, with its variables replaced."""
    text = VARIABLE.sub(lambda found: environment.get(found[1]) or found[2] or "", path.read_text())
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


class Compose:
    """One project. ``images`` maps the images that the file names to those that are here."""

    def __init__(
        self, engine: Engine, path: Path, environment: Mapping[str, str], images: Mapping[str, str], project: str
    ) -> None:
        self._engine = engine
        self._folder = path.parent
        self._environment = environment
        self._images = images
        self._project = project
        self._file = load(path, environment)

    def up(self) -> None:
        """Start everything in the order of the dependencies. Raises EngineError with the log of what failed."""
        for network, options in self._file["networks"].items():
            internal = ("--internal",) if options.get("internal") else ()
            self._engine.call("network", "create", *internal, self._named(network))
        for volume in self._file["volumes"]:
            self._engine.call("volume", "create", self._named(volume))
        started: set[str] = set()
        services = self._file["services"]
        while len(started) < len(services):
            for service in [name for name in services if name not in started]:
                needs = services[service].get("depends_on", {})
                if set(needs) <= started:
                    self._wait_for(needs)
                    self._start(service)
                    started.add(service)
        self._wait_for({name: {"condition": "service_healthy"} for name in services if "test" in self._health(name)})

    def down(self) -> None:
        """Remove everything that ``up`` made."""
        for service in self._file["services"]:
            self._engine.succeeds("rm", "--force", "--volumes", self._named(service))
        for volume in self._file["volumes"]:
            self._engine.succeeds("volume", "rm", self._named(volume))
        for network in self._file["networks"]:
            self._engine.succeeds("network", "rm", self._named(network))

    def stop(self, service: str) -> float:
        """Stop a container as its grace period allows; the seconds it took."""
        begun = time.monotonic()
        self._engine.call("stop", "--time", self._grace(service), self._named(service))
        return time.monotonic() - begun

    def start(self, service: str) -> None:
        """Start a stopped container, and wait until it is well."""
        self._engine.call("start", self._named(service))
        self._wait_for({service: {"condition": "service_healthy"}})

    def run_again(self, service: str) -> int:
        """Run a one-shot container once more; how it ended."""
        self._engine.call("start", self._named(service))
        return int(self._engine.call("wait", self._named(service), timeout=READY_SECONDS))

    def execute(self, service: str, *command: str) -> str:
        """What ``command`` prints in a running container. Raises EngineError."""
        return self._engine.call("exec", self._named(service), *command)

    def log(self, service: str) -> str:
        """What a container said."""
        return self._engine.call("logs", self._named(service))

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a container."""
        return self._engine.inspect(self._named(service))

    def exit_code(self, service: str) -> int:
        """How a container ended."""
        return int(self.inspect(service)["State"]["ExitCode"])

    def _named(self, thing: str) -> str:
        return f"{self._project}-{thing}"

    def _health(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = self._file["services"][service]["healthcheck"]
        return found

    def _grace(self, service: str) -> str:
        return str(self._file["services"][service].get("stop_grace_period", "10s")).removesuffix("s")

    def _start(self, service: str) -> None:
        spec = dict(self._file["services"][service])
        for ignored in ("build", "depends_on", "healthcheck", "logging", "restart", "stop_grace_period"):
            spec.pop(ignored, None)  # obeyed elsewhere here, or a matter of months
        image = self._images[spec.pop("image")]
        entrypoint, command = spec.pop("entrypoint", []), spec.pop("command", [])
        networks = spec.pop("networks", [])
        arguments = ["create", "--name", self._named(service), *LIMITS]
        if networks:
            arguments += ["--network", self._named(networks[0]), "--network-alias", service]
        for key, value in spec.items():
            arguments += self._options(key, value)
        if entrypoint:
            arguments += ["--entrypoint", entrypoint[0]]
        self._engine.call(*arguments, image, *entrypoint[1:], *command)
        for network in networks[1:]:
            self._engine.call("network", "connect", "--alias", service, self._named(network), self._named(service))
        self._engine.call("start", self._named(service))

    def _options(self, key: str, value: Any) -> list[str]:
        if key in FLAGS:
            return [f"{FLAGS[key]}={value}"]
        if key in LISTS:
            return [f"{LISTS[key]}={each}" for each in value]
        makers: dict[str, Callable[[Any], list[str]]] = {
            "read_only": lambda _: ["--read-only", *(["--read-only-tmpfs=false"] if self._engine.is_podman else [])],
            "environment": self._variables,
            "env_file": lambda files: [f"--env-file={self._path(file)}" for file in files],
            "ports": lambda ports: [f"--publish=127.0.0.1:{port}" for port in ports],
            "volumes": lambda volumes: [f"--volume={self._volume(volume)}" for volume in volumes],
            "secrets": lambda names: [f"--volume={self._secret(name)}:/run/secrets/{name}:ro" for name in names],
            "network_mode": lambda mode: [f"--network={mode}"],
            "ulimits": lambda _: [],
        }
        return makers[key](value)

    def _variables(self, values: Mapping[str, str | None]) -> list[str]:
        """A variable without a value is handed through, if it is set."""
        given = {name: self._environment.get(name) if value is None else value for name, value in values.items()}
        return [f"--env={name}={value}" for name, value in given.items() if value is not None]

    def _path(self, text: str) -> str:
        return str((self._folder / text).resolve())

    def _volume(self, text: str) -> str:
        source, _, rest = text.partition(":")
        return f"{self._path(source) if source.startswith('.') else self._named(source)}:{rest}"

    def _secret(self, name: str) -> str:
        return self._path(self._file["secrets"][name]["file"])

    def _wait_for(self, conditions: Mapping[str, Mapping[str, str]]) -> None:
        for service, wanted in conditions.items():
            if wanted["condition"] == "service_completed_successfully":
                if (code := int(self._engine.call("wait", self._named(service), timeout=READY_SECONDS))) != 0:
                    raise EngineError(f"{service} ended with {code}: {self._said(service)}")
            else:
                self._wait_until_healthy(service)

    def _wait_until_healthy(self, service: str) -> None:
        check = self._health(service)["test"][1:]
        deadline = time.monotonic() + READY_SECONDS
        while not self._engine.succeeds("exec", self._named(service), *check):
            if time.monotonic() > deadline or not self.inspect(service)["State"]["Running"]:
                raise EngineError(f"{service} is not well ({shlex.join(check)}): {self._said(service)}")
            time.sleep(0.5)

    def _said(self, service: str) -> str:
        return os.linesep.join(self.log(service).splitlines()[-40:])
