"""A press shop whose lots have a history: what somebody finds in the office, and at a tablet."""

from typing import Any

from tests.support.caller import Caller, Shop
from tests.support.world import eventually

MASTER: dict[str, dict[str, Any]] = {
    "items/SAPH440": {
        "name": {"ko": "열연코일 2.0t", "en": "hot-rolled coil 2.0t"},
        "kind": "raw",
        "unit": "kg",
        "lot_tracked": True,
    },
    "items/NUT-M8": {"name": {"ko": "용접너트 M8", "en": "weld nut M8"}, "kind": "purchased", "lot_tracked": True},
    "items/HB2001": {
        "name": {"ko": "보강 ASSY", "en": "reinforcement assembly"},
        "kind": "finished",
        "lot_tracked": True,
    },
    "items/MT10": {"name": {"ko": "구동 모터", "en": "drive motor"}, "kind": "finished", "serial_tracked": True},
    "items/SPCC": {
        "name": {"ko": "냉연판", "en": "cold-rolled sheet"},
        "kind": "raw",
        "unit": "kg",
        "lot_tracked": True,
    },
    "items/BR50": {"name": {"ko": "브라켓 50", "en": "bracket 50"}, "kind": "finished"},
    "boms/BR50": {
        "lines": [
            {"component": "SAPH440", "quantity": "0.4"},
            {"component": "SPCC", "quantity": "0.2", "alternates": [{"component": "SAPH440", "quantity": "0.2"}]},
        ]
    },
    "routings/BR50": {"operations": [{"op": 10, "name": {"ko": "타발", "en": "stamping"}, "machine": "PR1"}]},
    "boms/HB2001": {
        "lines": [
            {"component": "SAPH440", "quantity": "0.4", "scrap_pct": "2", "op": 10},
            {"component": "NUT-M8", "quantity": "2", "op": 20},
        ]
    },
    "routings/MT10": {"operations": [{"op": 10, "name": {"ko": "조립", "en": "assembly"}, "machine": "PK"}]},
    "routings/HB2001": {
        "operations": [
            {"op": 10, "name": {"ko": "타발", "en": "stamping"}, "machine": "PR1"},
            {"op": 20, "name": {"ko": "용접", "en": "welding"}, "machine": "PK"},
        ]
    },
}


AT_JOB = "SAPH440-POHANG-H2611-0533-A"
MOTORS = "MT10-LINE1-A"


class Story:
    """What happened before somebody sits down: two coils, three boxes of nuts, two orders, three shipments; a third
    coil that lies at a job, and six motors with numbers."""

    def __init__(self, shop: Shop, admin: Caller) -> None:
        self.shop, self.admin = shop, admin
        self.coil = self.made = self.waiting = ""

    async def happen(self) -> None:
        """Let it happen, through the public API."""
        for path, body in MASTER.items():
            await self.admin.put(f"/orders/{path}", body)
        self.coil = await self._receive("SAPH440", 60, supplier="현대제철", supplier_lot="H2611-0417", location="A-03")
        await self._receive("SAPH440", 100, supplier="현대제철", supplier_lot="H2611-0533", location="A-04")
        for quantity in (120, 120, 400):
            await self._receive("NUT-M8", quantity, supplier="한국파스너", location="B-01", expires_on="2026-12-01")
        for _ in range(2):
            stamping, welding = await self.jobs("HB2001", 2)
            await self._post(f"/jobs/{stamping['id']}/results", good=98, scrap=[{"defect": "BURR", "quantity": 2}])
            self.made = (await self._post(f"/jobs/{welding['id']}/results", good=95))["lot"]
            await self._post(f"/lots/{self.made}/ship", customer="한미정밀", quantity=40, reference="D-2611-031")
        await self._post(f"/lots/{self.made}/ship", customer="㈜대성오토텍", quantity=15)
        await self._post(f"/lots/{self.made}/count", quantity=38, reason="재고 실사")
        await self._receive("SAPH440", 50, lot=AT_JOB, supplier="포스코")
        stamping, _ = await self.jobs("HB2001", 2)
        self.waiting = stamping["number"]
        await self._post(f"/jobs/{stamping['id']}/consumptions", lot=AT_JOB, quantity=20)
        (assembly,) = await self.jobs("MT10", 1)
        await self._post(f"/jobs/{assembly['id']}/results", good=6, lot=MOTORS)

    async def motors(self) -> dict[str, str]:
        """Where each of them is, by the end of its number."""
        found = await self.admin.every("/production/serials", lot=MOTORS)
        return {serial["serial"].removeprefix(f"{MOTORS}-"): serial["state"] for serial in found}

    async def movements(self, lot: str) -> list[tuple[str, str]]:
        """Kind and quantity of what happened to a lot, the first one first."""
        found = (await self.admin.get(f"/production/lots/{lot}"))["movements"]
        return [(one["kind"], one["quantity"]) for one in reversed(found)]

    async def _receive(self, item: str, quantity: int, **more: Any) -> str:
        return str((await self._post("/lots", item=item, quantity=quantity, **more))["lot"])

    async def jobs(self, item: str, count: int) -> list[dict[str, Any]]:
        """The jobs of a new order, by operation."""
        wish = {"item": item, "quantity": 100, "due_at": "2027-01-15T18:00:00+09:00", "customer": "㈜대성오토텍"}
        order = await self.admin.post("/orders/work-orders", wish)
        await self.admin.post(f"/orders/work-orders/{order['id']}/release")

        async def look() -> list[Any]:
            return await self.admin.every("/production/jobs", work_order=order["id"])

        jobs = await eventually(look, lambda found: len(found) == count)
        return sorted(jobs, key=lambda job: job["op"])

    async def _post(self, path: str, **body: Any) -> Any:
        return await self.admin.post(f"/production{path}", body)
