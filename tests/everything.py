"""``python -m tests.everything [--part NAME]``: all tests in parts; one table of figures.

The first part tests the long properties, too; the suite as `make test` runs it is also run under four other dates.

A part that was done stays done when a later one is started with ``--part``: its figures are in ``.test-all.json``.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).parents[1]
FIGURES = REPOSITORY / ".test-all.json"
SEOUL = ZoneInfo("Asia/Seoul")
ALL = "not faults and not containers"
SHORT = f"{ALL} and not long"
LIBRARY = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
)
console = Console(highlight=False)


@dataclass(frozen=True)
class Outcome:
    """What became of a part."""

    part: str
    status: int
    seconds: float
    counts: str
    """As pytest says it."""


def month_end(now: datetime) -> datetime:
    """The last evening of a month with 30 days."""
    return datetime(now.year + 1, 4, 30, 23, 30, tzinfo=SEOUL)


def sunday_night(now: datetime) -> datetime:
    """A Sunday just before midnight in Seoul, where UTC has the afternoon."""
    later = now.astimezone(SEOUL) + timedelta(days=60)
    return (later + timedelta(days=6 - later.weekday())).replace(hour=23, minute=40, second=0)


def leap_day(now: datetime) -> datetime:
    """29 February of the next leap year."""
    year = now.year + 4 - now.year % 4
    return datetime(year, 2, 29, 10, 0, tzinfo=SEOUL)


def new_years_eve(now: datetime) -> datetime:
    """A minute before a new year."""
    return datetime(now.year + 1, 12, 31, 23, 59, tzinfo=SEOUL)


DATES: dict[str, Callable[[datetime], datetime]] = {
    "month-end": month_end,
    "sunday-night": sunday_night,
    "leap-day": leap_day,
    "new-years-eve": new_years_eve,
}
HISTORIES = 10_000
PARTS = ("test", "faults", *DATES, "containers", "histories")


def command_of(part: str) -> list[str]:
    """How a part is run."""
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    if part == "faults":
        return [*pytest, "-m", "faults", "-s"]
    if part == "containers":
        return [*pytest, "-m", "containers", "-s", "tests/containers"]
    if part == "histories":
        return [*pytest, "-n", "3", "--dist", "load", "tests/integration/flow/test_histories.py"]
    return [*pytest, "-n", "3", "--dist", "loadscope", "--no-loadscope-reorder", "-m", ALL if part == "test" else SHORT]


def environment_of(part: str) -> dict[str, str]:
    """Long properties on the present date; under another one a shifted clock for Python and PostgreSQL.

    Monotonic time stays true. NATS asks the kernel itself and keeps the true time;
    Chromium is told the date by the tests.
    """
    environment = dict(os.environ)
    if part == "histories":
        environment |= {"DURE_HISTORIES": str(HISTORIES)}
    elif part not in DATES:
        environment |= {"DURE_LONG_PROPERTIES": "1"}
    else:
        now = datetime.now(UTC)
        offset = int((DATES[part](now) - now).total_seconds())
        environment |= {"LD_PRELOAD": _library(), "FAKETIME": f"+{offset}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        environment |= {"DURE_TEST_OFFSET_S": str(offset), "PYTHONPATH": str(REPOSITORY / "tests/support/shifted")}
    return environment


def _library() -> str:
    """Debian's libfaketime, installed where this is root."""
    if not any(Path(path).exists() for path in LIBRARY) and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "libfaketime"], check=True)
    found = [path for path in LIBRARY if Path(path).exists()]
    if not found:
        sys.exit("the suite under other dates needs libfaketime: apt-get install libfaketime")
    return found[0]


def run(part: str) -> Outcome:
    """Run a part, show what it prints, and read its figures."""
    console.rule(part)
    begun = time.monotonic()
    process = subprocess.Popen(
        command_of(part), cwd=REPOSITORY, env=environment_of(part), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    counts = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        if found := re.search(r"=+ (.*(?:passed|failed|error|skipped|no tests ran).*) in [\d.]+s", line):
            counts = found[1]
    return Outcome(part, process.wait(), time.monotonic() - begun, counts)


def main() -> int:
    """All parts, or those from a given one on; 1 when a part failed."""
    parser = argparse.ArgumentParser(prog="tests.everything")
    parser.add_argument("--part", choices=PARTS, default=PARTS[0])
    first = PARTS.index(parser.parse_args().part)
    before = json.loads(FIGURES.read_text()) if first and FIGURES.exists() else []
    outcomes = [Outcome(**one) for one in before if PARTS.index(one["part"]) < first]
    for part in PARTS[first:]:
        outcomes.append(run(part))
        FIGURES.write_text(json.dumps([asdict(outcome) for outcome in outcomes], indent=1) + "\n")
    table = Table("part", "result", "tests", "minutes")
    for outcome in outcomes:
        result = "passed" if outcome.status == 0 else f"failed ({outcome.status})"
        table.add_row(outcome.part, result, outcome.counts, f"{outcome.seconds / 60:.1f}")
    table.add_row("", "", "", f"{sum(outcome.seconds for outcome in outcomes) / 60:.1f}")
    console.print(table)
    return int(any(outcome.status for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
