"""Work instructions and their pictures: written, reviewed by somebody else, frozen with a release, read on the
floor."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.support.factory import BRACKET, define_bracket, new_order, release_order
from tests.support.media import pdf, photo, pixels, png
from tests.support.world import PEOPLE, TestCluster, World, eventually, key, running

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(cluster, tmp_path_factory.mktemp("instructions"), ["orders", "production"]) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def author(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "planner", person="AUTHOR") as client:
        yield client


@pytest.fixture
async def leader(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("orders", "leader", person="LEADER") as client:
        yield client


async def add_picture(client: httpx.AsyncClient, content: bytes, name: str = "사진.png") -> httpx.Response:
    return await client.post("/media", files={"file": (name, content)}, headers=key())


async def write(client: httpx.AsyncClient, code: str, *texts: Any, **more: Any) -> httpx.Response:
    pages = [text if isinstance(text, dict) else {"text": text} for text in texts]
    return await client.put(f"/instructions/{code}", json={"title": "프레스 작업", "pages": pages, **more})


async def move(client: httpx.AsyncClient, code: str, command: str, **body: Any) -> httpx.Response:
    return await client.post(f"/instructions/{code}/{command}", json=body, headers=key())


async def approved(author: httpx.AsyncClient, leader: httpx.AsyncClient, code: str, *texts: Any) -> None:
    for answer in (
        await write(author, code, *texts),
        await move(author, code, "submit"),
        await move(leader, code, "approve"),
    ):
        assert answer.is_success, answer.text


async def test_the_same_picture_is_kept_once_and_comes_back_as_it_was(author: httpx.AsyncClient) -> None:
    first = await add_picture(author, png(64, 48))
    again = await add_picture(author, png(64, 48), "another name.jpg")
    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    assert (first.json()["type"], first.json()["width"], first.json()["height"]) == ("image/png", 64, 48)
    got = await author.get(f"/media/{first.json()['id']}")
    assert (pixels(got.content), got.headers["content-type"]) == (pixels(png(64, 48)), "image/png")
    assert "immutable" in got.headers["cache-control"]
    known = await author.get(f"/media/{first.json()['id']}", headers={"If-None-Match": got.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg onload='alert(1)'/>", "media_unknown"),
        (b"", "media_unknown"),
        (png(1, 1) + bytes(5 * 1024 * 1024), "file_too_large"),
        (png(1, 1)[:16] + (9000).to_bytes(4) * 2, "media_too_many_pixels"),
        (png(640, 480)[:60], "media_unreadable"),
    ],
)
async def test_a_file_that_cannot_be_shown_is_refused(author: httpx.AsyncClient, content: bytes, code: str) -> None:
    answer = await add_picture(author, content)
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (422, [code])
    assert (await author.get(f"/media/{uuid4()}")).status_code == 404


async def test_a_photo_of_a_telephone_shows_the_part_and_not_where_it_was_taken(author: httpx.AsyncClient) -> None:
    kept = (await add_picture(author, photo(64, 48))).json()
    assert (kept["width"], kept["height"]) == (48, 64)
    got = await author.get(f"/media/{kept['id']}")
    assert pixels(got.content)[::2] == ((48, 64), {})


async def test_an_items_picture_is_one_that_was_sent(author: httpx.AsyncClient) -> None:
    item = {"name": "브라켓", "kind": "finished"}
    unknown = await author.put("/items/PICTURED", json=item | {"picture_id": str(UUID(int=1))})
    [error] = unknown.json()["errors"]
    assert (error["field"], error["code"]) == ("picture_id", "unknown_reference")
    picture = (await add_picture(author, png(10, 20))).json()["id"]
    assert (await author.put("/items/PICTURED", json=item | {"picture_id": picture})).json()["picture_id"] == picture


async def test_a_draft_becomes_the_standard_when_somebody_else_approves_it(
    author: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    picture = (await add_picture(author, png(30, 30))).json()["id"]
    page = {"text": {"ko": "소재를 붙인다", "vi": "Đặt phôi"}, "media_id": picture}
    written = await write(author, "WI-1", page, item="HB1001", op=10)
    assert (written.status_code, written.json()["state"], written.json()["revision"]) == (201, "draft", 1)
    assert written.json()["pages"] == [page]
    submitted = (await move(author, "WI-1", "submit")).json()
    assert (submitted["state"], submitted["submitted_by"]) == ("in_review", "AUTHOR")
    refused = await move(author, "WI-1", "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "same_person")
    done = (await move(leader, "WI-1", "approve")).json()
    assert (done["state"], done["approved_by"], done["approved"]["revision"]) == ("approved", "LEADER", 1)


async def test_a_guest_sees_that_an_instruction_is_approved_and_not_by_whom(
    world: World, author: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    await write(author, "WI-G", {"text": {"ko": "확인한다"}})
    await move(author, "WI-G", "submit")
    await move(leader, "WI-G", "approve")
    async with world.client("orders", "viewer") as viewer:
        for seen in ((await viewer.get("/instructions/WI-G")).json(), *(await revisions(viewer))):
            assert (seen["state"], seen["authors"], seen["submitted_by"], seen["approved_by"]) == (
                "approved",
                [None],
                None,
                None,
            )
        assert (await viewer.get("/person-skills")).status_code == 403
        assert (await viewer.get("/audit", params={"subject": "instruction/WI-G"})).status_code == 403


async def revisions(reader: httpx.AsyncClient) -> list[dict[str, Any]]:
    """All revisions of the guest's instruction."""
    found: list[dict[str, Any]] = (await reader.get("/instructions/WI-G/revisions")).json()["items"]
    return found


async def test_what_the_floor_works_by_stays_while_the_next_revision_is_written(
    author: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    await approved(author, leader, "WI-2", "첫 개정")
    same = (await write(author, "WI-2", "첫 개정")).json()
    assert (same["revision"], same["state"]) == (1, "approved"), "the same text is no new revision"
    draft = (await write(author, "WI-2", "둘째 개정")).json()
    assert (draft["revision"], draft["state"], draft["approved"]["pages"][0]["text"]) == (
        2,
        "draft",
        {"ko": "첫 개정"},
    )
    await move(author, "WI-2", "submit")
    await move(leader, "WI-2", "approve")
    revisions = (await leader.get("/instructions/WI-2/revisions")).json()["items"]
    assert [(one["revision"], one["state"]) for one in revisions] == [(2, "approved"), (1, "superseded")]


async def test_a_review_may_send_it_back_with_a_note(author: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    await write(author, "WI-3", "붙인다")
    await move(author, "WI-3", "submit")
    busy = await write(author, "WI-3", "다르게")
    assert (busy.status_code, busy.json()["state"]) == (409, "in_review")
    assert (await move(leader, "WI-3", "return")).status_code == 422
    back = (await move(leader, "WI-3", "return", note="사진이 없습니다")).json()
    assert (back["state"], back["note"], back["revision"]) == ("draft", "사진이 없습니다", 1)
    assert (await write(author, "WI-3", "다르게")).json()["revision"] == 1


async def test_who_wrote_a_part_cannot_approve_even_if_another_submitted(
    world: World, leader: httpx.AsyncClient
) -> None:
    async with (
        world.client("orders", "quality", person="Q1") as first,
        world.client("orders", "admin", person="A1") as second,
    ):
        await write(first, "WI-4", "가")
        await write(second, "WI-4", "나")
        await move(first, "WI-4", "submit")
        assert (await move(second, "WI-4", "approve")).status_code == 403
    assert (await move(leader, "WI-4", "approve")).json()["authors"] == ["Q1", "A1"]


async def test_an_approved_one_is_withdrawn_with_a_reason_and_a_draft_is_dropped(
    author: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    await approved(author, leader, "WI-5", "위험한 방법")
    await write(author, "WI-5", "더 안전한 방법")
    gone = (await move(leader, "WI-5", "withdraw", note="손가락 끼임")).json()
    assert (gone["state"], gone["revision"], gone["approved"]) == ("draft", 2, None)
    dropped = (await move(author, "WI-5", "withdraw", note="필요 없음", revision=2)).json()
    assert dropped["state"] == "withdrawn"
    nothing = await move(author, "WI-5", "submit")
    assert (nothing.status_code, nothing.json()["state"]) == (409, "withdrawn")
    assert (await write(author, "WI-5", "다시")).json()["revision"] == 3


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"title": "", "pages": []}, "title", "name_missing"),
        ({"title": "가", "item": "NOPE"}, "item", "unknown_reference"),
        (
            {"title": "가", "pages": [{"text": "가", "media_id": str(UUID(int=1))}]},
            "pages.0.media_id",
            "unknown_reference",
        ),
        ({"title": "가", "pages": [{"text": "가" * 601}]}, "pages.0.text.ko", "string_too_long"),
        ({"title": "가", "pages": [{"text": {"xx": "가"}}]}, "pages.0.text", "language_unknown"),
        ({"title": "가", "pages": [{"text": "가" * 600}] * 14}, "pages", "instruction_too_long"),
        ({"title": "가", "pages": [{"html": "가"}]}, "pages.0.html", "extra_forbidden"),
    ],
)
async def test_what_cannot_be_shown_is_refused(
    author: httpx.AsyncClient, body: dict[str, Any], field: str, code: str
) -> None:
    answer = await author.put("/instructions/WI-BAD", json=body)
    assert answer.status_code == 422, answer.text
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert (await author.get("/instructions/WI-BAD")).status_code == 404


async def test_a_page_that_shows_nothing_is_not_submitted(author: httpx.AsyncClient) -> None:
    await write(author, "WI-6", "가", {"text": ""})
    answer = await move(author, "WI-6", "submit")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("pages.1", "page_empty")]


async def test_a_stale_draft_does_not_overwrite_a_newer_one(author: httpx.AsyncClient) -> None:
    mine = (await write(author, "WI-7", "가")).headers["etag"]
    await write(author, "WI-7", "나")
    body = {"title": "프레스 작업", "pages": [{"text": "다"}]}
    stale = await author.put("/instructions/WI-7", json=body, headers={"If-Match": mine})
    assert stale.status_code == 412
    assert (await author.get("/instructions/WI-7")).json()["pages"][0]["text"] == {"ko": "나"}


@pytest.mark.parametrize(
    ("q", "found"),
    [("WI-8", True), ("스토퍼", True), ("gá", True), ("HB1001", True), ("text", False), ("없는말", False)],
)
async def test_a_search_looks_into_the_pages(author: httpx.AsyncClient, q: str, found: bool) -> None:
    await write(author, "WI-8", {"text": {"ko": "스토퍼에 붙인다", "vi": "đồ gá"}}, item="HB1001")
    lines = (await author.get("/instructions", params={"q": q})).json()["items"]
    assert ("WI-8" in {line["code"] for line in lines}) == found


async def test_the_list_pages_and_filters_by_state(author: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    await approved(author, leader, "WI-91", "가")
    await write(author, "WI-92", "가")
    seen, cursor = [], None
    while True:
        query = {"q": "WI-9", "limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = (await author.get("/instructions", params=query)).json()
        seen += [(line["code"], line["state"], line["approved_revision"], line["pages"]) for line in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [("WI-91", "approved", 1, 1), ("WI-92", "draft", None, 1)]
    drafts = (await author.get("/instructions", params={"q": "WI-9", "state": "draft,in_review"})).json()["items"]
    assert [line["code"] for line in drafts] == ["WI-92"]
    assert (await author.get("/instructions", params={"state": "flying"})).status_code == 422


async def test_every_change_is_on_the_trail_with_what_changed(
    author: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    await approved(author, leader, "WI-T", "가")
    await write(author, "WI-T", "나")
    trail = (await leader.get("/audit", params={"subject": "instruction/WI-T"})).json()["items"]
    assert [(entry["person"], entry["action"]) for entry in reversed(trail)] == [
        ("AUTHOR", "write"),
        ("AUTHOR", "submit"),
        ("LEADER", "approve"),
        ("AUTHOR", "write"),
    ]
    assert trail[0]["changes"] == [
        {
            "field": "page 1",
            "before": {"text": {"ko": "가"}, "media_id": None},
            "after": {"text": {"ko": "나"}, "media_id": None},
        }
    ]


async def test_a_released_order_carries_the_approved_revision_to_the_floor(
    world: World, author: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    steps = [
        step | {"instruction": "WI-R"} if step["op"] == 10 else step
        for step in BRACKET["routings/HB1001"]["operations"]
    ]
    await author.put("/items/HB7", json={"name": "브라켓 7", "kind": "finished"})
    assert (await author.put("/routings/HB7", json={"operations": steps})).status_code == 201
    await write(author, "WI-R", "첫째")
    order = await new_order(world, item="HB7")
    refused = await author.post(f"/work-orders/{order['id']}/release", headers=key())
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [
        ("operations.0.instruction", "instruction_not_approved")
    ]
    document = (await add_picture(author, pdf(), "도면.pdf")).json()["id"]
    await approved(author, leader, "WI-R", {"text": "첫째", "media_id": document})
    released = await release_order(world, order)
    await approved(author, leader, "WI-R", "둘째")
    uses = (await leader.get("/instructions/WI-R/uses")).json()
    assert [(use["item"], use["op"]) for use in uses["operations"]] == [("HB7", 10)]
    assert [(use["number"], use["op"], use["revision"]) for use in uses["orders"]] == [(released["number"], 10, 1)]
    await read_and_confirm(world, leader, released["number"], document)
    await author.post(f"/work-orders/{order['id']}/split", json={"quantities": ["60", "40"]}, headers=key())
    uses = (await leader.get("/instructions/WI-R/uses")).json()
    assert [use["revision"] for use in uses["orders"]] == [1, 1], "a part runs on what its order was released with"
    async with world.client("production", "operator", person="OP1") as operator:

        async def of_the_part() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = (
                await operator.get("/jobs", params={"work_order": f"{order['number']}-2"})
            ).json()["items"]
            return [job for job in found if job["op"] == 10]

        (job,) = await eventually(of_the_part, bool)
        assert (await operator.get(f"/jobs/{job['id']}/instruction")).json()["confirmed_at"], "it is not asked again"


async def read_and_confirm(world: World, leader: httpx.AsyncClient, number: str, document: str) -> None:
    """Two operators at the job: each is asked once, and the office sees who has read it."""
    async with (
        world.client("production", "operator", person="OP1") as first,
        world.client("production", "operator", person="OP2") as second,
    ):

        async def look() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = (await first.get("/jobs", params={"work_order": number})).json()["items"]
            return sorted(found, key=lambda job: int(job["op"]))

        stamping, packing = await eventually(look, lambda jobs: len(jobs) == 2)
        assert (stamping["instruction"], stamping["instruction_revision"]) == ("WI-R", 1)
        none = await first.get(f"/jobs/{packing['id']}/instruction")
        assert (none.status_code, none.json()["code"]) == (404, "no_instruction")
        path = f"/jobs/{stamping['id']}/instruction"
        shown = (await first.get(path)).json()
        assert shown["pages"] == [{"text": {"ko": "첫째"}, "media_id": document}], (
            "the revision of the release, not a later one"
        )
        assert shown["confirmed_at"] is None
        once = await first.post(f"{path}/confirm", headers=key())
        twice = await first.post(f"{path}/confirm", headers=key())
        assert once.status_code == 200, once.text
        assert once.json()["confirmed_at"] == twice.json()["confirmed_at"]
        assert (await second.get(path)).json()["confirmed_at"] is None, "what one has read is new to another"
        await second.post(f"{path}/confirm", headers=key())

    async def readers() -> list[tuple[str, int, str]]:
        items = (await leader.get("/instructions/WI-R/readers")).json()["items"]
        return sorted((reader["person_id"], reader["revision"], reader["number"]) for reader in items)

    expected = sorted((str(PEOPLE.id_of(person)), 1, number) for person in ("OP1", "OP2"))
    assert await eventually(readers, lambda found: len(found) == 2) == expected
    events = await world.fetch("production", "SELECT FROM outbox WHERE type = 'production.instruction.confirmed.v2'")
    assert len(events) == 2
