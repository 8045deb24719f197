"""A day of a press shop, lived through the public API: everything that happens on it is over at its end.

It is what ``ageing`` lays down once more for each day of a long history.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.kit.clock import utc_now
from tests.support.caller import Caller
from tests.support.instructions import add_media, name_in_routing
from tests.support.media import png
from tests.support.world import eventually

OPERATIONS = 3
CENTERS = 5
DEFECTS = ("BURR", "DENT", "SCRATCH")
CUSTOMERS = ("대성오토텍", "한미", "㈜금강모터스", "서연")
SUBCONTRACTOR = "삼진도금"
COIL, PART, MOTOR = "COIL", "HB", "MOTOR"
INSTRUCTION = "WI1"
QUANTITY = 100
DAY = timedelta(hours=22)
FURNITURE: dict[str, dict[str, Any]] = {
    "areas/A1": {"name": "1공장"},
    **{f"work-centers/W{n}": {"name": {"ko": f"{n}반", "en": f"team {n}"}, "area": "A1"} for n in range(CENTERS)},
    "reasons/U2": {"name": "설비고장", "kind": "unplanned"},
    "reasons/P1": {"name": "휴식", "kind": "planned"},
    "shifts/D": {"name": "주간", "starts": "08:30", "ends": "20:30"},
    "shifts/N": {"name": "야간", "starts": "20:30", "ends": "08:30"},
    "calendars/KR": {"name": "휴일", "days_off": [], "overtime": []},
    "tools/D1": {"name": "금형", "kind": "die"},
    "skills/PRESS": {"name": "프레스"},
    f"items/{COIL}": {"name": {"ko": "코일", "en": "coil"}, "kind": "raw", "unit": "kg", "lot_tracked": True},
}


@dataclass(frozen=True)
class Shop:
    """How large it is: its machines, the orders of a day, and the reports of a job."""

    machines: int = 50
    orders: int = 84
    reports: int = 6

    @property
    def items(self) -> int:
        """The items that it makes, each ordered on every other day's worth of orders."""
        return max(4, self.orders // 2)

    def machine(self, item: int, step: int) -> str:
        """The machine of a step: every machine has as much to do as the others."""
        return f"M{(item * OPERATIONS + step) % self.machines + 1:02}"

    def center(self, machine: str) -> str:
        """The work center in which a machine stands."""
        return f"W{int(machine[1:]) % CENTERS}"

    def item(self, number: int) -> str:
        """The code of an item; one of four is tracked by lots, and the last has numbered pieces."""
        return MOTOR if number == self.items - 1 else f"{PART}{1000 + number}"


@dataclass(frozen=True)
class Crew:
    """Who works in the shop: the office, the floor by turns, an ERP."""

    office: Caller
    floor: tuple[Caller, ...]
    erp: Caller


async def furnish(crew: Crew, shop: Shop) -> None:
    """The master data, until every service knows them."""
    office = crew.office
    for path, body in FURNITURE.items():
        await office.put(f"/orders/{path}", body)
    for number in range(1, shop.machines + 1):
        code = f"M{number:02}"
        await office.put(f"/orders/machines/{code}", {"name": f"{number}호기", "work_center": shop.center(code)})
    for defect in DEFECTS:
        await office.put(f"/quality/defects/{defect}", {"name": defect.lower()})
    picture = (await office.post("/quality/media", files={"file": ("burr.png", png())}))["id"]
    await office.put(f"/quality/defects/{DEFECTS[0]}", {"name": "버", "picture_id": picture})
    for number in range(shop.items):
        await _define(office, shop, number)
    await _instruct(crew)
    template = {"name": "꼬리표", "kind": "tag", "details": ["order", "quantity"]}
    await office.put("/production/label-templates/TAG", template)
    await office.put("/production/printers/ZD1", {"name": "출하", "host": "192.168.0.9", "machines": []})
    mapping = {"mapping": {"code": "품번"}}
    await office.put("/orders/exchange/mappings/items/ERP", mapping)
    await office.put("/orders/person-skills/P01", {"skills": [{"skill": "PRESS", "level": 3}]})

    async def known() -> tuple[int, int]:
        machines = await office.every("/production/machines")
        reasons = await office.get("/production/reasons")
        return len(machines), len(reasons["items"])

    await eventually(known, lambda seen: seen == (shop.machines, 2), seconds=60)


async def _instruct(crew: Crew) -> None:
    """The first item has a picture, and an instruction for its first operation."""
    item = f"{PART}1000"
    picture = await add_media(crew.office, png(), "bracket.png")
    known = await crew.office.get(f"/orders/items/{item}")
    body = {name: known[name] for name in ("name", "kind", "unit", "lot_tracked")}
    await crew.office.put(f"/orders/items/{item}", body | {"picture_id": picture})
    page = {"text": {"ko": "소재를 스토퍼에 붙인다."}, "media_id": picture}
    body = {"title": "타발", "item": item, "op": 10, "pages": [page]}
    await crew.office.put(f"/orders/instructions/{INSTRUCTION}", body)
    await crew.office.post(f"/orders/instructions/{INSTRUCTION}/submit")
    await crew.floor[0].post(f"/orders/instructions/{INSTRUCTION}/approve")
    await name_in_routing(crew.office, item, INSTRUCTION)


async def _define(office: Caller, shop: Shop, number: int) -> None:
    item = shop.item(number)
    body = {"name": {"ko": f"브라켓 {number}", "en": f"bracket {number}"}, "kind": "finished", "unit": "EA"}
    body |= {"serial_tracked": True} if item == MOTOR else {"lot_tracked": number % 4 == 0}
    await office.put(f"/orders/items/{item}", body)
    lines = [{"component": COIL, "quantity": "0.5", "op": 10}]
    await office.put(f"/orders/boms/{item}", {"lines": lines})
    steps: list[dict[str, Any]] = []
    for step in range(OPERATIONS):
        machine = shop.machine(number, step)
        own = {"machine": machine, "work_center": shop.center(machine), "cycle_s": "30", "setup_s": "600"}
        outside = {"subcontract": True, "lead_time_d": "1"}
        is_outside = number % 4 == 2 and step == OPERATIONS - 1
        steps.append({"op": 10 * (step + 1), "name": f"{step + 1}공정"} | (outside if is_outside else own))
    await office.put(f"/orders/routings/{item}", {"operations": steps})


@dataclass(frozen=True)
class Task:
    """One operation of an order, and the part of the day that it has: both ends from 0 to 1."""

    job: dict[str, Any]
    begins: float
    ends: float


async def live(crew: Crew, shop: Shop, begins: datetime) -> None:
    """Take the orders in, make them, close them; and all that a day brings beside them."""
    coil = await crew.office.post(
        "/production/lots", {"item": COIL, "quantity": 1_000_000, "supplier": "POSCO", "supplier_lot": "H-1"}
    )
    for one in crew.floor:
        await one.post("/production/attendance", {"kind": "in", "at": _text(begins)})
    orders = await take_orders(crew, shop, shop.orders)
    jobs = await release(crew, orders)
    await ask_for_change(crew, orders[0], settle=True)
    for tasks in _rounds(jobs):
        await _together(make(crew, shop, coil["lot"], task, begins) for task in tasks)
    await _close(crew, orders)
    await _happen(crew, jobs)
    await _empty(crew, coil["lot"])
    for one in crew.floor:
        await one.post("/production/attendance", {"kind": "out", "at": _text(begins + DAY / 2)})


def _text(moment: datetime) -> str:
    return moment.isoformat()


async def _together(tasks: Iterable[Awaitable[Any]]) -> None:
    """Eight at a time."""
    gate = asyncio.Semaphore(8)

    async def one(task: Awaitable[Any]) -> None:
        async with gate:
            await task

    await asyncio.gather(*map(one, tasks))


async def take_orders(crew: Crew, shop: Shop, count: int) -> list[dict[str, Any]]:
    """New orders, half of them from the ERP, the others a planner's."""
    due = _text(utc_now() + timedelta(days=3))
    known = {order["id"] for order in await crew.office.every("/orders/work-orders")}
    for number in range(count):
        body = {"item": shop.item(number % shop.items), "quantity": QUANTITY, "due_at": due}
        body |= {"customer": CUSTOMERS[number % len(CUSTOMERS)], "sales_order": "S-1"}
        if number % 2:
            await crew.office.post("/orders/work-orders", body)
        else:
            await crew.erp.post("/erp/orders", body | {"external_id": f"SO-{uuid4().hex[:12]}"})

    async def orders() -> list[dict[str, Any]]:
        return [order for order in await crew.office.every("/orders/work-orders") if order["id"] not in known]

    return await eventually(orders, lambda found: len(found) == count, seconds=60)


async def release(crew: Crew, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The jobs of the orders, by order and operation."""
    for order in orders:
        await crew.office.post(f"/orders/work-orders/{order['id']}/release")
    ids = {order["id"] for order in orders}

    async def jobs() -> list[dict[str, Any]]:
        found = await crew.office.every("/production/jobs", limit=200, state="waiting,ready")
        return [job for job in found if job["work_order_id"] in ids]

    found = await eventually(jobs, lambda found: len(found) == OPERATIONS * len(orders), seconds=60)
    return sorted(found, key=lambda job: (job["number"], job["op"]))


def _rounds(jobs: list[dict[str, Any]]) -> list[list[Task]]:
    """The jobs of each order in turn, each when its machine is free and the one before it is done."""
    free: dict[str, int] = {}
    rounds: dict[int, list[dict[str, Any]]] = {}
    for first in range(0, len(jobs), OPERATIONS):
        at = 0
        for job in jobs[first : first + OPERATIONS]:
            at = max(at, free.get(job["machine"], 0))
            rounds.setdefault(at, []).append(job)
            at += 1
            if job["machine"]:
                free[job["machine"]] = at
    last = max(rounds) + 1
    return [[Task(job, at / last, (at + 1) / last) for job in rounds[at]] for at in sorted(rounds)]


async def make(crew: Crew, shop: Shop, coil: str, task: Task, begins: datetime, *, finish: bool = True) -> None:
    """One operation, from its start to its end: a stop, reports with some scrap, a second pair of hands."""
    job, path = task.job, f"/production/jobs/{task.job['id']}"
    step = job["op"] // 10 - 1
    person = crew.floor[int((job["machine"] or "M1")[1:]) % len(crew.floor)]

    def at(share: float) -> dict[str, str]:
        return {"at": _text(begins + DAY * (task.begins + (task.ends - task.begins) * share))}

    await person.post(f"{path}/start", at(0.0) | ({"machine": job["machine"]} if job["machine"] else {}))
    if job["machine"] is None:
        await person.post(f"{path}/send", {"quantity": QUANTITY - step, "supplier": SUBCONTRACTOR})
    if step == 0:
        await person.post(f"{path}/consumptions", {"lot": coil, "quantity": QUANTITY / 2})
        await crew.floor[-1].post(f"{path}/crew", {"action": "join"} | at(0.1))
    await person.post(f"{path}/pause", {"reason": "U2"} | at(0.2))
    await person.post(f"{path}/resume", at(0.3))
    each = (QUANTITY - step) // shop.reports
    first = QUANTITY - step - each * (shop.reports - 1) - 1
    for number in range(shop.reports):
        scrap = [] if number else [{"defect": DEFECTS[step], "quantity": 1}]
        good = each if number else first
        await person.post(f"{path}/results", {"good": good, "scrap": scrap} | at(0.4 + 0.5 * number / shop.reports))
    if finish:
        await person.post(f"{path}/finish", at(1.0))


async def _close(crew: Crew, orders: list[dict[str, Any]]) -> None:
    ids = {order["id"] for order in orders}

    async def completed() -> int:
        found = await crew.office.every("/orders/work-orders", state="completed", limit=200)
        return len([order for order in found if order["id"] in ids])

    await eventually(completed, lambda count: count == len(ids), seconds=120)
    for order in orders:
        await crew.office.post(f"/orders/work-orders/{order['id']}/close")


async def _happen(crew: Crew, jobs: list[dict[str, Any]]) -> None:
    """What else a day brings: notes, calls, labels, pieces without an order, reviews, changes, flags, imports."""
    office, floor = crew.office, crew.floor[0]
    for job in jobs[:OPERATIONS]:
        if job["machine"] is not None:
            await happen_at(crew, job["machine"], job)
    await office.post("/production/labels", {"job_id": jobs[0]["id"], "on_page": True})
    late = await floor.post(f"/production/jobs/{jobs[0]['id']}/results", {"good": QUANTITY})
    assert "over_production" in late["flags"]
    wrong = (await office.get("/production/results", job=jobs[-1]["id"]))["items"][-1]
    await office.post(
        f"/production/results/{wrong['id']}/correct", {"good": wrong["good"], "scrap": [], "reason": "셈"}
    )
    await office.post(f"/production/results/{late['id']}/acknowledge", {"reason": "맞음"})
    draft = (await take_orders(crew, Shop(orders=1), 1))[0]
    await office.post(f"/orders/work-orders/{draft['id']}/cancel", {"reason": "취소"})
    csv = f"code,name,unit,kind\nBUY-{uuid4().hex[:8]},볼트,EA,purchased\n".encode()
    await office.send_file("/orders/imports", "items.csv", csv, kind="items")
    orders = f"전표번호,순번,품목코드,수량,납기일자\n{uuid4().hex[:8]},1,HB-NONE,100,20991224\n"
    await office.send_file("/erp/imports", "orders.csv", orders.encode())


async def happen_at(crew: Crew, machine: str, job: dict[str, Any], *, settle: bool = True) -> None:
    """A note, a call, pieces without an order and a command that was refused; ``settle``: all of it is looked after."""
    office, floor = crew.office, crew.floor[0]
    note = await floor.post(f"/production/machines/{machine}/handovers", {"note": "금형 청소 필요"})
    call = await floor.post("/production/andon-calls", {"machine": machine, "kind": "maintenance"})
    pieces = await floor.post(f"/production/machines/{machine}/unassigned", {"good": 3, "scrap": []})
    path = f"/api/v1/production/jobs/{job['id']}/pause"
    command = {"id": str(uuid4()), "kind": "pause", "path": path, "body": {"reason": "U2"}, "person": "P01"}
    command |= {"machine": machine, "at": _text(utc_now())}
    problem = {"status": 409, "code": "wrong_state", "title": "refused"}
    review = await floor.post("/production/reviews", {"command": command, "problem": problem})
    if settle:
        await office.post(f"/production/handovers/{note['id']}/read")
        await office.post(f"/production/andon-calls/{call['id']}/acknowledge")
        await office.post(f"/production/andon-calls/{call['id']}/resolve", {"note": "교체"})
        await office.post(f"/production/unassigned/{pieces['id']}/dismiss", {"reason": "시험"})
        await office.post(f"/production/reviews/{review['id']}/dismiss", {"reason": "이미 멈춤"})


async def ask_for_change(crew: Crew, order: dict[str, Any], *, settle: bool) -> None:
    """The customer wants it for somebody else; ``settle``: it is decided."""
    path = f"/orders/work-orders/{order['id']}/changes"
    change = await crew.office.post(path, {"customer": "서연", "reason": "고객 변경"})
    if settle:
        await crew.office.post(f"/orders/changes/{change['id']}/apply", {"confirmed": []})


async def _empty(crew: Crew, coil: str) -> None:
    """All finished goods are shipped, and the rest of the coil goes back."""
    for lot in await crew.office.every("/production/lots", state="available", limit=200):
        if lot["lot"] != coil:
            body = {"customer": CUSTOMERS[0], "quantity": lot["remaining"], "reference": "D-1"}
            await crew.office.post(f"/production/lots/{lot['lot']}/ship", body)
    await crew.office.post(f"/production/lots/{coil}/count", {"quantity": 0, "reason": "반납"})


async def leave_open(crew: Crew, shop: Shop, orders: int = 6) -> None:
    """The shop as it is now: a few orders on the floor, somebody at work, things that wait for somebody."""
    now = utc_now()
    for one in crew.floor:
        await one.post("/production/attendance", {"kind": "in"})
    coil = await crew.office.post("/production/lots", {"item": COIL, "quantity": 1000, "supplier_lot": "H-2"})
    taken = await take_orders(crew, shop, orders)
    jobs = await release(crew, taken)
    await ask_for_change(crew, taken[-1], settle=False)
    first = jobs[0]
    begun = Task(first, 0, 1)
    await make(crew, shop, coil["lot"], begun, now - DAY, finish=False)
    await happen_at(crew, first["machine"], first, settle=False)
    await take_orders(crew, shop, 2)
