"""The databases of a data folder, for a command beside ``dure up`` or without it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console

from infra.local.data_folder import DataFolder
from infra.local.errors import AlreadyRunningError, NoDataError
from infra.local.postgres import EmbeddedPostgres
from infra.local.provision import database_urls
from infra.local.supervisor import Supervisor


@contextmanager
def databases_of(folder: Path, console: Console) -> Iterator[tuple[DataFolder, dict[str, str]]]:
    """The data in ``folder`` and each app's database URL, while a server answers there. Raises LocalError.

    It is the server of DURE_DATABASE_URL, or the embedded one: started here, unless Dure runs on the folder.
    """
    if not (folder / "VERSION").exists():
        raise NoDataError(folder)
    with ExitStack() as stack:
        data = DataFolder(folder)
        cluster = os.environ.get("DURE_DATABASE_URL")
        if cluster is None:
            postgres = EmbeddedPostgres(data)
            try:
                stack.enter_context(data)
                stack.enter_context(Supervisor([postgres]))
            except AlreadyRunningError:
                console.print("Dure runs on this folder: its own PostgreSQL is asked.")
            cluster = postgres.url
        yield data, database_urls(data, cluster)
