"""What becomes of one entry of a file."""

from dataclasses import dataclass, field

from pydantic import BaseModel

from services.orders.exchange.domain import Change, Document
from services.orders.exchange.incoming import Entry
from services.orders.exchange.kind import Kind
from shared.kit.importing import Verdict
from shared.kit.problem import FieldError

DONE = ("created", "updated")


@dataclass
class Outcome:
    """What becomes of one entry; ``faults`` and ``changes`` are told by row."""

    kind: Kind
    entry: Entry
    verdict: Verdict
    faults: list[list[FieldError]] = field(default_factory=list)
    changes: list[list[Change]] = field(default_factory=list)
    before: Document | None = None
    body: BaseModel | None = None
    after: Document = field(default_factory=dict)
    """What is there afterwards."""
