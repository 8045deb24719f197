"""The rules of the house that import-linter cannot state: what a slice is made of, who writes a table, where rights
stand.

``python -m tests.contract.rules`` checks the tree, names each violation and ends with 1 when there is one. It reads the
source and runs nothing of it, so it sees what is written: a table is written by another slice when that slice's code
constructs its rows, names it in ``insert``, ``update`` or ``delete``, changes a row that it has just loaded or was
given, or writes it in SQL.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.contract.house import House, Source, TableClass

LAYERS = (
    "api",
    "consumers",
    "workers",
    "commands",
    "queries",
    "events",
    "adapters",
    "tables",
    "schemas",
    "domain",
)
BESIDE_SLICES = ("__init__", "main", "settings", "base", "permissions")
READERS = ("commands", "queries", "consumers", "workers", "events")
"""The layers that may read another slice's tables."""
LINES = 400
COLUMNS = 120

INTO_TABLE = re.compile(
    r"\b(?:INSERT\s+INTO|MERGE\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+(\w+)"
)
FROM_TABLE = re.compile(r"\b(?:FROM|JOIN)\s+(?:ONLY\s+)?(\w+)")
INTO_OUTBOX = re.compile(r"\bINTO\s+outbox\b")
JSON_IN_SQL = re.compile(r"\b(?:json_build_object|jsonb_build_object|row_to_json|to_jsonb?)\s*\(")
NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
STANDARD_NAMES = re.compile(r"keep_?alive|decimal_places", re.IGNORECASE)
"""Names of protocols and libraries that have such a word in them."""
WRITING_CALLS = {"insert", "update", "delete"}
WRITING_METHODS = {"sqlmodel_update"}


@dataclass(frozen=True)
class Violation:
    """Something against a rule."""

    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} [{self.rule}]"


def check_names(house: House) -> Iterator[Violation]:
    """Every file of a slice bears the name of a layer, or stands in a package of that name,
    which exports nothing again."""
    for service in house.services():
        for path in sorted(service.glob("*.py")):
            if path.stem not in BESIDE_SLICES:
                yield Violation(
                    "names", str(path.relative_to(house.root)), "no file that a service has beside its slices"
                )
    for source in house.sources:
        where = str(source.path.relative_to(house.root))
        if source.layer not in (*LAYERS, "__init__"):
            yield Violation("names", where, f"{source.layer} is no layer")
        elif source.path.stem == "__init__" and any(source.imports):
            yield Violation("names", where, "a package of a slice exports nothing again")
        elif source.path.stem == source.layer and (source.path.parent / source.layer).is_dir():
            yield Violation("names", where, f"{source.layer} is both a file and a package")


def check_size(house: House) -> Iterator[Violation]:
    """No file is longer than a reader has patience for."""
    for part in ("services", "gateway", "shared", "infra", "tests"):
        for path in sorted((house.root / part).rglob("*.py")):
            where = str(path.relative_to(house.root))
            lines = path.read_text(encoding="utf-8").splitlines()
            if len(lines) > LINES:
                yield Violation("size", where, f"{len(lines)} lines")
            if "migrations" not in path.parts:
                for number, line in enumerate(lines, 1):
                    if len(line) > COLUMNS:
                        yield Violation("size", f"{where}:{number}", f"{len(line)} columns")


def check_permissions(house: House) -> Iterator[Violation]:
    """A service's rights stand in its ``permissions.py`` alone."""
    for source in house.sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _name(node.func) in {"allow", "Permission"}:
                yield Violation("permissions", source.at(node), "a right beside permissions.py")
    for service in house.services():
        for path in sorted(service.glob("*.py")):
            if path.stem != "permissions" and re.search(r"\ballow\(", path.read_text(encoding="utf-8")):
                yield Violation("permissions", str(path.relative_to(house.root)), "a right beside permissions.py")


def check_table_writers(house: House) -> Iterator[Violation]:
    """A table is written by its own slice alone; others call that slice's commands."""
    for source in house.sources:
        foreign = {each.class_name: each for each in house.foreign_tables(source)}
        imported = {
            alias.asname or alias.name: foreign[alias.name]
            for node in ast.walk(source.tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
            if alias.name in foreign and (f"{node.module}.").startswith(f"{foreign[alias.name].module}.")
        }
        yield from _writes_by_name(source, imported)
        tables = {each.table: each for each in house.foreign_tables(source)}
        own = {each.table for each in house.tables if each.service == source.service and each.slice == source.slice}
        for node, text in source.statements:
            for name in INTO_TABLE.findall(text):
                if name in tables and name not in own:
                    yield _written(source, node, tables[name])


def _written(source: Source, node: ast.AST, table: TableClass) -> Violation:
    return Violation("writers", source.at(node), f"writes {table.table}, a table of {table.slice}")


def _writes_by_name(source: Source, imported: dict[str, TableClass]) -> Iterator[Violation]:
    if not imported:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            if isinstance(node.func, ast.Name) and node.func.id in imported:
                yield _written(source, node, imported[node.func.id])
            elif name in WRITING_CALLS and node.args and (table := imported.get(_name(node.args[0]))):
                yield _written(source, node, table)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _writes_in_function(source, node, imported)


def _writes_in_function(
    source: Source, function: ast.FunctionDef | ast.AsyncFunctionDef, imported: dict[str, TableClass]
) -> Iterator[Violation]:
    """Changes of rows that this function was given, or has loaded."""
    rows: dict[str, TableClass] = {}
    for argument in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]:
        if argument.annotation is not None and (table := _table_in(argument.annotation, imported)):
            rows[argument.arg] = table
    for node in ast.walk(function):
        target: ast.expr | None = None
        if isinstance(node, ast.Assign):
            target, table = node.targets[0], _table_in(node.value, imported)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            target, table = node.target, _table_in(node.iter, imported) or rows.get(_name(node.iter))
        if isinstance(target, ast.Name) and table is not None:
            rows[target.id] = table
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in WRITING_METHODS:
                targets = [node.func]
            elif node.func.attr == "delete" and node.args and _name(node.args[0]) in rows:
                yield _written(source, node, rows[_name(node.args[0])])
        for target in targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in rows:
                yield _written(source, node, rows[target.value.id])


def _table_in(expression: ast.expr, imported: dict[str, TableClass]) -> TableClass | None:
    """The foreign table whose rows an expression is: it names the class itself, not one of its columns."""
    columns = {id(node.value) for node in ast.walk(expression) if isinstance(node, ast.Attribute)}
    for node in ast.walk(expression):
        if isinstance(node, ast.Name) and node.id in imported and id(node) not in columns:
            return imported[node.id]
    return None


def _name(expression: ast.AST) -> str:
    """The last part of a name: of ``a.b.c`` it is ``c``."""
    return expression.attr if isinstance(expression, ast.Attribute) else getattr(expression, "id", "")


def check_table_readers(house: House) -> Iterator[Violation]:
    """Another slice's tables are read by commands, queries, events, consumers and workers.

    Services never see each other's.
    """
    for source in house.sources:
        found: set[Violation] = set()
        for node, module, name in source.imports:
            parts = f"{module}.{name}".split(".")
            if "tables" not in parts or not module.startswith(("services.", "gateway.")):
                continue
            owner = ".".join(parts[: parts.index("tables")])
            if owner != f"{source.service}.{source.slice}" and source.layer not in READERS:
                found.add(Violation("readers", source.at(node), f"{source.layer} reads the tables of {owner}"))
        yield from sorted(found, key=str)


def check_slice_order(house: House) -> Iterator[Violation]:
    """The slices of a service form no circle, the tables that SQL names included."""
    edges: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for source in house.sources:
        for node, module, _ in source.imports:
            if module.startswith(f"{source.service}."):
                other = module.removeprefix(f"{source.service}.").partition(".")[0]
                if other != source.slice and other not in BESIDE_SLICES:
                    edges[source.service][source.slice].setdefault(other, source.at(node))
        own = {each.table for each in house.tables if each.service == source.service and each.slice == source.slice}
        others = {each.table: each.slice for each in house.foreign_tables(source)}
        for node, text in source.statements:
            for name in FROM_TABLE.findall(text):
                if name in others and name not in own:
                    edges[source.service][source.slice].setdefault(others[name], source.at(node))
    for service, graph in sorted(edges.items()):
        for circle in _circles(graph):
            where = graph[circle[0]][circle[1]]
            yield Violation("order", where, f"{service}: {' → '.join(circle)}")


def _circles(graph: dict[str, dict[str, str]]) -> list[tuple[str, ...]]:
    """One circle through each slice that stands in one, the shortest, each circle once."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for start in sorted(graph):
        paths: list[tuple[str, ...]] = [(start,)]
        seen: set[str] = set()
        while paths:
            path = paths.pop(0)
            for following in sorted(graph.get(path[-1], {})):
                if following == start:
                    found.setdefault(frozenset(path), (*path, start))
                    paths.clear()
                    break
                if following not in seen:
                    seen.add(following)
                    paths.append((*path, following))
    return list(found.values())


def check_contracts_in_sql(house: House) -> Iterator[Violation]:
    """An event's contract is spelled in ``events.py``, never as JSON in SQL; a revision requests a republish."""
    for source in house.sources:
        for node, text in source.statements:
            if INTO_OUTBOX.search(text) and JSON_IN_SQL.search(text):
                yield Violation("contracts", source.at(node), "an event is spelled in SQL")
    for service in house.services():
        for path in sorted(service.glob("migrations/versions/*.py")):
            if INTO_OUTBOX.search(path.read_text(encoding="utf-8")):
                yield Violation("contracts", str(path.relative_to(house.root)), "a revision publishes by itself")


def replaced_words(root: Path) -> frozenset[str]:
    """The words that ``docs/vocabulary.md`` has replaced."""
    path = root / "docs/vocabulary.md"
    table = path.read_text(encoding="utf-8").partition("## Replaced words")[2] if path.exists() else ""
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")][2:]
    return frozenset(word.strip() for cell in cells for word in cell.split(","))


def check_words(house: House) -> Iterator[Violation]:
    """Identifiers are made of the vocabulary's words, and of none that it has replaced.

    Fields of classes are left out: those of tables, bodies and events are stored and published under their names.
    """
    replaced = replaced_words(house.root)
    for part in ("services", "gateway", "shared", "infra"):
        for path in sorted((house.root / part).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            where = str(path.relative_to(house.root))
            names = {(path.stem, 1), *_names_given(ast.parse(path.read_text(encoding="utf-8")))}
            for name, line in sorted(names, key=lambda found: (found[1], found[0])):
                used = {part.lower() for part in NAME_PART.findall(STANDARD_NAMES.sub("", name))} & replaced
                if used:
                    yield Violation(
                        "words", f"{where}:{line}", f"{name} has a replaced word, {', '.join(sorted(used))}"
                    )


def _names_given(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The names that a file gives to functions, classes, arguments and variables, with their lines."""
    fields = {
        id(statement.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _name(node.value) == "self":
            yield node.attr, node.lineno


RULES: tuple[Callable[[House], Iterable[Violation]], ...] = (
    check_names,
    check_size,
    check_permissions,
    check_table_writers,
    check_table_readers,
    check_slice_order,
    check_contracts_in_sql,
    check_words,
)


def check(root: Path) -> list[Violation]:
    """All violations below ``root``."""
    house = House.read(root)
    return [violation for rule in RULES for violation in rule(house)]


if __name__ == "__main__":
    violations = check(Path(__file__).parents[2])
    for violation in violations:
        sys.stdout.write(f"{violation}\n")
    sys.exit(bool(violations))
