"""``python -m tests.bench [ROW …] [--base COMMIT]``: measure, print one table, store the figures.

With a base, each row is measured beside that commit's build.
"""

import argparse
import asyncio
import sys

from rich.table import Table

from shared.kit.logs import configure_logs
from tests.bench import drain, gateway, history, imports, live, memory, orders, reports, start, tablet, trace
from tests.bench.compare import compare
from tests.bench.harness import commit, console, keep, machine

ROWS = {
    "reports": reports.measure,
    "live": live.measure,
    "gateway": gateway.measure,
    "memory": memory.measure,
    "start": start.measure,
    "orders": orders.measure,
    "imports": imports.measure,
    "trace": trace.measure,
    "history": history.measure,
    "drain": drain.measure,
    "tablet": tablet.measure,
}


def main() -> None:
    """Run the rows that are named, or all."""
    configure_logs("ERROR")
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("rows", nargs="*")
    parser.add_argument("--base")
    arguments = parser.parse_args()
    wanted = arguments.rows or list(ROWS)
    if unknown := set(wanted) - set(ROWS):
        sys.exit(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    if arguments.base:
        compare(wanted, arguments.base)
        return
    table = Table(
        "what", "goal", "measured: median (min–max)", "limit of the same run", title=f"{commit()} on {machine()['cpu']}"
    )
    for row in wanted:
        console.print(f"[bold]{row}[/]")
        figures = asyncio.run(ROWS[row]())
        for figure in figures:
            table.add_row(figure.what, figure.goal, figure.measured, figure.limit)
        console.print(f"  kept in {keep(row, figures)}")
    console.print(table)


if __name__ == "__main__":
    main()
