"""Another commit of Dure, checked out beside this one with a Python environment of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Build:
    """A checked-out commit: ``commit`` is its full hash, ``python`` has its dependencies."""

    commit: str
    repository: Path
    python: Path


@contextmanager
def build_of(reference: str, *, with_development: bool = False) -> Iterator[Build]:
    """Check out ``reference`` and install its locked dependencies; gone afterwards. Raises CalledProcessError."""
    commit = _git("rev-parse", "--verify", f"{reference}^{{commit}}").strip()
    with TemporaryDirectory(prefix=f"dure-{commit[:7]}-", dir="/var/tmp") as folder:
        repository = Path(folder) / "repository"
        _git("worktree", "add", "--detach", str(repository), commit)
        try:
            lock = "requirements-dev.lock" if with_development else "requirements.lock"
            yield Build(commit, repository, _environment(repository, lock))
        finally:
            _git("worktree", "remove", "--force", str(repository))


def _environment(repository: Path, lock: str) -> Path:
    """A virtual environment beside the sources, locked with their hashes."""
    folder = repository.with_name("venv")
    uv = str(Path(sys.executable).with_name("uv"))
    python = folder / "bin" / "python"
    _run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
    install = (uv, "pip", "install", "--quiet", "--python", str(python))
    for name in dict.fromkeys(("requirements.lock", lock)):
        _run(*install, "--require-hashes", "--no-deps", "-r", str(repository / name))
    _run(*install, "--no-deps", "--no-build-isolation", "--editable", str(repository))
    return python


def _git(*arguments: str) -> str:
    return _run("git", "-C", str(REPOSITORY), *arguments)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
