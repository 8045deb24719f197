"""Fills an empty shop with a factory that has been at work for some weeks."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import httpx
from rich.progress import Progress

from infra.demo.importer import DemoSummary, import_master
from infra.demo.source import Factory
from infra.learning_factory.model import History, make_history
from infra.learning_factory.player import Player
from infra.learning_factory.sessions import Floor
from infra.learning_factory.shop import shop_of
from shared.kit.clock import PlayedClock


def history_of(factory: Factory, days: int, now: dt.datetime) -> History:
    """The last ``days`` days of a factory up to now. Raises DemoError for a factory without a history."""
    shop = shop_of(factory)
    return make_history(shop, now.astimezone(shop.hours.zone).date() - dt.timedelta(days=days), now)


async def fill(
    client: httpx.AsyncClient, history: History, clock: PlayedClock, folder: Path, progress: Progress
) -> DemoSummary:
    """Bring in the shop and play its history over ``client``, which is signed in as an administrator.

    The files for a person to try are put into ``folder``. Raises DemoError.
    """
    factory, zone = history.shop.factory, history.shop.hours.zone
    summary = await import_master(client, factory, folder, history.ends.astimezone(zone).date(), progress)
    floor = Floor(client, history.shop.people.office)
    await floor.open(history.shop.machines, sorted({fact.person for fact in history.facts}))
    player = Player(floor, clock, history)
    task = progress.add_task(f"{history.begins.astimezone(zone):%Y-%m-%d}", total=len(history.facts))
    weeks = _by_week(history)
    played, week = 0, next(weeks)

    def advance(count: int) -> None:
        nonlocal played, week
        played += count
        progress.update(task, completed=played)
        while played >= week[1]:
            progress.console.print(f"  played until {week[0]:%Y-%m-%d}: {week[1]} facts", highlight=False)
            week = next(weeks, (week[0], len(history.facts) + 1))

    await player.play(advance)
    await floor.close()
    summary.orders = len(player.orders)
    summary.released = sorted({order for order, _ in player.jobs})
    summary.facts = len(history.facts)
    return summary


def _by_week(history: History) -> Iterator[tuple[dt.date, int]]:
    """Each week's last working day, and how many facts there are until its end."""
    zone = history.shop.hours.zone
    for day, following in zip(history.days, [*history.days[1:], None], strict=True):
        if following is None or following.begins - day.begins > dt.timedelta(days=2):
            until = following.begins - dt.timedelta(hours=1) if following else history.ends
            yield day.begins.astimezone(zone).date(), sum(fact.sent_at <= until for fact in history.facts)
