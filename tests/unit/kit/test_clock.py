"""The clock of a history: it goes forwards, ends now, and leaves the true time behind."""

import ast
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.kit import clock
from shared.kit.clock import PlayedClock, utc_now

BEGINS = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedClock]:
    """A clock that begins long ago, and is nobody's afterwards."""
    monkeypatch.setattr(clock, "_cell", None)
    return PlayedClock(BEGINS)


def test_without_a_history_it_is_the_true_time() -> None:
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_is_what_the_history_says_until_that_is_over(played: PlayedClock) -> None:
    assert utc_now() == BEGINS
    later = BEGINS + timedelta(days=3, microseconds=7)
    played.put(later)
    assert utc_now() == later
    played.release()
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_goes_forwards_and_never_into_the_future(played: PlayedClock) -> None:
    with pytest.raises(ValueError, match="forwards"):
        played.put(BEGINS - timedelta(seconds=1))
    with pytest.raises(ValueError, match="ends now"):
        played.put(datetime.now(UTC) + timedelta(minutes=1))
    assert utc_now() == BEGINS


def test_there_is_one_hand_on_it(played: PlayedClock) -> None:
    with pytest.raises(RuntimeError):
        PlayedClock(BEGINS)


def test_a_process_that_is_forked_sees_it_go_on(played: PlayedClock) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(reading, 1)
        os._exit(0 if utc_now() == BEGINS + timedelta(hours=1) else 1)
    played.put(BEGINS + timedelta(hours=1))
    os.write(writing, b"x")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    os.close(reading)
    os.close(writing)


def test_nobody_but_the_start_of_a_demo_takes_it_into_the_hand() -> None:
    found = set()
    for part in ("services", "gateway", "shared", "infra"):
        for path in (REPOSITORY / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "PlayedClock":
                    found.add(str(path.relative_to(REPOSITORY)))
    assert found == {"infra/local/up.py"}
