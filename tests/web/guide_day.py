"""What else happens at the demo factory, so that every screen of the guide has something to show."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.support.caller import PASSWORD, Caller, Shop
from tests.support.working_day import PINS, at
from tests.support.world import eventually

LATER = "14:52"
"""When the guide's pictures are taken: one box after the last report."""
MACHINE = "PR200P"
COIL = "SAPH440-2.0"
COILS = ("H2611-0417", "H2611-0533")
"""The coils of the bracket, by their supplier's numbers; the first one is in the press."""
REVIEWED = "WI-HB2001-10"
"""The work instruction that waits for its approval."""
OFFICE = {"leader": "1003", "quality": "1004"}
PRESENT = ("1101", "1102", "1103", "1104", "1106", "1110")
PIN = "518263"
"""Of those who are present and have none yet."""


@dataclass
class GuideDay:
    """The afternoon of the guide."""

    shop: Shop
    admin: Caller
    lot: str = ""
    """The finished brackets of which a part was shipped."""
    order: dict[str, Any] | None = None
    """A released order that somebody wants to change."""
    label: str = ""

    async def happen(self) -> None:
        """All but the call, which would stand above every page."""
        for login, person in OFFICE.items():
            body = {"login": login, "password": PASSWORD}
            assert (await self.admin.http.patch(f"/people/{person}", json=body)).is_success
        for number, person in enumerate(PRESENT):
            if person not in PINS:
                assert (await self.admin.http.patch(f"/people/{person}", json={"pin": PIN})).is_success
            came = (at("08:21") + timedelta(minutes=2 * number)).isoformat()
            await self.admin.post("/production/attendance", {"kind": "in", "person": person, "at": came})
        await self._lots()
        await self._floor()
        await self._instruction()
        await self._change()
        await self._erp()

    async def call(self) -> None:
        """The press that has failed calls for maintenance."""
        body = {"machine": "PR150", "kind": "maintenance", "note": "유압 압력이 떨어집니다"}
        await self.admin.post("/production/andon-calls", body)

    async def _lots(self) -> None:
        item = await self.admin.get("/orders/items/HB1001")
        kept = {name: item[name] for name in ("name", "kind", "unit", "box_quantity")}
        await self.admin.put("/orders/items/HB1001", kept | {"lot_tracked": True})
        for number, supplier_lot in enumerate(COILS):
            body = {"item": COIL, "quantity": "2500", "lot": supplier_lot, "supplier_lot": supplier_lot}
            more = {"supplier": "현대제철", "location": f"A-0{number + 3}"}
            await self.admin.post("/production/lots", body | more)
        running = (await self.admin.every("/production/jobs", machine=MACHINE, state="running"))[0]
        await self.admin.post(f"/production/jobs/{running['id']}/consumptions", {"lot": COILS[0], "quantity": "800"})
        stamping, packing = await self._jobs_of_new_order()
        await self.admin.post(f"/production/jobs/{stamping['id']}/consumptions", {"lot": COILS[0]})
        await self.admin.post(f"/production/jobs/{stamping['id']}/results", {"good": 600})
        made = await self.admin.post(f"/production/jobs/{packing['id']}/results", {"good": 590})
        self.lot = made["lot"]
        for customer, quantity in (("대성오토텍", 300), ("㈜금강모터스", 100)):
            body = {"customer": customer, "quantity": quantity, "reference": f"D-2611-{quantity}"}
            await self.admin.post(f"/production/lots/{self.lot}/ship", body)
        label = await self.admin.post("/production/labels", {"lot": self.lot})
        self.label = label["id"]

    async def _jobs_of_new_order(self) -> list[dict[str, Any]]:
        body = {"item": "HB1001", "quantity": 600, "due_at": at("19:00").isoformat(), "customer": "대성오토텍"}
        order = await self.admin.post("/orders/work-orders", body)
        await self.admin.post(f"/orders/work-orders/{order['id']}/release")

        async def look() -> list[Any]:
            return await self.admin.every("/production/jobs", work_order=order["id"])

        jobs = await eventually(look, lambda found: len(found) == len(("stamping", "packing")))
        return sorted(jobs, key=lambda job: job["op"])

    async def _floor(self) -> None:
        """A start that a tablet could not get done, pieces without an order, a note, and a call that is over."""
        invitation = await self.admin.post("/device-enrolments", {"name": "2번 태블릿", "machine": MACHINE})
        device = await self.shop.caller().post("/devices", {"code": invitation["code"]})
        tablet = self.shop.caller(device["device_token"])
        operator = await self.shop.sign_in_on(tablet, "1106", PINS["1106"])
        note = {"note": "14시부터 홀 치수가 크게 나옵니다. 30분마다 게이지로 확인해 주세요."}
        await operator.post(f"/production/machines/{MACHINE}/handovers", note)
        call = await operator.post("/production/andon-calls", {"machine": "SW1", "kind": "material"})
        await self.admin.post(f"/production/andon-calls/{call['id']}/acknowledge")
        await self.admin.post(f"/production/andon-calls/{call['id']}/resolve", {"note": "너트 두 상자 보충"})
        jobs = await self.admin.every("/production/jobs", machine=MACHINE, state="ready")
        path, body = f"/production/jobs/{jobs[0]['id']}/start", {"machine": MACHINE}
        id_ = str(uuid4())
        refused = await operator.http.post(path, json=body, headers={"Idempotency-Key": id_})
        assert refused.is_client_error, refused.text
        command = {"id": id_, "kind": "start", "path": f"/api/v1{path}", "body": body, "person": "1106"}
        command |= {"machine": MACHINE, "at": at("14:40").isoformat()}
        await operator.post("/production/reviews", {"command": command, "problem": refused.json()})
        pieces = {"good": 120, "item": "HB2001", "note": "샘플 요청분"}
        await self.admin.post("/production/machines/PR110/unassigned", pieces)

    async def _instruction(self) -> None:
        author = await self.shop.sign_in("quality", PASSWORD)
        drawn = (await self.admin.get("/orders/instructions/WI-HB2001-40"))["pages"][0]["media_id"]
        texts = {"ko": "블랭크를 스토퍼에 밀착합니다.", "en": "Push the blank against the stopper."}
        pages = [
            {"text": texts, "media_id": drawn},
            {"text": {"ko": "초품 3개의 길이를 잽니다.", "en": "Measure the length of the first 3 pieces."}},
        ]
        title = {"ko": "보강 ASSY 블랭킹", "en": "Blanking of the reinforcement"}
        body = {"title": title, "item": "HB2001", "op": 10, "pages": pages}
        await author.put(f"/orders/instructions/{REVIEWED}", body)
        await author.post(f"/orders/instructions/{REVIEWED}/submit")

    async def _change(self) -> None:
        found = await self.admin.get("/orders/work-orders", state="released", limit=1)
        self.order = found["items"][0]
        body = {"quantity": str(int(self.order["quantity"]) + 400), "reason": "고객이 400개를 더 요청했습니다"}
        await self.admin.post(f"/orders/work-orders/{self.order['id']}/changes", body)

    async def _erp(self) -> None:
        """An ERP with a key has fetched the first of the confirmations."""
        erp = await self.shop.erp(self.admin)
        await erp.get("/erp/confirmations", limit=20)
