"""The house's rules catch what is planted against them, and nothing in a house that keeps them."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.contract.rules import check
from tests.contract.sample_house import build

ROOT = Path(__file__).parents[2]
UPPER = "services/shop/upper"
LOWER = "services/shop/lower"
ALIASED = "from services.shop.lower.tables import Peg as P\n\n\ndef fill(peg: P):\n"
MOVE = f"{UPPER}/commands/move.py"
LOADED = "from services.shop.lower.tables import Peg\n\n\nasync def move(tx, codes):\n"

PLANTED = [
    ("names", {f"{UPPER}/helpers.py": ""}, f"{UPPER}/helpers.py: helpers is no layer"),
    ("names", {f"{UPPER}/util/rows.py": ""}, f"{UPPER}/util/rows.py: util is no layer"),
    ("names", {"services/shop/tools.py": ""}, "services/shop/tools.py: no file that a service has"),
    ("names", {f"{UPPER}/commands.py": ""}, f"{UPPER}/commands.py: commands is both"),
    ("names", {f"{UPPER}/commands/__init__.py": f"from {UPPER.replace('/', '.')}.commands.hang import hang"}, "again"),
    ("names", {"gateway/door/lock.py": ""}, "gateway/door/lock.py: lock is no layer"),
    ("size", {f"{UPPER}/domain.py": "\n" * 400}, f"{UPPER}/domain.py: 401 lines"),
    ("size", {"shared/kit/auth.py": f"# {'x' * 119}"}, "shared/kit/auth.py:5: 121 columns"),
    ("permissions", {f"{UPPER}/api.py": 'CanHang = allow("leader")'}, f"{UPPER}/api.py:3: a right beside"),
    ("permissions", {f"{UPPER}/api.py": 'CanHang = auth.allow("leader")'}, f"{UPPER}/api.py:3: a right beside"),
    ("permissions", {"services/shop/main.py": 'CanHang = allow("leader")'}, "services/shop/main.py: a right beside"),
    ("writers", {MOVE: f"{LOADED}    tx.add(Peg(code='B'))"}, "writes peg, a table of lower"),
    (
        "writers",
        {MOVE: f"{LOADED}    await tx.execute(sa.update(Peg))"},
        "move.py:5: writes peg",
    ),
    ("writers", {MOVE: f"{LOADED}    await tx.execute(insert(Peg))"}, "move.py:5: writes peg"),
    ("writers", {MOVE: f"{LOADED}    await tx.execute(delete(Peg))"}, "move.py:5: writes peg"),
    (
        "writers",
        {MOVE: f"{LOADED}    peg = await tx.lock(Peg, 'A')\n    peg.state = 'full'"},
        "move.py:6: writes peg",
    ),
    (
        "writers",
        {MOVE: f"{LOADED}    for peg in await tx.read_ahead(Peg, codes):\n        peg.count += 1"},
        "move.py:6: writes peg",
    ),
    (
        "writers",
        {MOVE: f"{LOADED}    pegs = await tx.all(select(Peg))\n    for a in pegs:\n        a.state = 1"},
        "move.py:7: writes peg",
    ),
    (
        "writers",
        {MOVE: f"{LOADED}    peg = await tx.find(Peg, 'A')\n    peg.sqlmodel_update({{}})"},
        "move.py:6: writes peg",
    ),
    (
        "writers",
        {MOVE: f"{LOADED}    peg = await tx.find(Peg, 'A')\n    await tx.session.delete(peg)"},
        "move.py:6: writes peg",
    ),
    (
        "writers",
        {MOVE: f"{ALIASED}    peg.state = 1"},
        "move.py:5: writes peg",
    ),
    ("writers", {MOVE: 'SQL = "INSERT INTO peg (code) VALUES (1)"'}, "move.py:1: writes peg"),
    ("writers", {MOVE: 'SQL = text("UPDATE peg SET code = 1")'}, "move.py:1: writes peg"),
    ("writers", {MOVE: "SQL = f'DELETE FROM peg WHERE code = {code}'"}, "move.py:1: writes peg"),
    (
        "writers",
        {MOVE: '''SQL = """\nWITH gone AS (SELECT 1)\nINSERT INTO peg SELECT 1"""'''},
        "move.py:1: writes peg",
    ),
    (
        "readers",
        {f"{UPPER}/api.py": "from services.shop.lower.tables import Peg"},
        "api reads the tables of services.shop.lower",
    ),
    ("readers", {f"{UPPER}/adapters.py": "from services.shop.lower import tables"}, "adapters reads the tables of"),
    (
        "order",
        {f"{LOWER}/queries.py": "from services.shop.upper.queries import Peg"},
        "services.shop: lower → upper → lower",
    ),
    (
        "order",
        {f"{LOWER}/queries.py": 'SQL = "SELECT code FROM peg JOIN hat USING (code)"'},
        "services.shop: lower → upper → lower",
    ),
    (
        "contracts",
        {MOVE: "SQL = \"INSERT INTO outbox SELECT json_build_object('code', code) FROM hat\""},
        "an event is spelled in SQL",
    ),
    (
        "contracts",
        {"services/shop/migrations/versions/0002_again.py": 'op.execute("INSERT INTO outbox SELECT 1")'},
        "a revision publishes by itself",
    ),
    (
        "words",
        {f"{UPPER}/domain.py": "def tell_all(): ..."},
        f"{UPPER}/domain.py:1: tell_all has a replaced word, tell",
    ),
    ("words", {"shared/kit/auth.py": "class NoWay: ..."}, "NoWay has a replaced word, way"),
    ("words", {"infra/__init__.py": "def ask(was_told): ..."}, "was_told has a replaced word, told"),
    ("words", {"gateway/door/domain.py": "for WAY_OUT in (): ..."}, "WAY_OUT has a replaced word, way"),
    ("words", {f"{LOWER}/commands.py": "self.told = 1"}, "told has a replaced word, told"),
]


def test_a_house_that_keeps_the_rules_is_left_in_peace(tmp_path: Path) -> None:
    assert check(build(tmp_path)) == []


def test_fields_that_are_stored_or_published_may_have_a_replaced_word(tmp_path: Path) -> None:
    assert check(build(tmp_path, {f"{LOWER}/schemas.py": "class PegOut:\n    way: str\n"})) == []


@pytest.mark.parametrize(
    ("rule", "planted", "found"), PLANTED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_planted_is_found(tmp_path: Path, rule: str, planted: Mapping[str, str], found: str) -> None:
    violations = check(build(tmp_path, planted))
    assert [violation.rule for violation in violations] == [rule]
    assert found in str(violations[0])


IMPORTS = {
    f"{LOWER}/consumers.py": "from services.stall.only import domain",
    f"{LOWER}/commands.py": "import gateway.door.domain",
    "shared/contracts/__init__.py": "import shared.kit.bus",
    "shared/kit/auth.py": "import infra",
    f"{UPPER}/queries.py": "from services.shop.upper import api",
    f"{UPPER}/api.py": "from services.shop.upper import workers",
    f"{UPPER}/domain.py": "import shared.kit.auth",
    "gateway/door/domain.py": "from gateway.door import adapters",
    f"{LOWER}/queries.py": "from services.shop.upper import queries",
    f"{LOWER}/workers.py": "import nats",
    f"{UPPER}/commands/hang.py": "import httpx",
}
BROKEN = {
    "Services never import each other": "services.shop.lower.consumers -> services.stall.only.domain",
    "infra starts apps; apps stand on shared": "services.shop.lower.commands -> gateway.door.domain",
    "Event contracts import pydantic alone": "shared.contracts -> shared.kit.bus",
    "Within a slice: api, consumers, workers > commands, queries > events, adapters > tables, schemas > domain": (
        "services.shop.upper.queries -> services.shop.upper.api"
    ),
    "The slices of a service form no circle": "No cycles are allowed in services.shop.",
    "A domain reaches no I/O library, not even indirectly": "services.shop.upper.domain -> shared.kit.auth",
    "Only the kit speaks to NATS": "services.shop.lower.workers -> nats",
    "Only adapters speak to the outside world": "services.shop.upper.commands.hang -> httpx",
}
ALSO = [
    "shared.kit.auth -> infra",
    "services.shop.upper.api -> services.shop.upper.workers",
    "gateway.door.domain -> gateway.door.adapters",
]


def lint_imports(house: Path) -> tuple[int, str]:
    """The exit status of import-linter by this repository's contracts, and its report on one line."""
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--config",
        str(ROOT / "pyproject.toml"),
        "--no-cache",
    ]
    environment = {**os.environ, "PYTHONPATH": str(house), "COLUMNS": "400"}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=house, env=environment)
    return ended.returncode, re.sub(r"\s+", " ", ended.stdout + ended.stderr)


def test_the_import_contracts_leave_a_house_that_keeps_them_in_peace(tmp_path: Path) -> None:
    status, report = lint_imports(build(tmp_path))
    assert (status, f"{len(BROKEN)} kept, 0 broken" in report) == (0, True), report


def test_every_import_contract_finds_what_is_planted_against_it(tmp_path: Path) -> None:
    status, report = lint_imports(build(tmp_path, IMPORTS))
    assert status == 1, report
    assert "0 kept" in report, report
    for contract, found in BROKEN.items():
        assert f"{contract} BROKEN" in report
        assert found in report, contract
    for found in ALSO:
        assert found in report
