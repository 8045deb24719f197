"""One order, from the ERP's file to a tablet and back, over HTTP as its users send it."""

from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.erp_bridge.receiver import Receiver, receiving
from tests.support.caller import Caller, Shop, listening
from tests.support.suite import Suite, running_suite
from tests.support.waiting import jobs_of
from tests.support.world import eventually, key

pytestmark = pytest.mark.anyio
MACHINE = "PR200P"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((), id="one process"),
        pytest.param(("--processes",), marks=pytest.mark.faults, id="a process for each service"),
    ],
)
def suite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The demo factory, started by one command."""
    folder = tmp_path_factory.mktemp("dure") / "data"
    flags = ("--demo", "hanbyeol_press", *request.param)
    with running_suite(folder, *flags, warm=False, DURE_OUTGOING_ALLOWED="127.0.0.0/8") as suite:
        yield suite


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def shop(suite: Suite) -> AsyncIterator[Shop]:
    async with Shop(suite) as shop:
        yield shop


async def test_an_order_goes_from_the_erps_file_to_a_tablet_and_back(shop: Shop, receiver: Receiver) -> None:
    admin = await shop.set_up()
    assert (await admin.get("/site"))["needs_setup"] is False

    # the office gets a planner, the floor an operator, the ERP a key and a webhook
    await admin.post(
        "/people",
        {"code": "PL1", "name": "최은영", "roles": ["planner"], "login": "eunyoung", "password": "kkumi-7-haneul"},
    )
    await admin.post("/people", {"code": "OP78", "name": "박작업", "roles": ["operator"], "pin": "482917"})
    planner = await shop.sign_in("eunyoung", "kkumi-7-haneul")
    erp = await shop.erp(admin)
    webhook = await admin.post("/erp/webhooks", {"url": receiver.url, "events": ["confirmation"]})

    # the planner drops the ERP's file, looks at the verdicts, applies it, and releases an order
    path = shop.suite.data / "demo" / "orders-next-week.csv"
    tried = await planner.send_file("/erp/imports", path.name, path.read_bytes(), dry_run=True)
    assert tried["encoding"] == "cp949"
    assert tried["summary"] | {"created": 0} == {"created": 0, "updated": 0, "unchanged": 0, "error": 0}
    assert tried["summary"]["created"] == len(tried["rows"]) > 0
    assert await received(planner, tried) == []
    applied = await planner.send_file("/erp/imports", path.name, path.read_bytes())
    assert applied["summary"] == tried["summary"]
    order = await first_order(planner, applied, item="HB1001")
    assert order["state"] == "draft"
    released = await planner.post(f"/orders/work-orders/{order['id']}/release")
    assert released["state"] == "released"

    # the operator signs in on the machine's tablet by PIN, starts, and reports in one action
    operator = await shop.sign_in_on(await shop.enrol(admin, MACHINE), "OP78", "482917")
    assert (await operator.get("/me"))["device"]["machine"] == MACHINE
    job = (await jobs_of(operator, order))[0]
    assert (job["op"], job["machine"], job["state"]) == (10, MACHINE, "ready")
    async with listening(planner, "machines,work_orders,erp") as board:
        await operator.post(f"/production/jobs/{job['id']}/start")
        await board.hears("dure.production.machine.state_changed.v2", machine=MACHINE, state="running")
        body = {"good": 100, "scrap": [{"defect": "BURR", "quantity": 2}, {"defect": "DENT", "quantity": 1}]}
        same_touch = key()
        answers = [
            await operator.http.post(f"/production/jobs/{job['id']}/results", json=body, headers=same_touch)
            for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        event = await board.hears("dure.production.result.reported.v2", number=order["number"])
        assert event.envelope["data"]["machine"] == MACHINE
    totals = answers[0].json()["job"]
    assert (totals["good"], totals["scrap"], totals["state"]) == ("100", "3", "running")

    # everybody sees it: the board, the order, quality, and the ERP by cursor and by webhook
    tile = next(one for one in (await planner.get("/production/machines"))["items"] if one["code"] == MACHINE)
    assert (tile["state"], tile["job"]["good"], tile["good"], tile["scrap"]) == ("running", "100", "100", "3")

    async def operation() -> dict[str, Any]:
        found: dict[str, Any] = (await planner.get(f"/orders/work-orders/{order['number']}"))["operations"][0]
        return found

    await eventually(operation, lambda op: (op["good"], op["scrap"]) == ("100", "3"))

    async def ledger() -> list[Any]:
        rows = await erp.every("/erp/confirmations", limit=1)
        return [row for row in rows if row["external_id"] == order["external_id"]]

    (confirmed,) = await eventually(ledger, bool)
    assert confirmed["external_id"] == order["external_id"]
    assert (confirmed["good"], confirmed["final"]) == ("100", False)
    assert confirmed["scrap"] == [{"defect": "BURR", "quantity": "2"}, {"defect": "DENT", "quantity": "1"}]
    assert confirmed["totals"] == {"good": "100", "scrap": "3", "rework": "0"}

    async def pushed() -> list[dict[str, Any]]:
        return [got.read(webhook["secret"]) for got in receiver.got]

    assert await eventually(pushed, bool) == [confirmed]

    async def pareto() -> dict[str, Decimal]:
        items = (await planner.get("/quality/pareto", by="defect"))["items"]
        return {item["key"]: Decimal(item["quantity"]) for item in items}

    assert await eventually(pareto, bool) == {"BURR": 2, "DENT": 1}

    # what was wrong is taken back, and the ERP is told the difference
    await operator.post(f"/production/results/{answers[0].json()['id']}/reverse", {"reason": "잘못 눌렀음"})
    rows = await eventually(ledger, lambda rows: len(rows) == 2)
    assert (rows[1]["good"], rows[1]["totals"]) == ("-100", {"good": "0", "scrap": "0", "rework": "0"})
    await operator.post(f"/production/jobs/{job['id']}/results", body)
    await operator.post(f"/production/jobs/{job['id']}/finish")
    rows = await eventually(ledger, lambda rows: bool(rows) and rows[-1]["final"])
    assert rows[-1]["totals"] == {"good": "100", "scrap": "3", "rework": "0"}
    await eventually(pushed, lambda pushed: pushed == rows)
    assert len({got.id for got in receiver.got}) == len(rows) == 4


async def received(planner: Caller, report: dict[str, Any]) -> list[Any]:
    """The orders of a file that have come in."""
    keys = {row["key"] for row in report["rows"]}
    return [order for order in await planner.every("/erp/orders") if order["external_id"] in keys]


async def first_order(planner: Caller, report: dict[str, Any], item: str) -> dict[str, Any]:
    """The first work order of an imported file for an item, once they are there."""
    keys = {row["key"] for row in report["rows"]}

    async def look() -> list[dict[str, Any]]:
        orders = await planner.every("/orders/work-orders", limit=200, item=item)
        return [order for order in orders if order["external_id"] in keys]

    return (await eventually(look, bool))[0]
