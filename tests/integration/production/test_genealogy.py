"""Lots on the floor: what goes into a product is scanned or drawn, what comes out is a lot; both can be traced."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.lots import define_lots, get, jobs_for, left, post, receive
from tests.support.working_day import SEOUL
from tests.support.world import TestCluster, World, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("lots"), ["orders", "production", "quality"]) as world:
        await define_lots(world)
        yield world


@pytest.fixture
async def floor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "operator", "quality", "leader") as client:
        yield client


async def report(floor: httpx.AsyncClient, job: dict[str, Any], good: int, **more: Any) -> dict[str, Any]:
    return await post(floor, f"/jobs/{job['id']}/results", good=good, **more)


def in_days(days: int) -> str:
    """The shop's date so many days from now."""
    return (datetime.now(SEOUL).date() + timedelta(days=days)).isoformat()


async def hold_everything(floor: httpx.AsyncClient, item: str) -> None:
    """Stock of other tests is not to be drawn."""
    for lot in (await get(floor, "/lots", item=item, state="available", limit=200))["items"]:
        await post(floor, f"/lots/{lot['lot']}/hold", 200, reason="다른 시험")


async def links(floor: httpx.AsyncClient, lot: str, direction: str) -> dict[tuple[str, str], str]:
    trace = await get(floor, f"/lots/{lot}/trace", direction=direction)
    return {(edge["source"], edge["target"]): edge["quantity"] for edge in trace["edges"]}


async def test_a_received_lot_is_numbered_and_expires_by_its_items_rules(floor: httpx.AsyncClient) -> None:
    lot = await post(floor, "/lots", item="GLUE", quantity="12.5", supplier="3M", supplier_lot="X-77")
    today = date.fromisoformat(lot["created_at"][:10])
    assert lot["lot"].startswith("GLUE-")
    assert lot["lot"].endswith("-001")
    assert abs(date.fromisoformat(lot["expires_on"]) - today - timedelta(days=30)) <= timedelta(days=1)
    assert (lot["remaining"], lot["unit"], lot["state"]) == ("12.5", "kg", "available")
    found = (await get(floor, "/lots", q="x-77"))["items"]
    assert [one["lot"] for one in found] == [lot["lot"]]
    taken = await floor.post("/lots", json={"item": "COIL", "quantity": 1, "lot": lot["lot"]}, headers=key())
    assert taken.json()["errors"][0]["code"] == "lot_exists"
    unknown = await floor.post("/lots", json={"item": "NOSUCH", "quantity": 1}, headers=key())
    assert unknown.json()["errors"][0]["code"] == "unknown_reference"


async def test_lots_are_split_merged_counted_and_never_lost(floor: httpx.AsyncClient) -> None:
    lot = await receive(floor, "COIL", 100, lot="SPLIT-ME")
    part = await post(floor, f"/lots/{lot}/split", quantity=30)
    assert (part["lot"], part["remaining"], await left(floor, lot)) == ("SPLIT-ME-1", "30", "70")
    short = await floor.post(f"/lots/{lot}/split", json={"quantity": 71}, headers=key())
    assert (short.status_code, short.json()["code"], short.json()["remaining"]) == (422, "lot_short", "70")
    other = await receive(floor, "COIL", 5)
    merged = await post(floor, "/lots/merge", lots=[part["lot"], other])
    assert merged["remaining"] == "35"
    glue = await receive(floor, "GLUE", 1)
    wrong = await floor.post("/lots/merge", json={"lots": [merged["lot"], glue]}, headers=key())
    assert wrong.json()["code"] == "wrong_item"
    counted = await post(floor, f"/lots/{merged['lot']}/count", 200, quantity=33, reason="실사")
    assert counted["remaining"] == "33"
    assert await links(floor, merged["lot"], "backward") == {
        ("SPLIT-ME", "SPLIT-ME-1"): "30",
        ("SPLIT-ME-1", merged["lot"]): "30",
        (other, merged["lot"]): "5",
    }
    recall = await get(floor, f"/lots/{merged['lot']}/recall")
    assert (recall["balance"]["unexplained"], recall["balance"]["percent"]) == ("2", "94.3")


async def test_a_wrong_held_expired_empty_or_unknown_lot_is_kept_out_before_it_is_in(
    world: World, floor: httpx.AsyncClient
) -> None:
    stamping, assembly = await jobs_for(world, floor)
    glue = await receive(floor, "GLUE", 5)
    old = await receive(floor, "GLUE", 5, expires_on="2026-01-31")
    held = await receive(floor, "COIL", 5)
    empty = await receive(floor, "COIL", 5)
    await post(floor, f"/lots/{held}/hold", 200, reason="재질 성적서 없음")
    await post(floor, f"/lots/{empty}/count", 200, quantity=0, reason="실사")
    for job, lot, code in (
        (stamping, glue, "wrong_item"),
        (assembly, old, "lot_expired"),
        (stamping, held, "lot_on_hold"),
        (stamping, empty, "lot_empty"),
        (stamping, "NOSUCH", "lot_unknown"),
    ):
        answer = await floor.post(f"/jobs/{job['id']}/consumptions", json={"lot": lot}, headers=key())
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    refusal = (await floor.post(f"/jobs/{stamping['id']}/consumptions", json={"lot": held}, headers=key())).json()
    assert "재질 성적서 없음" in refusal["detail"]


async def test_what_is_in_the_machine_already_is_recorded_and_flagged(world: World, floor: httpx.AsyncClient) -> None:
    stamping, _ = await jobs_for(world, floor)
    held = await receive(floor, "COIL", 5)
    await post(floor, f"/lots/{held}/hold", 200, reason="확인")
    used = await post(floor, f"/jobs/{stamping['id']}/consumptions", lot=held, quantity=7, used=True)
    assert (used["flags"], used["remaining"]) == (["lot_on_hold"], "-2")
    nobody = await post(floor, f"/jobs/{stamping['id']}/consumptions", lot="H 4711", quantity=20, used=True)
    assert (nobody["lot"], nobody["flags"], nobody["remaining"]) == ("H-4711", ["lot_unknown"], "-20")
    flagged = (await get(floor, "/lot-movements", job=stamping["id"], flagged=True))["items"]
    assert [one["lot"] for one in flagged] == ["H-4711", held]
    assert await receive(floor, "COIL", 50, lot="H-4711", supplier="POSCO") == "H-4711"  # the paper came later
    assert await left(floor, "H-4711") == "30"


async def test_a_job_tells_what_it_needs_and_which_lot_comes_first(world: World, floor: httpx.AsyncClient) -> None:
    await hold_everything(floor, "GLUE")
    _, assembly = await jobs_for(world, floor)
    late = await receive(floor, "GLUE", 5, expires_on=in_days(200))
    soon = await receive(floor, "GLUE", 5, expires_on=in_days(60))
    held = await receive(floor, "GLUE", 5, expires_on=in_days(30))
    await post(floor, f"/lots/{held}/hold", 200, reason="확인")
    glue = (await get(floor, f"/jobs/{assembly['id']}/materials"))["items"][0]
    assert (glue["component"], glue["needed"], glue["consumed"], glue["unit"]) == ("GLUE", "1", "0", "kg")
    assert [(one["lot"], one["state"]) for one in glue["advice"]][:2] == [(soon, "available"), (late, "available")]
    assert (held, "on_hold") in [(one["lot"], one["state"]) for one in glue["advice"]]
    await post(floor, f"/jobs/{assembly['id']}/consumptions", lot=soon)
    glue = (await get(floor, f"/jobs/{assembly['id']}/materials"))["items"][0]
    assert (glue["consumed"], await left(floor, soon)) == ("1", "4")  # as much as the job needs


async def test_pieces_go_into_a_lot_that_can_be_followed_back_to_the_coil(
    world: World, floor: httpx.AsyncClient
) -> None:
    for item in ("COIL", "GLUE"):
        await hold_everything(floor, item)
    stamping, assembly = await jobs_for(world, floor)
    coil = await receive(floor, "COIL", 100)
    glue = await receive(floor, "GLUE", 5)
    await post(floor, f"/jobs/{stamping['id']}/consumptions", lot=coil, quantity=60)
    between = await report(floor, stamping, 90, scrap=[{"defect": "BURR", "quantity": 10}])
    assert between["lot"] is None  # no stock yet
    made = await report(floor, assembly, 80)
    assert made["lot"].startswith("BR")
    assert await left(floor, made["lot"]) == "80"
    assert await left(floor, coil) == "40"
    assert await left(floor, glue) == "4.2"  # drawn by the bill of material: 80 × 0.01
    trace = await get(floor, f"/lots/{made['lot']}/trace", direction="backward")
    wip = next(node for node in trace["nodes"] if node["op"] == 10)
    assert (wip["number"], wip["quantity"], wip["remaining"]) == (stamping["number"], "90", "10")
    assert await links(floor, made["lot"], "backward") == {
        (coil, wip["lot"]): "55",  # 100 pieces, good or not, × 0.5 × 1.1
        (wip["lot"], made["lot"]): "80",
        (glue, made["lot"]): "0.8",
    }
    assert {node["lot"]: node["depth"] for node in trace["nodes"]} == {made["lot"]: 0, wip["lot"]: 1, glue: 1, coil: 2}
    assert set(await links(floor, coil, "forward")) == {(coil, wip["lot"]), (wip["lot"], made["lot"])}
    again = await report(floor, assembly, 10)
    assert again["lot"] == made["lot"]  # the same job in the same shift
    assert [one["lot"] for one in (await get(floor, "/lots", item="BR"))["items"]].count(made["lot"]) == 1


async def test_tablets_may_report_in_any_order(world: World, floor: httpx.AsyncClient) -> None:
    for item in ("COIL", "GLUE"):
        await hold_everything(floor, item)
    stamping, assembly = await jobs_for(world, floor)
    made = await report(floor, assembly, 50)  # the press's tablet is still without a network
    await report(floor, stamping, 60)
    coil = await receive(floor, "COIL", 100)
    await post(floor, f"/jobs/{stamping['id']}/consumptions", lot=coil, quantity=33, at="2026-11-01T09:00:00+09:00")
    back = await links(floor, made["lot"], "backward")
    assert sorted(back.values()) == ["33", "50"]
    assert any(source == coil for source, _ in back)


async def test_a_report_that_is_taken_back_takes_its_lot_and_its_material_back(
    world: World, floor: httpx.AsyncClient
) -> None:
    for item in ("COIL", "GLUE"):
        await hold_everything(floor, item)
    coil, glue = await receive(floor, "COIL", 100), await receive(floor, "GLUE", 5)
    stamping, assembly = await jobs_for(world, floor)
    await report(floor, stamping, 100)
    made = await report(floor, assembly, 100)
    assert (await left(floor, coil), await left(floor, glue)) == ("45", "4")
    await post(floor, f"/results/{made['id']}/reverse", reason="오입력")
    assert (await left(floor, made["lot"]), await left(floor, glue)) == ("0", "5")
    assert await left(floor, coil) == "45"  # stamping was reported, and stays
    assert await links(floor, made["lot"], "backward") == {}
    again = await report(floor, assembly, 40)
    assert (again["lot"], await left(floor, glue)) == (made["lot"], "4.6")


async def test_a_corrected_report_stays_in_its_lot(world: World, floor: httpx.AsyncClient) -> None:
    await hold_everything(floor, "GLUE")
    glue = await receive(floor, "GLUE", 5)
    _, assembly = await jobs_for(world, floor)
    made = await report(floor, assembly, 90, lot="BOX-90")
    corrected = await post(floor, f"/results/{made['id']}/correct", good=80, reason="수량 오기")
    assert (corrected["lot"], await left(floor, "BOX-90"), await left(floor, glue)) == ("BOX-90", "80", "4.2")
    (job,) = await jobs_for(world, floor, "MOTOR", 10)
    motors = await report(floor, job, 3, serials=["K-1", "K-2", "K-3"])
    fewer = await post(floor, f"/results/{motors['id']}/correct", good=2, reason="1대 미완성")
    states = {one["serial"]: one["state"] for one in (await get(floor, "/serials", lot=fewer["lot"], q="K-"))["items"]}
    assert states == {"K-1": "in_stock", "K-2": "in_stock", "K-3": "void"}


async def test_reworked_pieces_take_no_material_twice(world: World, floor: httpx.AsyncClient) -> None:
    for item in ("COIL", "GLUE"):
        await hold_everything(floor, item)
    coil, glue = await receive(floor, "COIL", 100), await receive(floor, "GLUE", 5)
    stamping, assembly = await jobs_for(world, floor)
    await report(floor, stamping, 90, rework=10)
    assert await left(floor, coil) == "45"  # 100 pieces have taken material
    await report(floor, stamping, 10, reworked=True)
    assert await left(floor, coil) == "45"
    made = await report(floor, assembly, 95, rework=5)
    assert await left(floor, glue) == "4"
    await report(floor, assembly, 5, reworked=True)
    assert (await left(floor, glue), await left(floor, made["lot"])) == ("4", "100")


async def test_a_scan_is_taken_back_once(world: World, floor: httpx.AsyncClient) -> None:
    await hold_everything(floor, "COIL")
    stamping, _ = await jobs_for(world, floor)
    wrong, right = await receive(floor, "COIL", 100), await receive(floor, "PLATE", 200)
    scan = await post(floor, f"/jobs/{stamping['id']}/consumptions", lot=wrong, quantity=20)
    await post(floor, f"/lot-movements/{scan['id']}/reverse", reason="잘못 스캔")
    again = await floor.post(f"/lot-movements/{scan['id']}/reverse", json={"reason": "다시"}, headers=key())
    assert (again.status_code, again.json()["code"]) == (409, "movement_reversed")
    assert await left(floor, wrong) == "100"
    await post(floor, f"/jobs/{stamping['id']}/consumptions", lot=right)  # the alternate: 100 × 1 × 1.1
    material = (await get(floor, f"/jobs/{stamping['id']}/materials"))["items"][0]
    assert (await left(floor, right), material["consumed"], material["needed"]) == ("90", "55", "55")


async def test_two_tablets_on_one_order_draw_each_kilogram_once(world: World, floor: httpx.AsyncClient) -> None:
    await hold_everything(floor, "COIL")
    coils = [await receive(floor, "COIL", 30) for _ in range(4)]
    orders = [(await jobs_for(world, floor))[0] for _ in range(2)]
    await asyncio.gather(*(report(floor, job, 10) for job in orders for _ in range(5)))
    rest = sum([Decimal(await left(floor, coil)) for coil in coils])
    assert rest == 120 - 100 * Decimal("0.55")
    for coil in coils:
        moves = (await get(floor, "/lot-movements", lot=coil, limit=200))["items"]
        assert sum(Decimal(one["quantity"]) for one in moves) == Decimal(await left(floor, coil))


async def test_a_report_into_a_lot_counts_once_for_its_key(world: World, floor: httpx.AsyncClient) -> None:
    await hold_everything(floor, "COIL")
    stamping, assembly = await jobs_for(world, floor)
    await report(floor, stamping, 20)
    headers = {"Idempotency-Key": str(uuid4())}
    answers = await asyncio.gather(
        *(floor.post(f"/jobs/{assembly['id']}/results", json={"good": 7}, headers=headers) for _ in range(3))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await left(floor, answers[0].json()["lot"]) == "7"


async def test_a_lot_that_the_floor_names_is_used(world: World, floor: httpx.AsyncClient) -> None:
    _, assembly = await jobs_for(world, floor)
    made = await report(floor, assembly, 5, lot="BOX-77")
    assert (made["lot"], made["flags"]) == ("BOX-77", ["not_started", "beyond_ready"])
    await receive(floor, "GLUE", 5, lot="GLUE-POT")
    taken = await report(floor, assembly, 5, lot="GLUE-POT")  # it was made: it is not refused
    assert taken["lot"] != "GLUE-POT"
    assert "lot_taken" in taken["flags"]


async def test_each_motor_has_a_number_of_its_own(world: World, floor: httpx.AsyncClient) -> None:
    (job,) = await jobs_for(world, floor, "MOTOR", 10)
    scanned = await report(floor, job, 2, serials=["M-1", "M-2"])
    assert scanned["serials"] == ["M-1", "M-2"]
    numbered = await report(floor, job, 2)
    assert len(set(numbered["serials"])) == 2
    twice = await floor.post(f"/jobs/{job['id']}/results", json={"good": 1, "serials": ["M-1"]}, headers=key())
    assert (twice.status_code, twice.json()["errors"][0]["code"]) == (422, "serial_taken")
    lot = scanned["lot"]
    assert [one["lot"] for one in (await get(floor, "/lots", q="M-2"))["items"]] == [lot]
    await post(floor, f"/lots/{lot}/ship", customer="대성", quantity=1, serials=["M-2"])
    states = {one["serial"]: one["state"] for one in (await get(floor, "/serials", lot=lot))["items"]}
    assert (states["M-1"], states["M-2"]) == ("in_stock", "shipped")
    await post(floor, f"/results/{numbered['id']}/reverse", reason="오입력")
    states = {one["serial"]: one["state"] for one in (await get(floor, "/serials", lot=lot))["items"]}
    assert [states[serial] for serial in numbered["serials"]] == ["void", "void"]


async def test_a_coil_can_be_followed_into_what_nobody_tracks(world: World, floor: httpx.AsyncClient) -> None:
    await hold_everything(floor, "COIL")
    coil = await receive(floor, "COIL", 100)
    (job,) = await jobs_for(world, floor, "PLAIN", 10)
    made = await report(floor, job, 10)
    assert made["lot"] is None
    nodes = (await get(floor, f"/lots/{coil}/trace", direction="forward"))["nodes"]
    assert [(node["number"], node["op"]) for node in nodes if node["op"]] == [(job["number"], 10)]


async def test_a_recall_reaches_the_customers(world: World, floor: httpx.AsyncClient) -> None:
    for item in ("COIL", "GLUE"):
        await hold_everything(floor, item)
    coil = await receive(floor, "COIL", 110)
    stamping, assembly = await jobs_for(world, floor)
    await report(floor, stamping, 100)
    made = (await report(floor, assembly, 100))["lot"]
    await post(floor, f"/lots/{made}/ship", customer="한미정밀", quantity=30, reference="D-1")
    back = await post(floor, f"/lots/{made}/ship", customer="서연", quantity=10)
    await post(floor, f"/lots/{made}/ship", customer="서연", quantity=20)
    await post(floor, f"/lot-movements/{back['id']}/reverse", reason="오출하")
    await post(floor, f"/lots/{made}/count", 200, quantity=48, reason="실사")
    recall = await get(floor, f"/lots/{coil}/recall")
    assert {(one["customer"], one["quantity"]) for one in recall["customers"]} == {("한미정밀", "30"), ("서연", "20")}
    assert (recall["balance"]["came_in"], recall["balance"]["remaining"], recall["balance"]["used"]) == (
        "110",
        "55",
        "55",
    )
    assert recall["balance"]["percent"] == "100"
    finished = next(one for one in recall["lots"] if one["lot"] == made)
    assert (finished["shipped"], finished["remaining"], finished["unexplained"]) == ("50", "48", "2")
    held = await floor.post(f"/lots/{made}/hold", json={"reason": "회수"}, headers=key())
    assert held.json()["state"] == "on_hold"
    stopped = await floor.post(f"/lots/{made}/ship", json={"customer": "대성", "quantity": 1}, headers=key())
    assert (stopped.status_code, stopped.json()["code"]) == (422, "lot_on_hold")
    released = await post(floor, f"/lots/{made}/release", 200, reason="합격")
    assert released["state"] == "available"
