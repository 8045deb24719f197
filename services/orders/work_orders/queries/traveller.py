"""The traveller (작업지시서) of an order: what is printed, with QR codes that a scanner at a tablet reads."""

from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.orders.work_orders.queries.orders import get_work_order
from services.orders.work_orders.queries.reconciliation import describe_materials
from services.orders.work_orders.schemas import TravellerOut, TravellerStep
from shared.kit.qr import qr_svg


async def get_traveller(session: AsyncSession, reference: str, zone: ZoneInfo) -> TravellerOut:
    """Everything that an order's traveller shows; skipped operations are left out. 404 for an unknown order."""
    order = await get_work_order(session, reference, zone)
    steps = [
        TravellerStep(**vars(step), qr_text=text, qr_svg=qr_svg(text))
        for step in order.operations
        if not step.skip
        for text in [f"DURE:OP:{order.number}:{step.op}"]
    ]
    text = f"DURE:WO:{order.number}"
    materials = await describe_materials(session, order.id, order.quantity)
    return TravellerOut(order=order, qr_text=text, qr_svg=qr_svg(text), operations=steps, materials=materials)
