"""``dure rebuild`` on a data folder."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from infra.agreement.agree import parties_of
from infra.agreement.rebuild import rebuild_services
from infra.local.databases import databases_of
from infra.local.suite import Servers, services, settings_of


def rebuild(folder: Path, names: Sequence[str], console: Console) -> None:
    """Make the read models of these services in ``folder`` anew. Raises LocalError."""
    with databases_of(folder, console) as (data, urls):
        settings = settings_of(data, Servers("", "nats://127.0.0.1:4222", {}), urls)

        async def work() -> None:
            async with parties_of(services(), settings) as parties:
                await rebuild_services(parties, names, console.print)

        asyncio.run(work())
