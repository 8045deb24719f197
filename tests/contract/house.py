"""The source of the services as services, slices and layers: what the rules of the house are checked on."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

NO_SLICES = ("migrations", "messages", "web", "__pycache__")


@dataclass(frozen=True)
class Source:
    """One file of a slice."""

    root: Path
    path: Path
    service: str
    """The package of the service, e.g. ``services.orders``."""
    slice: str
    layer: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax."""
        return ast.parse(self.path.read_text(encoding="utf-8"))

    def at(self, node: ast.AST) -> str:
        """Where a node stands."""
        return f"{self.path.relative_to(self.root)}:{getattr(node, 'lineno', 1)}"

    @property
    def imports(self) -> Iterator[tuple[ast.ImportFrom | ast.Import, str, str]]:
        """Each imported name: the statement, the module it comes from, and its own name there (empty for a module)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    yield node, node.module, alias.name
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    yield node, alias.name, ""

    @cached_property
    def statements(self) -> list[tuple[ast.AST, str]]:
        """The texts in the file that may be SQL, each as a whole; a docstring is none."""
        docstrings = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        found: list[tuple[ast.AST, str]] = []
        parts: set[int] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.JoinedStr):
                parts |= {id(part) for part in node.values}
                text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
                found.append((node, text))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
                found.append((node, node.value))
        return found


@dataclass(frozen=True)
class TableClass:
    """A table's class, and the slice that it belongs to."""

    service: str
    slice: str
    class_name: str
    table: str

    @property
    def module(self) -> str:
        """The module (or package) in which the slice has its tables."""
        return f"{self.service}.{self.slice}.tables"


@dataclass
class House:
    """The sources below ``root``, as services and slices."""

    root: Path
    sources: list[Source] = field(default_factory=list)
    tables: list[TableClass] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path) -> "House":
        """Everything in ``services`` and ``gateway``."""
        house = cls(root)
        for service in house.services():
            for folder in house.slices(service):
                for path in sorted(folder.rglob("*.py")):
                    first = path.relative_to(folder).parts[0].removesuffix(".py")
                    package = ".".join(service.relative_to(root).parts)
                    house.sources.append(Source(root, path, package, folder.name, first))
        for source in house.sources:
            if source.layer == "tables":
                house.tables += _tables_in(source)
        return house

    def services(self) -> list[Path]:
        """The folders of the services, the gateway's among them."""
        folders = [path.parent for path in sorted((self.root / "services").glob("*/__init__.py"))]
        return [*folders, self.root / "gateway"] if (self.root / "gateway").is_dir() else folders

    def slices(self, service: Path) -> list[Path]:
        """The folders of a service's slices."""
        return [path for path in sorted(service.iterdir()) if path.is_dir() and path.name not in NO_SLICES]

    def foreign_tables(self, source: Source) -> list[TableClass]:
        """The tables of the same service that are of other slices."""
        return [each for each in self.tables if each.service == source.service and each.slice != source.slice]


def _tables_in(source: Source) -> Iterator[TableClass]:
    for node in source.tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        if any(word.arg == "table" and getattr(word.value, "value", None) is True for word in node.keywords):
            names = [
                statement.value.value
                for statement in node.body
                if isinstance(statement, ast.Assign)
                and isinstance(statement.targets[0], ast.Name)
                and statement.targets[0].id == "__tablename__"
                and isinstance(statement.value, ast.Constant)
            ]
            table = str(names[0]) if names else node.name.lower()
            yield TableClass(source.service, source.slice, node.name, table)
