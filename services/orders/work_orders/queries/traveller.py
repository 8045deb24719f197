"""The traveller (작업지시서) of an order: what is printed, with QR codes that a scanner at a tablet reads."""

import io
from zoneinfo import ZoneInfo

import segno
from sqlalchemy.ext.asyncio import AsyncSession

from services.orders.work_orders.queries.orders import get_work_order
from services.orders.work_orders.queries.reconciliation import describe_materials
from services.orders.work_orders.schemas import TravellerOut, TravellerStep


async def get_traveller(session: AsyncSession, reference: str, zone: ZoneInfo) -> TravellerOut:
    """Everything that an order's traveller shows; skipped operations are left out. 404 for an unknown order."""
    order = await get_work_order(session, reference, zone)
    steps = [
        TravellerStep(**vars(step), qr_text=text, qr_svg=draw_qr_code(text))
        for step in order.operations
        if not step.skip
        for text in [f"DURE:OP:{order.number}:{step.op}"]
    ]
    text = f"DURE:WO:{order.number}"
    materials = await describe_materials(session, order.id, order.quantity)
    return TravellerOut(order=order, qr_text=text, qr_svg=draw_qr_code(text), operations=steps, materials=materials)


def draw_qr_code(text: str) -> str:
    """``text`` as a QR code, SVG."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, omitsize=True, border=2)
    return drawing.getvalue().decode()
