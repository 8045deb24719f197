"""What changes people, devices and keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlmodel import col

from gateway.identity.domain import (
    ENROLMENT_LIFETIME,
    SETUP_LIFETIME,
    code_of_login,
    is_last_admin,
    is_weak_password,
)
from gateway.identity.hashing import API_KEY_PREFIX, DEVICE_PREFIX, SETUP_PREFIX, Hasher, digest, new_code, new_token
from gateway.identity.queries import ADMINS, needs_setup, person_out
from gateway.identity.schemas import (
    ApiKeyIn,
    ApiKeyOut,
    DeviceOut,
    EnrolledDevice,
    EnrolmentIn,
    NewApiKey,
    PersonChange,
    PersonIn,
    PersonOut,
    Setup,
)
from gateway.identity.tables import ApiKey, Device, DeviceEnrolment, Person, SetupToken, SignIn
from shared.kit.audit import differences
from shared.kit.database import Database, Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem, unprocessable

Row = TypeVar("Row", Device, ApiKey)
FIRST_ADMIN_ROLES = ["admin", "leader", "planner", "quality"]
"""Whoever sets a shop up may do all of the office's work, until there are others."""
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


async def issue_setup_token(database: Database) -> str | None:
    """A new token for the set-up link, good for 15 minutes; earlier ones end. None when somebody can administer already."""

    async def issue(tx: Transaction) -> str | None:
        await tx.session.execute(delete(SetupToken))
        if not await needs_setup(tx.session):
            return None
        token = new_token(SETUP_PREFIX)
        tx.session.add(SetupToken(token_hash=digest(token), expires_at=tx.now + SETUP_LIFETIME))
        return token

    return await database.run(issue)


async def set_up(tx: Transaction, body: Setup, password_hash: str) -> Person:
    """Make the first admin; 403 for a wrong or old token, 409 when somebody administers already."""
    if not await needs_setup(tx.session):
        raise Problem(409, "already_set_up")
    token = await tx.session.get(SetupToken, digest(body.token), with_for_update=True)
    if token is None or token.expires_at <= tx.now:
        raise Problem(403, "setup_link_invalid")
    await tx.session.delete(token)
    code = body.code or code_of_login(body.login)
    await _check_unused(tx, code, body.login, None)
    person = Person(
        code=code,
        name=body.name,
        roles=FIRST_ADMIN_ROLES,
        languages=[],
        login=body.login,
        password_hash=password_hash,
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.session.add(person)
    await tx.session.flush()
    tx.audit("set up", f"person/{code}", differences({}, _seen(person)))
    return person


def check_password(password: str | None, login: str | None) -> None:
    """A 422 problem for a password that anybody would try."""
    if password and is_weak_password(password, login or ""):
        raise unprocessable("password", "password_weak")


async def add_person(tx: Transaction, body: PersonIn, hashes: Hashes) -> PersonOut:
    """Add a person; 409 when the code exists."""
    _check_login(body.login, body.password is not None)
    await _check_unused(tx, body.code, body.login, hashes.badge)
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
    tx.audit("add", f"person/{person.code}", differences({}, _seen(person)))
    return person_out(person)


async def change_person(
    tx: Transaction, code: str, body: PersonChange, hashes: Hashes, session_token: str
) -> PersonOut:
    """Change what is given. Sessions that rest on what changed end, but for the one that asks; 409 for the last admin's end."""
    admins = list((await tx.session.execute(LOCK_ADMINS)).scalars())
    person = await tx.session.get(Person, code, with_for_update=True)
    if person is None:
        raise Problem(404, "not_found")
    given = body.model_fields_set
    for name in ("name", "roles", "languages", "active"):
        if name in given and getattr(body, name) is None:
            raise unprocessable(name, "missing")
    before = _seen(person)
    ended = _apply(person, body, hashes)
    _check_login(person.login, person.password_hash is not None)
    await _check_taken(tx, person)
    administers = person.active and "admin" in person.roles and person.password_hash is not None
    if code in admins and not administers and is_last_admin(code, admins):
        raise Problem(409, "last_admin")
    person.updated_at = tx.now
    await tx.session.flush()
    tx.audit(
        "change", f"person/{code}", [*differences(before, _seen(person)), *((way, "•", "•") for way in sorted(ended))]
    )
    over = update(SignIn).where(col(SignIn.person) == code, col(SignIn.ended_at).is_(None)).values(ended_at=tx.now)
    if person.active:
        over = over.where(col(SignIn.method).in_(ended), col(SignIn.token_hash) != digest(session_token))
    await tx.session.execute(over)
    return person_out(person)


def _seen(person: Person) -> dict[str, Any]:
    """What of a person the audit trail tells: no secret, and no hash of one."""
    return person.model_dump(include={"name", "roles", "languages", "login", "active"})


def _apply(person: Person, body: PersonChange, hashes: Hashes) -> set[str]:
    """Change the person; the ways to sign in that are no longer what they were."""
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
    if "password" in given or person.login is None:
        person.password_hash = hashes.password
        ended.add("password")
    return ended


def _check_login(login: str | None, has_password: bool) -> None:
    if login is not None and not has_password:
        raise unprocessable("password", "missing")
    if login is None and has_password:
        raise unprocessable("login", "missing")


async def _check_unused(tx: Transaction, code: str, login: str | None, badge: bytes | None) -> None:
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


async def invite_device(tx: Transaction, body: EnrolmentIn) -> tuple[str, datetime]:
    """A one-time code for a device, and its end."""
    await tx.session.execute(delete(DeviceEnrolment).where(col(DeviceEnrolment.expires_at) <= tx.now))
    code = new_code()
    expires_at = tx.now + ENROLMENT_LIFETIME
    tx.session.add(
        DeviceEnrolment(
            code_hash=digest(code),
            name=body.name,
            machine=body.machine,
            created_by=tx.actor.person,
            expires_at=expires_at,
        )
    )
    tx.audit("invite", f"device/{body.name}", [("machine", None, body.machine)])
    return code, expires_at


async def enrol_device(tx: Transaction, code: str) -> EnrolledDevice:
    """Use the code up for a device; 404 when it is wrong, used or too old."""
    enrolment = await tx.session.get(DeviceEnrolment, digest(code.strip().upper()), with_for_update=True)
    if enrolment is None or enrolment.expires_at <= tx.now:
        raise Problem(404, "enrolment_invalid")
    token = new_token(DEVICE_PREFIX)
    device = Device(
        id=new_id(),
        name=enrolment.name,
        machine=enrolment.machine,
        token_hash=digest(token),
        enrolled_at=tx.now,
        enrolled_by=enrolment.created_by,
    )
    tx.session.add(device)
    await tx.session.delete(enrolment)
    tx.audit("enrol", f"device/{device.id}", [("name", None, device.name), ("machine", None, device.machine)])
    return EnrolledDevice(device_id=device.id, device_token=token, name=device.name, machine=device.machine)


async def revoke_device(tx: Transaction, device_id: UUID) -> DeviceOut:
    """Never let the device in again; its sessions end. Done once more it stays as it is."""
    device = await _locked(tx, Device, device_id)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = tx.now, tx.actor.person
        tx.audit("revoke", f"device/{device_id}")
        on_device = col(SignIn.device) == device_id
        await tx.session.execute(
            update(SignIn).where(on_device, col(SignIn.ended_at).is_(None)).values(ended_at=tx.now)
        )
    return DeviceOut.model_validate(device, from_attributes=True)


async def make_api_key(tx: Transaction, body: ApiKeyIn) -> NewApiKey:
    """A key for a system; 422 while another one has the name."""
    taken = select(col(ApiKey.id)).where(col(ApiKey.name) == body.name, col(ApiKey.revoked_at).is_(None))
    if (await tx.session.execute(taken)).first():
        raise unprocessable("name", "name_taken")
    secret = new_token(API_KEY_PREFIX)
    key = ApiKey(
        id=new_id(),
        name=body.name,
        roles=sorted(set(body.roles)),
        key_hash=digest(secret),
        created_at=tx.now,
        created_by=tx.actor.person,
    )
    tx.session.add(key)
    tx.audit("make", f"api_key/{key.id}", [("name", None, key.name), ("roles", None, key.roles)])
    return NewApiKey(id=key.id, name=key.name, roles=key.roles, key=secret)


async def revoke_api_key(tx: Transaction, key_id: UUID) -> ApiKeyOut:
    """End a key. Done once more it stays as it is."""
    key = await _locked(tx, ApiKey, key_id)
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = tx.now, tx.actor.person
        tx.audit("revoke", f"api_key/{key_id}")
    return ApiKeyOut.model_validate(key, from_attributes=True)


async def _locked(tx: Transaction, table: type[Row], id_: UUID) -> Row:
    row = await tx.session.get(table, id_, with_for_update=True)
    if row is None:
        raise Problem(404, "not_found")
    return row
