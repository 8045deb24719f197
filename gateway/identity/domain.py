"""The rules of identity: PINs, passwords, lockouts, roles. Pure; time is an argument."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

PIN_DIGITS = 6
PASSWORD_MIN = 8
LOCK = timedelta(minutes=15)
SETUP_LIFETIME = timedelta(minutes=15)
ENROLMENT_LIFETIME = timedelta(minutes=15)
SHIFT_SESSION = timedelta(hours=12)
"""A session by PIN or badge: one shift with its overtime, on a tablet that many use."""
OFFICE_SESSION = timedelta(days=7)
"""A session by password: as long as it is used at least once a week ..."""
OFFICE_SESSION_AT_MOST = timedelta(days=30)
"""... and for a month at most."""
PROLONG_EVERY = timedelta(days=1)
REPLAY_SESSION = timedelta(minutes=10)
"""A session that a tablet opens without its operator, to send what they did while it was offline ..."""
REPLAY_AFTER_SIGN_IN = timedelta(days=14)
"""... for those who have signed in on it not longer ago than this, ..."""
REPLAY_ROLES = ["operator"]
"""... with no more rights than the queue needs: whoever steals the tablet gets nothing of the office."""
LIFETIMES = {"password": OFFICE_SESSION, "pin": SHIFT_SESSION, "badge": SHIFT_SESSION, "replay": REPLAY_SESSION}

COMMON_PASSWORDS = frozenset(
    {
        "password",
        "passw0rd",
        "password1",
        "password123",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyui",
        "qwerty123",
        "qwertyuiop",
        "asdfghjkl",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "1qaz2wsx",
        "abcd1234",
        "a1234567",
        "iloveyou",
        "welcome1",
        "changeme",
        "letmein1",
        "admin123",
        "administrator",
    }
)


def is_pin(pin: str) -> bool:
    """True for six digits."""
    return re.fullmatch(r"[0-9]{6}", pin) is not None


def is_weak_pin(pin: str) -> bool:
    """One or two digits only, a run up or down, or a part that repeats."""
    digits = [int(digit) for digit in pin]
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    pairs = [pin[i : i + 2] for i in range(0, len(pin), 2)]
    doubled = all(pair[0] == pair[1] for pair in pairs)
    repeats = any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3))
    return len(set(digits)) <= 2 or steps in ({1}, {9}) or repeats or doubled


def is_weak_password(password: str, login: str) -> bool:
    """Among the first that anybody tries."""
    lowered = password.casefold()
    return lowered in COMMON_PASSWORDS or len(set(lowered)) < 4 or lowered == login.casefold()


@dataclass(frozen=True)
class Tries:
    """Failed tries in a row, of one person on one device, or one login at one address."""

    failures: int
    last_at: datetime


def locked_until(tries: Tries | None, limit: int, now: datetime) -> datetime | None:
    """The end of the lock that is on now."""
    if tries is None or tries.failures < limit or tries.last_at + LOCK <= now:
        return None
    return tries.last_at + LOCK


def count_try(tries: Tries | None, now: datetime) -> Tries:
    """A try begins: it counts as failed until it succeeds, so that tries at the same time have no advantage."""
    if tries is None or tries.last_at + LOCK <= now:
        return Tries(1, now)
    return Tries(tries.failures + 1, now)


def prolonged(method: str, created_at: datetime, expires_at: datetime, now: datetime) -> datetime | None:
    """The new end of a session in use; None when it stays as it is."""
    if method != "password":
        return None
    end = min(now + OFFICE_SESSION, created_at + OFFICE_SESSION_AT_MOST)
    return end if end - expires_at >= PROLONG_EVERY else None


def may_replay(roles: Iterable[str]) -> bool:
    """True when a person with these roles can have worked at a tablet: whoever only looks has nothing queued."""
    return bool(set(roles) - {"viewer"})


def is_last_admin(code: str, admins: Iterable[str]) -> bool:
    """True when without this person nobody could administer any more."""
    return set(admins) <= {code}


def code_of_login(login: str) -> str:
    """A person's code made of a login."""
    return re.sub(r"[^\w.+#-]", "-", login).lstrip(".+#-") or "admin"
