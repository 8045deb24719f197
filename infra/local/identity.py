"""The user who runs the servers: who started Dure, or, for root (whom PostgreSQL refuses), another one."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra.local.errors import CannotSwitchUserError

CANNOT_RUN = "cannot run"
"""How ``exec_child.py`` begins its complaint."""
EXEC_CHILD = Path(__file__).with_name("exec_child.py")
SERVER_ID = 59_918
"""The uid and gid of the servers where root cannot make a user namespace; no account is needed for it."""


@dataclass(frozen=True)
class Identity:
    """``how`` is ``self``, ``setuid`` (another user for good), ``passing`` (likewise, but no folder is closed to it)
    or ``userns`` (root called by another name, without its powers)."""

    how: Literal["self", "setuid", "passing", "userns"]
    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        """True when its files are another user's."""
        return self.how in {"setuid", "passing"}

    def launch(self, command: list[str], folder: Path, death_signal: int) -> list[str]:
        """The command line that runs ``command`` in ``folder`` as this identity and ties its life to this process."""
        spec = self.how if self.how == "self" else f"{self.how}:{self.uid}:{self.gid}"
        # -I and -S: the standard library is all that the script needs, and it starts in a third of the time
        python = [sys.executable, "-I", "-S", str(EXEC_CHILD)]
        return [*python, str(os.getpid()), str(int(death_signal)), spec, str(folder), *command]

    def own(self, path: Path) -> None:
        """Hand ``path``, and what is in it, to this identity, where it is another user."""
        if self.is_another:
            for each in (path, *path.rglob("*")):
                os.chown(each, self.uid, self.gid, follow_symlinks=False)

    def with_account(self) -> "Identity":
        """This identity, or nobody in its stead where this one is a bare number: initdb insists on an account."""
        if not self.is_another:
            return self
        try:
            pwd.getpwuid(self.uid)
        except KeyError:
            return Identity(self.how, *nobody())
        return self


MYSELF = Identity("self", os.getuid(), os.getgid())


def nobody() -> tuple[int, int]:
    """The uid and gid of an account that is not root's."""
    accounts = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    found = accounts.get("nobody") or next(iter(accounts.values()))
    return found.pw_uid, found.pw_gid


def choose_identity(folder: Path, owned: Path, program: Path) -> Identity:
    """Choose the identity to run ``program`` in ``folder``, on its part ``owned`` if that exists. Raises
    CannotSwitchUserError.

    For root: the user who owns the data; else root itself in a user namespace, which works below ``/root`` too and
    changes no owner; else, where namespaces are forbidden (most containers), a uid of our own, if need be let through
    folders that are closed to others.
    """
    if os.geteuid() != 0:
        return MYSELF
    owner = (owned if owned.exists() else folder).stat()
    uid, gid = (owner.st_uid, owner.st_gid) if owner.st_uid != 0 else (SERVER_ID, SERVER_ID)
    candidates = [Identity("setuid", uid, gid), Identity("passing", uid, gid)]
    if owner.st_uid == 0:
        candidates.insert(0, Identity("userns", *nobody()))
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
