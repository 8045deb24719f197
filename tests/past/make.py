"""``python -m tests.past.make``: the data folder that release v0.1.0 leaves behind after a small day, packed, with what
it holds.

The secrets in it protect nothing but this test data."""

import asyncio
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.local.postgres import find_binaries
from tests.integration.erp_bridge.receiver import receiving
from tests.past.day import live
from tests.past.totals import read_totals
from tests.support.build import Build, build_of
from tests.support.caller import Shop
from tests.support.suite import Suite

RELEASE = "v0.1.0"
ARCHIVE = Path(__file__).with_name(f"{RELEASE}.tar.xz")
TOTALS = ARCHIVE.with_name(f"{RELEASE}.json")
LEFT_OUT = ("logs", "run", "demo", "dure.lock", "postmaster.opts", "postgresql.log")
"""What every start makes anew; the demo's files have been imported."""


def main() -> None:
    """Make both files anew."""
    with build_of(RELEASE) as build, TemporaryDirectory(prefix="dure-past-", dir="/var/tmp") as folder:
        data = Path(folder) / "data"
        totals = asyncio.run(_day(build, data))
        _drop_log(data)
        _pack(data)
    TOTALS.write_text(
        json.dumps({"commit": build.commit} | totals, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    )
    print(f"{ARCHIVE}: {ARCHIVE.stat().st_size / 1e6:.1f} MB")


async def _day(build: Build, data: Path) -> dict[str, Any]:
    flags = ("--demo", "hanbyeol_press")
    environment = {"DURE_OUTGOING_ALLOWED": "127.0.0.0/8"}
    suite = Suite(data, flags, environment, repository=build.repository, python=str(build.python)).start()
    try:
        async with Shop(suite) as shop, receiving() as receiver:
            await live(shop, receiver.url)
            totals = await read_totals(suite, await shop.sign_in())
        for database in await suite.execute("postgres", "SELECT datname FROM pg_database WHERE datallowconn"):
            await suite.execute(database[0], "VACUUM (FULL, ANALYZE)")
        await suite.execute("postgres", "CHECKPOINT")
    finally:
        assert suite.stop() == 0, suite.log
    return totals


def _drop_log(data: Path) -> None:
    """After an orderly stop the write-ahead log holds nothing that the tables do not."""
    postgres = data / "postgres"
    owner = postgres.stat()
    command = [str(find_binaries() / "pg_resetwal"), str(postgres)]
    if os.geteuid() == 0:  # the program refuses root
        owned = owner.st_uid or 65534
        for path in (data, postgres, *postgres.rglob("*")):
            os.chown(path, owned, owner.st_gid or 65534)
        data.parent.chmod(0o711)
        command = ["setpriv", f"--reuid={owned}", "--clear-groups", *command]
    subprocess.run(command, check=True)


def _pack(data: Path) -> None:
    """The folder as ``data``, nobody's in particular; similar files stand side by side, which packs them better."""

    def nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        if Path(member.name).name in LEFT_OUT:
            return None
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        return member

    plain = data.with_name("data.tar")
    with tarfile.open(plain, "w") as tar:
        tar.add(data, "data", filter=nobodys)
    with ARCHIVE.open("wb") as packed:
        subprocess.run(
            ["xz", "-9e", "--stdout", "--lzma2=preset=9e,dict=128MiB", str(plain)], check=True, stdout=packed
        )
    shutil.rmtree(data)


if __name__ == "__main__":
    main()
