"""``python -m tests.bench [NAME …]``: measure, print one table, keep the results as JSON."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.table import Table

from tests.bench import gateway, live, memory, reports, start
from tests.bench.harness import Row

ROWS: dict[str, Callable[[], Awaitable[Row]]] = {
    "reports": reports.measure,
    "live": live.measure,
    "gateway": gateway.measure,
    "memory": memory.measure,
    "start": start.measure,
}


async def run(names: list[str]) -> list[Row]:
    """The rows, one after the other."""
    console = Console(stderr=True)
    rows = []
    for name in names:
        console.print(f"Measuring {name} …")
        row = await ROWS[name]()
        console.print(f"  kept in {row.save().name}")
        rows.append(row)
    return rows


def main() -> None:
    """Measure what was asked for, or all."""
    names = sys.argv[1:] or list(ROWS)
    unknown = set(names) - set(ROWS)
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    table = Table("row", "figure", "median (min to max)", "goal")
    for row in asyncio.run(run(names)):
        for figure in row.figures:
            table.add_row(row.name, figure.name, figure.shown(), figure.goal)
        table.add_section()
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
