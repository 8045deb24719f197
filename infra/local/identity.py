"""Who runs the servers: the user who started Dure, or, for root (whom PostgreSQL refuses), somebody else."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.local.errors import CannotSwitchUserError

CANNOT_RUN = "cannot run"
"""How ``exec_child.py`` begins its complaint."""
EXEC_CHILD = Path(__file__).with_name("exec_child.py")
SERVER_ID = 59_918
"""The uid and gid of the servers where root cannot make a user namespace; no account is needed for it."""


@dataclass(frozen=True)
class Identity:
    """``how`` is ``self``, ``setuid`` (another user for good) or ``userns`` (root, called by another name, without its powers)."""

    how: str
    uid: int
    gid: int

    def launch(self, command: list[str], folder: Path, death_signal: int) -> list[str]:
        """The command line that runs ``command`` in ``folder`` as this identity and ties its life to this process."""
        spec = self.how if self.how == "self" else f"{self.how}:{self.uid}:{self.gid}"
        # -I and -S: the standard library is all that the script needs, and it starts in a third of the time
        return [
            sys.executable,
            "-I",
            "-S",
            str(EXEC_CHILD),
            str(os.getpid()),
            str(death_signal),
            spec,
            str(folder),
            *command,
        ]

    def own(self, path: Path) -> None:
        """Hand ``path``, and what is in it, to this identity, where it is another user."""
        if self.how == "setuid":
            for each in (path, *path.rglob("*")):
                os.chown(each, self.uid, self.gid, follow_symlinks=False)

    def with_account(self) -> "Identity":
        """This identity, or nobody in its stead where this one is a bare number: initdb insists on an account."""
        if self.how != "setuid":
            return self
        try:
            pwd.getpwuid(self.uid)
        except KeyError:
            return Identity("setuid", *nobody())
        return self


MYSELF = Identity("self", os.getuid(), os.getgid())


def nobody() -> tuple[int, int]:
    """The uid and gid of an account that is not root's."""
    accounts = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    found = accounts.get("nobody") or next(iter(accounts.values()))
    return found.pw_uid, found.pw_gid


def choose_identity(folder: Path, owned: Path, program: Path) -> Identity:
    """Who shall run ``program`` in ``folder``, on its part ``owned`` if that exists. Raises CannotSwitchUserError.

    For root: the user who owns the data; else root itself in a user namespace, which works below ``/root`` too and changes no owner;
    else, where namespaces are forbidden (most containers), a uid of our own.
    """
    if os.geteuid() != 0:
        return MYSELF
    owner = (owned if owned.exists() else folder).stat()
    if owner.st_uid != 0:
        candidates = [Identity("setuid", owner.st_uid, owner.st_gid)]
    else:
        candidates = [Identity("userns", *nobody()), Identity("setuid", SERVER_ID, SERVER_ID)]
    tried = []
    for identity in candidates:
        command = identity.launch([str(program), "--version"], folder, 0)
        probe = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own binary
        if CANNOT_RUN not in probe.stderr:
            return identity
        tried.append(probe.stderr.strip())
    raise CannotSwitchUserError(
        f"PostgreSQL refuses to run as root, and nobody else can run it here ({'; '.join(tried)})."
        " Start Dure as an ordinary user, or put it and its data where every user may read (not below /root)."
    )
