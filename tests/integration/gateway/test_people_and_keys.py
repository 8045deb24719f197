"""Who works here, what they may, and the keys of other systems."""

from urllib.parse import urlsplit

import httpx
import pytest

from gateway.settings import LanOrigin
from tests.support.gateway import PASSWORD, GatewayWorld

pytestmark = pytest.mark.anyio


async def test_a_person_is_shown_without_any_secret(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    person = await world.add_person("operator", "leader", pin="482915", badge="BADGE-7781", languages=["vi"])
    assert person["has_pin"]
    assert person["has_badge"]
    assert person["has_password"]
    listed = await admin.get("/people", params={"limit": 200})
    assert person in listed.json()["items"]
    rows = await world.fetch("gateway", "SELECT * FROM person WHERE code = $1", person["code"])
    stored = listed.text + repr(rows)
    for secret in ("482915", "BADGE-7781", PASSWORD):
        assert secret not in stored


async def test_people_come_page_by_page(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    for _ in range(3):
        await world.add_person("viewer")
    codes: list[str] = []
    cursor = None
    while True:
        page = (await admin.get("/people", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        codes += [person["code"] for person in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert codes == sorted(set(codes))
    assert len(codes) >= 4


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("pin", "12345", "pin_digits"),
        ("pin", "１２３４５６", "pin_digits"),
        ("pin", "111111", "pin_weak"),
        ("pin", "123456", "pin_weak"),
        ("pin", "654321", "pin_weak"),
        ("pin", "121212", "pin_weak"),
        ("roles", [], "too_short"),
        ("roles", ["owner"], "literal_error"),
        ("roles", ["erp"], "literal_error"),
        ("login", None, "missing"),
        ("password", None, "missing"),
        ("code", "홍 길동", "string_has_space"),
        ("code", "홍\u3000길동", "string_has_space"),
        ("code", "홍@길동", "string_pattern_mismatch"),
        ("languages", ["xx"], "literal_error"),
        ("is_root", True, "extra_forbidden"),
    ],
)
async def test_what_is_wrong_with_a_person_is_said_field_by_field(
    admin: httpx.AsyncClient, field: str, value: object, code: str
) -> None:
    body = {"code": "BAD", "name": "아무개", "roles": ["operator"], "login": "bad", "password": PASSWORD, field: value}
    answer = await admin.post("/people", json=body)
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert (error["field"].split(".")[0], error["code"]) == (field, code)
    assert error["message"] != code


async def test_the_office_reads_names_where_codes_are_kept_and_nothing_more(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    person = await world.add_person("operator")
    for role in ("planner", "quality", "maintenance"):
        async with await world.signed_in(role) as reader:
            assert (await reader.get("/people")).status_code == 403
            names = (await reader.get("/people/names", params={"limit": 200})).json()["items"]
            [found] = [one for one in names if one["code"] == person["code"]]
            assert found == {name: person[name] for name in ("code", "person_id", "name", "active")}
    for role in ("operator", "viewer"):
        async with await world.signed_in(role) as other:
            assert (await other.get("/people/names")).status_code == 403


async def test_codes_logins_and_badges_belong_to_one_person(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    person = await world.add_person("operator", badge="CARD-0001")
    other = await world.add_person("operator")
    taken = await admin.post("/people", json={"code": person["code"], "name": "둘째", "roles": ["viewer"]})
    assert (taken.status_code, taken.json()["code"]) == (409, "person_exists")
    for change, code in (({"login": person["login"]}, "login_taken"), ({"badge": "CARD-0001"}, "badge_taken")):
        answer = await admin.patch(f"/people/{other['code']}", json=change)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_who_leaves_is_out_at_once_and_keeps_the_code(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    async with await world.signed_in("planner") as planner:
        code = (await planner.get("/me")).json()["person"]
        assert (await admin.patch(f"/people/{code}", json={"active": False})).json()["active"] is False
        assert (await planner.get("/me")).status_code == 401
        again = {"login": code, "password": PASSWORD}
        assert (await planner.post("/sessions", json=again)).status_code == 401
        assert (await admin.patch(f"/people/{code}", json={"active": True})).status_code == 200
        assert (await planner.get("/me")).status_code == 401
        assert (await planner.post("/sessions", json=again)).status_code == 201


async def test_a_new_role_counts_from_the_next_request_on(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    async with await world.signed_in("viewer") as person:
        assert (await person.get("/people")).status_code == 403
        code = (await person.get("/me")).json()["person"]
        await admin.patch(f"/people/{code}", json={"roles": ["leader"]})
        assert (await person.get("/people")).status_code == 200


async def test_a_new_password_ends_the_sessions_of_the_old_one_but_not_the_one_that_set_it(world: GatewayWorld) -> None:
    async with await world.signed_in("admin") as here, await world.signed_in("planner") as planner:
        me = (await here.get("/me")).json()["person"]
        async with world.visitor() as elsewhere:
            session = await elsewhere.post("/sessions", json={"login": me, "password": PASSWORD})
        async with world.visitor(session.json()["access_token"]) as elsewhere:
            assert (await here.patch(f"/people/{me}", json={"password": "another one, longer"})).status_code == 200
            assert (await elsewhere.get("/me")).status_code == 401
        assert (await here.get("/me")).status_code == 200
        assert (await planner.get("/me")).status_code == 200


async def test_null_takes_a_pin_and_a_login_away(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    person = await world.add_person("operator", pin="482915")
    answer = await admin.patch(f"/people/{person['code']}", json={"pin": None, "login": None})
    changed = answer.json()
    assert (changed["has_pin"], changed["has_password"], changed["login"]) == (False, False, None)
    assert (await admin.patch(f"/people/{person['code']}", json={"name": None})).status_code == 422
    assert (await admin.patch("/people/NOBODY", json={"name": "x"})).status_code == 404


async def test_the_last_admin_stays_admin(world: GatewayWorld, admin: httpx.AsyncClient) -> None:
    others = [p for p in (await admin.get("/people?limit=200")).json()["items"] if "admin" in p["roles"]]
    for person in others:
        if person["code"] != "boss":
            assert (await admin.patch(f"/people/{person['code']}", json={"active": False})).status_code == 200
    for change in ({"active": False}, {"roles": ["planner"]}, {"login": None}):
        answer = await admin.patch("/people/boss", json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await admin.patch("/people/boss", json={"roles": ["admin"]})).status_code == 200


async def test_a_key_of_the_erp_is_told_once_and_ends_when_it_is_revoked(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    made = await admin.post("/api-keys", json={"name": "ERP", "roles": ["erp"]})
    assert made.status_code == 201
    key = made.json()["key"]
    assert key.startswith("dure_")
    assert key not in (await admin.get("/api-keys")).text
    assert (await admin.post("/api-keys", json={"name": "ERP", "roles": ["erp"]})).status_code == 422
    assert (await admin.post("/api-keys", json={"name": "root", "roles": ["admin"]})).status_code == 422
    async with world.visitor(key) as erp:
        assert (await erp.get("/me")).json()["roles"] == ["erp"]
        assert (await erp.get("/people")).status_code == 403
        for _ in range(2):
            assert (await admin.post(f"/api-keys/{made.json()['id']}/revoke")).status_code == 200
        assert (await erp.get("/me")).status_code == 401
    assert (await admin.post("/api-keys", json={"name": "ERP", "roles": ["erp"]})).status_code == 201


async def test_an_admin_reads_what_was_changed_of_people_tablets_and_keys(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    person = await world.add_person("operator")
    await admin.patch(f"/people/{person['code']}", json={"roles": ["leader"]})
    tablet = await world.enrol()
    key = (await admin.post("/api-keys", json={"name": "MES", "roles": ["erp"]})).json()
    newest = (await admin.get("/audit", params={"limit": 4})).json()["items"]
    assert [(one["action"], one["subject"]) for one in newest[:2]] == [
        ("create", f"api_key/{key['id']}"),
        ("enrol", f"device/{tablet['device_id']}"),
    ]
    of_person = (await admin.get("/audit", params={"subject": f"person/{person['code']}"})).json()["items"]
    [change] = [change for change in of_person[0]["changes"] if change["field"] == "roles"]
    assert (of_person[0]["person"], change["before"], change["after"]) == ("boss", ["operator"], ["leader"])
    async with await world.signed_in("leader", "planner", "quality", "viewer") as other:
        assert (await other.get("/audit")).status_code == 403


async def test_the_trail_says_which_secret_was_given_or_taken_away_and_none_that_was_not(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    person = await world.add_person("operator", login=None, password=None)
    for secrets in ({"badge": "B-0042"}, {"badge": None}, {"badge": None, "languages": ["vi"]}):
        assert (await admin.patch(f"/people/{person['code']}", json=secrets)).status_code == 200
    entries = (await admin.get("/audit", params={"subject": f"person/{person['code']}", "limit": 3})).json()["items"]
    told = [[(one["field"], one["before"], one["after"]) for one in entry["changes"]] for entry in entries]
    assert told == [[("languages", [], ["vi"])], [("badge", "•", None)], [("badge", None, "•")]]


async def test_a_link_made_on_the_machine_itself_leads_tablets_to_its_address_in_the_network(
    world: GatewayWorld, admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = LanOrigin(lambda: "https://192.168.0.7:8000", lambda: ["192.168.0.7", "shop.local"])
    monkeypatch.setitem(world.gateway.state._state, "lan", lan)
    here = (await admin.post("/device-enrolments", json={"name": "태블릿"})).json()
    assert here["url"] == f"https://192.168.0.7:8000/devices#enrol={here['code']}"
    office = {"host": "shop.local:8000"}
    there = (await admin.post("/device-enrolments", json={"name": "태블릿"}, headers=office)).json()
    assert there["url"] == f"http://shop.local:8000/devices#enrol={there['code']}"
    pretended = {"host": "evil.example"}
    elsewhere = (await admin.post("/device-enrolments", json={"name": "태블릿"}, headers=pretended)).json()
    assert elsewhere["url"].startswith("https://192.168.0.7:8000/")


async def test_without_a_network_of_its_own_a_link_leads_to_an_address_of_this_machine_and_to_no_other(
    world: GatewayWorld, admin: httpx.AsyncClient
) -> None:
    port = urlsplit(world.origin).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        invited = (await admin.post("/device-enrolments", json={"name": "태블릿"}, headers={"host": host})).json()
        assert invited["url"] == f"http://{host}/devices#enrol={invited['code']}"
    refused = await admin.post("/device-enrolments", json={"name": "태블릿"}, headers={"host": "evil.example"})
    assert (refused.status_code, refused.json()["code"], refused.json()["host"]) == (
        421,
        "host_unknown",
        "evil.example",
    )
