"""``dure up`` without its imports: a process that has imported Dure, and copies itself for each suite that a test
starts.

A start takes a third of the time then. The copy becomes the child of the process that asked for it, which sees its exit
status and takes it along when it ends itself. What is measured or tested about starting uses a Python of its own.
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import psutil

from infra.local.exec_child import tie_to
from shared.kit.memory import YOUNG_OBJECTS

PR_SET_CHILD_SUBREAPER = 36
REPOSITORY = Path(__file__).parents[2]


def python_path(repository: Path) -> str:
    """Where a Python of the tests finds these sources, beside what this one was told."""
    return os.pathsep.join(filter(None, (str(repository), os.environ.get("PYTHONPATH"))))


class Copy(psutil.Process):  # type: ignore[misc]  # psutil has no types
    """A copied process; it speaks as ``psutil.Popen`` does."""

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        try:
            return int(self.wait(0))
        except psutil.TimeoutExpired:
            return None


class Nursery:
    """A Python that has imported Dure, and waits."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.nursery", str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                env=os.environ | {"PYTHONPATH": python_path(REPOSITORY), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
            )
        self._answers = self._socket.makefile()
        atexit.register(self.close)

    def start(self, arguments: list[str], environment: dict[str, str], folder: Path, log: Path) -> Copy:
        """A copy that runs ``dure`` with these arguments in ``folder``; it prints into ``log``."""
        asked = {"arguments": arguments, "environment": environment, "folder": str(folder), "log": str(log)}
        _adopt_orphans(True)
        try:
            self._socket.sendall(json.dumps(asked).encode() + b"\n")
            copy = Copy(int(self._answers.readline()))
            while copy.ppid() != os.getpid():
                time.sleep(0.001)
        finally:
            _adopt_orphans(False)
        return copy

    def close(self) -> None:
        """End it; its copies go on."""
        self._answers.close()
        self._socket.close()
        self._process.wait()


@cache
def nursery() -> Nursery:
    """This process's nursery; it ends with this process."""
    return Nursery()


def _adopt_orphans(adopt: bool) -> None:
    """Choose if a descendant whose parent ends becomes a child of this process."""
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0) == 0


def main() -> None:
    """Import, then make a copy for each line that comes."""
    descriptor, parent = int(sys.argv[1]), int(sys.argv[2])
    tie_to(parent, signal.SIGTERM)
    gc.disable()
    app = importlib.import_module("tests.support.clocked").app
    from gateway.pages.adapters import read_build
    from infra.local import up
    from shared.kit import migrations  # noqa: F401  imported late by the product, so that serving processes do without

    up.preload()
    read_build()
    gc.freeze()
    gc.enable()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    with socket.socket(fileno=descriptor) as line, line.makefile() as asked:
        for request in asked:
            child = os.fork()
            if child == 0:
                grandchild = os.fork()
                if grandchild == 0:
                    line.close()
                    _run(app, parent, json.loads(request))
                line.sendall(f"{grandchild}\n".encode())
                os._exit(0)
            os.waitpid(child, 0)


def _run(app: Any, parent: int, request: dict[str, Any]) -> NoReturn:
    """Become the program that was asked for."""
    while os.getppid() != parent:
        time.sleep(0.001)
    tie_to(parent, signal.SIGTERM)
    os.setsid()
    os.chdir(request["folder"])
    log = os.open(request["log"], os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["dure", *request["arguments"]]
    app()
    sys.exit(0)


if __name__ == "__main__":
    main()
