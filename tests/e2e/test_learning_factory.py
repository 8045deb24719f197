"""A demo with some days behind it: what the product says of them is what the model's own sums say."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from infra.demo.filled import TEXTS
from infra.demo.source import load_factory
from infra.learning_factory.facts import Finish, Report
from infra.learning_factory.fill import history_of
from infra.learning_factory.model import History
from infra.learning_factory.sums import Sums, sums_of
from tests.support.caller import Caller, Shop
from tests.support.suite import Suite, begin_empty, running_suite
from tests.support.world import eventually

pytestmark = pytest.mark.anyio
FACTORY, DAYS = "hanbyeol_press", 3
MOMENT = timedelta(minutes=2)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """A press shop that has been at work for some days."""
    folder = tmp_path_factory.mktemp("factory") / "data"
    begin_empty(folder)
    with running_suite(folder, "--demo", FACTORY, DURE_DEMO_DAYS=str(DAYS)) as suite:
        yield suite


@pytest.fixture(scope="module")
async def admin(suite: Suite) -> AsyncIterator[Caller]:
    async with Shop(suite) as shop:
        yield await shop.set_up()


@pytest.fixture(scope="module")
def history(suite: Suite) -> History:
    """The same history once more."""
    until = datetime.fromisoformat(json.loads((suite.data / "demo" / "filled.json").read_text())["until"])
    return history_of(load_factory(FACTORY), DAYS, until)


@pytest.fixture(scope="module")
def sums(history: History) -> Sums:
    return sums_of(history)


def positive(counts: Counter[Any]) -> dict[Any, int]:
    return {key: count for key, count in counts.items() if count}


async def test_the_ledger_says_what_was_made_and_scrapped(admin: Caller, sums: Sums, history: History) -> None:
    good, scrap = Counter[tuple[str, int]](), Counter[str]()
    rows = await admin.every("/production/results", limit=200, **{"from": history.begins.isoformat()})
    for row in rows:
        good[row["item"], row["op"]] += int(row["good"])
        for entry in row["scrap"]:
            scrap[entry["defect"]] += int(entry["quantity"])
    assert positive(good) == positive(sums.good)
    assert positive(scrap) == positive(sums.scrap)
    reports = [row for row in rows if not row["corrects_id"] and not row["reverses_id"]]
    late = {datetime.fromisoformat(row["at"]) for row in reports if "late" in row["flags"]}
    sent_late = {fact.at for fact in history.facts if isinstance(fact, Report) and (fact.delay or fact.refused)}
    assert late <= sent_late
    for row in reports:
        at, recorded_at = (datetime.fromisoformat(row[name]) for name in ("at", "recorded_at"))
        assert at in sent_late or recorded_at - at <= MOMENT
        assert recorded_at <= history.ends


async def test_orders_quality_and_the_erp_have_heard_the_same(admin: Caller, sums: Sums) -> None:
    async def of_orders() -> dict[tuple[str, int], int]:
        good = Counter[tuple[str, int]]()
        for order in await admin.every("/orders/work-orders", limit=200):
            for step in order["operations"]:
                good[order["item"], step["op"]] += int(step["good"])
        return positive(good)

    assert await eventually(of_orders, lambda good: good == positive(sums.good))

    async def of_quality() -> dict[str, int]:
        dates = sorted(day for day, _ in sums.by_machine)
        period = {"from": dates[0].isoformat(), "to": (dates[-1] + timedelta(days=1)).isoformat()}
        pareto = await admin.get("/quality/pareto", by="defect", **period)
        return {entry["key"]: int(entry["quantity"]) for entry in pareto["items"]}

    assert await eventually(of_quality, lambda scrap: scrap == positive(sums.scrap))

    async def of_the_erp() -> int:
        rows = await admin.every("/erp/confirmations", limit=200)
        return sum(int(row["good"] or 0) for row in rows)

    assert await eventually(of_the_erp, lambda good: good == sum(sums.good.values()))


async def test_machines_ran_as_long_as_the_model_says(admin: Caller, sums: Sums, history: History) -> None:
    for machine in history.shop.machines:
        period = {"from": history.begins.isoformat(), "to": history.ends.isoformat()}
        timeline = await admin.every(f"/production/machines/{machine}/timeline", limit=200, **period)
        ran = timedelta()
        for part in timeline:
            if part["state"] == "running":
                begins = datetime.fromisoformat(part["begins"])
                ends = datetime.fromisoformat(part["ends"]) if part["ends"] else history.ends
                ran += min(ends, history.ends) - begins
        model = sum(counts["running_s"] for (_, at), counts in sums.by_machine.items() if at == machine)
        assert abs(ran.total_seconds() - model) <= len(timeline), machine


async def test_orders_were_on_time_or_late_as_they_were_finished(admin: Caller, sums: Sums, history: History) -> None:
    on_time, late = set(), set()
    finished = {fact.order: fact.at for fact in history.facts if isinstance(fact, Finish)}
    for order in await admin.every("/orders/work-orders", limit=200):
        if order["completed_at"]:
            completed_at = datetime.fromisoformat(order["completed_at"])
            (on_time if completed_at <= datetime.fromisoformat(order["due_at"]) else late).add(order["external_id"])
            assert abs(completed_at - finished[order["external_id"]]) <= MOMENT
    assert (on_time, late) == (sums.on_time, sums.late)
    assert on_time | late


async def test_coils_and_finished_lots_have_left_what_was_not_used_or_shipped(admin: Caller, sums: Sums) -> None:
    lots = await admin.every("/production/lots", limit=200)
    left = {lot["lot"]: Decimal(lot["remaining"]) for lot in lots if lot["lot"] in sums.left}
    assert left == sums.left
    finished = sum(Decimal(lot["remaining"]) for lot in lots if lot["item"] == "HB1001")
    assert finished == sums.good["HB1001", 20] - sums.shipped["HB1001"]


async def test_the_true_time_counts_again_and_nobody_kept_a_badge(admin: Caller, history: History) -> None:
    call = await admin.post("/production/andon-calls", {"machine": "PR110", "kind": "supervisor"})
    assert abs(datetime.fromisoformat(call["at"]) - datetime.now(UTC)) < MOMENT
    assert not any(person["has_badge"] or person["has_pin"] for person in await admin.every("/people"))
    keys = await admin.every("/api-keys")
    assert all(key["revoked_at"] for key in keys)
    open_calls = [call for call in await admin.every("/production/andon-calls") if call["state"] != "resolved"]
    assert len(open_calls) >= 3


async def test_a_tablet_was_seen_last_when_something_was_entered_on_it(admin: Caller, history: History) -> None:
    used: dict[str, datetime] = {}
    for fact in history.facts:
        where = "" if fact.person in history.shop.people.office else fact.machine or ""
        used[where] = max(used.get(where, fact.sent_at), fact.sent_at)
    assert history.ends - max(used.values()) < timedelta(minutes=30)
    for device in await admin.every("/devices"):
        last = used.get(device["machine"] or "")
        seen = device["last_seen_at"] and datetime.fromisoformat(device["last_seen_at"])
        assert (seen is None) == (last is None), device["name"]
        assert last is None or abs(seen - last) <= timedelta(minutes=3), (device["name"], seen, last)


@pytest.mark.long
async def test_a_demo_goes_with_its_folder_alone(suite: Suite, admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    note = suite.data / "demo" / "filled.json"
    done = note.read_text()
    assert suite.stop() == 0

    def refused(what: str, language: str, *flags: str) -> None:
        suite.flags = flags
        monkeypatch.setitem(suite.environment, "LC_ALL", language)
        suite.spawn()
        assert suite.wait() == 1
        said = TEXTS[what][language[:2]].format(folder=suite.data, factory=FACTORY)
        assert "".join(said.split()) in "".join(suite.log.split())

    note.unlink()  # as a shop of its own has it
    refused("real", "ko_KR.UTF-8", "--demo", FACTORY)
    note.write_text(json.dumps({"state": "begun", "factory": FACTORY, "days": DAYS}))
    refused("half", "vi_VN.UTF-8")
    note.write_text(done)
    suite.flags = ("--demo", FACTORY)
    suite.start()
    assert "facts" not in suite.log
    assert suite.stop() == 0
    note.write_text(json.dumps({"state": "begun", "factory": FACTORY, "days": DAYS}))
    monkeypatch.setitem(suite.environment, "DURE_DEMO_DAYS", "0")
    suite.start()  # what was begun is begun anew: nobody is known, and the demo is there
    assert json.loads(note.read_text())["state"] == "done"
    assert suite.setup_token
