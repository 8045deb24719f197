"""What cannot be right is refused in the reader's language, says what is wrong with which field, and changes
nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from shared.kit.paging import encode_cursor
from tests.support.caller import Caller, Shop
from tests.support.factory import furnish
from tests.support.suite import Suite
from tests.support.waiting import jobs_of
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
DUE = (datetime.now(UTC) + timedelta(days=3)).isoformat()
ORDER = {"item": "HB1001", "quantity": 100, "due_at": DUE}
SENT = {"external_id": "SO-9-1", "item": "HB1001", "quantity": 100, "due_at": DUE}
ITEM = {"name": "브라켓", "kind": "finished"}
USED_KEY = str(uuid4())
HEADER = "수주번호,품목코드,수량,납기일자\n"
MAPPING = json.dumps({"external_id": "수주번호", "item": "품목코드", "quantity": "수량", "due_at": "납기일자"})
"""An ERP's order file, as the planner mapped it."""
LOOKED_AT = (
    "/orders/items",
    "/orders/machines",
    "/orders/work-orders",
    "/production/jobs",
    "/production/results",
    "/quality/defects",
    "/erp/orders",
    "/erp/confirmations",
    "/erp/webhooks",
    "/people",
    "/devices",
    "/api-keys",
)


@dataclass
class Scene:
    """A shop at work: an order that runs on a press, and the people around it."""

    admin: Caller
    callers: dict[str, Caller]
    names: dict[str, str]
    before: dict[str, Any] = field(default_factory=dict)
    """What there was to see before the first wrong request."""

    async def seen(self) -> dict[str, Any]:
        """All that a wrong request could have changed."""
        return {path: await self.admin.every(path) for path in LOOKED_AT}


@pytest.fixture(scope="module")
async def scene(suite: Suite) -> AsyncIterator[Scene]:
    async with Shop(suite) as shop:
        admin = await shop.set_up()
        await furnish(admin)
        await admin.put("/orders/items/HB2001", ITEM)
        await admin.put("/orders/items/HB2001", ITEM | {"unit": "kg"})
        await admin.post("/people", {"code": "OP1", "name": "김민수", "roles": ["operator"], "pin": "482917"})
        body = {"code": "PL1", "name": "최은영", "roles": ["planner"], "login": "planner", "password": "kkumi-7-haneul"}
        await admin.post("/people", body)
        planner = await shop.sign_in("planner", "kkumi-7-haneul")
        operator = await shop.sign_in_on(await shop.enrol(admin, "PR1"), "OP1", "482917")
        answer = await planner.http.post("/orders/work-orders", json=ORDER, headers={"Idempotency-Key": USED_KEY})
        order = answer.json()
        await planner.post(f"/orders/work-orders/{order['id']}/release")
        first, second = await jobs_of(operator, order)
        await operator.post(f"/production/jobs/{first['id']}/start")
        await operator.post(f"/production/jobs/{first['id']}/results", {"good": 5})
        erp = await shop.erp(admin)
        callers = {"planner": planner, "operator": operator, "erp": erp, "admin": admin, "nobody": shop.caller()}
        callers["a forger"] = shop.caller(forged_token())
        callers["a guesser"] = shop.caller("dure_guessed-guessed-guessed-guessed")
        names = {"order": order["id"], "job": first["id"], "waiting": second["id"], "unknown": str(uuid4())}
        scene = Scene(admin, callers, names)

        async def counted() -> str:
            return str((await planner.get(f"/orders/work-orders/{order['id']}"))["operations"][0]["good"])

        await eventually(counted, lambda good: good == "5")
        scene.before = await scene.seen()
        yield scene


def forged_token() -> str:
    """An administrator's token, signed with a key of the forger's own."""
    claims = {"iss": "gateway", "aud": "orders", "sub": "boss", "roles": ["admin"], "exp": 4_000_000_000}
    key = OKPKey.generate_key("Ed25519")
    return str(jwt.encode({"alg": "Ed25519", "typ": "JWT"}, claims, key, algorithms=["Ed25519"]))


@dataclass(frozen=True)
class Bad:
    """A request that cannot be right, and what is said about it: the problem's code, and a code for each bad field."""

    what: str
    who: str
    request: str
    status: int
    code: str
    fields: dict[str, str] = field(default_factory=dict)
    content: dict[str, Any] = field(default_factory=dict)
    key: str | None = "new"


def file(content: bytes, name: str = "orders.csv", **form: str) -> dict[str, Any]:
    """A file dropped on the import page."""
    return {"files": {"file": (name, content)}, "data": {"mapping": MAPPING, "dry_run": "false"} | form}


CASES = [
    # an order
    Bad("an unknown item", "planner", "POST /orders/work-orders", 422, "invalid", {"item": "unknown_reference"},
        {"json": ORDER | {"item": "HB9999"}}),
    Bad("a quantity of zero", "planner", "POST /orders/work-orders", 422, "invalid", {"quantity": "greater_than"},
        {"json": ORDER | {"quantity": 0}}),
    Bad("a negative quantity", "planner", "POST /orders/work-orders", 422, "invalid", {"quantity": "greater_than"},
        {"json": ORDER | {"quantity": "-3"}}),
    Bad("a quantity that is no number", "planner", "POST /orders/work-orders", 422, "invalid",
        {"quantity": "decimal_parsing"}, {"json": ORDER | {"quantity": "many"}}),
    Bad("a due date without an offset", "planner", "POST /orders/work-orders", 422, "invalid",
        {"due_at": "timezone_aware"}, {"json": ORDER | {"due_at": "2026-12-01T09:00:00"}}),
    Bad("a missing field", "planner", "POST /orders/work-orders", 422, "invalid", {"item": "missing"},
        {"json": {"quantity": 1, "due_at": DUE}}),
    Bad("an unknown field", "planner", "POST /orders/work-orders", 422, "invalid", {"qty": "extra_forbidden"},
        {"json": ORDER | {"qty": 1}}),
    Bad("a release of what is released", "planner", "POST /orders/work-orders/{order}/release", 409, "wrong_state"),
    Bad("a cancellation without a reason", "planner", "POST /orders/work-orders/{order}/cancel", 422, "invalid",
        {"reason": "missing"}, {"json": {}}),
    Bad("an order that is not there", "planner", "POST /orders/work-orders/{unknown}/release", 404, "not_found"),
    # the floor
    Bad("a start of a running job", "operator", "POST /production/jobs/{job}/start", 409, "wrong_state", {},
        {"json": {}}),
    Bad("a resume of a running job", "operator", "POST /production/jobs/{job}/resume", 409, "wrong_state", {},
        {"json": {}}),
    Bad("a pause of a job that does not run", "operator", "POST /production/jobs/{waiting}/pause", 409, "wrong_state",
        {}, {"json": {"reason": "U2"}}),
    Bad("a negative count", "operator", "POST /production/jobs/{job}/results", 422, "invalid",
        {"good": "greater_than_equal"}, {"json": {"good": -1}}),
    Bad("an unknown defect", "operator", "POST /production/jobs/{job}/results", 422, "invalid",
        {"scrap.0.defect": "unknown_reference"}, {"json": {"good": 1, "scrap": [{"defect": "NOPE", "quantity": 1}]}}),
    Bad("scrap of zero pieces", "operator", "POST /production/jobs/{job}/results", 422, "invalid",
        {"scrap.0.quantity": "greater_than"}, {"json": {"good": 1, "scrap": [{"defect": "BURR", "quantity": 0}]}}),
    Bad("a report of nothing", "operator", "POST /production/jobs/{job}/results", 422, "invalid",
        {"good": "nothing_reported"}, {"json": {"good": 0}}),
    Bad("a job that is not there", "operator", "POST /production/jobs/{unknown}/results", 404, "not_found", {},
        {"json": {"good": 1}}),
    # the ERP
    Bad("an ERP order for an unknown item", "erp", "POST /erp/orders", 422, "invalid", {"item": "unknown_reference"},
        {"json": SENT | {"item": "HB9999"}}),
    Bad("an ERP order for nothing", "erp", "POST /erp/orders", 422, "invalid", {"quantity": "greater_than"},
        {"json": SENT | {"quantity": 0}}),
    Bad("a file in a wrong encoding", "planner", "POST /erp/imports", 422, "invalid", {"file": "encoding"},
        file(b"\xff\xfe\x00\xd8 not a text \x81\x00")),
    Bad("a file whose row cannot be read", "planner", "POST /erp/imports", 422, "invalid", {"file": "file_broken_row"},
        file(f'{HEADER}"SO-9-1,HB1001,100,20261201\n'.encode())),
    Bad("a file without rows", "planner", "POST /erp/imports", 422, "invalid", {"file": "file_empty"}, file(b"")),
    Bad("a workbook that is none", "planner", "POST /erp/imports", 422, "invalid", {"file": "file_broken"},
        file(b"PK\x03\x04 not a workbook", "orders.xlsx")),
    Bad("a webhook to somewhere inside", "admin", "POST /erp/webhooks", 422, "invalid", {"url": "url_address_refused"},
        {"json": {"url": "http://127.0.0.1:5432/", "events": ["confirmation"]}}),
    # people and devices
    Bad("a PIN that is guessed at once", "admin", "POST /people", 422, "invalid", {"pin": "pin_weak"},
        {"json": {"code": "OP2", "name": "이정호", "roles": ["operator"], "pin": "123456"}}),
    Bad("a role that there is not", "admin", "POST /people", 422, "invalid", {"roles.0": "literal_error"},
        {"json": {"code": "OP2", "name": "이정호", "roles": ["king"]}}),
    Bad("an enrolment that was never given", "nobody", "POST /devices", 404, "enrolment_invalid", {},
        {"json": {"code": "never given"}}),
    # who and how
    Bad("a stale ETag", "planner", "PUT /orders/items/HB2001", 412, "stale", {},
        {"json": ITEM, "headers": {"If-Match": '"1"'}}),
    Bad("nobody", "nobody", "POST /orders/work-orders", 401, "no_session", {}, {"json": ORDER}),
    Bad("a forged token", "a forger", "POST /orders/work-orders", 401, "no_session", {}, {"json": ORDER}),
    Bad("a guessed key", "a guesser", "POST /erp/orders", 401, "no_session", {}, {"json": SENT}),
    Bad("an operator who plans", "operator", "POST /orders/work-orders", 403, "not_allowed", {}, {"json": ORDER}),
    Bad("an ERP that reports pieces", "erp", "POST /production/jobs/{job}/results", 403, "not_allowed", {},
        {"json": {"good": 1}}),
    Bad("a planner who hires", "planner", "POST /people", 403, "not_allowed", {},
        {"json": {"code": "OP2", "name": "이정호", "roles": ["operator"]}}),
    Bad("no Idempotency-Key", "planner", "POST /orders/work-orders", 400, "idempotency_key_missing", {},
        {"json": ORDER}, key=None),
    Bad("an Idempotency-Key that is no UUID", "planner", "POST /orders/work-orders", 400, "idempotency_key_invalid", {},
        {"json": ORDER}, key="again"),
    Bad("an Idempotency-Key of another order", "planner", "POST /orders/work-orders", 422, "idempotency_key_reused", {},
        {"json": ORDER | {"quantity": 7}}, key=USED_KEY),
    Bad("a body that is too large", "planner", "POST /orders/work-orders", 413, "too_large", {},
        {"json": ORDER | {"note": "가" * 300_000}}),
    Bad("a body of no told length", "planner", "POST /orders/work-orders", 413, "too_large", {},
        {"content": "endless"}),
    Bad("a file that is too large", "planner", "POST /erp/imports", 413, "too_large", {},
        file(b"0123456789abcdef" * 600_000)),
    Bad("another content type", "planner", "POST /orders/work-orders", 415, "wrong_content_type", {},
        {"content": json.dumps(ORDER).encode(), "headers": {"Content-Type": "text/plain"}}),
    Bad("no JSON", "planner", "POST /orders/work-orders", 400, "not_json", {},
        {"content": b'{"item": ', "headers": {"Content-Type": "application/json"}}),
    Bad("a list in place of an object", "planner", "POST /orders/work-orders", 422, "invalid",
        {"body": "model_attributes_type"}, {"json": [ORDER]}),
    Bad("a method that is not offered", "planner", "DELETE /orders/items/HB1001", 405, "method_not_allowed"),
    Bad("a page that there is not", "planner", "GET /orders/nonsense", 404, "not_found"),
    Bad("a cursor of somebody's own", "planner", "GET /orders/work-orders?cursor=x", 422, "cursor_invalid"),
    Bad("a cursor of another list", "planner", f"GET /orders/work-orders?cursor={encode_cursor('a', 'b')}", 422,
        "cursor_invalid"),
    Bad("a cursor with an accent", "planner", "GET /production/jobs?cursor=é", 422, "cursor_invalid"),
    Bad("a text with a NUL", "planner", "POST /orders/work-orders", 422, "text_unstorable", {},
        {"json": ORDER | {"note": "a\0b"}}),
    Bad("a search for a NUL", "planner", "GET /orders/work-orders?q=%00", 422, "text_unstorable"),
    Bad("half a character", "planner", "POST /orders/work-orders", 422, "invalid", {"note": "string_unicode"},
        {"content": json.dumps(ORDER | {"note": "\ud800"}).encode(), "headers": {"Content-Type": "application/json"}}),
    Bad("more on a page than there may be", "planner", "GET /orders/work-orders?limit=201", 422, "invalid",
        {"limit": "less_than_equal"}),
]  # fmt: skip


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.what)
async def test_it_is_refused_in_three_languages_and_changes_nothing(scene: Scene, bad: Bad) -> None:
    problems = {language: await refused(scene, bad, language) for language in ("ko", "en", "vi")}
    for problem in problems.values():
        assert {error["field"]: error["code"] for error in problem.get("errors", [])} == bad.fields
    assert len({problem["title"] for problem in problems.values()}) == 3
    for name in bad.fields:
        messages = {
            error["message"] for problem in problems.values() for error in problem["errors"] if error["field"] == name
        }
        assert len(messages) == 3, messages
        assert bad.fields[name] not in messages
    assert await scene.seen() == scene.before


async def refused(scene: Scene, bad: Bad, language: str) -> dict[str, Any]:
    """The problem in one language."""
    method, _, path = bad.request.partition(" ")
    content = dict(bad.content)
    headers = {"Accept-Language": language, **content.pop("headers", {})}
    if method == "POST" and bad.key:
        headers["Idempotency-Key"] = str(uuid4()) if bad.key == "new" else bad.key
    if content.get("content") == "endless":
        content["content"] = endless()
    answer = await scene.callers[bad.who].http.request(method, path.format(**scene.names), headers=headers, **content)
    assert answer.status_code == bad.status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    problem: dict[str, Any] = answer.json()
    assert (problem["status"], problem["code"]) == (bad.status, bad.code)
    assert problem["type"]
    assert problem["detail"]
    return problem


async def endless() -> AsyncIterator[bytes]:
    """A body in pieces, whose end nobody has announced."""
    for _ in range(100):
        yield b" " * 10_000


async def test_a_broken_row_is_told_and_the_others_come_in(scene: Scene) -> None:
    rows = (
        "SO-10-1,HB1001,100,20261201\nSO-10-2,HB9999,100,20261201\nSO-10-3,HB1001,0,20261201\nSO-10-4,HB1001,5,soon\n"
    )
    planner = scene.callers["planner"]
    before = await scene.seen()
    tried = await planner.send_file(
        "/erp/imports", "o.csv", (HEADER + rows).encode("cp949"), dry_run=True, mapping=MAPPING
    )
    assert await scene.seen() == before
    assert [(row["key"], row["verdict"]) for row in tried["rows"]] == [
        ("SO-10-1", "created"), ("SO-10-2", "error"), ("SO-10-3", "error"), ("SO-10-4", "error"),
    ]  # fmt: skip
    assert [[(e["field"], e["code"]) for e in row["errors"]] for row in tried["rows"][1:]] == [
        [("item", "unknown_reference")], [("quantity", "greater_than")], [("due_at", "date_invalid")],
    ]  # fmt: skip
    done = await planner.send_file("/erp/imports", "o.csv", (HEADER + rows).encode("cp949"), mapping=MAPPING)
    assert done["summary"] == {"created": 1, "updated": 0, "unchanged": 0, "error": 3}
    came = {order["external_id"] for order in await planner.every("/erp/orders")}
    assert "SO-10-1" in came
    assert not came & {"SO-10-2", "SO-10-3", "SO-10-4"}


async def test_the_same_touch_twice_at_once_counts_once(scene: Scene) -> None:
    operator, path = scene.callers["operator"], f"/production/jobs/{scene.names['job']}/results"
    headers = {"Idempotency-Key": str(uuid4())}
    before = len(await scene.admin.every("/production/results"))

    async def touch() -> httpx.Response:
        return await operator.http.post(path, json={"good": 1}, headers=headers)

    answers = await asyncio.gather(*(touch() for _ in range(6)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len(await scene.admin.every("/production/results")) == before + 1
