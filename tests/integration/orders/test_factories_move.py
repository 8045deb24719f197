"""Each of the three factories comes in from its own files, and moves with all that it has to an empty factory."""

from typing import Any

import httpx
import pytest

from tests.support.exchange import drop
from tests.support.faulty_factories import FACTORIES, IN_ORDER, FaultyFactory
from tests.support.world import TestCluster, running

pytestmark = pytest.mark.anyio


async def everything(client: httpx.AsyncClient) -> Any:
    return (await client.get("/exchange/export.json")).json()["kinds"]


@pytest.mark.parametrize("factory", FACTORIES, ids=str)
async def test_a_factory_moves_with_all_that_it_has(
    cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory, factory: FaultyFactory
) -> None:
    async with (
        running(cluster, tmp_path_factory.mktemp("here"), ["orders"]) as here,
        running(cluster, tmp_path_factory.mktemp("there"), ["orders"]) as there,
        here.client("orders", "planner") as planner,
        there.client("orders", "planner") as newcomer,
    ):
        for kind in (kind for kind in IN_ORDER if kind != "defects"):
            report = await drop(planner, kind, factory.corrected(kind), name=factory.file_name(kind))
            assert report["summary"]["created"] == len(factory.clean[kind]) - 1, report["rows"]
        exported = await planner.get("/exchange/export.json")
        await drop(newcomer, "everything", exported.content, mode="all_or_nothing")
        assert await everything(newcomer) == await everything(planner)
        assert {kind for kind, rows in (await everything(newcomer)).items() if rows} >= set(IN_ORDER) - {"defects"}
