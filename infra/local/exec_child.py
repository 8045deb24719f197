"""Run by a new child process, as a script: become who the server shall be, tie its life to the parent's, and become the
server.

    exec_child.py <parent's pid> <signal at the parent's death> <identity> <folder> <command …>

where <identity> is self, setuid:UID:GID, passing:UID:GID or userns:UID:GID.

A script instead of a ``preexec_fn``: nothing of the parent's threads and locks can be in the way here. The order
matters: the kernel forgets the death signal when the user changes.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CLONE_NEWUSER = 0x10000000

libc = ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> None:
    """Raise the C library's error."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def write(path: str, text: str) -> None:
    """Write one of the kernel's files."""
    with open(path, "w") as file:
        file.write(text)


def retain_passage() -> None:
    """Of root's powers keep one, also beyond exec: to go through folders that are closed to others."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):  # containers are often given the second alone
        mask = 1 << capability
        if libc.capset(header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)) == 0:
            check(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0), "no ambient capability")
            return
    check(-1, "no capability")


def become(identity: str) -> None:
    """Change the user for good, or the name by which this user goes in a namespace of its own."""
    how, _, ids = identity.partition(":")
    if how in {"setuid", "passing"}:
        uid, gid = map(int, ids.split(":"))
        os.setgroups([])
        if how == "passing":
            check(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "no capability")
        os.setgid(gid)
        os.setuid(uid)
        if how == "passing":
            retain_passage()
    elif how == "userns":
        inner_uid, inner_gid = ids.split(":")
        outer_uid, outer_gid = os.geteuid(), os.getegid()
        check(libc.unshare(CLONE_NEWUSER), "no user namespace")
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"{inner_uid} {outer_uid} 1")
        write("/proc/self/gid_map", f"{inner_gid} {outer_gid} 1")


def tie_to(parent: int, signal: int) -> None:
    """Have the kernel send ``signal`` to this process when the thread of ``parent`` that made it is gone.

    Ends if it is gone already.
    """
    check(libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0), "no death signal")
    if os.getppid() != parent:
        sys.exit("the parent is gone already")


def main() -> None:
    """Never returns."""
    parent, signal, identity, folder, *command = sys.argv[1:]
    try:
        become(identity)
        os.chdir(folder)
        tie_to(int(parent), int(signal))
        os.execv(command[0], command)  # noqa: S606  that is the purpose
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error}")


if __name__ == "__main__":
    main()
