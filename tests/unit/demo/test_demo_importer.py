"""When the demo cannot go on, the console says which file, row and field is to blame."""

import datetime as dt
import io
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from rich.console import Console
from rich.progress import Progress

from infra.demo.importer import import_factory
from infra.demo.source import DemoError

TODAY = dt.date(2026, 11, 21)


async def failure(folder: Path, answer: httpx.Response) -> tuple[str, list[httpx.Request]]:
    """What the console says when the API answers the first import so, and what was asked of the API."""
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer

    progress = Progress(console=Console(file=io.StringIO()))
    async with httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url="http://dure") as client:
        with pytest.raises(DemoError) as caught:
            await import_factory(client, "hanbyeol_press", folder, TODAY, progress)
    return str(caught.value), asked


def report(*rows: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"encoding": "cp949", "rows": rows, "summary": {"error": len(rows)}})


pytestmark = pytest.mark.anyio


async def test_a_faulty_row_stops_the_demo_before_anything_is_changed(tmp_path: Path) -> None:
    wrong = {
        "row": 3,
        "key": "WELD",
        "verdict": "error",
        "errors": [{"field": "name", "code": "missing", "message": "This is required"}],
    }
    message, asked = await failure(tmp_path, report(wrong))
    assert message == "work-centers.csv, row 3, name: This is required"
    assert len(asked) == 1
    assert b'name="dry_run"\r\n\r\ntrue' in asked[0].content


async def test_many_faulty_rows_are_not_all_printed(tmp_path: Path) -> None:
    error = {"field": "row", "code": "row_surplus", "message": "Too many cells"}
    message, _ = await failure(
        tmp_path, report(*({"row": n, "key": "x", "verdict": "error", "errors": [error]} for n in range(2, 22)))
    )
    assert message.splitlines()[-1] == "work-centers.csv: 15 further rows"


async def test_a_refusal_is_told_in_the_apis_own_words(tmp_path: Path) -> None:
    problem = {"title": "No", "status": 403, "code": "not_allowed", "detail": "You are not allowed to do this"}
    answer = httpx.Response(403, json=problem, headers={"content-type": "application/problem+json"})
    message, asked = await failure(tmp_path, answer)
    assert message == "work-centers.csv: You are not allowed to do this (403 not_allowed)"
    assert UUID(asked[0].headers["idempotency-key"])


async def test_the_same_step_carries_the_same_key_on_every_run(tmp_path: Path) -> None:
    first, second = [(await failure(tmp_path, httpx.Response(500)))[1][0].headers["idempotency-key"] for _ in range(2)]
    assert first == second


async def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse), base_url="http://dure") as client:
        with pytest.raises(DemoError, match="no answer from /api/v1/orders/imports"):
            await import_factory(
                client, "hanbyeol_press", tmp_path, TODAY, Progress(console=Console(file=io.StringIO()))
            )
