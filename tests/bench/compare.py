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


Quantities = dict[str, list[float]]


@dataclass
class Side:
    """A build, and what was measured of it by figure and quantity: the median of each round."""

    name: str
    repository: Path
    python: Path
    measured: dict[str, Quantities] = field(default_factory=dict)

    def measure(self, row: str) -> None:
        """One round more."""
        environment = os.environ | {"PYTHONPATH": str(self.repository)}
        command = [str(self.python), "-P", str(ONE_ROUND), row]
        ran = subprocess.run(
            command, cwd=self.repository, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        self.add(json.loads(ran.stdout.splitlines()[-1]))

    def add(self, figures: list[dict[str, Any]]) -> None:
        """The figures of one round."""
        for figure in figures:
            rounds = self.measured.setdefault(figure["what"], {})
            for name, numbers in quantities(figure["values"]).items():
                rounds.setdefault(name, []).append(statistics.median(numbers))


def quantities(values: dict[str, Any], prefix: str = "") -> Quantities:
    """The numbers in a figure's values by name.

    Parts that are numbers count as their sum; a list with anything but numbers in it is no quantity.
    """
    found: Quantities = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            parts = list(value.values())
            found |= {name: [sum(parts)]} if parts and all(map(_is_number, parts)) else quantities(value, f"{name}.")
        elif numbers := _flat(value):
            found[name] = numbers
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _flat(value: Any) -> list[float]:
    """The numbers of a list of numbers, or of lists of them; none where anything else is among them."""
    if _is_number(value):
        return [float(value)]
    parts = [_flat(one) for one in value] if isinstance(value, list) else []
    return [number for part in parts for number in part] if all(parts) else []


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
            figures = side_by_side(before, after)
            if not figures:
                sys.exit(f"{row}: the builds have no quantity in common")
            for figure in figures:
                console.print(f"{figure.what}: {figure.measured}; {figure.limit}", soft_wrap=True)
            console.print(f"  stored in {keep(f'{row}-beside-{before.name}', figures, base=build.commit)}")


def side_by_side(before: Side, after: Side) -> list[Figure]:
    """The quantities that both builds have, as ratios of medians; more is better of a speed and of its share."""
    found = []
    for what in before.measured.keys() & after.measured.keys():
        for name, old in before.measured[what].items():
            new = after.measured[what].get(name)
            if not new or not statistics.median(old):
                continue
            ratio = statistics.median(new) / statistics.median(old)
            overlap = min(new) <= max(old) and min(old) <= max(new)
            speed = name.endswith("per_s") or what.startswith("reports")
            goal = "≥ 0.91 ×, or overlap" if speed else "≤ 1.10 ×, or overlap"
            values = {"ratio": ratio, "ranges_overlap": overlap, before.name: old, after.name: new}
            measured = f"{ratio:.2f} × ({'ranges overlap' if overlap else 'ranges apart'})"
            limit = f"{spread(new, '.3g')} at {after.name}, {spread(old, '.3g')} at {before.name}"
            found.append(Figure(f"{what}, {name}", goal, measured, limit, values))
    return sorted(found, key=lambda figure: figure.what)
