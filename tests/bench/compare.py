"""A row beside another commit's build, in alternating rounds: ``make bench NAME=reports BASE=v0.1.0``.

Each build is measured by the harness of its own commit, which speaks its API; the ratio is of medians.
"""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.harness import Figure, commit, console, keep, spread
from tests.support.build import REPOSITORY, build_of

ROUNDS = int(os.environ.get("ROUNDS", "7"))
ONE_ROUND = Path(__file__).with_name("one_round.py")


@dataclass
class Side:
    """A build, and what was measured of it by figure and quantity."""

    name: str
    repository: Path
    python: Path
    measured: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def measure(self, row: str) -> None:
        """One round more."""
        environment = os.environ | {"PYTHONPATH": str(self.repository)}
        command = [str(self.python), "-P", str(ONE_ROUND), row]
        ran = subprocess.run(
            command, cwd=self.repository, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        for figure in json.loads(ran.stdout.splitlines()[-1]):
            quantities = self.measured.setdefault(figure["what"], {})
            for name, values in figure["values"].items():
                quantities.setdefault(name, []).extend(_numbers(values))


def _numbers(values: Any) -> list[float]:
    """Those of a list, or a single one; anything else is no quantity."""
    listed = values if isinstance(values, list) else [values]
    return [float(value) for value in listed if isinstance(value, int | float) and not isinstance(value, bool)]


def compare(rows: list[str], base: str) -> None:
    """Measure the rows for the commit ``base`` and for this one, print the ratios and store them."""
    with build_of(base, with_development=True) as build:
        for row in rows:
            before = Side(build.commit[:7], build.repository, build.python)
            after = Side(commit(), REPOSITORY, Path(sys.executable))
            for round_ in range(ROUNDS):
                for side in (before, after) if round_ % 2 == 0 else (after, before):
                    side.measure(row)
                    console.print(f"  {row} {round_ + 1}/{ROUNDS}: {side.name}")
            figures = _figures(before, after)
            for figure in figures:
                console.print(f"{figure.what}: {figure.measured}; {figure.limit}", soft_wrap=True)
            console.print(f"  stored in {keep(f'{row}-beside-{before.name}', figures, base=build.commit)}")


def _figures(before: Side, after: Side) -> list[Figure]:
    found = []
    for what in before.measured.keys() & after.measured.keys():
        for name, old in before.measured[what].items():
            new = after.measured[what].get(name, [])
            if not old or not new or not statistics.median(old):
                continue
            ratio = statistics.median(new) / statistics.median(old)
            overlap = min(new) <= max(old) and min(old) <= max(new)
            values = {"ratio": ratio, "ranges_overlap": overlap, before.name: old, after.name: new}
            measured = f"{ratio:.2f} × ({'ranges overlap' if overlap else 'ranges apart'})"
            limit = f"{spread(new)} at {after.name}, {spread(old)} at {before.name}"
            found.append(Figure(f"{what}, {name}", "≤ 1.10 ×, or overlap", measured, limit, values))
    return sorted(found, key=lambda figure: figure.what)
