"""Where an instruction is used: the operations that name it, and the orders that run on a revision of it."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.instructions.tables import Instruction
from services.orders.products.queries.routings import operations_with_instruction
from services.orders.work_orders.domain import ON_THE_FLOOR
from services.orders.work_orders.schemas import InstructionOperation, InstructionOrder, InstructionUsesOut
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.kit.problem import Problem


async def find_instruction_uses(session: AsyncSession, code: str, today: date) -> InstructionUsesOut:
    """The operations that name it, and the open orders that run on a revision of it; a 404 problem when it is unknown."""
    if await session.get(Instruction, code) is None:
        raise Problem(404, "not_found")
    operations = await operations_with_instruction(session, [code], today)
    orders = await orders_with_instruction(session, code)
    return InstructionUsesOut(
        operations=[InstructionOperation.model_validate(use, from_attributes=True) for use in operations],
        orders=[InstructionOrder.model_validate(use, from_attributes=True) for use in orders],
    )


class OrderWithInstruction(NamedTuple):
    """An operation of an order that was released with a revision of an instruction."""

    work_order: UUID
    number: str
    item: str
    op: int
    revision: int
    state: str


async def orders_with_instruction(session: AsyncSession, code: str, limit: int = 200) -> list[OrderWithInstruction]:
    """The operations of orders on the floor that run on a revision of the instruction, by due date."""
    step = WorkOrderOperation
    wanted = (
        select(WorkOrder, step)
        .join(step, col(WorkOrder.id) == col(step.work_order))
        .where(step.instruction == code, col(WorkOrder.state).in_([state.value for state in ON_THE_FLOOR]))
        .order_by(col(WorkOrder.due_at), col(WorkOrder.number), col(step.op))
        .limit(limit)
    )
    return [
        OrderWithInstruction(order.id, order.number, order.item, use.op, use.instruction_revision or 0, order.state)
        for order, use in await session.execute(wanted)
    ]
