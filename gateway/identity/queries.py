"""Reads of identity."""

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.adapters.hashing import digest
from gateway.identity.schemas import (
    ApiKeyOut,
    CurrentDevice,
    DeviceOut,
    DeviceRef,
    Me,
    PersonName,
    PersonOnDevice,
    PersonOut,
    Site,
)
from gateway.identity.tables import ApiKey, Device, Person
from shared.kit.auth import Actor
from shared.kit.paging import Page, page_of, read_cursor
from shared.kit.problem import Problem
from shared.kit.pseudonyms import Pseudonyms

ADMINS = text(
    "SELECT code FROM person WHERE active AND 'admin' = ANY(roles) AND password_hash IS NOT NULL ORDER BY code"
)
"""Those who can administer from anywhere; an admin with a PIN alone needs a device first."""


def person_out(person: Person, people: Pseudonyms) -> PersonOut:
    """A person as the API shows it."""
    return PersonOut(
        code=person.code,
        person_id=people.id_of(person.code),
        name=person.name,
        roles=person.roles,
        login=person.login,
        has_pin=person.pin_hash is not None,
        has_badge=person.badge_hash is not None,
        has_password=person.password_hash is not None,
        languages=person.languages,
        active=person.active,
    )


async def needs_setup(session: AsyncSession) -> bool:
    """True while nobody can administer."""
    return (await session.execute(ADMINS)).first() is None


async def list_people(session: AsyncSession, people: Pseudonyms, cursor: str | None, limit: int) -> Page[PersonOut]:
    """People by code."""
    statement = select(Person).order_by(col(Person.code)).limit(limit + 1)
    if after := read_cursor(cursor, str):
        statement = statement.where(col(Person.code) > after[0])
    page = page_of((await session.scalars(statement)).all(), limit, lambda person: (person.code,))
    return Page(items=[person_out(person, people) for person in page.items], next_cursor=page.next_cursor)


async def list_names(session: AsyncSession, people: Pseudonyms, cursor: str | None, limit: int) -> Page[PersonName]:
    """People by code, with nothing but their names."""
    page = await list_people(session, people, cursor, limit)
    return Page(items=[PersonName(**person.model_dump()) for person in page.items], next_cursor=page.next_cursor)


async def get_me(session: AsyncSession, actor: Actor, site: Site) -> Me:
    """The person, roles and device of ``actor``; an API key is called by its own name."""
    person = await session.get(Person, actor.person)
    device = await session.get(Device, actor.device) if actor.device else None
    return Me(
        person=actor.person,
        name=person.name if person else {"en": actor.person},
        roles=sorted(actor.roles),
        languages=person.languages if person else [],
        device=DeviceRef(id=device.id, name=device.name, machine=device.machine) if device else None,
        site=site,
    )


async def find_device(session: AsyncSession, token: str | None) -> Device:
    """The device of a token; a 401 problem when there is none, or it was revoked."""
    statement = select(Device).where(col(Device.token_hash) == digest(token or ""), col(Device.revoked_at).is_(None))
    device = (await session.execute(statement)).scalar_one_or_none()
    if device is None:
        raise Problem(401, "device_unknown")
    return device


async def current_device(session: AsyncSession, token: str | None, site: Site) -> CurrentDevice:
    """The device of a token, and who can sign in on it."""
    device = await find_device(session, token)
    statement = (
        select(Person)
        .where(col(Person.active), or_(col(Person.pin_hash).is_not(None), col(Person.badge_hash).is_not(None)))
        .order_by(col(Person.code))
    )
    people = (await session.execute(statement)).scalars()
    return CurrentDevice(
        id=device.id,
        name=device.name,
        machine=device.machine,
        site=site,
        people=[
            PersonOnDevice(code=p.code, name=p.name, languages=p.languages, has_pin=p.pin_hash is not None)
            for p in people
        ],
    )


async def list_devices(session: AsyncSession) -> list[DeviceOut]:
    """All devices, the newest first; a shop has a few dozen."""
    rows = (await session.execute(select(Device).order_by(col(Device.enrolled_at).desc()).limit(1000))).scalars()
    return [DeviceOut.model_validate(device, from_attributes=True) for device in rows]


async def list_api_keys(session: AsyncSession) -> list[ApiKeyOut]:
    """All keys, the newest first."""
    rows = (await session.execute(select(ApiKey).order_by(col(ApiKey.created_at).desc()).limit(1000))).scalars()
    return [ApiKeyOut.model_validate(key, from_attributes=True) for key in rows]
