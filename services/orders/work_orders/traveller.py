"""The traveller (작업지시서) of an order: what is printed, with QR codes that a scanner at a tablet reads."""

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import segno
from sqlalchemy.ext.asyncio import AsyncSession

from services.orders.work_orders.domain import MICRO
from services.orders.work_orders.queries import describe_work_orders, find_work_order
from services.orders.work_orders.schemas import NeedOut, TravellerOut, TravellerStep


async def get_traveller(session: AsyncSession, reference: str) -> TravellerOut:
    """Everything that an order's traveller shows; skipped operations are left out. 404 for an unknown order."""
    found = await find_work_order(session, reference)
    [order] = await describe_work_orders(session, [found])
    steps = [
        TravellerStep(**vars(step), qr_text=text, qr_svg=draw(text))
        for step in order.operations
        if not step.skip
        for text in [f"DURE:OP:{order.number}:{step.op}"]
    ]
    text = f"DURE:WO:{order.number}"
    needs = [need(line, order.quantity) for line in found.materials]
    return TravellerOut(order=order, qr_text=text, qr_svg=draw(text), operations=steps, materials=needs)


def need(line: Mapping[str, Any], quantity: Decimal) -> NeedOut:
    """What ``quantity`` pieces take by a frozen line of the BOM."""
    gross = Decimal(line["quantity"]) * quantity * (1 + Decimal(line["scrap_pct"]) / 100)
    return NeedOut(
        item=line["component"], name=line["name"], quantity=gross.quantize(MICRO), unit=line["unit"], op=line["op"]
    )


def draw(text: str) -> str:
    """``text`` as a QR code, SVG."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, omitsize=True, border=2)
    return drawing.getvalue().decode()
