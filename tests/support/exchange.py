"""Steps of imports and exports that several tests take."""

from typing import Any

import httpx

from tests.support.world import key

SHOP: tuple[tuple[str, str], ...] = (
    ("work_centers", "작업장코드,명칭\nPRESS,프레스\nPACK,포장\n"),
    ("machines", "설비코드,명칭,작업장\nPR1,프레스 1호기,PRESS\nPR2,프레스 2호기,PRESS\n"),
    ("items", "품번,품명,구분,단위\nCOIL,열연코일,원자재,KG\nHB1,브라켓,반제품,EA\nHB2,브라켓 조립품,완제품,EA\n"),
    (
        "routings",
        "품번,공정순서,공정명,설비,사이클타임(초)\nHB1,10,블랭킹,PR1,2\nHB1,20,포밍,PR2,3\nHB2,10,조립,PR2,9\n",
    ),
    ("boms", "모품번,자품번,소요량\nHB1,COIL,0.25\nHB2,HB1,2\n"),
)
"""A small press shop, in the order in which its files build on each other."""


async def drop(
    client: httpx.AsyncClient,
    kind: str,
    content: str | bytes,
    *,
    name: str = "표.csv",
    dry_run: bool = False,
    **form: str,
) -> dict[str, Any]:
    """The report on a file that was dropped on the import page."""
    answer = await upload(client, kind, content, name=name, dry_run=dry_run, **form)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def upload(
    client: httpx.AsyncClient,
    kind: str,
    content: str | bytes,
    *,
    name: str = "표.csv",
    dry_run: bool = False,
    **form: str,
) -> httpx.Response:
    """The answer to a file."""
    data = {"kind": kind, "dry_run": str(dry_run).lower(), **form}
    file = content.encode() if isinstance(content, str) else content
    return await client.post("/imports", files={"file": (name, file)}, data=data, headers=key())


async def furnish(client: httpx.AsyncClient) -> None:
    """The small press shop."""
    for kind, file in SHOP:
        report = await drop(client, kind, file)
        assert report["summary"]["error"] == 0, report["rows"]


async def undo(client: httpx.AsyncClient, run: str, reason: str = "잘못된 파일") -> httpx.Response:
    """Take an import back."""
    return await client.post(f"/imports/{run}/undo", json={"reason": reason}, headers=key())


def changes_of(report: dict[str, Any]) -> list[tuple[str, str, list[tuple[str, str | None, str | None]]]]:
    """Key, verdict and changes of each row."""
    return [
        (row["key"], row["verdict"], [(c["field"], c["before"], c["after"]) for c in row["changes"]])
        for row in report["rows"]
    ]


def faults(report: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Row, field and code of everything that is wrong."""
    return [(row["row"], error["field"], error["code"]) for row in report["rows"] for error in row["errors"]]
