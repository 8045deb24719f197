"""Changes of master data: create-or-replace by code, told as an event when something changed."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from sqlmodel import col, delete, select

from services.orders.definitions.domain import routing_faults
from services.orders.definitions.schemas import (
    ItemIn,
    MachineIn,
    OperationIn,
    ReasonIn,
    RoutingIn,
    ShiftIn,
    WorkCenterIn,
)
from services.orders.definitions.tables import (
    Definition,
    Item,
    Machine,
    Reason,
    Routing,
    RoutingOperation,
    Shift,
    WorkCenter,
)
from shared.contracts.event import Event
from shared.contracts.orders import ItemDefined, MachineDefined, ReasonDefined, ShiftDefined, WorkCenterDefined
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.paging import check_etag
from shared.kit.problem import FieldError, Problem, unprocessable

D = TypeVar("D", bound=Definition)
Verdict = Literal["created", "updated", "unchanged"]


async def put_item(tx: Transaction, code: str, body: ItemIn, if_match: str | None = None) -> Verdict:
    """Create or replace an item."""
    return await _put(
        tx,
        Item,
        code,
        body.model_dump(mode="python") | {"kind": body.kind.value},
        if_match,
        lambda row: ItemDefined.model_validate(row, from_attributes=True),
    )


async def put_work_center(tx: Transaction, code: str, body: WorkCenterIn, if_match: str | None = None) -> Verdict:
    """Create or replace a work center."""
    return await _put(
        tx,
        WorkCenter,
        code,
        body.model_dump(),
        if_match,
        lambda row: WorkCenterDefined.model_validate(row, from_attributes=True),
    )


async def put_machine(tx: Transaction, code: str, body: MachineIn, if_match: str | None = None) -> Verdict:
    """Create or replace a machine; its work center must be known."""
    await require(tx, WorkCenter, body.work_center, "work_center")
    return await _put(
        tx,
        Machine,
        code,
        body.model_dump(),
        if_match,
        lambda row: MachineDefined.model_validate(row, from_attributes=True),
    )


async def put_reason(tx: Transaction, code: str, body: ReasonIn, if_match: str | None = None) -> Verdict:
    """Create or replace a reason."""
    return await _put(
        tx,
        Reason,
        code,
        body.model_dump() | {"kind": body.kind.value},
        if_match,
        lambda row: ReasonDefined.model_validate(row, from_attributes=True),
    )


async def put_shift(tx: Transaction, code: str, body: ShiftIn, if_match: str | None = None) -> Verdict:
    """Create or replace a shift."""
    return await _put(
        tx, Shift, code, body.model_dump(), if_match, lambda row: ShiftDefined.model_validate(row, from_attributes=True)
    )


async def _put(
    tx: Transaction, table: type[D], code: str, values: dict[str, Any], if_match: str | None, told: Callable[[D], Event]
) -> Verdict:
    row = await tx.lock(table, code)
    check_etag(if_match, row.version if row else 0)
    changes = differences({name: getattr(row, name) for name in values} if row else {}, values)
    verdict: Verdict = "updated"
    if row is None:
        row = table(code=code, version=1, updated_at=tx.now, **values)
        tx.add(row, code)
        verdict = "created"
    elif not changes:
        return "unchanged"
    else:
        row.sqlmodel_update(values | {"version": row.version + 1, "updated_at": tx.now})
    tx.record(told(row), aggregate=f"{table.__tablename__}/{code}", version=row.version)
    tx.audit(verdict, f"{table.__tablename__}/{code}", changes)
    return verdict


async def put_routing(tx: Transaction, item: str, body: RoutingIn, if_match: str | None = None) -> Verdict:
    """Create or replace the routing of an item; what it names must be known. Orders released before keep their snapshot."""
    await require(tx, Item, item, "item")
    steps = [await _placed(tx, place, step) for place, step in enumerate(body.operations)]
    faults = routing_faults(steps)
    if faults:
        raise Problem(422, "invalid", errors=[FieldError(name, code) for name, code in faults])
    routing = await tx.session.get(Routing, item, with_for_update=True)
    check_etag(if_match, routing.version if routing else 0)
    present: list[dict[str, Any]] = []
    wanted = sorted((step.model_dump() for step in steps), key=lambda step: int(step["op"]))
    if routing is None:
        tx.session.add(Routing(item=item, version=1, updated_at=tx.now))
        verdict: Verdict = "created"
    else:
        rows = await tx.session.scalars(
            select(RoutingOperation).where(RoutingOperation.item == item).order_by(col(RoutingOperation.op))
        )
        present = [step.values() for step in rows]
        if present == wanted:
            return "unchanged"
        routing.sqlmodel_update({"version": routing.version + 1, "updated_at": tx.now})
        await tx.session.execute(delete(RoutingOperation).where(col(RoutingOperation.item) == item))
        verdict = "updated"
    await tx.session.flush()
    tx.session.add_all(RoutingOperation(item=item, **step) for step in wanted)
    await tx.session.flush()
    tx.audit(verdict, f"routing/{item}", _steps_changed(present, wanted))
    return verdict


def _steps_changed(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[str, Any, Any]]:
    """One change for each operation that is another one now."""
    return differences({f"op {step['op']}": step for step in before}, {f"op {step['op']}": step for step in after})


async def _placed(tx: Transaction, place: int, step: OperationIn) -> OperationIn:
    """The step with the work center of its machine."""
    if step.machine is not None:
        machine = await require(tx, Machine, step.machine, f"operations.{place}.machine")
        if step.work_center is None:
            return step.model_copy(update={"work_center": machine.work_center})
        if step.work_center != machine.work_center:
            raise unprocessable(f"operations.{place}.machine", "machine_elsewhere", work_center=step.work_center)
    elif step.work_center is not None:
        await require(tx, WorkCenter, step.work_center, f"operations.{place}.work_center")
    return step


async def require(tx: Transaction, table: type[D], code: str, field: str) -> D:
    """The entry with this code; a 422 problem about ``field`` when it is unknown or no longer active."""
    row = await tx.find(table, code)
    if row is None or not row.active:
        raise unprocessable(field, "unknown_reference", value=code)
    return row
