"""What happens in a shop, as facts in the words of its people: pure, without an id of the product.

``at`` is when it happened, ``sent_at`` when it is entered, which is later for what was on paper
first. ``machine`` is where it happened, if it was at one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from infra.demo.erp_orders import OrderLine

CallKind = Literal["material", "maintenance", "quality", "supervisor"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that ``person`` did."""

    at: datetime
    person: str
    machine: str | None = None

    @property
    def sent_at(self) -> datetime:
        """When the product is kinds."""
        return self.at

    @property
    def lane(self) -> str:
        """Facts of a lane are entered one after the other; of several lanes at the same time."""
        return self.machine or self.person


@dataclass(frozen=True, kw_only=True)
class OrdersArrive(Fact):
    """The ERP's file with new orders."""

    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, kw_only=True)
class OrderFact(Fact):
    """Something about an order, by the ERP's id of it."""

    order: str

    @property
    def lane(self) -> str:
        """Of one order one after the other."""
        return self.machine or self.order


@dataclass(frozen=True, kw_only=True)
class Release(OrderFact):
    """The order goes to the floor."""


@dataclass(frozen=True, kw_only=True)
class HoldOrder(OrderFact):
    """The order waits, for a reason of the shop's list."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class CloseOrder(OrderFact):
    """The order is delivered and settled."""


@dataclass(frozen=True, kw_only=True)
class JobFact(OrderFact):
    """Something about one operation of an order."""

    op: int


@dataclass(frozen=True, kw_only=True)
class Start(JobFact):
    """The operation begins, with its set-up or at once with production."""

    has_setup: bool


@dataclass(frozen=True, kw_only=True)
class Produce(JobFact):
    """The set-up is over, pieces are made."""


@dataclass(frozen=True, kw_only=True)
class Join(JobFact):
    """Somebody works on it from now on, too."""


@dataclass(frozen=True, kw_only=True)
class ReadInstruction(JobFact):
    """The operation's instruction was read for the first time."""


@dataclass(frozen=True, kw_only=True)
class Pause(JobFact):
    """The operation stops, for a reason of the shop's list."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Resume(JobFact):
    """The operation goes on."""


@dataclass(frozen=True, kw_only=True)
class Finish(JobFact):
    """The operation has ended."""


@dataclass(frozen=True, kw_only=True)
class Report(JobFact):
    """Pieces made since the last report. ``typed`` is the number of good ones as it was entered at first.

    A ``refused`` one waits in the reviews until a leader lets it stand.
    """

    key: str
    good: int
    scrap: Mapping[str, int]
    typed: int
    delay: timedelta = timedelta()
    refused: bool = False

    @property
    def sent_at(self) -> datetime:
        """Later where it stood on paper first."""
        return self.at + self.delay


@dataclass(frozen=True, kw_only=True)
class Correct(JobFact):
    """A report gets the number that it should have had."""

    key: str
    good: int
    scrap: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class SendOut(JobFact):
    """Pieces go to a subcontractor, who has them back by ``due_at``."""

    quantity: int
    supplier: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Receive(Fact):
    """A lot of material comes in."""

    lot: str
    item: str
    quantity: Decimal
    supplier: str
    supplier_lot: str
    location: str


@dataclass(frozen=True, kw_only=True)
class Give(JobFact):
    """A quantity of a lot goes into an operation."""

    lot: str
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class HoldLot(Fact):
    """A lot must not be used for now."""

    lot: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Ship(OrderFact):
    """All finished pieces of an order go to its customer."""

    customer: str
    quantity: int
    reference: str


@dataclass(frozen=True, kw_only=True)
class PrintLabel(JobFact):
    """A label for the lot that the operation has made last."""


@dataclass(frozen=True, kw_only=True)
class Attend(Fact):
    """Somebody comes or goes."""

    comes: bool

    @property
    def lane(self) -> str:
        """Of one person one after the other."""
        return self.person


@dataclass(frozen=True, kw_only=True)
class Call(Fact):
    """Somebody is called to a machine."""

    key: str
    kind: CallKind
    note: str


@dataclass(frozen=True, kw_only=True)
class Acknowledge(Fact):
    """Who was called comes."""

    key: str


@dataclass(frozen=True, kw_only=True)
class Resolve(Fact):
    """The call has been dealt with."""

    key: str
    note: str


@dataclass(frozen=True, kw_only=True)
class HandOver(Fact):
    """A note for the next crew at a machine."""

    key: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ReadHandover(Fact):
    """The next crew has read it."""

    key: str


@dataclass(frozen=True, kw_only=True)
class MadeWithoutOrder(Fact):
    """Pieces that belong to no order yet."""

    item: str
    good: int
    note: str


@dataclass(frozen=True, kw_only=True)
class UnknownLot(JobFact):
    """A label was scanned whose lot nobody knows: that waits in the reviews."""

    lot: str
    component: str
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class AcceptReport(JobFact):
    """A leader lets a refused report stand as it was meant."""

    key: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LookAtFlags(Fact):
    """A leader has looked at the reports that are out of the ordinary so far."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DraftInstruction(Fact):
    """A new revision of an instruction is written, and waits for another person's approval."""

    code: str
    remark: Mapping[str, str]
