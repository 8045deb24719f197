"""Logs of children: what is kept, what is shown."""

import os
from pathlib import Path

from infra.local.child import LOG_BYTES, LogFile


def written(log: LogFile, text: str) -> None:
    fd = log.open()
    os.write(fd, text.encode())
    os.close(fd)


def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "nats.log")
    written(log, "first run\n")
    log.rotate()
    written(log, "second run\n")
    assert (tmp_path / "nats.log").read_text() == "second run\n"
    assert (tmp_path / "nats.log.1").read_text() == "first run\n"


def test_the_last_words_are_of_the_last_start_alone(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "nats.log")
    written(log, "No space left on device\n")
    written(log, "".join(f"line {number}\n" for number in range(20)))
    assert log.tail(2) == "line 18\nline 19"
    assert "No space left" not in log.tail(100)


def test_a_log_that_grew_too_large_is_moved_aside_while_its_child_writes_on(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "nats.log")
    fd = log.open()
    os.write(fd, b"x" * (LOG_BYTES + 1))
    log.bound()
    os.write(fd, b"and on\n")
    os.close(fd)
    assert (tmp_path / "nats.log").read_text() == "and on\n"
    assert (tmp_path / "nats.log.1").stat().st_size == LOG_BYTES + 1
    assert log.tail() == "and on"
