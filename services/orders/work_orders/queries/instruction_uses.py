"""The uses of an instruction: the operations that name it, and the orders that run on a revision of it."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.orders.instructions.tables import Instruction
from services.orders.products.queries.routings import operations_with_instruction
from services.orders.work_orders.domain.states import ON_THE_FLOOR
from services.orders.work_orders.schemas import InstructionOperation, InstructionOrder, InstructionUsesOut
from services.orders.work_orders.tables import WorkOrder, WorkOrderOperation
from shared.kit.problem import Problem

MAX_ORDERS = 200


async def find_instruction_uses(session: AsyncSession, code: str, today: date) -> InstructionUsesOut:
    """The operations that name it, and the open orders that run on a revision of it.

    A 404 problem when it is unknown.
    """
    if await session.get(Instruction, code) is None:
        raise Problem(404, "not_found")
    operations = await operations_with_instruction(session, [code], today)
    return InstructionUsesOut(
        operations=[InstructionOperation.model_validate(use, from_attributes=True) for use in operations],
        orders=await _orders_with_instruction(session, code),
    )


async def _orders_with_instruction(session: AsyncSession, code: str) -> list[InstructionOrder]:
    """The operations of orders on the floor that run on a revision of the instruction, by due date."""
    step = WorkOrderOperation
    statement = (
        select(WorkOrder, step)
        .join(step, col(WorkOrder.id) == col(step.work_order))
        .where(step.instruction == code, col(WorkOrder.state).in_([state.value for state in ON_THE_FLOOR]))
        .order_by(col(WorkOrder.due_at), col(WorkOrder.number), col(step.op))
        .limit(MAX_ORDERS)
    )
    return [
        InstructionOrder(
            work_order=order.id,
            number=order.number,
            item=order.item,
            op=use.op,
            revision=use.instruction_revision or 0,
            state=order.state,
        )
        for order, use in await session.execute(statement)
    ]
