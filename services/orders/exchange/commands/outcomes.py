"""The outcome of one entry of a file."""

from dataclasses import dataclass, field

from pydantic import BaseModel

from services.orders.exchange.commands.kinds.kind import ExchangeKind
from services.orders.exchange.domain.documents import CellChange, Document
from services.orders.exchange.domain.entries import ImportEntry
from shared.kit.importing import Verdict
from shared.kit.problem import FieldError

DONE = ("created", "updated")


@dataclass
class EntryOutcome:
    """The outcome of one entry; ``faults`` and ``changes`` by row."""

    kind: ExchangeKind
    entry: ImportEntry
    verdict: Verdict
    faults: list[list[FieldError]] = field(default_factory=list)
    changes: list[list[CellChange]] = field(default_factory=list)
    before: Document | None = None
    body: BaseModel | None = None
    after: Document = field(default_factory=dict)
    """The document that is there afterwards."""
