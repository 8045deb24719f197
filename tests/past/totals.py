"""What a data folder holds, counted in its databases and through the API: the same before and after an upgrade."""

from decimal import Decimal
from typing import Any

from tests.support.caller import Caller
from tests.support.suite import Suite

COUNTED = {
    "orders": ("item", "routing_revision", "work_order", "work_order_operation", "change_request"),
    "production": (
        "job",
        "result",
        "lot",
        "movement",
        "lot_edge",
        "andon_call",
        "handover",
        "review",
        "unassigned",
        "attendance",
    ),
    "quality": ("defect",),
    "erp_bridge": ("confirmation", "delivery", "webhook"),
    "gateway": ("person", "device", "api_key"),
}
"""Tables whose rows are counted."""


async def read_totals(suite: Suite, admin: Caller) -> dict[str, Any]:
    """Rows by table, pieces by operation in three services, what is left of each lot, the ERP's last totals."""
    orders = await admin.every("/orders/work-orders", limit=200)
    jobs = await admin.every("/production/jobs", limit=200)
    confirmations = await admin.every("/erp/confirmations", limit=200, cursor="0")
    pareto = (await admin.get("/quality/pareto", by="defect"))["items"]
    return {
        "rows": {
            f"{app}.{table}": (await suite.execute(f"dure_{app}", f"SELECT count(*) FROM {table}"))[0][0]
            for app, tables in COUNTED.items()
            for table in tables
        },
        "orders": {order["number"]: order["state"] for order in orders},
        "ordered": {
            f"{order['number']}/{step['op']}": _pieces(step) for order in orders for step in order["operations"]
        },
        "made": {f"{job['number']}/{job['op']}": f"{job['state']} {_pieces(job)}" for job in jobs},
        "confirmed": {f"{row['external_id']}/{row['op']}": _pieces(row["totals"]) for row in confirmations},
        "scrap": {bar["key"]: str(Decimal(bar["quantity"])) for bar in pareto},
        "lots": {lot["lot"]: f"{lot['state']} {lot['remaining']}" for lot in await admin.every("/production/lots")},
    }


def _pieces(row: dict[str, Any]) -> str:
    """Good / scrap / rework."""
    return " / ".join(str(Decimal(row[name])) for name in ("good", "scrap", "rework"))
