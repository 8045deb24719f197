"""Row 1: durable production reports, from the gateway to every read model, against single-row INSERTs on the same
cluster."""

import statistics
import time

from tests.bench.harness import (
    MODES,
    ROUNDS,
    Figure,
    Projections,
    console,
    furnished,
    load_of,
    pgbench,
    run_load,
    spread,
    start_all,
)

SECONDS = 4


async def measure() -> list[Figure]:
    """Alternate pgbench and reports, 8 connections each."""
    return [await _mode(name, processes=processes) for name, processes in MODES.items()]


async def _mode(name: str, *, processes: bool) -> Figure:
    inserts, taken, projected = [], [], []
    async with furnished(processes=processes) as (shop, floor):
        await start_all(floor)
        projections = Projections(shop)
        await run_load(load_of(floor, seconds=2))
        for round_ in range(ROUNDS):
            before = await projections.complete()
            inserts.append((await pgbench(shop, clients=8, seconds=SECONDS))[0])
            outcome = await run_load(load_of(floor, seconds=SECONDS))
            count = await projections.complete() - before
            taken.append(len(outcome.latencies) / outcome.seconds)
            projected.append(count / (time.time() - outcome.begun))
            console.print(
                f"  {name} {round_ + 1}/{ROUNDS}: {taken[-1]:.0f} reports/s taken,"
                f" {projected[-1]:.0f}/s projected; {inserts[-1]:.0f} INSERTs/s"
            )
    ratios = [report / insert for report, insert in zip(projected, inserts, strict=True)]
    return Figure(
        f"reports, projected: {name}",
        "≥ 0.15 ×",
        f"{spread(ratios)} × = {statistics.median(projected):.0f}/s (taken {statistics.median(taken):.0f}/s)",
        f"{spread(inserts, '.0f')} INSERTs/s, pgbench with 8 clients",
        {"ratios": ratios, "projected_per_s": projected, "taken_per_s": taken, "inserts_per_s": inserts},
    )
