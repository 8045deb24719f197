"""A fork of the parent behaves as a child program does: it tells how it ended, and never outlives its parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from infra.local.identity import MYSELF
from tests.support.nursery import python_path

REPOSITORY = Path(__file__).parents[3]
IMPORTS = """
import os, signal, sys, time
from pathlib import Path
from infra.local.errors import LocalError
from infra.local.forks import Fork, Job, become_daemon, call_myself
def refuse(): raise LocalError("there is no room")
"""


def start(script: str, folder: Path) -> psutil.Popen:
    """A process with a single thread: one that runs tests has more."""
    return psutil.Popen(
        MYSELF.launch([sys.executable, "-c", IMPORTS + script], folder, signal.SIGKILL),
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": python_path(REPOSITORY)},
        text=True,
    )


def told_by(script: str, folder: Path) -> str:
    process = start(script, folder)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    return str(output).strip()


def test_how_a_fork_ended_is_known(tmp_path: Path) -> None:
    script = (
        "print([Fork(work).wait(5) for work in (lambda: None, lambda: sys.exit(3), lambda: os.kill(os.getpid(), 9))])"
    )
    assert told_by(script, tmp_path) == "[0, 3, -9]"


def test_what_prevented_a_job_is_told_by_its_parent(tmp_path: Path) -> None:
    script = "try: Job(refuse).outcome()\nexcept LocalError as error: print(error)"
    assert told_by(script, tmp_path) == "there is no room"


def test_nothing_is_left_of_a_fork_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = start("print(Fork(lambda: time.sleep(60)).pid, flush=True); time.sleep(60)", tmp_path)
    fork = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait(5)
    parent.stdout.close()
    _, alive = psutil.wait_procs([fork], timeout=5)
    assert alive == []


def test_a_fork_has_a_name_of_its_own_and_no_file_of_its_parent_but_the_lock(tmp_path: Path) -> None:
    script = """
log, lock, other = (os.open(f"{name}.log", os.O_RDWR | os.O_CREAT) for name in ("fork", "lock", "other"))
def work():
    become_daemon(Path("."), log, open_file=lock)
    call_myself("dure", "serve", "orders", "--port", "8001")
    opened = [n for n in range(9) if os.path.exists(f"/proc/self/fd/{n}")]
    print(sorted(os.readlink(f"/proc/self/fd/{n}").rpartition("/")[2] for n in opened))
    print(Path("/proc/self/cmdline").read_bytes().decode().replace(chr(0), " "))
Fork(work).wait(5)
"""
    told_by(script, tmp_path)
    files, name = (tmp_path / "fork.log").read_text().splitlines()
    assert files == "['fork.log', 'fork.log', 'lock.log', 'null']"
    assert name.strip() == "dure serve orders --port 8001"
