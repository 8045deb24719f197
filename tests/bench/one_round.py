"""One round of one row by the own harness of a build, as JSON.

Run by path with the Python of that build and its sources on PYTHONPATH.
"""

import asyncio
import importlib
import json
import sys
from dataclasses import asdict

MEMORY_LOAD_S = 30
"""Two builds are compared by what they need after thousands of reports; how memory grows is the long row's matter."""


def main() -> None:
    """The figures of the row that the argument names, as the last line."""
    from shared.kit.logs import configure_logs

    configure_logs("ERROR")
    row = importlib.import_module(f"tests.bench.{sys.argv[1]}")
    row.ROUNDS = 1
    if sys.argv[1] == "memory":
        row.LOAD_S = MEMORY_LOAD_S
    figures = asyncio.run(row.measure())
    print(json.dumps([asdict(figure) for figure in figures]))


if __name__ == "__main__":
    main()
