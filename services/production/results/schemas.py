"""Results over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from services.production.jobs.domain import JobState
from services.production.jobs.schemas import In, JobOut, Note
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.quantities import NotNegative, Positive, QuantityOut
from shared.kit.readers import AnyPersonOut
from shared.kit.references import refers_to


class ScrapIn(In):
    """Pieces scrapped for one defect."""

    defect: Code
    quantity: Positive


class ResultIn(In):
    """Pieces made since the last report: good, scrap by defect and rework in one action.

    It goes into ``lot``, with ``serials``, where they are named. Rework goes back to ``rework_op``, to this operation
    when that is left out. ``reworked``: these pieces are some that came back.
    """

    good: NotNegative
    scrap: list[ScrapIn] = Field(default_factory=list, max_length=50)
    rework: NotNegative = Decimal(0)
    rework_op: int | None = None
    reworked: bool = False
    lot: Code | None = None
    serials: list[Code] = Field(default_factory=list, max_length=1000)
    machine: Code | None = None
    at: Moment | None = None

    def stays_here(self) -> bool:
        """True for a report about one job alone: nothing goes back to another one."""
        return self.rework_op is None or not self.rework

    def has_pieces(self) -> bool:
        """True when a piece was made at all."""
        return bool(self.good or self.scrap or self.rework)

    def references(self) -> set[tuple[str, str]]:
        """The master data that it names, as (kind, code)."""
        named = {("defect", entry.defect) for entry in self.scrap}
        return named if self.machine is None else named | {("machine", self.machine)}


class ReverseIn(In):
    """The reason for which a result is taken back: one's own of this shift may be so without one.

    ``at`` is the device's time.
    """

    reason: Note | None = None
    at: Moment | None = None


class CorrectIn(In):
    """The right content of a result, and why it was wrong."""

    good: NotNegative
    scrap: list[ScrapIn] = Field(default_factory=list, max_length=50)
    rework: NotNegative = Decimal(0)
    rework_op: int | None = None
    reason: Note


class ScrapOut(BaseModel):
    """Pieces scrapped for one defect."""

    defect: str
    quantity: QuantityOut


class ReportOut(BaseModel):
    """The result's id and what the job has come to.

    ``flags`` say what a person should look at. ``lot`` is the stock's lot that it went into.
    """

    id: UUID
    job: JobOut
    flags: list[str]
    lot: str | None = None
    serials: list[str] = Field(default_factory=list)


class ResultOut(BaseModel):
    """A result of the ledger.

    Negative ones take an earlier one back (``reverses``), or pieces that a later operation sent back (``returned_by``).
    """

    id: UUID
    job_id: UUID = refers_to("job")
    work_order_id: UUID = refers_to("work_order")
    number: str
    op: int
    item: str
    machine: str | None
    good: QuantityOut
    scrap: list[ScrapOut]
    rework: QuantityOut
    rework_op: int | None
    reworked: bool
    person: AnyPersonOut
    source: str
    at: datetime
    recorded_at: datetime
    business_date: date
    shift: str | None
    flags: list[str]
    reverses_id: UUID | None = refers_to("reverses")
    reversed_by_id: UUID | None = refers_to("reversed_by")
    corrects_id: UUID | None = refers_to("corrects")
    returned_by_id: UUID | None = refers_to("returned_by")
    reason: str | None


class ResultChainOut(ResultOut):
    """A result with all that it corrects and that corrects it, itself included, from the first report on."""

    chain: list[ResultOut]


class FlaggedOut(ResultOut):
    """A flagged result that waits for somebody to look at it, with what its job has come to."""

    op_name: dict[str, str]
    item_name: dict[str, str]
    unit: str
    planned: QuantityOut
    job_good: QuantityOut
    job_state: JobState


class UsedMachineOut(BaseModel):
    """A machine on which an operation of an order was worked on, and the work center in which it stands."""

    op: int
    machine: str
    work_center: str
