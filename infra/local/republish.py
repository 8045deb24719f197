"""``dure republish``: have a service's present states published again, whether it runs or not."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from infra.local.databases import databases_of
from infra.local.suite import Servers, create_service, settings_class, settings_in, settings_of
from shared.kit.auth import Actor
from shared.kit.republish import Republisher

OPERATOR = Actor("cli", frozenset({"admin"}))


def republish(service: str, kind: str, ids: Sequence[str], data: Path | None, console: Console) -> int:
    """Publish a kind of aggregate again, all or those with ``ids``; how many. Raises LocalError, Problem.

    With ``data`` in the databases of that folder, without in the one of the environment's settings. The running service
    sends the events, or the next start does.
    """
    if data is None:
        return asyncio.run(_republish(service, settings_in(service, settings_class(service)), kind, ids))
    with databases_of(data, console) as (folder, urls):
        settings = settings_of(folder, Servers("", "nats://127.0.0.1:4222", {}), urls)
        return asyncio.run(_republish(service, settings[service], kind, ids))


async def _republish(service: str, settings: Any, kind: str, ids: Sequence[str]) -> int:
    state = create_service(service, settings).state
    republisher: Republisher = state.republisher
    try:
        request = await state.database.run(lambda tx: republisher.request(tx, kind, ids or None), OPERATOR)
        return await republisher.finish(request)
    finally:
        await republisher.stop()
        await state.database.close()
