"""The app's modules as browsers get them: unchanged, in fewer files.

Every module is written as a file of its own. What the start needs is sent as one file, and so is each page's folder: a
tablet's first visit is some twenty requests instead of a hundred.
In a joined file each module is a function that runs once, in the order of its imports. At its own address stands a
module that takes the
exports from there, so that nothing ever runs twice.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

IMPORT = re.compile(
    r'^import\s*(?:(?P<what>\{[^}]*\}|\*\s*as\s+\w+|\w+)\s*from\s*)?"(?P<path>/[^"]+)";[ ]*\n?', re.MULTILINE
)
DECLARED = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class)\s+(\w+))", re.MULTILINE)
DEFAULT = re.compile(r"^export default (?=(?:async )?function (\w+))", re.MULTILINE)
LISTED = re.compile(r'^export\s*\{([^}]*)\}(?:\s*from\s*"(/[^"]+)")?;[ ]*\n?', re.MULTILINE)
COMMENT = re.compile(r"^[ ]*(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/)\n", re.MULTILINE)
"""Comments with lines of their own are not sent: types cost a tablet nothing."""
UNKNOWN = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)


@dataclass(frozen=True)
class Module:
    """A module taken apart."""

    path: str
    imports: tuple[tuple[str, str], ...]
    """The names that it takes, as a pattern of an assignment, and from which module."""
    exports: Mapping[str, str]
    """The names that it gives, and the expression of each."""
    body: str

    @property
    def needs(self) -> list[str]:
        """The modules that run before it."""
        return list(dict.fromkeys(path for _, path in self.imports))

    @property
    def name(self) -> str:
        """The variable that holds its exports in a joined file."""
        return _name(self.path)

    @property
    def text(self) -> str:
        """It as a function that runs at once and returns its exports."""
        taken = "".join(f"const {what} = {_name(path)};\n" for what, path in self.imports if what)
        given = ", ".join(name if name == value else f"{name}: {value}" for name, value in self.exports.items())
        return f"// {self.path}\nconst {self.name} = (() => {{\n{taken}{self.body}\nreturn {{ {given} }};\n}})();\n"


def _name(path: str) -> str:
    return re.sub(r"\W", "_", path).replace("_", "$", 1)


def _pairs(listed: str) -> list[tuple[str, str]]:
    """``a, b as c`` as pairs of the name there and the name here."""
    items = (item.strip() for item in listed.strip("{}").split(","))
    return [
        (first, last or first)
        for first, _, last in (re.sub(r"\s+as\s+", "=", item).partition("=") for item in items if item)
    ]


def read_module(path: str, source: str) -> Module:
    """Take a module apart; ValueError for a way of importing or exporting that is not understood here."""
    imports: list[tuple[str, str]] = []
    exports: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        what = found["what"] or ""
        if what.startswith("{"):
            what = f"{{ {', '.join(a if a == b else f'{a}: {b}' for a, b in _pairs(what))} }}"
        elif what.startswith("*"):
            what = what.split()[-1]
        elif what:
            what = f"{{ default: {what} }}"
        imports.append((what, found["path"]))
        return ""

    def give(found: re.Match[str]) -> str:
        if found[2]:
            imports.append(("", found[2]))
        exports.update({b: f"{_name(found[2])}.{a}" if found[2] else a for a, b in _pairs(found[1])})
        return ""

    body = LISTED.sub(give, IMPORT.sub(take, COMMENT.sub("", source)))
    exports |= {name: name for name in DECLARED.findall(body)}
    body = DECLARED.sub("", body)
    if found := DEFAULT.search(body):
        exports["default"] = found[1]
        body = DEFAULT.sub("", body)
    if odd := UNKNOWN.search(body):
        raise ValueError(f"{path}: not understood: {odd[0]}")
    return Module(path, tuple(imports), exports, body.strip("\n"))


def closure(modules: Mapping[str, Module], entries: Iterable[str]) -> list[str]:
    """The modules that run when the entries do, each after what it imports; ValueError where they run in a circle."""
    ordered: dict[str, None] = {}
    begun: set[str] = set()

    def visit(path: str) -> None:
        if path in ordered:
            return
        if path in begun:
            raise ValueError(f"{path} imports itself by way of others")
        begun.add(path)
        for needed in modules[path].needs if path in modules else ():
            visit(needed)
        ordered[path] = None

    for entry in entries:
        visit(entry)
    return list(ordered)


def homes(modules: Mapping[str, Module], start: str, first: Iterable[str], pages: Iterable[str]) -> dict[str, str]:
    """In which file each module is sent.

    ``start`` takes along all that it and the ``first`` pages need outside of the pages' folders, a page what it needs
    of its own folder.
    """
    shared = [path for path in closure(modules, [start, *first]) if not path.startswith("/pages/")]
    found = {path: start for path in shared if path in modules}
    for page in pages:
        folder = page.rpartition("/")[0] + "/"
        found |= {path: page for path in closure(modules, [page]) if path.startswith(folder)}
    return {path: found.get(path, path) for path in modules}


def join(modules: Mapping[str, Module], homes: Mapping[str, str], entry: str) -> str:
    """The text of the file that is sent at the address of a module."""
    home = homes[entry]
    if home != entry:
        return f'import {{ {modules[entry].name} }} from "{home}";\n{_exported(modules[entry])}'
    members = [
        path for path in closure(modules, [path for path in homes if homes[path] == entry]) if homes.get(path) == entry
    ]
    outside = dict.fromkeys(needed for path in members for needed in modules[path].needs if homes.get(needed) != entry)
    taken = [
        f'import {{ {_name(path)} }} from "{homes[path]}";\n'
        if path in homes
        else f'import * as {_name(path)} from "{path}";\n'
        for path in outside
    ]
    named = f"export {{ {', '.join(modules[path].name for path in members)} }};\n"
    return "".join([*taken, *(modules[path].text for path in members), named, _exported(modules[entry])])


def _exported(module: Module) -> str:
    names = ", ".join(name for name in module.exports if name != "default")
    text = f"export const {{ {names} }} = {module.name};\n" if names else ""
    return text + (f"export default {module.name}.default;\n" if "default" in module.exports else "")
