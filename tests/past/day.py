"""A small day at the demo factory as release v0.1.0 was told it: its own paths and field names, which later
releases may change."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.support.caller import Caller, Shop
from tests.support.waiting import jobs_of
from tests.support.world import eventually, key

PIN = "482917"
OPERATOR = "1101"
DUE = "2030-12-24T18:00:00+09:00"
COIL = "SAPH440-2.0"
API = "/api/v1/production"


async def live(shop: Shop, webhook: str) -> None:
    """Everything that happens: orders, lots, reports, corrections, a call, a review, the ERP, a person and a device."""
    admin = await shop.set_up()
    await admin.post("/people", {"code": "P77", "name": "박신입", "roles": ["operator"], "pin": "619304"})
    assert (await admin.http.patch(f"/people/{OPERATOR}", json={"pin": PIN})).is_success
    await admin.post(
        "/people",
        {"code": "L1", "name": "정반장", "roles": ["leader"], "login": "banjang", "password": "kkumi-7-haneul"},
    )
    leader = await shop.sign_in("banjang", "kkumi-7-haneul")
    await admin.post("/erp/webhooks", {"url": webhook, "events": ["confirmation"]})
    erp = await shop.erp(admin)
    await erp.post("/erp/orders", {"external_id": "SO-PAST-1", "item": "HB1001", "quantity": 500, "due_at": DUE})
    order = await _order(admin, "SO-PAST-1")
    await admin.post(f"/orders/work-orders/{order['id']}/release")
    press, packing = await jobs_of(admin, order)
    operator = await shop.sign_in_on(await shop.enrol(admin, "PR200P"), OPERATOR, PIN)
    await _make_brackets(operator, leader, press, packing)
    await _stand_still(admin, operator, leader)
    await _own_orders(admin, operator)
    await _settled(admin)


async def _order(admin: Caller, external_id: str) -> dict[str, Any]:
    async def look() -> list[dict[str, Any]]:
        orders = await admin.every("/orders/work-orders", limit=200)
        return [order for order in orders if order["external_id"] == external_id]

    return (await eventually(look, bool))[0]


async def _make_brackets(operator: Caller, leader: Caller, press: dict[str, Any], packing: dict[str, Any]) -> None:
    """A coil goes in; scrap, rework at the press and from the bench; a report is taken back, another one corrected."""
    await operator.post("/production/attendance", {"kind": "in"})
    lot = (await leader.post("/production/lots", {"item": COIL, "quantity": 800, "supplier_lot": "POSCO-77"}))["lot"]
    await operator.post(f"/production/jobs/{press['id']}/start", {"machine": "PR200P"})
    await operator.post(f"/production/jobs/{press['id']}/consumptions", {"lot": lot})

    async def report(job: dict[str, Any], **body: Any) -> str:
        answer = await operator.post(f"/production/jobs/{job['id']}/results", body)
        return str(answer["id"])

    await report(press, good=120, scrap=[{"defect": "BURR", "quantity": 3}, {"defect": "DENT", "quantity": 1}])
    wrong = await report(press, good=1200)
    await operator.post(f"/production/results/{wrong}/reverse", {"reason": "잘못 눌렀음"})
    typed = await report(press, good=90, scrap=[{"defect": "CRACK", "quantity": 9}])
    corrected = {"good": 98, "scrap": [{"defect": "CRACK", "quantity": 1}], "reason": "수량 오입력"}
    await leader.post(f"/production/results/{typed}/correct", corrected)
    await report(press, good=40, rework=6)
    await report(press, good=5, scrap=[{"defect": "DENT", "quantity": 1}], reworked=True)
    await leader.post(f"/production/jobs/{packing['id']}/start", {"machine": "PK"})
    await report(packing, good=150, scrap=[{"defect": "DIMENSION", "quantity": 2}])
    await report(packing, good=20, rework=4, rework_op=10)


async def _stand_still(admin: Caller, operator: Caller, leader: Caller) -> None:
    """A call, a note for the next shift, pieces without an order, and a touch that the server refused."""
    call = await operator.post("/production/andon-calls", {"machine": "PR200P", "kind": "maintenance", "note": "소음"})
    await leader.post(f"/production/andon-calls/{call['id']}/acknowledge")
    await operator.post("/production/machines/PR200P/handovers", {"note": "코일 교체함"})
    await operator.post("/production/machines/PR110/unassigned", {"item": "HB2001", "good": 12})
    held = (await admin.every("/orders/work-orders", item="HB2001", state="draft"))[0]
    await admin.post(f"/orders/work-orders/{held['id']}/release")
    job = (await jobs_of(admin, held))[0]
    await admin.post(f"/orders/work-orders/{held['id']}/hold", {"reason": "재질 확인"})

    async def state() -> str:
        return str((await operator.get(f"/production/jobs/{job['id']}"))["state"])

    await eventually(state, lambda state: state == "blocked")
    id_ = key()
    path, body = f"/production/jobs/{job['id']}/start", {"machine": "PR110"}
    refused = await operator.http.post(path, json=body, headers=id_)
    assert refused.status_code == 409, refused.text
    command = {"id": id_["Idempotency-Key"], "kind": "start", "path": f"/api/v1{path}", "body": body}
    touched = command | {"person": OPERATOR, "at": datetime.now(UTC).isoformat()}
    review = {"command": touched, "problem": refused.json()}
    await operator.post("/production/reviews", review)


async def _own_orders(admin: Caller, operator: Caller) -> None:
    """An order of the planner's own, of which a part is changed, split off and finished on its first operation."""
    order = await admin.post("/orders/work-orders", {"item": "HB2001", "quantity": 100, "due_at": DUE})
    await admin.post(f"/orders/work-orders/{order['id']}/release")
    blanking = (await jobs_of(admin, order))[0]
    change = await admin.post(f"/orders/work-orders/{order['id']}/changes", {"quantity": 110, "reason": "고객 요청"})
    await admin.post(f"/orders/changes/{change['id']}/apply")
    await operator.post(f"/production/jobs/{blanking['id']}/start", {"machine": "PR110"})
    await operator.post(
        f"/production/jobs/{blanking['id']}/results", {"good": 111, "scrap": [{"defect": "BURR", "quantity": 2}]}
    )
    await operator.post(f"/production/jobs/{blanking['id']}/finish")


async def _settled(admin: Caller) -> None:
    """Orders, quality and the ERP have counted what the floor reported."""

    async def look() -> list[tuple[Decimal, Decimal]]:
        jobs = await admin.every("/production/jobs", limit=200)
        orders = await admin.every("/orders/work-orders", limit=200)
        floor = sum(Decimal(job["good"]) for job in jobs)
        scrap = sum(Decimal(job["scrap"]) for job in jobs)
        counted = sum(Decimal(step["good"]) for order in orders for step in order["operations"])
        pareto = Decimal((await admin.get("/quality/pareto"))["total"])
        return [(Decimal(floor), Decimal(counted)), (Decimal(scrap), pareto)]

    await eventually(look, lambda pairs: all(one == other for one, other in pairs), seconds=60)
