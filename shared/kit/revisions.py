"""The revision that a database is at, without alembic:
a running service has no other use for it, and it takes 10 MiB."""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import text

from shared.kit.database import Database

NAMED = re.compile(r"""^(revision|down_revision)\b[^=]*=\s*(?:["'](\w+)["']|None)""", re.MULTILINE)
CURRENT = text("SELECT version_num FROM alembic_version")


@cache
def head_of(folder: Path) -> str:
    """The newest revision in ``folder``: the one on which no other stands."""
    found: list[dict[str, str]] = [dict(NAMED.findall(path.read_text())) for path in (folder / "versions").glob("*.py")]
    [head] = {names["revision"] for names in found} - {names["down_revision"] for names in found}
    return head


async def is_current(database: Database, folder: Path) -> bool:
    """Tell if the database is at the newest revision of this release."""
    async with database.connection() as connection:
        return bool(await connection.scalar(CURRENT) == head_of(folder))
