"""One round of one row by the own harness of a build, as JSON.

Run by path with the Python of that build and its sources on PYTHONPATH.
"""

import asyncio
import importlib
import json
import sys
from dataclasses import asdict

SHORTER = {"memory": {"LOAD_S": 10, "SETTLE_S": 8, "SAMPLE_S": 1}, "drain": {"COMMANDS": 200}}
"""Two builds are told apart by what they need for thousands of reports; the long load is the row's own matter."""


def main() -> None:
    """The figures of the row that the argument names, as the last line."""
    from shared.kit.logs import configure_logs

    configure_logs("ERROR")
    row = importlib.import_module(f"tests.bench.{sys.argv[1]}")
    for name, value in {"ROUNDS": 1, **SHORTER.get(sys.argv[1], {})}.items():
        setattr(row, name, value)
    figures = asyncio.run(row.measure())
    print(json.dumps([asdict(figure) for figure in figures]))


if __name__ == "__main__":
    main()
