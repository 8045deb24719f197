"""``dure setup-link``: a new one-time link for the first administrator."""

import asyncio
from pathlib import Path

from rich.console import Console

from gateway.identity.commands.setup import issue_setup_token
from infra.local.databases import databases_of
from shared.kit.database import Database

DEFAULT_ADDRESS = "http://127.0.0.1:8000"
"""Where ``dure up`` serves, unless it was told otherwise."""


def token_of_folder(folder: Path, console: Console) -> str | None:
    """A new token for the shop in ``folder``, whether Dure runs on it or not; None once somebody administers it.

    Raises LocalError.
    """
    with databases_of(folder, console) as (_, urls):
        return new_token(urls["gateway"])


def new_token(url: str) -> str | None:
    """A new token in the gateway's database; None once somebody administers the shop."""

    async def issue() -> str | None:
        database = Database(url, pool_size=1)
        try:
            return await issue_setup_token(database)
        finally:
            await database.close()

    return asyncio.run(issue())
