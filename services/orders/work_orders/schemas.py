"""Work orders over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.orders.work_orders.domain import State
from shared.kit.moments import Moment
from shared.kit.names import Code
from shared.kit.quantities import Positive, QuantityOut

Note = Annotated[str, Field(min_length=1, max_length=500)]


class In(BaseModel):
    """What comes in: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class WorkOrderIn(In):
    """A new order; without ``number`` the next one of the month is given."""

    item: Code
    quantity: Positive
    due_at: Moment
    priority: Annotated[int, Field(ge=0, le=100, description="0 is the most urgent")] = 50
    number: Annotated[str, Field(pattern=r"^\w[\w.+#-]*$", max_length=40)] | None = None
    external_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    customer: Annotated[str, Field(max_length=200)] | None = None
    sales_order: Annotated[str, Field(max_length=100)] | None = None
    note: Note | None = None


class CommandIn(In):
    """Why: required for hold and cancel."""

    reason: Note | None = None


class OperationOut(BaseModel):
    """One operation and its counts."""

    model_config = ConfigDict(from_attributes=True)

    op: int
    name: dict[str, str]
    work_center: str | None
    machine: str | None
    state: str
    planned: QuantityOut
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut
    instruction: str | None
    instruction_revision: int | None


class WorkOrderOut(BaseModel):
    """An order with its counts: good of the last operation, scrap and rework of all."""

    id: UUID
    number: str
    external_id: str | None
    item: str
    item_name: dict[str, str]
    unit: str
    quantity: QuantityOut
    due_at: datetime
    priority: int
    state: State
    reason: str | None
    customer: str | None
    sales_order: str | None
    note: str | None
    parent: UUID | None
    good: QuantityOut
    scrap: QuantityOut
    rework: QuantityOut
    created_at: datetime
    released_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    version: int
    operations: list[OperationOut]
