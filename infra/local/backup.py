"""``dure backup`` and ``dure restore``: one moment of all databases, while Dure runs, and what else a shop cannot lose.

A backup is a folder: PostgreSQL's own base backup with the log of the time that it took, so that all databases come
back at one moment; the secrets and the site; and a manifest, written last, by which a half one is known. NATS is not in
it: its streams are made anew, and the services' outboxes tell what somebody has not heard.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError
from rich.console import Console

from infra.local.data_folder import LAYOUT, DataFolder, sync
from infra.local.databases import databases_of
from infra.local.errors import BackupError, NoBackupError, explain
from infra.local.postgres import MAJOR, SUPERUSER, EmbeddedPostgres, find_binaries

MANIFEST = "manifest.json"
POSTGRES = "postgres"
FILES = "files"
LEFT_OUT = {POSTGRES, "nats", "logs", "run", "dure.lock", "postgres.new"}
"""What of a data folder is no file of its own to be kept: the servers' folders, and what lives as long as a run."""


class Manifest(BaseModel):
    """What a backup holds. ``files`` are the SHA-256 of the files beside the databases, by path."""

    format: Literal[1] = 1
    layout: Annotated[int, Field(le=LAYOUT)]
    postgres: str
    taken_at: datetime
    """When it began; what was stored before is in it."""
    bytes: int
    files: dict[str, str]


def backup(folder: Path, target: Path, console: Console) -> Manifest:
    """Copy the data in ``folder`` to the new or empty folder ``target``, whether Dure runs on it or not.

    Raises LocalError; then ``target`` is as it was.
    """
    if "DURE_DATABASE_URL" in os.environ:
        raise BackupError(
            "The databases are on the server of DURE_DATABASE_URL: back them up there, all of them at one moment"
            " (pg_basebackup), and the data folder beside them."
        )
    with _made_whole(target) as half:
        with databases_of(folder, console) as (data, _):
            taken_at = datetime.now(UTC)
            console.print(f"Copying the databases of {data.path} …")
            _copy_databases(EmbeddedPostgres(data), half / POSTGRES)
            _copy_files(data.path, half / FILES)
        manifest = Manifest(
            layout=LAYOUT,
            postgres=MAJOR,
            taken_at=taken_at,
            bytes=sum(path.stat().st_size for path in half.rglob("*") if path.is_file()),
            files=dict(_digests(half / FILES)),
        )
        (half / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n")
    return manifest


def restore(source: Path, folder: Path, console: Console) -> Manifest:
    """Make the data folder ``folder``, which is new or empty, of a backup. Raises LocalError; then nothing is there."""
    manifest = _read_manifest(source)
    console.print("Checking the backup …")
    _check(source, manifest)
    with _made_whole(folder) as half:
        console.print(f"Copying it to {folder.absolute()} …")
        shutil.copytree(source / FILES, half, symlinks=True, dirs_exist_ok=True)
        shutil.copytree(source / POSTGRES, half / POSTGRES, symlinks=True)
        (half / POSTGRES).chmod(0o700)
        half.chmod(0o700)
        EmbeddedPostgres(DataFolder(half)).identity.own(half / POSTGRES)
    return manifest


@contextmanager
def _made_whole(target: Path) -> Iterator[Path]:
    """A folder that becomes ``target`` when the block ends: all of it is on the disk then, or nothing is there.

    Raises LocalError.
    """
    target = target.absolute()
    half = _folder_beside(target)
    try:
        yield half
        for path in (*half.rglob("*"), half):
            sync(path)
        _move(half, target)
    except OSError as error:
        raise explain(target.parent, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _folder_beside(target: Path) -> Path:
    """A folder beside ``target`` in which it is made. Raises BackupError when there is something in ``target``."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target} is not empty: give a folder that is new.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise explain(target.parent, error) from error


def _move(half: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()
    half.rename(target)
    sync(target.parent)


def _copy_databases(postgres: EmbeddedPostgres, target: Path) -> None:
    command = [
        str(find_binaries() / "pg_basebackup"),
        f"--host={postgres.sockets}",
        f"--username={SUPERUSER}",
        "--no-password",
        f"--pgdata={target}",
        "--wal-method=stream",
        "--checkpoint=fast",
        "--manifest-checksums=SHA256",
        "--no-sync",  # all of it at once, at the end
    ]
    secret = {"PGPASSWORD": postgres.data.secret("postgres-superuser")}
    done = subprocess.run(  # noqa: S603  our own binary
        command, capture_output=True, text=True, check=False, env=os.environ | secret
    )
    if done.returncode != 0:
        raise BackupError(f"The databases could not be copied: {done.stderr.strip()}")


def _copy_files(folder: Path, target: Path) -> None:
    shutil.copytree(folder, target, symlinks=True, ignore=lambda of, names: LEFT_OUT if Path(of) == folder else ())


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                yield str(path.relative_to(folder)), hashlib.file_digest(file, "sha256").hexdigest()


def _read_manifest(source: Path) -> Manifest:
    try:
        return Manifest.model_validate_json((source / MANIFEST).read_text())
    except FileNotFoundError as error:
        raise NoBackupError(source, "there is no whole backup in it") from error
    except ValidationError as error:
        raise NoBackupError(
            source, "its manifest is not one that this Dure can read; it may be a newer one's"
        ) from error
    except OSError as error:
        raise explain(source, error) from error


def _check(source: Path, manifest: Manifest) -> None:
    """Every file is as it was written. Raises BackupError."""
    if manifest.postgres != MAJOR:
        raise NoBackupError(source, f"it is of PostgreSQL {manifest.postgres}, and this Dure brings {MAJOR}")
    found = dict(_digests(source / FILES))
    different = sorted({*found.items()} ^ {*manifest.files.items()})
    if different:
        raise NoBackupError(source, f"{FILES}/{different[0][0]} was changed or lost")
    command = [str(find_binaries() / "pg_verifybackup"), "--quiet", str(source / POSTGRES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own binary
    if done.returncode != 0:
        raise NoBackupError(source, done.stderr.strip())
