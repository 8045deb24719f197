"""The content of a file by kind, key and row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from services.orders.exchange.domain.documents import Document
from services.orders.exchange.domain.layout import KindLayout

K = TypeVar("K", bound=KindLayout)


@dataclass
class ImportEntry:
    """The content of a file for one key: cells by field for each row, or a whole document."""

    key: str
    rows: list[int]
    cells: list[Mapping[str, str]] = field(default_factory=list)
    document: Document | None = None
    surplus: int = 0


@dataclass(frozen=True)
class ImportBatch(Generic[K]):
    """The entries of one kind, and the fields that the file has."""

    kind: K
    mapped: tuple[str, ...]
    entries: Sequence[ImportEntry]
