"""What a tablet shows before the server has answered is what the server says afterwards."""

import os

import pytest
from playwright.async_api import Browser

from tests.support.browser import Window
from tests.support.caller import Shop
from tests.support.press import MACHINE, prepare
from tests.support.suite import Suite

pytestmark = pytest.mark.anyio
ORDERS = 8
ROUNDS = 100 if "DURE_LONG_PROPERTIES" in os.environ else 6
LIVE = """async ({ machine, seed, rounds, touches }) => {
    const { all, get, post, uuid } = await import("/js/lib/api.js");
    const { bodyOf, changeCrew, come, finish, go, pause, report, start } = await import("/js/floor/commands.js");
    const { me } = await import("/js/lib/session.js");
    const person = me.value.person;
    const { apply, fold } = await import("/js/floor/model.js");
    let state = seed;
    const chance = (n) => (state = (state * 48271) % 2147483647) % n;
    const read = async () => ({
        machine: await get(`/production/machines/${machine}`),
        jobs: await all("/production/jobs", { machine, state: "running,paused,ready,waiting,blocked" }),
    });
    const seen = ({ machine, jobs }) => ({
        state: machine.state, reason: machine.reason?.code ?? null, job: machine.job?.number ?? null, good:
        machine.good, scrap: machine.scrap,
        jobs: jobs.filter((job) => job.state !== "done").map((job) => [job.number, job.state, job.good, job.scrap,
        job.ready, job.machine, job.pause_reason, ...job.crew.map((one) => one.person).sort()].join(" ")),
    });
    const { items: reasons } = await get("/production/reasons");
    const next = (station) => {
        const running = station.jobs.find((job) => job.state === "running");
        if (!running) {
            const free = station.jobs.filter((job) => ["ready", "paused"].includes(job.state));
            return free.length ? start(free[chance(free.length)], machine) : null;
        }
        const moves = [() => changeCrew(running, machine, "join", "P"), () => changeCrew(running, machine, "leave",
        person), () => come(machine), () => go(machine)];
        if (chance(4) === 0) return moves[chance(moves.length)]();
        const made = [() => report(running, machine, { good: chance(50), scrap: [{ defect: "BURR", quantity: 1 +
        chance(3) }] })];
        return [
            ...made, ...made, ...made,
            () => pause(running, machine, reasons[chance(reasons.length)]),
            () => (chance(4) ? made[0]() : finish(running, machine)),
        ][chance(5)]();
    };
    const wrong = [];
    await post("/production/attendance", { kind: "in" }, { key: uuid() });
    for (let round = 0; round < rounds; round++) {
        const first = await read();
        let shown = first;
        const commands = [];
        for (let touch = 0; touch < touches; touch++) {
            const command = next(shown);
            if (!command) continue;
            commands.push({ ...command, person, at: new Date().toISOString() });
            shown = apply(shown, commands.at(-1));
        }
        if (JSON.stringify(fold(first, commands)) !== JSON.stringify(shown)) {
            wrong.push("one by one is not all at once");
        }
        for (const command of commands) await post(command.path, bodyOf(command), { key: uuid() });
        const [here, there] = [seen(shown), seen(await read())];
        if (JSON.stringify(here) !== JSON.stringify(there)) {
            wrong.push({ commands: commands.map((one) => `${one.kind} ${one.number}`), here, there });
        }
    }
    return wrong;
}"""


async def test_whatever_is_touched_the_tablet_and_the_server_come_to_the_same(suite: Suite, browser: Browser) -> None:
    async with Shop(suite) as shop:
        await prepare(shop, ORDERS)
        window = await Window.open(browser, suite.address)
        await window.enter("/station")
        lived = {"machine": MACHINE, "seed": 20241125, "rounds": ROUNDS, "touches": 12}
        wrong = await window.page.evaluate(LIVE, lived)
        assert wrong == [], wrong[0]
        await window.context.close()


QUEUED = """async () => {
    const { judge, withQueued } = await import("/js/floor/materials.js");
    const job = { materials: [
        { component: "SCREW", quantity: "1", alternates: [] },
        { component: "NUT", quantity: "1", alternates: [{ component: "SCREW", quantity: "2" }] },
    ] };
    const line = (component, items, more) => ({ component, items, unit: "EA", needed: "10", consumed: "0",
        is_lot_tracked: true, lots: [], advice: [{ lot: "B", item: "SCREW", remaining: "100" }], ...more });
    const materials = [
        line("SCREW", ["SCREW"], { consumed: "9", lots: [{ lot: "A", item: "SCREW", quantity: "9" }] }),
        line("SCREW", ["SCREW"]),
        line("NUT", ["NUT", "SCREW"]),
    ];
    const give = (id, material, quantity) => ({ id, kind: "consume", state: "queued", material, at: "2026-01-01",
        body: { lot: "B", quantity } });
    const shown = withQueued(job, materials, [give("1", "SCREW", 1), give("2", "SCREW", 4), give("3", "NUT", 8),
        give("4", "NUT", -2), give("5", "NUT", 2), { id: "6", kind: "give_back", undoes: "5", state: "queued" }], "");
    return {
        consumed: shown.map((one) => one.consumed),
        remaining: shown.map((one) => one.advice[0].remaining),
        lots: shown.map((one) => one.lots.map((lot) => lot.lot)),
        judged: [judge(shown, "b", 0).lot, judge(shown, "C", 0).block],
    };
}"""
"""One screw in each of two lines, and two in the place of a nut; nothing of it has been sent."""


async def test_what_a_tablet_has_queued_is_counted_once_where_a_component_is_needed_twice(
    suite: Suite, browser: Browser
) -> None:
    window = await Window.open(browser, suite.address)
    await window.go("/sign-in")
    assert await window.page.evaluate(QUEUED) == {
        "consumed": ["10", "4", "3"],
        "remaining": ["89", "89", "89"],
        "lots": [["A", "B"], ["B"], ["B"]],
        "judged": ["B", "unknown"],
    }
    await window.context.close()
