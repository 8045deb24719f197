"""Change requests over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.orders.changes.domain import ChangeOrigin, ChangeState
from services.orders.definitions.schemas import In
from services.orders.work_orders.schemas import DraftPatch, Note
from shared.kit.names import Code
from shared.kit.quantities import QuantityOut
from shared.kit.readers import AnyPersonOut, PersonOut
from shared.kit.references import refers_to


class OperationChangeIn(In):
    """Another machine of its work center, or to be left out."""

    op: int
    machine: Code | None = None
    skip: bool = False


class ChangeIn(DraftPatch):
    """New values and their reason; an empty tolerance is the shop's."""

    operations: list[OperationChangeIn] = Field(default=[], max_length=100)
    reason: Note


class ApplyIn(In):
    """``confirmed``: the warnings that the person has seen."""

    confirmed: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=20)
    reason: Note | None = None


class RefuseIn(In):
    """The reason for a refusal."""

    reason: Note | None = None


class DifferenceOut(BaseModel):
    """One field's value before and after; ``operations.<op>.<field>`` for an operation's."""

    field: str
    before: Any
    after: Any


class DoneOut(BaseModel):
    """The counts of an operation so far."""

    op: int
    name: dict[str, str]
    state: str
    good: QuantityOut
    scrap: QuantityOut


class ChangeOut(BaseModel):
    """A change request; difference, done and warnings are as of now until it is decided, then as of the decision."""

    id: UUID
    work_order_id: UUID = refers_to("work_order")
    number: str
    origin: ChangeOrigin
    state: ChangeState
    difference: list[DifferenceOut]
    done: list[DoneOut]
    warnings: list[str]
    reason: str | None
    by: PersonOut
    at: datetime
    decided_by: AnyPersonOut
    decided_at: datetime | None
    decision: str | None
