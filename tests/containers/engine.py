"""The container engine of this machine, by its command line: podman or docker."""

import json
import os
import shutil
import subprocess
from pathlib import Path

LIMITS = ("--ulimit", "nofile=8192:8192", "--ulimit", "nproc=4096:4096")
"""Given at every call: podman's own wishes are more than some machines allow."""


class EngineError(RuntimeError):
    """The engine refused; the message is its own."""


class Engine:
    """One engine; every call is a process of its own."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def is_podman(self) -> bool:
        """Whether the engine is podman."""
        return self.name == "podman"

    def call(self, *arguments: str, timeout: float = 120) -> str:
        """What the engine prints. Raises EngineError."""
        done = subprocess.run([self.name, *arguments], capture_output=True, text=True, timeout=timeout, check=False)
        if done.returncode != 0:
            raise EngineError(f"{self.name} {' '.join(arguments[:3])} …: {done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout.strip() if arguments[0] != "logs" else done.stdout + done.stderr

    def succeeds(self, *arguments: str) -> bool:
        """Whether the engine does it."""
        try:
            self.call(*arguments)
        except EngineError:
            return False
        return True

    def inspect(self, container: str) -> dict[str, object]:
        """The state of a container."""
        found: dict[str, object] = json.loads(self.call("inspect", container))[0]
        return found

    def build(self, context: Path, file: Path, tag: str, *options: str) -> None:
        """Build an image."""
        formats = ("--format", "docker") if self.is_podman else ()  # the OCI format knows no HEALTHCHECK
        limits = LIMITS if self.is_podman else ()
        self.call("build", *formats, *limits, *options, "-f", str(file), "-t", tag, str(context), timeout=900)


def find_engine() -> Engine | str:
    """An engine that can run containers here, or why there is none."""
    wanted = os.environ.get("DURE_TEST_ENGINE")
    reasons = []
    for name in [wanted] if wanted else ["podman", "docker"]:
        if shutil.which(name) is None:
            reasons.append(f"{name} is not installed")
            continue
        try:
            Engine(name).call("info")
        except (EngineError, subprocess.TimeoutExpired) as error:
            reasons.append(f"{name} does not work: {error}")
        else:
            return Engine(name)
    return "; ".join(reasons)
