"""Lots in the corners: what goes is found again, what is put right is right everywhere, and what is held stays held."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from tests.support.lots import days_ago, define_lots, get, jobs_for, left, made_of, of, post, product, receive, report
from tests.support.working_day import SEOUL
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("corners"), ["orders", "production", "quality"]) as world:
        await define_lots(world)
        yield world


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator", "quality", "leader") as client:
        yield client


async def test_a_component_at_two_operations_is_taken_for_each_of_them(world: World, floor: httpx.AsyncClient) -> None:
    lines = [{"component": "SCREW", "quantity": 2, "op": 10}, {"component": "SCREW", "quantity": 3, "op": 20}]
    first, second = await product(world, floor, lines, ops=2)
    box = await receive(floor, of(first, "SCREW"), 1000)
    await report(floor, first, 10)
    assert await left(floor, box) == "980"
    await report(floor, second, 10)
    assert await left(floor, box) == "950"
    async with world.client("orders", "planner") as orders:
        materials = (await orders.get(f"/work-orders/{first['number']}/reconciliation")).json()["materials"]
    assert [(one["op"], one["quantity"]) for one in materials] == [(10, "2"), (20, "3")]


async def test_a_report_draws_as_many_lots_as_it_takes(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await product(world, floor, [{"component": "CAST", "quantity": 1}])
    castings = [await receive(floor, of(job, "CAST"), 1) for _ in range(56)]
    made = await report(floor, job, 55, lot="FG-CASTINGS")
    assert made["flags"] == ["not_started"]
    assert len(await made_of(floor, "FG-CASTINGS")) == 55
    assert (await left(floor, castings[54]), await left(floor, castings[55])) == ("0", "1")


async def test_a_report_counted_on_the_wrong_day_and_anew_still_leads_to_its_coil(
    world: World, floor: httpx.AsyncClient
) -> None:
    first, second = await product(world, floor, [{"component": "COIL", "quantity": 1, "op": 10}], ops=2)
    coil = await receive(floor, of(first, "COIL"), 1000, at=days_ago(3))
    wrong = await report(floor, first, 100, at=days_ago(1))
    await report(floor, second, 90, lot="FG-ANEW")
    await post(floor, f"/results/{wrong['id']}/reverse", reason="다른 날")
    assert await made_of(floor, "FG-ANEW") == {}
    await report(floor, first, 98)
    [(between, quantity)] = (await made_of(floor, "FG-ANEW")).items()
    assert (quantity, await made_of(floor, between)) == ("90", {coil: "98"})
    reached = await get(floor, f"/lots/{coil}/recall")
    assert "FG-ANEW" in [lot["lot"] for lot in reached["lots"]]
    assert (reached["balance"]["percent"], await left(floor, coil)) == ("100", "902")


async def test_another_orders_product_keeps_its_trace_when_its_part_is_reported_anew(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [{"component": "SEMI", "quantity": 1}])
    (semi,) = await product(world, floor, [], lot_tracked=True)
    async with world.client("orders", "planner") as orders:
        bom = {"lines": [{"component": semi["item"], "quantity": 1}]}
        assert (await orders.put("/boms/PLAIN", json=bom)).status_code in (200, 201)
    (parent,) = await jobs_for(world, floor, "PLAIN", 10)
    made = await report(floor, semi, 10, lot="SEMI-1")
    await report(floor, parent, 10, lot="FG-PARENT")
    assert await made_of(floor, "FG-PARENT") == {"SEMI-1": "10"}
    await post(floor, f"/results/{made['id']}/reverse", reason="오입력")
    assert await made_of(floor, "FG-PARENT") == {}
    await report(floor, semi, 12, lot="SEMI-2")
    assert await made_of(floor, "FG-PARENT") == {"SEMI-2": "10"}
    assert job["item"] != semi["item"]


async def test_a_late_report_draws_what_was_there_when_it_was_made(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await product(world, floor, [{"component": "GLUE", "quantity": 1}])
    yesterday = datetime.now(SEOUL).date() - timedelta(days=1)
    old = await receive(floor, of(job, "GLUE"), 10, at=days_ago(20), expires_on=yesterday.isoformat())
    new = await receive(floor, of(job, "GLUE"), 100)
    await report(floor, job, 8, at=days_ago(1), lot="FG-YESTERDAY")
    assert await made_of(floor, "FG-YESTERDAY") == {old: "8"}
    more = await report(floor, job, 5, at=days_ago(1), lot="FG-MORE")  # three of them of nothing that was there
    assert await made_of(floor, "FG-MORE") == {old: "2", new: "3"}
    assert "lot_later" in more["flags"]
    flagged = (await get(floor, "/lot-movements", lot=new, flagged=True))["items"]
    assert [one["flags"] for one in flagged] == [["lot_later"]]
    found = await receive(floor, of(job, "GLUE"), 50, at=days_ago(2))  # its paper came late
    await report(floor, job, 1, lot="FG-TODAY")
    assert (await made_of(floor, "FG-MORE"))[found] == "3"
    assert await left(floor, new) == "100"


async def test_numbered_pieces_go_with_their_lot_through_everything(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await product(world, floor, [], serial_tracked=True)

    async def numbers(lot: str) -> list[str]:
        found = (await get(floor, "/serials", lot=lot))["items"]
        return [one["serial"] for one in found if one["state"] == "in_stock"]

    first = await report(floor, job, 2, lot="SN-A", serials=["A-1", "A-2"])
    await report(floor, job, 2, lot="SN-B", serials=["B-1", "B-2"])
    await post(floor, "/lots/merge", lots=["SN-A", "SN-B"], lot="SN-AB")
    assert await numbers("SN-AB") == ["A-1", "A-2", "B-1", "B-2"]
    await post(floor, "/lots/SN-AB/split", quantity=1, lot="SN-C", serials=["A-2"])
    assert (await numbers("SN-C"), await numbers("SN-AB")) == (["A-2"], ["A-1", "B-1", "B-2"])
    unsaid = await floor.post("/lots/SN-AB/ship", json={"customer": "대성", "quantity": 1}, headers=key())
    assert unsaid.json()["errors"][0]["code"] == "serials_needed"
    shipped = await post(floor, "/lots/SN-AB/ship", customer="대성", quantity=1, serials=["B-1"])
    fewer = await floor.post("/lots/SN-AB/count", json={"quantity": 1, "reason": "실사"}, headers=key())
    assert fewer.json()["errors"][0]["code"] == "serials_needed"
    await post(floor, "/lots/SN-AB/count", 200, quantity=1, reason="실사", serials=["B-2"])
    assert await numbers("SN-AB") == ["B-2"]
    await post(floor, "/lots/SN-AB/count", 200, quantity=2, reason="찾음", serials=["A-1", "B-2"])
    assert await numbers("SN-AB") == ["A-1", "B-2"]
    await post(floor, f"/lot-movements/{shipped['id']}/reverse", reason="오출하")
    assert await numbers("SN-AB") == ["A-1", "B-1", "B-2"]
    await post(floor, f"/results/{first['id']}/reverse", reason="오입력")  # they were merged and split since
    assert (await numbers("SN-AB"), await numbers("SN-C")) == (["B-1", "B-2"], [])
    assert [await left(floor, lot) for lot in ("SN-A", "SN-AB", "SN-C")] == ["0", "2", "0"]


async def test_pieces_that_are_unmade_leave_the_lot_in_which_they_are(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await product(world, floor, [], serial_tracked=True)
    await report(floor, job, 2, lot="SN-E")
    later = await report(floor, job, 2, lot="SN-E")
    await post(floor, "/lots/SN-E/split", quantity=2, lot="SN-F", serials=later["serials"])
    await post(floor, f"/results/{later['id']}/reverse", reason="오입력")
    assert [await left(floor, lot) for lot in ("SN-E", "SN-F")] == ["2", "0"]


async def test_pieces_that_a_correction_adds_have_numbers_too_and_those_they_had_before(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [], serial_tracked=True)
    made = await report(floor, job, 3, lot="SN-D")
    first, second, third = made["serials"]
    await post(floor, "/lots/SN-D/ship", customer="대성", quantity=1, serials=[second])
    fewer = await post(floor, f"/results/{made['id']}/correct", good=1, reason="오입력")
    assert fewer["serials"] == [second]
    more = await post(floor, f"/results/{fewer['id']}/correct", good=4, reason="다시 셈")
    assert more["serials"] == [second, first, third, "SN-D-0004"]
    assert await left(floor, "SN-D") == "3"
    assert len((await get(floor, "/serials", lot="SN-D"))["items"]) == 4


async def test_a_numbered_piece_that_was_assumed_to_be_used_turns_up_and_is_used_elsewhere(
    world: World, floor: httpx.AsyncClient
) -> None:
    (motor,) = await product(world, floor, [], serial_tracked=True)
    async with world.client("orders", "planner") as orders:
        bom = {"lines": [{"component": motor["item"], "quantity": 1}]}
        assert (await orders.put("/boms/PLAIN", json=bom)).status_code in (200, 201)
    (one,), (other,) = await jobs_for(world, floor, "PLAIN", 10), await jobs_for(world, floor, "PLAIN", 10)
    await report(floor, motor, 3, lot="MOTORS", serials=["T-1", "T-2", "T-3"])
    await report(floor, one, 1)

    async def states() -> dict[str, tuple[str, bool]]:
        found = (await get(floor, "/serials", lot="MOTORS"))["items"]
        return {serial["serial"]: (serial["state"], serial["is_assumed"]) for serial in found}

    assert await states() == {"T-1": ("consumed", True), "T-2": ("in_stock", False), "T-3": ("in_stock", False)}
    scan = await post(floor, f"/jobs/{other['id']}/consumptions", lot="t-1")
    assert (scan["lot"], scan["serials"]) == ("MOTORS", ["T-1"])
    assert await states() == {"T-1": ("consumed", False), "T-2": ("consumed", True), "T-3": ("in_stock", False)}
    assert await left(floor, "MOTORS") == "1"


async def test_what_is_made_of_a_held_lot_is_flagged_and_held_until_somebody_decides(
    world: World, floor: httpx.AsyncClient
) -> None:
    first, second = await product(
        world, floor, [{"component": "COIL", "quantity": 1, "op": 10}], ops=2, lot_tracked=True
    )
    coil = await receive(floor, of(first, "COIL"), 100)
    await post(floor, f"/jobs/{first['id']}/consumptions", lot=coil, quantity=50)
    before = await report(floor, first, 10)
    assert "hold" not in before["flags"]
    await post(floor, f"/lots/{coil}/hold", 200, reason="크랙")
    after = await report(floor, first, 10)
    assert "hold" in after["flags"]
    stored = await get(floor, f"/results/{after['id']}")
    assert "hold" in stored["flags"]  # and not in the answer alone
    product_ = await report(floor, second, 5, lot="FG-HELD")
    assert "hold" in product_["flags"]
    held = await get(floor, "/lots/FG-HELD")
    assert (held["state"], "크랙" in held["hold_reason"]) == ("on_hold", True)
    shipped = await floor.post("/lots/FG-HELD/ship", json={"customer": "대성", "quantity": 1}, headers=key())
    assert shipped.json()["code"] == "lot_on_hold"
    await post(floor, "/lots/FG-HELD/release", 200, reason="검사 합격")
    again = await report(floor, second, 5, lot="FG-HELD")
    assert "hold" in again["flags"]


async def test_more_of_a_lot_comes_in_and_a_suppliers_number_on_two_lots_is_asked_about(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [{"component": "COIL", "quantity": 1}])
    coil = await receive(floor, of(job, "COIL"), 100, lot=f"HEAT-{job['number']}", supplier="POSCO")
    await receive(floor, of(job, "COIL"), 50, lot=coil)
    assert await left(floor, coil) == "150"
    body = {"item": of(job, "COIL"), "quantity": 5, "lot": coil, "supplier": "현대제철"}
    other = await floor.post("/lots", json=body, headers=key())
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "lot_differs")
    two = [await receive(floor, of(job, "COIL"), 10, supplier_lot=f"SUP-{job['number']}") for _ in range(2)]
    scan = {"lot": f"sup-{job['number']}", "quantity": 5}
    asked = await floor.post(f"/jobs/{job['id']}/consumptions", json=scan, headers=key())
    assert (asked.status_code, asked.json()["code"]) == (422, "lot_ambiguous")
    assert [one["lot"] for one in asked.json()["lots"]] == two
    chosen = await post(floor, f"/jobs/{job['id']}/consumptions", **scan | {"lot": two[1]})
    assert chosen["remaining"] == "5"


async def test_what_a_supplier_sent_under_one_number_for_years_is_found_by_what_is_left_of_it(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [{"component": "COIL", "quantity": 1}])
    number = f"YEARS-{job['number']}"
    for _ in range(21):
        used_up = await receive(floor, of(job, "COIL"), 1, supplier_lot=number)
        await post(floor, f"/lots/{used_up}/count", 200, quantity=0, reason="실사")
    left_over = await receive(floor, of(job, "COIL"), 10, supplier_lot=number)
    scan = await post(floor, f"/jobs/{job['id']}/consumptions", lot=number, quantity=5)
    assert scan["lot"] == left_over


async def test_a_lot_that_could_serve_two_lines_counts_for_the_one_it_was_scanned_for(
    world: World, floor: httpx.AsyncClient
) -> None:
    lines = [
        {"component": "A", "quantity": 1, "alternates": [{"component": "B", "quantity": 1}]},
        {"component": "B", "quantity": 1},
    ]
    (job,) = await product(world, floor, lines, quantity=10)
    a, b = await receive(floor, of(job, "A"), 100), await receive(floor, of(job, "B"), 100)
    for component in ("B", "A"):
        await post(floor, f"/jobs/{job['id']}/consumptions", lot=b, quantity=10, component=of(job, component))
    await report(floor, job, 10, lot="FG-TWO-LINES")
    assert (await left(floor, a), await left(floor, b)) == ("100", "80")
    assert await made_of(floor, "FG-TWO-LINES") == {b: "20"}


async def test_a_receipt_with_a_typing_error_is_put_right_in_one_step(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await product(world, floor, [{"component": "COIL", "quantity": 1}], quantity=500)
    coil = await receive(floor, of(job, "COIL"), 1000, at=days_ago(2))
    part = (await post(floor, f"/lots/{coil}/split", quantity=50))["lot"]
    await report(floor, job, 80, lot="FG-TYPED")
    receipt = (await get(floor, "/lot-movements", lot=coil, kind="received"))["items"][0]
    corrected = await post(floor, f"/lot-movements/{receipt['id']}/correct", quantity=100, reason="0이 하나 많음")
    assert corrected["quantity"] == "100"
    assert [await left(floor, lot) for lot in (coil, part)] == ["0", "20"]
    assert await made_of(floor, "FG-TYPED") == {coil: "80"}
    assert (await get(floor, f"/lots/{coil}/recall"))["balance"]["percent"] == "100"
    again = await floor.post(f"/lot-movements/{receipt['id']}/reverse", json={"reason": "다시"}, headers=key())
    assert again.json()["code"] == "movement_reversed"


async def test_what_was_drawn_of_a_receipt_that_was_none_is_drawn_of_others_as_soon_as_there_are(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [{"component": "COIL", "quantity": 1}])
    ghost = await receive(floor, of(job, "COIL"), 100)
    await report(floor, job, 60, lot="FG-GHOST")
    receipt = (await get(floor, "/lot-movements", lot=ghost, kind="received"))["items"][0]
    await post(floor, f"/lot-movements/{receipt['id']}/reverse", reason="없는 입고")
    assert (await made_of(floor, "FG-GHOST"), await left(floor, ghost)) == ({}, "0")
    real = await receive(floor, of(job, "COIL"), 100)
    assert (await made_of(floor, "FG-GHOST"), await left(floor, real)) == ({real: "60"}, "40")


async def test_what_is_left_over_goes_back_and_the_product_is_still_made_of_the_rest(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [{"component": "COIL", "quantity": 1}], quantity=500)
    older = await receive(floor, of(job, "COIL"), 1000, at=days_ago(5))
    coil = await receive(floor, of(job, "COIL"), 500, at=days_ago(1))
    scan = f"/jobs/{job['id']}/consumptions"
    await post(floor, scan, lot=coil, quantity=500)
    await report(floor, job, 320, lot="FG-REST")
    back = await post(floor, scan, lot=coil, quantity=-190)  # it was weighed: ten less were used than the bill says
    assert (back["quantity"], back["remaining"]) == ("-190", "190")
    assert await made_of(floor, "FG-REST") == {coil: "310"}
    assert (await left(floor, coil), await left(floor, older)) == ("190", "1000")
    too_much = await floor.post(scan, json={"lot": coil, "quantity": -311}, headers=key())
    assert (too_much.json()["code"], too_much.json()["given"]) == ("more_than_given", "310")
    never = await floor.post(scan, json={"lot": older, "quantity": -1}, headers=key())
    assert never.json()["code"] == "lot_not_given"
    await report(floor, job, 5, lot="FG-NEXT")
    assert await left(floor, coil) == "185"  # pieces made later take of it again


async def test_a_lot_at_a_machine_that_is_put_together_with_others_is_still_what_its_pieces_are_made_of(
    world: World, floor: httpx.AsyncClient
) -> None:
    (job,) = await product(world, floor, [{"component": "PART", "quantity": 1}])
    store = await receive(floor, of(job, "PART"), 500, at=days_ago(9))
    box, other, third = [await receive(floor, of(job, "PART"), 20) for _ in range(3)]
    await post(floor, f"/jobs/{job['id']}/consumptions", lot=box, quantity=5)
    await report(floor, job, 5, lot="FG-OF-BOX")
    both = (await post(floor, "/lots/merge", lots=[box, other]))["lot"]
    await report(floor, job, 15, lot="FG-OF-BOTH")
    assert (await made_of(floor, "FG-OF-BOTH"))[both] == "15"
    all_three = (await post(floor, "/lots/merge", lots=[both, third]))["lot"]
    last = await report(floor, job, 15)
    assert [await left(floor, lot) for lot in (box, both, all_three, store)] == ["0", "0", "25", "500"]
    await post(floor, f"/results/{last['id']}/reverse", reason="오입력")
    assert [await left(floor, lot) for lot in (box, both, all_three, store)] == ["0", "0", "40", "500"]


async def test_a_lot_at_an_open_job_leads_to_the_order_and_its_customer(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await product(world, floor, [{"component": "COIL", "quantity": 1}])
    coil = await receive(floor, of(job, "COIL"), 100)
    await post(floor, f"/jobs/{job['id']}/consumptions", lot=coil, quantity=40)
    for path, query in (("trace", {"direction": "forward"}), ("recall", {})):
        [at_job] = (await get(floor, f"/lots/{coil}/{path}", **query))["jobs"]
        assert (at_job["number"], at_job["op"], at_job["quantity"]) == (job["number"], 10, "40")
    await report(floor, job, 30, lot="FG-LIES")
    for made, left_there in ((0, "10"), (10, "0")):  # what was hung up may still be there, whatever the bill says
        if made:
            await report(floor, job, made, lot="FG-LIES")
        [at_job] = (await get(floor, f"/lots/{coil}/recall"))["jobs"]
        assert (at_job["quantity"], at_job["unused"]) == ("40", left_there)


async def test_what_a_job_drew_for_its_pieces_does_not_lie_at_the_job(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await product(world, floor, [{"component": "COIL", "quantity": 1}])
    coil = await receive(floor, of(job, "COIL"), 100)
    await report(floor, job, 40)
    assert (await get(floor, f"/lots/{coil}/trace", direction="forward"))["jobs"] == []
    assert (await get(floor, f"/lots/{coil}/recall"))["balance"]["at_jobs"] == "0"
