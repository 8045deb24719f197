"""Labels reach a real TCP listener that stands where a printer would, and every print is on record."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Network
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.factory import define_bracket, new_order, release_order
from tests.support.jobs import jobs_of
from tests.support.world import TestCluster, World, running

pytestmark = pytest.mark.anyio
LOOPBACK = (IPv4Network("127.0.0.0/8"),)


@pytest.fixture(scope="module")
async def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("labels")
    async with running(cluster, folder, ["orders", "production", "quality"], printer_networks=LOOPBACK) as world:
        await define_bracket(world)
        yield world


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client("production", "admin", person="boss") as client:
        yield client


class PrinterPort:
    """A printer's port: it takes what comes, and keeps it."""

    def __init__(self) -> None:
        self.taken: asyncio.Queue[str] = asyncio.Queue()
        self.port = 0

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.taken.put((await reader.read()).decode())
        writer.close()

    @asynccontextmanager
    async def standing(self) -> AsyncIterator["PrinterPort"]:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self


@pytest.fixture
async def printer() -> AsyncIterator[PrinterPort]:
    async with PrinterPort().standing() as port:
        yield port


async def install(admin: httpx.AsyncClient, port: int, *machines: str, code: str = "ZD1", **more: Any) -> None:
    body = {"name": "포장 라벨", "host": "127.0.0.1", "port": port, "machines": machines} | more
    answer = await admin.put(f"/printers/{code}", json=body)
    assert answer.status_code in (200, 201), answer.text


async def post(client: httpx.AsyncClient, path: str, key: str | None = None, **body: Any) -> httpx.Response:
    return await client.post(path, json=body, headers={"Idempotency-Key": key or str(uuid4())})


async def made_job(world: World, floor: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    order = await release_order(world, await new_order(world, **more))
    job = (await jobs_of(floor, order))[0]
    assert (await post(floor, f"/jobs/{job['id']}/results", good=40)).status_code == 201
    return job


async def test_a_finished_jobs_tag_comes_out_of_the_printer_at_its_machine(
    world: World, floor: httpx.AsyncClient, admin: httpx.AsyncClient, printer: PrinterPort
) -> None:
    await install(admin, printer.port, "PR1")
    job = await made_job(world, floor, customer="현대")
    label = (await post(floor, "/labels", job_id=job["id"])).json()
    assert (label["kind"], label["quantity"], label["printed"], label["error"]) == ("tag", "40", True, None)
    assert [(one["printer"], one["state"]) for one in label["prints"]] == [("ZD1", "sent")]
    zpl = await asyncio.wait_for(printer.taken.get(), 5)
    assert zpl.startswith("^XA^CI28^PW799^LL480")
    assert zpl.endswith("^PQ1^XZ\n")
    assert "^FDHB1001^FS" in zpl
    assert f"^FD{job['number']}^FS" in zpl
    assert "^GFA," in zpl
    await install(admin, printer.port, active=False)


async def test_the_same_request_twice_prints_once(
    world: World, floor: httpx.AsyncClient, admin: httpx.AsyncClient, printer: PrinterPort
) -> None:
    await install(admin, printer.port)
    job = await made_job(world, floor)
    key = str(uuid4())
    first, second = [(await post(floor, "/labels", key, job_id=job["id"], printer="ZD1")).json() for _ in range(2)]
    assert first["id"] == second["id"]
    assert len(second["prints"]) == 1
    await asyncio.wait_for(printer.taken.get(), 5)
    assert printer.taken.empty()


async def test_a_printer_that_is_off_is_told_in_words_and_the_label_is_printed_later(
    world: World, floor: httpx.AsyncClient, admin: httpx.AsyncClient, printer: PrinterPort
) -> None:
    async with PrinterPort().standing() as gone:
        port = gone.port
    await install(admin, port)
    job = await made_job(world, floor)
    label = (await post(floor, "/labels", job_id=job["id"], printer="ZD1", copies=3)).json()
    assert (label["printed"], label["error"]["code"]) == (False, "printer_refused")
    assert "ZD1" in label["error"]["detail"]
    await install(admin, printer.port)
    again = (await post(floor, f"/labels/{label['id']}/reprint", reason="프린터 꺼짐", copies=3, printer="ZD1")).json()
    assert again["printed"]
    assert "^PQ3^XZ" in await asyncio.wait_for(printer.taken.get(), 5)
    shown = (await floor.get("/labels", params={"job": job["id"]})).json()["items"]
    assert [(one["state"], one["reason"], one["person"]) for one in shown[0]["prints"]] == [
        ("failed", None, "P01"),
        ("sent", "프린터 꺼짐", "P01"),
    ]


async def test_a_reprint_says_what_the_first_print_said_and_needs_a_reason(
    world: World, floor: httpx.AsyncClient, admin: httpx.AsyncClient, printer: PrinterPort
) -> None:
    await install(admin, printer.port)
    job = await made_job(world, floor)
    label = (await post(floor, "/labels", job_id=job["id"], printer="ZD1")).json()
    first = await asyncio.wait_for(printer.taken.get(), 5)
    await post(floor, f"/jobs/{job['id']}/results", good=7)
    assert (await post(floor, f"/labels/{label['id']}/reprint", printer="ZD1")).status_code == 422
    await post(floor, f"/labels/{label['id']}/reprint", reason="훼손", printer="ZD1")
    assert await asyncio.wait_for(printer.taken.get(), 5) == first


async def test_without_a_printer_a_browser_prints_the_page(world: World, floor: httpx.AsyncClient) -> None:
    job = await made_job(world, floor)
    label = (await post(floor, "/labels", job_id=job["id"], quantity=12)).json()
    assert (label["printed"], label["error"], label["html_url"]) == (False, None, f"/labels/{label['id']}")
    assert [one["state"] for one in label["prints"]] == ["page"]
    assert "12 EA" in label["svg"]
    assert "마운팅 브라켓" in label["svg"]


async def test_a_lots_label_is_read_by_a_scanner_as_the_lot(world: World, floor: httpx.AsyncClient) -> None:
    async with world.client("production", "leader") as leader:
        received = await post(leader, "/lots", item="HB1001", quantity=500, lot="C24-0913", supplier_lot="S-77")
    assert received.status_code == 201, received.text
    label = (await post(floor, "/labels", lot="C24-0913")).json()
    assert (label["kind"], label["quantity"]) == ("lot", "500")
    assert "S-77" in label["svg"]
    by_lot = (await floor.get("/labels", params={"lot": "C24-0913"})).json()["items"]
    assert [one["id"] for one in by_lot] == [label["id"]]


async def test_an_items_own_template_is_taken_before_the_one_for_all(
    world: World, floor: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    body = {"name": "기본", "kind": "tag", "details": ["quantity"], "width_mm": 50, "height_mm": 30, "language": "en"}
    assert (await admin.put("/label-templates/A", json=body)).status_code == 201
    own = body | {"name": "브라켓", "items": ["HB1001"], "details": ["order"], "title": "BRACKET"}
    assert (await admin.put("/label-templates/B", json=own)).status_code == 201
    job = await made_job(world, floor)
    label = (await post(floor, "/labels", job_id=job["id"])).json()
    assert (label["template"], label["width_mm"]) == ("B", "50")
    assert "BRACKET" in label["svg"]
    assert ">Order<" in label["svg"]
    assert "40 EA" not in label["svg"]
    preview = await admin.post("/label-previews", json=own)
    assert "BRACKET" in preview.json()["svg"]
    for code, template in (("A", body), ("B", own)):
        await admin.put(f"/label-templates/{code}", json=template | {"active": False})


async def test_a_label_too_small_for_its_code_is_refused_and_taken_without_one(admin: httpx.AsyncClient) -> None:
    small = {"name": "작은 라벨", "kind": "tag", "details": [], "width_mm": 20, "height_mm": 20, "active": False}
    for refused in (
        await admin.put("/label-templates/S", json=small),
        await admin.post("/label-previews", json=small),
    ):
        assert refused.status_code == 422
        assert [(e["field"], e["code"]) for e in refused.json()["errors"]] == [("width_mm", "label_code_too_fine")]
    assert (await admin.put("/label-templates/S", json=small | {"with_code": False})).status_code == 201


@pytest.mark.parametrize("dpi", ["203", "300", "600"])
async def test_commands_for_every_density_that_printers_have(world: World, floor: httpx.AsyncClient, dpi: str) -> None:
    job = await made_job(world, floor)
    label = (await post(floor, "/labels", job_id=job["id"])).json()
    answer = await floor.get(f"/labels/{label['id']}/zpl", params={"dpi": dpi})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert f"^PW{round(100 * int(dpi) / 25.4)}" in answer.text
    assert (await floor.get(f"/labels/{label['id']}/zpl", params={"dpi": "204"})).status_code == 422


@pytest.mark.parametrize("host", ["8.8.8.8", "10.0.0.7", "2001:db8::7"])
async def test_a_printer_outside_of_the_allowed_network_is_refused(admin: httpx.AsyncClient, host: str) -> None:
    answer = await admin.put("/printers/ZX", json={"name": "밖", "host": host})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "printer_elsewhere")


async def test_only_an_admin_sets_printers_and_templates_up(floor: httpx.AsyncClient) -> None:
    assert (await floor.put("/printers/ZD9", json={"name": "x", "host": "127.0.0.1"})).status_code == 403
    assert (await floor.put("/label-templates/T", json={"name": "x", "kind": "lot", "details": []})).status_code == 403


async def test_a_printer_with_a_korean_font_gets_letters_and_another_one_a_picture(
    world: World, floor: httpx.AsyncClient
) -> None:
    job = await made_job(world, floor)
    label = (await post(floor, "/labels", job_id=job["id"])).json()
    with_font = (await floor.get(f"/labels/{label['id']}/zpl", params={"font": "E:KFONT3.TTF"})).text
    assert "E:KFONT3.TTF^FH^FD마운팅 브라켓^FS" in with_font
    drawn = (await floor.get(f"/labels/{label['id']}/zpl")).text
    assert not re.search("[가-힣]", drawn)
    assert drawn.count("^GFA,") > with_font.count("^GFA,")


async def test_a_label_is_of_something(floor: httpx.AsyncClient) -> None:
    assert (await post(floor, "/labels")).status_code == 422
    assert (await post(floor, "/labels", lot="NOPE")).status_code == 404
    assert (await post(floor, "/labels", job_id=str(uuid4()))).status_code == 404
