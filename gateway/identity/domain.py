"""The rules of identity: PINs, passwords, lockouts, roles. Pure; time is an argument."""

import re
from collections.abc import Collection, Iterable
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

PASSWORD_UNITS = 5
"""A password is at least as many units: a unit is a character, or whatever is guessed as a whole."""
COMMON_TERMS = frozenset(
    [
        "password",
        "passwort",
        "passwd",
        "secret",
        "letmein",
        "welcome",
        "login",
        "logon",
        "admin",
        "administrator",
        "root",
        "master",
        "manager",
        "user",
        "guest",
        "test",
        "tester",
        "demo",
        "default",
        "change",
        "changeme",
        "please",
        "access",
        "system",
        "server",
        "office",
        "company",
        "factory",
        "shop",
        "boss",
        "hello",
        "hallo",
        "love",
        "iloveyou",
        "lovely",
        "princess",
        "sunshine",
        "flower",
        "summer",
        "winter",
        "spring",
        "autumn",
        "monday",
        "friday",
        "january",
        "football",
        "baseball",
        "soccer",
        "basketball",
        "hockey",
        "superman",
        "batman",
        "starwars",
        "pokemon",
        "dragon",
        "monkey",
        "tiger",
        "shadow",
        "michael",
        "jordan",
        "jessica",
        "daniel",
        "andrew",
        "thomas",
        "robert",
        "george",
        "charlie",
        "ashley",
        "maggie",
        "pepper",
        "ginger",
        "cookie",
        "chocolate",
        "computer",
        "internet",
        "google",
        "facebook",
        "samsung",
        "naver",
        "kakao",
        "windows",
        "apple",
        "android",
        "mercedes",
        "ferrari",
        "freedom",
        "trustno",
        "whatever",
        "money",
        "business",
        "korea",
        "seoul",
        "busan",
        "daegu",
        "incheon",
        "vietnam",
        "hanoi",
        "saigon",
        "dure",
        "mes",
        "erp",
        "press",
        "machine",
        "qwerty",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "abc",
        "abcd",
        "azerty",
        "qlalfqjsgh",
        "rhksflwk",
        "tkfkdgo",
        "dkssud",
        "dkssudgktpdy",
        "gksrnr",
        "eogksalsrnr",
        "ghkdlxld",
        "sarang",
        "saranghae",
        "annyeong",
        "hanguk",
        "daehan",
        "minguk",
        "gwanri",
        "gwanrija",
        "bimil",
        "bimilbeonho",
        "matkhau",
        "quanly",
        "quantri",
        "anhyeuem",
        "emyeuanh",
        "xinchao",
        "congty",
        "비밀번호",
        "관리자",
        "사랑해",
        "안녕하세요",
        "안녕",
        "대한민국",
        "회사",
        "공장",
    ]
)
"""Words that the lists of leaked passwords begin with, in the shop's languages; Korean ones also as typed on Latin
keys."""
KEY_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1q2w3e4r5t6y7u8i9o0p")
KEY_COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol")
RUN, YEAR = 3, re.compile(r"(19|20)\d\d")
LEET = str.maketrans("013457@$!", "oieastasi")
"""Digits and signs that stand for letters."""


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
    """Made of what is tried first: common words, the login, runs of keys, years, repetitions; and little else."""
    return password_units(password, login) < PASSWORD_UNITS


def password_units(password: str, login: str) -> int:
    """The least number of guessable parts and single characters that make up a password."""
    text = password.casefold()
    terms = COMMON_TERMS | {part for part in (login.casefold(), *re.split(r"\W+", login.casefold())) if len(part) > 2}
    fewest = [0]
    for end in range(1, len(text) + 1):
        starts = [start for start in range(end - 1) if _is_guessed(text[start:end], terms)]
        fewest.append(1 + min(fewest[start] for start in (*starts, end - 1)))
    return fewest[-1]


def _is_guessed(part: str, terms: Collection[str]) -> bool:
    """True for what a guesser takes as one: a word, a run on the keyboard, a year, or one part again and again."""
    if part in terms or part.translate(LEET) in terms or YEAR.fullmatch(part):
        return True
    if any(part == part[:size] * (len(part) // size) for size in range(1, len(part) // 2 + 1)):
        return True
    rows = (*KEY_ROWS, *KEY_COLUMNS)
    return len(part) >= RUN and any(part in row or part in row[::-1] for row in rows)


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
