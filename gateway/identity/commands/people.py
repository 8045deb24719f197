"""People: who there is, and the secrets by which they sign in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update
from sqlmodel import col

from gateway.identity.adapters.hashing import Hasher, digest
from gateway.identity.domain import is_last_admin, is_weak_password
from gateway.identity.queries import ADMINS, person_out
from gateway.identity.schemas import PersonChange, PersonIn, PersonOut
from gateway.identity.tables import Person, SignIn
from shared.kit.audit import differences
from shared.kit.database import Transaction
from shared.kit.problem import Problem, unprocessable

LOCK_ADMINS = text(f"{ADMINS.text} FOR UPDATE")


@dataclass(frozen=True)
class Hashes:
    """The hashes of the secrets that came with a request."""

    password: str | None = None
    pin: str | None = None
    badge: bytes | None = None


async def hash_secrets(hasher: Hasher, body: PersonIn | PersonChange) -> Hashes:
    """Hash what has to be hashed, before a transaction begins."""
    return Hashes(
        password=await hasher.hash_password(body.password) if body.password else None,
        pin=await hasher.hash_pin(body.pin) if body.pin else None,
        badge=hasher.badge(body.badge) if body.badge else None,
    )


def check_password(password: str | None, login: str | None) -> None:
    """A 422 problem for a password that anybody would try."""
    if password and is_weak_password(password, login or ""):
        raise unprocessable("password", "password_weak")


async def add_person(tx: Transaction, body: PersonIn, hashes: Hashes) -> PersonOut:
    """Add a person; 409 when the code exists."""
    _check_login(body.login, body.password is not None)
    await check_unused(tx, body.code, body.login, hashes.badge)
    person = Person(
        code=body.code,
        name=body.name,
        roles=sorted(set(body.roles)),
        languages=list(dict.fromkeys(body.languages)),
        login=body.login,
        password_hash=hashes.password,
        pin_hash=hashes.pin,
        badge_hash=hashes.badge,
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.session.add(person)
    await tx.session.flush()
    tx.audit("add", f"person/{person.code}", differences({}, audited(person)))
    return person_out(person, tx.people)


async def change_person(
    tx: Transaction, code: str, body: PersonChange, hashes: Hashes, session_token: str
) -> PersonOut:
    """Change what is given. Sessions that rest on what changed end, but for the one that asks.

    409 for the last admin's end.
    """
    admins = list((await tx.session.execute(LOCK_ADMINS)).scalars())
    person = await tx.session.get(Person, code, with_for_update=True)
    if person is None:
        raise Problem(404, "not_found")
    given = body.model_fields_set
    for name in ("name", "roles", "languages", "active"):
        if name in given and getattr(body, name) is None:
            raise unprocessable(name, "missing")
    before, had = audited(person), _secrets(person)
    ended = _apply(person, body, hashes)
    _check_login(person.login, person.password_hash is not None)
    await _check_taken(tx, person)
    administers = person.active and "admin" in person.roles and person.password_hash is not None
    if code in admins and not administers and is_last_admin(code, admins):
        raise Problem(409, "last_admin")
    person.updated_at = tx.now
    await tx.session.flush()
    tx.audit(
        "change",
        f"person/{code}",
        [*differences(before, audited(person)), *_exchanged(had, _secrets(person), ended)],
    )
    over = update(SignIn).where(col(SignIn.person) == code, col(SignIn.ended_at).is_(None)).values(ended_at=tx.now)
    if person.active:
        over = over.where(col(SignIn.method).in_(ended), col(SignIn.token_hash) != digest(session_token))
    await tx.session.execute(over)
    return person_out(person, tx.people)


def audited(person: Person) -> dict[str, Any]:
    """The fields of a person that the audit trail shows: no secret, and no hash of one."""
    return person.model_dump(include={"name", "roles", "languages", "login", "active"})


def _secrets(person: Person) -> dict[str, str | None]:
    """The ways to sign in that the person has: a mark instead of the secret."""
    hashes = {"pin": person.pin_hash, "badge": person.badge_hash, "password": person.password_hash}
    return {method: None if hash_ is None else "•" for method, hash_ in hashes.items()}


def _exchanged(
    before: dict[str, str | None], after: dict[str, str | None], ended: set[str]
) -> list[tuple[str, str | None, str | None]]:
    """The secrets that were given, replaced or taken away."""
    changes = [(method, before[method], after[method]) for method in sorted(ended)]
    return [change for change in changes if change[1:] != (None, None)]


def _apply(person: Person, body: PersonChange, hashes: Hashes) -> set[str]:
    """Change the person; return the methods to sign in that are no longer what they were."""
    given = body.model_fields_set
    ended: set[str] = set()
    if body.name is not None:
        person.name = body.name
    if body.roles is not None:
        person.roles = sorted(set(body.roles))
    if body.languages is not None:
        person.languages = list(dict.fromkeys(body.languages))
    if body.active is not None:
        person.active = body.active
    if "pin" in given:
        person.pin_hash = hashes.pin
        ended.add("pin")
    if "badge" in given:
        person.badge_hash = hashes.badge
        ended.add("badge")
    if "login" in given:
        person.login = body.login
    if "password" in given or (person.login is None and person.password_hash is not None):
        person.password_hash = hashes.password
        ended.add("password")
    return ended


def _check_login(login: str | None, has_password: bool) -> None:
    if login is not None and not has_password:
        raise unprocessable("password", "missing")
    if login is None and has_password:
        raise unprocessable("login", "missing")


async def check_unused(tx: Transaction, code: str, login: str | None, badge: bytes | None) -> None:
    """A problem when the code (409), the login or the badge (422) is taken."""
    if await tx.session.get(Person, code) is not None:
        raise Problem(409, "person_exists")
    await _check_unique(tx, code, login, badge)


async def _check_taken(tx: Transaction, person: Person) -> None:
    with tx.session.no_autoflush:
        await _check_unique(tx, person.code, person.login, person.badge_hash)


async def _check_unique(tx: Transaction, code: str, login: str | None, badge: bytes | None) -> None:
    others = select(col(Person.code)).where(col(Person.code) != code)
    if login is not None and (await tx.session.execute(others.where(col(Person.login) == login))).first():
        raise unprocessable("login", "login_taken")
    if badge is not None and (await tx.session.execute(others.where(col(Person.badge_hash) == badge))).first():
        raise unprocessable("badge", "badge_taken")
