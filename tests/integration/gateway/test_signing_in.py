"""Signing in at a tablet and in the office, and what happens to those who guess."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.gateway import PASSWORD, GatewayWorld

pytestmark = pytest.mark.anyio

PIN = "482915"


@pytest.fixture(autouse=True)
def right_clock(world: GatewayWorld) -> Iterator[None]:
    yield
    world.now_again()


async def tap(world: GatewayWorld, device: dict[str, Any], **credentials: str) -> httpx.Response:
    """Somebody signs in on a tablet."""
    async with world.visitor(device["device_token"]) as tablet:
        return await tablet.post("/sessions", json=credentials)


async def test_an_operator_signs_in_by_pin_and_the_session_knows_the_tablet(world: GatewayWorld) -> None:
    tablet = await world.enrol(machine="PR2")
    person = await world.add_person("operator", pin=PIN, languages=["vi", "ko"])
    answer = await tap(world, tablet, person=person["code"], pin=PIN)
    assert answer.status_code == 201
    assert answer.json()["expires_in"] == 12 * 3600
    async with world.visitor(answer.json()["access_token"]) as operator:
        me = (await operator.get("/me")).json()
    assert me["device"] == {"id": tablet["device_id"], "name": "프레스 태블릿", "machine": "PR2"}
    assert (me["person"], me["roles"], me["languages"]) == (person["code"], ["operator"], ["vi", "ko"])


async def test_a_badge_signs_in_without_a_name(world: GatewayWorld) -> None:
    tablet = await world.enrol()
    person = await world.add_person("operator", badge="04A2B9C1")
    answer = await tap(world, tablet, badge="04A2B9C1")
    assert answer.json()["person"] == person["code"]
    assert (await tap(world, tablet, badge="04A2B9C2")).status_code == 401


async def test_a_pin_is_worth_nothing_where_no_tablet_is_enrolled(
    world: GatewayWorld, visitor: httpx.AsyncClient
) -> None:
    person = await world.add_person("operator", pin=PIN)
    answer = await visitor.post("/sessions", json={"person": person["code"], "pin": PIN})
    assert (answer.status_code, answer.json()["code"]) == (401, "device_unknown")


async def test_whatever_was_wrong_the_answer_is_the_same(world: GatewayWorld, visitor: httpx.AsyncClient) -> None:
    person = await world.add_person("planner", pin=PIN)
    tablet = await world.enrol()
    answers = [
        await visitor.post("/sessions", json={"login": person["login"], "password": "not this one"}),
        await visitor.post("/sessions", json={"login": "nobody", "password": "not this one"}),
        await tap(world, tablet, person=person["code"], pin="000000"),
        await tap(world, tablet, person="NOBODY", pin="000000"),
        await tap(world, tablet, person=person["code"], pin="letters"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


async def test_five_wrong_pins_lock_this_person_on_this_tablet_for_15_minutes(world: GatewayWorld) -> None:
    tablet, other = await world.enrol(), await world.enrol()
    person, colleague = await world.add_person("operator", pin=PIN), await world.add_person("operator", pin=PIN)
    for _ in range(5):
        assert (await tap(world, tablet, person=person["code"], pin="918273")).status_code == 401
    locked = await tap(world, tablet, person=person["code"], pin=PIN)
    assert (locked.status_code, locked.json()["code"], locked.json()["minutes"]) == (429, "locked", 15)
    assert int(locked.headers["retry-after"]) > 800
    assert (await tap(world, tablet, person=colleague["code"], pin=PIN)).status_code == 201
    assert (await tap(world, other, person=person["code"], pin=PIN)).status_code == 201
    world.let_pass(timedelta(minutes=15, seconds=1))
    assert (await tap(world, tablet, person=person["code"], pin=PIN)).status_code == 201


async def test_guessing_the_pins_of_many_people_closes_the_tablet_and_no_other(world: GatewayWorld) -> None:
    tablet, other = await world.enrol(), await world.enrol()
    people = [await world.add_person("operator", pin=PIN) for _ in range(6)]
    assert (await tap(world, tablet, person=people[0]["code"], pin=PIN)).status_code == 201
    answers = [await tap(world, tablet, person=one["code"], pin="918273") for one in people[1:] for _ in range(4)]
    assert {answer.status_code for answer in answers} == {401}
    closed = await tap(world, tablet, person=people[0]["code"], pin=PIN)
    assert (closed.status_code, closed.json()["code"]) == (429, "locked")
    assert (await tap(world, other, person=people[0]["code"], pin=PIN)).status_code == 201
    world.let_pass(timedelta(minutes=15, seconds=1))
    assert (await tap(world, tablet, person=people[0]["code"], pin=PIN)).status_code == 201


async def test_a_shift_that_comes_in_with_wrong_pins_among_right_ones_does_not_close_the_tablet(
    world: GatewayWorld,
) -> None:
    tablet = await world.enrol()
    people = [await world.add_person("operator", pin=PIN) for _ in range(12)]
    for one in people:
        for pin in ("918273", "918274", PIN):
            answer = await tap(world, tablet, person=one["code"], pin=pin)
        assert answer.status_code == 201


async def test_guesses_at_the_same_time_count_like_guesses_one_by_one(world: GatewayWorld) -> None:
    tablet = await world.enrol()
    person = await world.add_person("operator", pin=PIN)
    guesses = [f"9{n}3{n}57" for n in range(10)]
    answers = await asyncio.gather(*(tap(world, tablet, person=person["code"], pin=guess) for guess in guesses))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 5


async def test_a_right_pin_forgives_the_wrong_ones_before(world: GatewayWorld) -> None:
    tablet = await world.enrol()
    person = await world.add_person("operator", pin=PIN)
    for _ in range(3):
        for _ in range(4):
            await tap(world, tablet, person=person["code"], pin="918273")
        assert (await tap(world, tablet, person=person["code"], pin=PIN)).status_code == 201


async def test_wrong_passwords_lock_the_login_too(world: GatewayWorld, visitor: httpx.AsyncClient) -> None:
    for login in ((await world.add_person("planner"))["login"], "nobody-at-all"):
        for _ in range(5):
            await visitor.post("/sessions", json={"login": login, "password": "not this one"})
        assert (await visitor.post("/sessions", json={"login": login, "password": PASSWORD})).status_code == 429


async def test_a_stolen_tablet_is_out_at_once_with_all_its_sessions(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    tablet = await world.enrol()
    person = await world.add_person("operator", pin=PIN)
    session = (await tap(world, tablet, person=person["code"], pin=PIN)).json()["access_token"]
    async with world.visitor(session) as operator, world.visitor(tablet["device_token"]) as device:
        assert (await operator.get("/quality/defects")).status_code == 200
        assert person["code"] in [one["code"] for one in (await device.get("/devices/current")).json()["people"]]
        assert (await admin.post(f"/devices/{tablet['device_id']}/revoke")).status_code == 200
        assert (await operator.get("/quality/defects")).status_code == 401
        assert (await operator.get("/me")).status_code == 401
        assert (await device.get("/devices/current")).json()["code"] == "device_unknown"
    assert (await tap(world, tablet, person=person["code"], pin=PIN)).status_code == 401


async def test_signing_out_ends_the_session(world: GatewayWorld) -> None:
    async with await world.signed_in("planner") as planner:
        gone = await planner.delete("/sessions/current")
        assert (gone.status_code, gone.content, gone.headers.get("content-type")) == (204, b"", None)
        assert (await planner.get("/me")).status_code == 401


async def test_a_session_ends_with_the_shift_and_an_office_session_after_a_week_without_use(
    world: GatewayWorld,
) -> None:
    tablet = await world.enrol()
    person = await world.add_person("operator", pin=PIN)
    session = (await tap(world, tablet, person=person["code"], pin=PIN)).json()["access_token"]
    async with world.visitor(session) as operator, await world.signed_in("planner") as planner:
        world.let_pass(timedelta(hours=11))
        assert (await operator.get("/me")).status_code == 200
        world.let_pass(timedelta(hours=1))
        assert (await operator.get("/me")).status_code == 401
        for _ in range(4):
            world.let_pass(timedelta(days=6))
            assert (await planner.get("/me")).status_code == 200
        world.let_pass(timedelta(days=7))
        assert (await planner.get("/me")).status_code == 401


async def test_an_office_session_ends_after_a_month_even_when_it_is_used(world: GatewayWorld) -> None:
    async with await world.signed_in("planner") as planner:
        for _ in range(5):
            world.let_pass(timedelta(days=5, hours=20))
            assert (await planner.get("/me")).status_code == 200
        world.let_pass(timedelta(days=2))
        assert (await planner.get("/me")).status_code == 401


@pytest.mark.parametrize(
    "credentials",
    [{}, {"login": "boss"}, {"person": "P1", "password": "x"}, {"badge": "1234", "pin": "123456"}, {"user": "boss"}],
)
async def test_half_of_the_credentials_is_no_way_to_sign_in(
    visitor: httpx.AsyncClient, credentials: dict[str, str]
) -> None:
    assert (await visitor.post("/sessions", json=credentials)).status_code == 422


async def test_an_enrolment_code_is_used_once_and_in_time(
    world: GatewayWorld, admin: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    invitation = (await admin.post("/device-enrolments", json={"name": "포장 태블릿"})).json()
    assert invitation["url"] == f"{world.origin}/devices#enrol={invitation['code']}"
    assert invitation["qr_svg"].startswith("<svg xmlns=")
    body = {"code": f" {invitation['code'].lower()} "}
    assert (await visitor.post("/devices", json=body)).status_code == 201
    again = await visitor.post("/devices", json=body)
    assert (again.status_code, again.json()["code"]) == (404, "enrolment_invalid")
    late = (await admin.post("/device-enrolments", json={"name": "검사 태블릿"})).json()
    world.let_pass(timedelta(minutes=15))
    assert (await visitor.post("/devices", json={"code": late["code"]})).status_code == 404


async def send_queued(world: GatewayWorld, device: dict[str, Any], person: str) -> httpx.Response:
    """A tablet wants to send what a person did while it was offline."""
    async with world.visitor(device["device_token"]) as tablet:
        return await tablet.post("/sessions/replay", json={"person": person})


async def test_a_tablet_sends_the_queue_of_those_who_signed_in_on_it_and_gets_no_more_rights_than_that_needs(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    tablet, other = await world.enrol(), await world.enrol()
    boss = await world.add_person("admin", "leader", pin=PIN)
    assert (await tap(world, tablet, person=boss["code"], pin=PIN)).status_code == 201
    replay = await send_queued(world, tablet, boss["code"])
    assert (replay.status_code, replay.json()["expires_in"], replay.json()["roles"]) == (201, 600, ["operator"])
    async with world.visitor(replay.json()["access_token"]) as sender:
        me = (await sender.get("/me")).json()
        assert (me["person"], me["roles"], me["device"]["id"]) == (boss["code"], ["operator"], tablet["device_id"])
        assert (await sender.get("/people")).status_code == 403
        world.let_pass(timedelta(minutes=10))
        assert (await sender.get("/me")).status_code == 401
    assert (await send_queued(world, other, boss["code"])).json()["code"] == "replay_refused"
    trail = await world.fetch("gateway", "SELECT person, device, subject FROM audit WHERE action = 'replay'")
    assert {"person": boss["code"], "device": tablet["device_id"], "subject": f"person/{boss['code']}"} in trail


async def test_a_queue_is_sent_within_14_days_of_the_sign_in_and_sending_does_not_prolong_that(
    world: GatewayWorld,
) -> None:
    tablet = await world.enrol()
    person = await world.add_person("operator", pin=PIN)
    await tap(world, tablet, person=person["code"], pin=PIN)
    world.let_pass(timedelta(days=13, hours=23))
    assert (await send_queued(world, tablet, person["code"])).status_code == 201
    world.let_pass(timedelta(hours=2))
    assert (await send_queued(world, tablet, person["code"])).status_code == 403


async def test_nothing_is_sent_for_who_left_nor_from_a_revoked_tablet(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    tablet = await world.enrol()
    leaves, stays = await world.add_person("operator", pin=PIN), await world.add_person("operator", pin=PIN)
    for person in (leaves, stays):
        await tap(world, tablet, person=person["code"], pin=PIN)
    token = (await send_queued(world, tablet, stays["code"])).json()["access_token"]
    await admin.patch(f"/people/{leaves['code']}", json={"active": False})
    assert (await send_queued(world, tablet, leaves["code"])).status_code == 403
    assert (await send_queued(world, tablet, "NOBODY")).status_code == 403
    await admin.post(f"/devices/{tablet['device_id']}/revoke")
    assert (await send_queued(world, tablet, stays["code"])).json()["code"] == "device_unknown"
    async with world.visitor(token) as sender:
        assert (await sender.get("/me")).status_code == 401
