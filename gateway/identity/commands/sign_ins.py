"""Signing in and out.

A try is counted, and committed, before the secret is compared, and taken back when it was right: so guesses made at the
same time count like guesses made one after the other. Whatever was wrong, the answer is the same and takes as long.
"""

from datetime import timedelta

from sqlalchemy import delete, exists, select, update
from sqlmodel import col

from gateway.identity.adapters.hashing import SESSION_PREFIX, Hasher, digest, new_token
from gateway.identity.domain import (
    LIFETIMES,
    REPLAY_AFTER_SIGN_IN,
    REPLAY_ROLES,
    Tries,
    count_try,
    locked_until,
    may_replay,
)
from gateway.identity.queries import find_device
from gateway.identity.schemas import Credentials, Session
from gateway.identity.tables import Device, Person, SignIn, SignInTries
from shared.kit.auth import Actor
from shared.kit.database import Database, Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem

TRIES = 5
"""For a person on a device, or a login at an address."""
TABLET_TRIES = 20
"""For PINs on a device, whoever's: more wrong ones in a row are not a shift that comes in, but somebody who guesses."""
BADGE_TRIES = 20
"""For badges that nobody knows, on a device: a tablet is not closed by a visitor's travel card."""
STORED_FOR = timedelta(days=90)


async def sign_in(
    database: Database, hasher: Hasher, credentials: Credentials, device_token: str | None, address: str
) -> Session:
    """A new session; 401 when anything is wrong, 429 after too many tries."""
    if credentials.login is not None and credentials.password is not None:
        return await _by_password(database, hasher, credentials.login, credentials.password, address)
    async with database.reading() as session:
        device = await find_device(session, device_token)
    if credentials.badge is not None:
        return await _by_badge(database, hasher.badge(credentials.badge), device)
    return await _by_pin(database, hasher, credentials.person or "", credentials.pin or "", device)


async def _by_password(database: Database, hasher: Hasher, login: str, password: str, address: str) -> Session:
    login = login.strip().lower()
    tries = (f"login:{login}"[:200], address)
    await database.run(lambda tx: begin_try(tx, *tries, TRIES))
    async with database.reading() as session:
        found = select(Person).where(col(Person.login) == login, col(Person.active))
        person = (await session.execute(found)).scalar_one_or_none()
    right = await hasher.verify_password(person.password_hash if person else None, password)
    return await _finish(database, person if right else None, None, "password", tries)


async def _by_pin(database: Database, hasher: Hasher, code: str, pin: str, device: Device) -> Session:
    tries, of_tablet = (f"person:{code}"[:200], str(device.id)), ("pin", str(device.id))

    async def begin(tx: Transaction) -> None:
        await begin_try(tx, *tries, TRIES)
        await begin_try(tx, *of_tablet, TABLET_TRIES)

    await database.run(begin)
    async with database.reading() as session:
        found = select(Person).where(col(Person.code) == code, col(Person.active))
        person = (await session.execute(found)).scalar_one_or_none()
    right = await hasher.verify_pin(person.pin_hash if person else None, pin)
    return await _finish(database, person if right else None, device, "pin", tries, of_tablet)


async def _by_badge(database: Database, badge_hash: bytes, device: Device) -> Session:
    tries = ("badge", str(device.id))
    await database.run(lambda tx: begin_try(tx, *tries, BADGE_TRIES))
    async with database.reading() as session:
        found = select(Person).where(col(Person.badge_hash) == badge_hash, col(Person.active))
        person = (await session.execute(found)).scalar_one_or_none()
    return await _finish(database, person, device, "badge", tries)


async def _finish(
    database: Database, person: Person | None, device: Device | None, method: str, *tries: tuple[str, str]
) -> Session:
    if person is None:
        raise Problem(401, "sign_in_failed")

    async def finish(tx: Transaction) -> Session:
        for subject, address in tries:
            await tx.session.execute(
                delete(SignInTries).where(col(SignInTries.subject) == subject, col(SignInTries.place) == address)
            )
        return await open_session(tx, person, device, method)

    return await database.run(finish)


async def begin_try(tx: Transaction, subject: str, address: str, limit: int) -> None:
    """Count a try; a 429 problem while the lock is on."""
    row = await tx.session.get(SignInTries, (subject, address), with_for_update=True)
    tries = Tries(row.failures, row.last_at) if row else None
    end = locked_until(tries, limit, tx.now)
    if end is not None:
        seconds = int((end - tx.now).total_seconds()) + 1
        raise Problem(429, "locked", headers={"Retry-After": str(seconds)}, minutes=(seconds + 59) // 60)
    counted = count_try(tries, tx.now)
    if row is None:
        await tx.session.execute(delete(SignInTries).where(col(SignInTries.last_at) < tx.now - timedelta(days=1)))
        tx.session.add(SignInTries(subject=subject, place=address, failures=counted.failures, last_at=counted.last_at))
    else:
        row.failures, row.last_at = counted.failures, counted.last_at


async def open_session(tx: Transaction, person: Person, device: Device | None, method: str) -> Session:
    """A session of ``person``; its token is shown once."""
    await tx.session.execute(delete(SignIn).where(col(SignIn.expires_at) < tx.now - STORED_FOR))
    lifetime = LIFETIMES[method]
    token = new_token(SESSION_PREFIX)
    tx.session.add(
        SignIn(
            id=new_id(),
            token_hash=digest(token),
            person=person.code,
            device=device.id if device else None,
            method=method,
            created_at=tx.now,
            expires_at=tx.now + lifetime,
        )
    )
    return Session(
        access_token=token,
        expires_in=int(lifetime.total_seconds()),
        person=person.code,
        name=person.name,
        roles=REPLAY_ROLES if method == "replay" else sorted(person.roles),
    )


async def replay(tx: Transaction, code: str, device_token: str) -> Session:
    """A short session in which a tablet sends what a person did on it.

    403 unless they are known to have used it lately.
    """
    device = await find_device(tx.session, device_token)
    lately = exists().where(
        col(SignIn.person) == col(Person.code),
        col(SignIn.device) == device.id,
        col(SignIn.method) != "replay",
        col(SignIn.created_at) > tx.now - REPLAY_AFTER_SIGN_IN,
    )
    statement = select(Person).where(col(Person.code) == code, col(Person.active), lately)
    person = (await tx.session.execute(statement)).scalar_one_or_none()
    if person is None or not may_replay(person.roles):
        raise Problem(403, "replay_refused")
    tx.actor = Actor(person.code, frozenset(REPLAY_ROLES), str(device.id))
    tx.audit("replay", f"person/{person.code}", [("device", None, device.name)])
    return await open_session(tx, person, device, "replay")


async def sign_out(tx: Transaction, token: str) -> None:
    """End the session of ``token``, if it is one."""
    this = col(SignIn.token_hash) == digest(token)
    await tx.session.execute(update(SignIn).where(this, col(SignIn.ended_at).is_(None)).values(ended_at=tx.now))
