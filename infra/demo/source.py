"""The demo factories as they are stored: one ``factory.toml`` each, from which every file of the demo is made."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shared.kit.problem import LANGUAGES

FACTORIES = Path(__file__).parent / "factories"
MASTER_FILES = {
    "work_centers": "work-centers.csv",
    "machines": "machines.xlsx",
    "items": "items.xlsx",
    "reasons": "reasons.csv",
    "shifts": "shifts.csv",
    "tools": "tools.csv",
    "instructions": "instructions.zip",
    "routings": "routings.xlsx",
    "boms": "boms.xlsx",
    "defects": "defects.csv",
}
"""The files of master data by kind, in the order in which they build on each other."""


class DemoError(Exception):
    """The reason why the demo cannot go on, for the person at the console."""


@dataclass(frozen=True)
class Site:
    """The site of a factory; ``name`` by language."""

    code: str
    name: dict[str, str]
    timezone: ZoneInfo


@dataclass(frozen=True)
class Customer:
    """A customer; the code has leading zeros."""

    code: str
    name: str


@dataclass(frozen=True)
class Demand:
    """The boxes of one item that are ordered for each working day, on so many order lines."""

    item: str
    name: str
    spec: str
    box: int
    daily_boxes: int
    lines: int


@dataclass(frozen=True)
class Page:
    """A page of a work instruction: a text by language, and a picture's file name or nothing."""

    text: dict[str, str]
    picture: str | None


@dataclass(frozen=True)
class Instruction:
    """A work instruction that was written and approved by two people."""

    code: str
    item: str
    op: int
    title: dict[str, str]
    author: str
    approver: str
    pages: list[Page]


@dataclass(frozen=True)
class Factory:
    """One demo factory; a table is its header and its rows."""

    key: str
    site: Site
    people: list[dict[str, str]]
    tables: Mapping[str, list[list[str]]]
    customers: list[Customer]
    demand: list[Demand]
    instructions: list[Instruction]
    history: Mapping[str, Any] | None
    """How its past is made up, where it has one."""

    @property
    def master(self) -> Path:
        """The folder with its master data as XLSX and CSV."""
        return FACTORIES / self.key / "master"

    @property
    def pictures(self) -> Path:
        """The folder with the pictures of its instructions, each as it was drawn (SVG) and as it is shown (PNG)."""
        return FACTORIES / self.key / "pictures"


def factory_names() -> list[str]:
    """The demo factories that there are."""
    return sorted(path.parent.name for path in FACTORIES.glob("*/factory.toml"))


def load_factory(name: str) -> Factory:
    """The demo factory of that name; raises DemoError when there is none."""
    if name not in factory_names():
        raise DemoError(f"There is no demo factory “{name}”; there are {', '.join(factory_names())}.")
    source = tomllib.loads((FACTORIES / name / "factory.toml").read_text(encoding="utf-8"))
    site = source["site"]
    tables = {kind: _table(text) for kind, text in source["tables"].items()}
    tables["reasons"] = _table((FACTORIES / "reasons.txt").read_text(encoding="utf-8"))
    header, *people = tables.pop("people")
    return Factory(
        key=name,
        site=Site(site["code"], {"ko": site["ko"], "en": site["en"]}, ZoneInfo(site["timezone"])),
        people=[dict(zip(header, row, strict=True)) for row in people],
        tables=tables,
        customers=[Customer(**customer) for customer in source["customers"]],
        demand=[Demand(**demand) for demand in source["demand"]],
        instructions=[_instruction(**fields) for fields in source["instructions"]],
        history=source.get("history"),
    )


def _instruction(*, pages: list[dict[str, str]], **fields: Any) -> Instruction:
    parsed = [Page({language: page[language] for language in LANGUAGES}, page.get("picture")) for page in pages]
    return Instruction(**fields, pages=parsed)


def _table(text: str) -> list[list[str]]:
    """The cells between the bars; the first line is the header, and what is missing at a row's end is empty."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    width = len(rows[0])
    return [row + [""] * (width - len(row)) for row in rows]
