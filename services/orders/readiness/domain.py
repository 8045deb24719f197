"""The checks of a shop's master data.

Each one looks at the facts and names what a person should mend, and on which page.
"""

import dataclasses
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any
from urllib.parse import quote

MIN_PIECES = 50
"""Pieces that must have been made before a measured time says something about a standard."""
TOLERANCE = Decimal("0.25")
"""A measured time this much off the standard contradicts it: 0.25 is 25 %."""


class Severity(StrEnum):
    """``error`` contradicts or stops an order; ``warning`` is a gap that the shop should close."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to mend: the entry (``kind`` and ``key``), its field, and what is wrong with it."""

    code: str
    severity: Severity
    kind: str
    key: str
    field: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class ItemFacts:
    """An item in use."""

    code: str
    name: str
    kind: str
    unit: str | None
    is_made: bool
    is_unit_known: bool = True


@dataclass(frozen=True)
class PortionFacts:
    """A component's quantity in another unit than its own: stock units of one unit, as stored and as they are now."""

    component: str
    quantity: str
    unit: str
    factor: Fraction
    factor_now: Fraction | None


@dataclass(frozen=True)
class StepFacts:
    """An operation of a routing in effect; ``piece_s`` are the standard seconds for one piece."""

    op: int
    subcontract: bool
    machine: str | None
    machines_at_work_center: int
    piece_s: Decimal
    lead_time_d: Decimal | None
    instruction: str | None
    instruction_approved: bool


@dataclass(frozen=True)
class Measured:
    """The time that the floor needed for an operation: running seconds, and the pieces processed in them."""

    seconds: Decimal
    pieces: Decimal

    @property
    def piece_s(self) -> Decimal:
        """Seconds for one piece."""
        return self.seconds / self.pieces


@dataclass(frozen=True)
class RejectedFact:
    """A row of a file that could not be taken, and is not there by another way since."""

    kind: str
    key: str
    file: str
    row: int
    errors: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Facts:
    """Everything that the checks look at; what is no longer in use is left out."""

    items: Sequence[ItemFacts] = ()
    routings: Mapping[str, Sequence[StepFacts]] = dataclasses.field(default_factory=dict)
    boms: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    """Components by item."""
    portions: Mapping[str, Sequence[PortionFacts]] = dataclasses.field(default_factory=dict)
    """Components in other units, by item."""
    codes: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    """The codes in use by kind: items, machines, work-centers, tools ..."""
    rules: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """The shop's code rules by kind."""
    measured: Mapping[tuple[str, int], Measured] = dataclasses.field(default_factory=dict)
    rejected: Sequence[RejectedFact] = ()


def similarity_key(text: str) -> str:
    """A code without width, case, spaces and punctuation: codes that look the same come out equal."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def fits_rule(code: str, rule: str) -> bool:
    """True when a code has one of the forms of ``rule``, which stand between commas.

    ``@`` is a letter, ``#`` a digit, ``?`` any character, ``*`` any number of them.
    """
    return any(re.fullmatch(_pattern(form.strip()), code) for form in rule.split(","))


def _pattern(form: str) -> str:
    return "".join(
        {"@": "[^\\W\\d_]", "#": "[0-9]", "?": ".", "*": ".*?"}.get(char) or re.escape(char) for char in form
    )


def check_units(facts: Facts) -> Iterator[Finding]:
    """Items without a unit, or in one that nobody has defined; components in units that were others then."""
    for item in facts.items:
        if not item.unit:
            yield Finding("unit_missing", Severity.ERROR, "item", item.code, "unit")
        elif not item.is_unit_known:
            yield Finding("unit_unknown", Severity.WARNING, "item", item.code, "unit", {"unit": item.unit})
    for code, portions in facts.portions.items():
        for portion in portions:
            if portion.factor != portion.factor_now:
                params = {"component": portion.component, "quantity": portion.quantity, "unit": portion.unit}
                yield Finding("conversion_changed", Severity.ERROR, "bom", code, "lines", params)


def check_structure(facts: Facts) -> Iterator[Finding]:
    """Made items without a routing or a bill of materials."""
    for item in facts.items:
        if item.is_made and not facts.routings.get(item.code):
            yield Finding("routing_missing", Severity.ERROR, "item", item.code, "routing", {"item": item.code})
        if item.is_made and not facts.boms.get(item.code):
            yield Finding("bom_missing", Severity.WARNING, "item", item.code, "bom", {"item": item.code})


def check_operations(facts: Facts) -> Iterator[Finding]:
    """Operations without a time, a machine or an approved instruction."""
    for item, steps in facts.routings.items():
        for step in steps:
            params = {"item": item, "op": step.op}
            entry = ("routing", item, f"operations.{step.op}")
            if step.subcontract:
                if step.lead_time_d is None:
                    yield Finding("lead_time_missing", Severity.WARNING, *entry, params)
                continue
            if step.piece_s <= 0:
                yield Finding("time_missing", Severity.ERROR, *entry, params)
            if step.machine is None and step.machines_at_work_center == 0:
                yield Finding("machine_missing", Severity.ERROR, *entry, params)
            if step.instruction is None:
                yield Finding("instruction_missing", Severity.WARNING, *entry, params)
            elif not step.instruction_approved:
                yield Finding(
                    "instruction_not_approved", Severity.WARNING, *entry, params | {"instruction": step.instruction}
                )


def check_cycles(facts: Facts) -> Iterator[Finding]:
    """Bills of materials that lead back to their own item; each cycle is named once, from its smallest code on."""
    seen: set[tuple[str, ...]] = set()
    for start in sorted(facts.boms):
        for path in _cycles_through(start, facts.boms):
            least = path.index(min(path))
            cycle = (*path[least:], *path[:least])
            if cycle not in seen:
                seen.add(cycle)
                yield Finding(
                    "bom_cycle", Severity.ERROR, "bom", cycle[0], "lines", {"path": " → ".join([*cycle, cycle[0]])}
                )


def _cycles_through(start: str, boms: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """One shortest path from an item back to itself, when there is one."""
    paths: list[list[str]] = [[start]]
    visited: set[str] = set()
    while paths:
        path = paths.pop(0)
        for component in boms.get(path[-1], ()):
            if component == start:
                yield path
                return
            if component not in visited:
                visited.add(component)
                paths.append([*path, component])


def check_likeness(facts: Facts) -> Iterator[Finding]:
    """Codes, and names of items of one kind, that differ in writing alone."""
    for kind, codes in facts.codes.items():
        for alike in _alike((code, code) for code in codes):
            yield Finding("code_alike", Severity.ERROR, kind, alike[0], "code", {"codes": ", ".join(alike)})
    for of_kind in {item.kind for item in facts.items}:
        named = ((item.name, item.code) for item in facts.items if item.kind == of_kind)
        for alike in _alike(named):
            if len({similarity_key(code) for code in alike}) > 1:
                yield Finding("name_alike", Severity.WARNING, "item", alike[0], "name", {"codes": ", ".join(alike)})


def _alike(named: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for text, code in named:
        groups[similarity_key(text)].append(code)
    return (sorted(codes) for key, codes in sorted(groups.items()) if key and len(codes) > 1)


def check_rules(facts: Facts) -> Iterator[Finding]:
    """Codes that have not the form of the shop's rule."""
    for kind, rule in sorted(facts.rules.items()):
        for code in facts.codes.get(kind, ()):
            if not fits_rule(code, rule):
                yield Finding("code_off_rule", Severity.WARNING, kind, code, "code", {"rule": rule})


def seconds(value: Decimal) -> str:
    """Three digits that count: a press works in tenths of a second, a kettle in thousands of them."""
    return f"{value:.{max(0, 2 - value.adjusted())}f}"


def check_times(facts: Facts) -> Iterator[Finding]:
    """Standards that the measured times contradict."""
    for (item, op), measured in sorted(facts.measured.items()):
        step = next((step for step in facts.routings.get(item, ()) if step.op == op), None)
        if step is None or step.subcontract or step.piece_s <= 0 or measured.pieces < MIN_PIECES:
            continue
        ratio = measured.piece_s / step.piece_s
        if abs(ratio - 1) > TOLERANCE:
            params = {
                "item": item,
                "op": op,
                "standard": seconds(step.piece_s),
                "measured": seconds(measured.piece_s),
                "percent": f"{(ratio - 1) * 100:+.0f}",
            }
            yield Finding("time_contradicted", Severity.WARNING, "routing", item, f"operations.{op}", params)


def check_rejected(facts: Facts) -> Iterator[Finding]:
    """Rows of files that did not come in."""
    for row in facts.rejected:
        params = {"file": row.file, "row": row.row, "errors": list(row.errors)}
        yield Finding("row_rejected", Severity.ERROR, row.kind, row.key, "", params)


CHECKS: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    check_units,
    check_structure,
    check_operations,
    check_cycles,
    check_likeness,
    check_rules,
    check_times,
    check_rejected,
)


def find(facts: Facts) -> list[Finding]:
    """All that is to be mended: what stops orders first, then by entry."""
    found = [finding for check in CHECKS for finding in check(facts)]
    return sorted(found, key=lambda f: (f.severity is not Severity.ERROR, f.kind, f.key, f.field, f.code))


PAGES: tuple[tuple[Callable[[Finding], bool], str], ...] = (
    (lambda finding: not finding.key, "/imports"),
    (lambda finding: finding.code == "instruction_not_approved", "/instructions/{instruction}"),
    (lambda finding: finding.kind in ("bom", "boms"), "/items/{key}#bom"),
    (lambda finding: finding.kind in ("routing", "routings") and not finding.field, "/items/{key}#routing"),
    (lambda finding: finding.kind in ("item", "items", "routing", "routings"), "/items/{key}{anchor}"),
    (lambda finding: finding.kind == "instructions", "/instructions/{key}"),
    (lambda finding: True, "/definitions/{kind}#{key}"),
)
"""The page of the web app on which a finding is mended: of the first line that fits."""


def page_of(finding: Finding) -> str:
    """The page where a person mends it: the entry's page and field; a row without a key is mended at the imports."""
    path = next(path for fits, path in PAGES if fits(finding))
    return path.format(
        key=quote(finding.key, safe=""),
        kind=finding.kind.replace("_", "-"),
        anchor=f"#{finding.field}" if finding.field else "",
        instruction=quote(finding.params.get("instruction", ""), safe=""),
    )


def bom_page(item: str) -> str:
    """The page of an item's BOM."""
    return f"/items/{quote(item, safe='')}#bom"


def others_on_the_cycle(finding: Finding) -> list[str]:
    """The other items of a cycle of BOMs: any of them may have the line that is wrong."""
    params = [finding.params, *(error["params"] for error in finding.params.get("errors", ()))]
    items = dict.fromkeys(item for values in params for item in values.get("path", "").split(" → "))
    return [item for item in items if item and item != finding.key]
