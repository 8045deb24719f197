"""An order for cap assemblies in the browser, and what the moulding shop's tablets report of it."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import expect

from tests.support.browser import Window
from tests.support.caller import Caller, Shop
from tests.support.waiting import jobs_of
from tests.support.world import eventually
from tests.web.mending import expect_fit

OPERATOR, PIN = "2101", "482917"
CUSTOMER = "㈜다온코스메틱"


@dataclass
class Moulders:
    """The planner's window, the administrator, and a tablet at each machine that somebody works on."""

    shop: Shop
    admin: Caller
    planner: Window
    operators: dict[str, Caller] = field(default_factory=dict)

    async def at(self, machine: str) -> Caller:
        """The operator, signed in on the machine's tablet."""
        if machine not in self.operators:
            tablet = await self.shop.enrol(self.admin, machine)
            self.operators[machine] = await self.shop.sign_in_on(tablet, OPERATOR, PIN)
        return self.operators[machine]

    async def order(self, number: str) -> Any:
        """A work order as it is now."""
        return await self.admin.get(f"/orders/work-orders/{number}")

    async def explode(self, quantity: int) -> dict[str, str]:
        """One click makes the assembly's order and those of its parts, as the preview showed; the numbers by item."""
        page, planner = self.planner.page, self.planner
        await planner.visit("/orders")
        await planner.find("order-new").click()
        await planner.find("order-item").fill("CAP24A")
        await page.get_by_role("option", name="CAP24A").click()
        await planner.find("order-quantity").fill(str(quantity))
        for item in ("CAP24A", "CAP24", "INN24"):
            await expect(planner.find(f"plan-{item}")).to_contain_text(f"{quantity:,}")
        await planner.find("order-customer").fill(CUSTOMER)
        await expect(planner.page.locator(".plan.stale")).to_have_count(0)
        await expect_fit(planner, "explode")
        await planner.find("order-create").click()
        await expect(page.locator("tbody tr")).to_have_count(3)
        orders = await self.admin.every("/orders/work-orders")
        return {order["item"]: order["number"] for order in orders}

    async def release_all(self) -> None:
        """All orders on the board at once."""
        page = self.planner.page
        await page.get_by_role("checkbox", name="모두 선택").check()
        await self.planner.find("bulk-release").click()
        await expect(page.locator("tbody tr", has_text="지시됨")).to_have_count(3)

    async def change(self, number: str, quantity: int, op: int, machine: str) -> None:
        """A released order gets another quantity and another machine, once somebody has looked at the difference."""
        planner = self.planner
        await planner.visit(f"/orders/{number}")
        await planner.find("order-change").click()
        await planner.find("change-sheet").get_by_test_id("order-quantity").fill(str(quantity))
        await planner.find(f"change-machine-{op}").select_option(machine)
        await planner.find("change-reason").fill("5호기 점검")
        await planner.find("change-propose").click()
        await expect(planner.find("change-check")).to_contain_text(re.compile(f"INJ05.*{machine}", re.DOTALL))
        await expect_fit(planner, "change-check")
        await planner.find("change-apply-now").click()
        await expect(planner.page.locator(".operations")).to_contain_text(machine)

    async def split(self, number: str, quantity: int) -> str:
        """A part of a released order becomes an order of its own; its number."""
        planner = self.planner
        await planner.visit(f"/orders/{number}")
        await planner.find("order-more").click()
        await planner.find("order-split").click()
        await planner.find("split-part-2").fill(str(quantity))
        await planner.find("split-confirm").click()
        await expect(planner.find("family")).to_contain_text(f"{number}-2")
        return f"{number}-2"

    async def work(self, number: str, op: int, machine: str | None, good: int, **scrap: int) -> None:
        """One operation from start to finish; without a machine it comes back from a subcontractor, and the office
        enters it."""
        person = await self.at(machine) if machine else self.admin
        order = await self.order(number)

        async def look() -> Any:
            jobs = await jobs_of(person, order)
            return next(job for job in jobs if job["op"] == op)

        job = await eventually(look, lambda job: job["state"] == "ready")
        path = f"/production/jobs/{job['id']}"
        await person.post(f"{path}/start", {"machine": machine} if machine else None)
        defects = [{"defect": defect, "quantity": quantity} for defect, quantity in scrap.items()]
        await person.post(f"{path}/results", {"good": good, "scrap": defects})
        await person.post(f"{path}/finish")

    async def close(self, number: str, *texts: str) -> None:
        """A completed order is closed with where its pieces are, which ``told`` has a part of."""
        planner = self.planner
        await eventually(lambda: self.order(number), lambda order: order["state"] == "completed")
        await planner.visit(f"/orders/{number}")
        await expect(planner.page.locator(".timeline")).to_contain_text("완료자동")
        await planner.find("order-close").click()
        for words in texts:
            await expect(planner.find("close-sheet")).to_contain_text(words)
        await expect_fit(planner, f"close-{number}")
        await planner.find("close-confirm").click()
        await expect(planner.page.locator(".order-lead")).to_contain_text("마감")
        await planner.find("tab-quantities").click()
        await expect(planner.page.locator(".reconciliation")).to_contain_text("마감")
        await expect_fit(planner, f"closed-{number}")
