"""Routes of identity."""

import platform
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from gateway.identity import queries
from gateway.identity.adapters.hashing import Hasher
from gateway.identity.adapters.sessions import Sessions
from gateway.identity.commands import api_keys, devices, people, setup, sign_ins
from gateway.identity.schemas import (
    ApiKeyIn,
    ApiKeyOut,
    Credentials,
    CurrentDevice,
    DeviceIn,
    DeviceOut,
    EnrolledDevice,
    EnrolmentIn,
    EnrolmentOut,
    Me,
    NewApiKey,
    PersonChange,
    PersonIn,
    PersonName,
    PersonOut,
    PublicSite,
    ReplayIn,
    Session,
    Setup,
    Site,
)
from gateway.permissions import (
    CanManageApiKeys,
    CanManageDevices,
    CanManagePeople,
    CanReadDevices,
    CanReadNames,
    CanReadPeople,
    CanReadTrail,
    HasSession,
)
from gateway.settings import GatewaySettings, LanOrigin
from shared.kit.database import Transaction
from shared.kit.idempotency import Db
from shared.kit.openapi.refusals import refuses
from shared.kit.paging import Cursor, Limit, Page, Short
from shared.kit.problem import Problem
from shared.kit.qr import qr_svg
from shared.kit.routing import api_router
from shared.kit.trail import AuditOut, Subject, read_trail

router = api_router("", "identity")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
BY_DEVICE: dict[str, list[str]] = {"device": []}
"""A device proves itself by its token, where nobody has signed in yet."""


def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


def _hasher(request: Request) -> Hasher:
    hasher: Hasher = request.app.state.hasher
    return hasher


def _site(request: Request) -> Site:
    settings: GatewaySettings = request.app.state.settings
    return Site(code=settings.site, name=settings.site_name, timezone=settings.time_zone)


def _bearer(request: Request) -> str:
    return request.headers.get("authorization", "").partition(" ")[2]


def _origin(request: Request) -> str:
    """The origin of a link: the shop's own one, or the address that the client uses when it is one of this machine's.

    421 for another: whoever writes the Host header does not decide where tablets are led.
    """
    settings: GatewaySettings = request.app.state.settings
    network: LanOrigin | None = request.app.state.lan
    if settings.public_url:
        return settings.public_url.rstrip("/")
    asked = request.url
    host = (asked.hostname or "").lower()
    if network is not None:
        return f"{asked.scheme}://{asked.netloc}" if host in network.names() else network.address()
    server = request.scope.get("server") or ("",)
    if host not in {*LOOPBACK, server[0], platform.node().lower(), f"{platform.node().lower()}.local"}:
        raise Problem(421, "host_unknown", host=asked.netloc)
    return f"{asked.scheme}://{asked.netloc}"


Known = Annotated[Sessions, Depends(_sessions)]
Hash = Annotated[Hasher, Depends(_hasher)]
ThisSite = Annotated[Site, Depends(_site)]
Bearer = Annotated[str, Depends(_bearer)]
Origin = Annotated[str, Depends(_origin)]


@router.get("/site")
async def get_site(request: Request, db: Db, site: ThisSite) -> PublicSite:
    """The name of this installation, and whether it still needs its first admin."""
    async with db.reading() as session:
        needs_setup = await queries.needs_setup(session)
    return PublicSite(**site.model_dump(), needs_setup=needs_setup, version=request.app.version)


@router.post("/setup", status_code=201, responses=refuses(403, 409))
async def set_up(body: Setup, db: Db, hasher: Hash) -> Session:
    """The first admin, by the one-time set-up link, and a session."""
    people.check_password(body.password, body.login)
    password_hash = await hasher.hash_password(body.password)

    async def run(tx: Transaction) -> Session:
        person = await setup.set_up(tx, body, password_hash)
        return await sign_ins.open_session(tx, person, None, "password")

    return await db.run(run)


@router.post("/sessions", status_code=201, responses=refuses(401, 429), openapi_extra={"security": [{}, BY_DEVICE]})
async def sign_in(body: Credentials, request: Request, db: Db, hasher: Hash, bearer: Bearer) -> Session:
    """Sign in: by login and password, or on an enrolled device (its token is the bearer) by person and PIN, or by
    badge.
    """
    address = request.client.host if request.client else ""
    return await sign_ins.sign_in(db, hasher, body, body.device_token or bearer, address)


@router.post("/sessions/replay", status_code=201, responses=refuses(401, 403), openapi_extra={"security": [BY_DEVICE]})
async def open_replay_session(body: ReplayIn, db: Db, bearer: Bearer) -> Session:
    """Send queued work from a tablet (its token is the bearer) for a person who signed in on it within 14 days.

    An operator for 10 minutes.
    """
    return await db.run(lambda tx: sign_ins.replay(tx, body.person, bearer))


@router.delete("/sessions/current", status_code=204)
async def sign_out(actor: HasSession, db: Db, bearer: Bearer, sessions: Known) -> None:
    """Sign out."""
    await db.run(lambda tx: sign_ins.sign_out(tx, bearer))
    sessions.forget()


@router.get("/me")
async def get_me(actor: HasSession, db: Db, site: ThisSite) -> Me:
    """The person, roles and device of this session."""
    async with db.reading() as session:
        return await queries.get_me(session, actor, site)


@router.get("/people")
async def list_people(actor: CanReadPeople, db: Db, cursor: Cursor = None, limit: Limit = 50) -> Page[PersonOut]:
    """People by code."""
    async with db.reading() as session:
        return await queries.list_people(session, db.people, cursor, limit)


@router.get("/people/names")
async def list_names(actor: CanReadNames, db: Db, cursor: Cursor = None, limit: Limit = 50) -> Page[PersonName]:
    """The names behind the codes in histories and records, also of those who have left."""
    async with db.reading() as session:
        return await queries.list_names(session, db.people, cursor, limit)


@router.post("/people", status_code=201, responses=refuses(409))
async def add_person(body: PersonIn, actor: CanManagePeople, db: Db, hasher: Hash) -> PersonOut:
    """Add a person."""
    people.check_password(body.password, body.login)
    hashes = await people.hash_secrets(hasher, body)
    return await db.run(lambda tx: people.add_person(tx, body, hashes), actor)


@router.patch("/people/{code}", responses=refuses(409))
async def change_person(
    code: str, body: PersonChange, actor: CanManagePeople, db: Db, hasher: Hash, bearer: Bearer, sessions: Known
) -> PersonOut:
    """Change what is given; null takes a PIN, a badge or the login away."""
    people.check_password(body.password, body.login)
    hashes = await people.hash_secrets(hasher, body)
    person = await db.run(lambda tx: people.change_person(tx, code, body, hashes, bearer), actor)
    sessions.forget()
    return person


@router.post("/device-enrolments", status_code=201, responses=refuses(421))
async def invite_device(body: EnrolmentIn, actor: CanManageDevices, db: Db, origin: Origin) -> EnrolmentOut:
    """A one-time link for a tablet, good for 15 minutes."""
    code, expires_at = await db.run(lambda tx: devices.invite_device(tx, body), actor)
    url = f"{origin}/devices#enrol={code}"
    return EnrolmentOut(code=code, url=url, expires_at=expires_at, qr_svg=qr_svg(url))


@router.post("/devices", status_code=201, responses=refuses(404))
async def enrol_device(body: DeviceIn, db: Db) -> EnrolledDevice:
    """Use the one-time code up, on the tablet; the token is shown once."""
    return await db.run(lambda tx: devices.enrol_device(tx, body.code))


@router.get("/devices")
async def list_devices(actor: CanReadDevices, db: Db, paging: Short) -> Page[DeviceOut]:
    """All devices, the newest first."""
    async with db.reading() as session:
        return paging.page(await queries.list_devices(session))


@router.get("/devices/current", responses=refuses(401), openapi_extra={"security": [BY_DEVICE]})
async def get_current_device(db: Db, bearer: Bearer, site: ThisSite) -> CurrentDevice:
    """The device whose token is the bearer, and who can sign in on it."""
    async with db.reading() as session:
        return await queries.current_device(session, bearer, site)


@router.post("/devices/{device_id}/revoke")
async def revoke_device(device_id: UUID, actor: CanManageDevices, db: Db, sessions: Known) -> DeviceOut:
    """Never let this device in again."""
    device = await db.run(lambda tx: devices.revoke_device(tx, device_id), actor)
    sessions.forget()
    return device


@router.post("/api-keys", status_code=201)
async def create_api_key(body: ApiKeyIn, actor: CanManageApiKeys, db: Db) -> NewApiKey:
    """A key for a system; it is shown once."""
    return await db.run(lambda tx: api_keys.create_api_key(tx, body), actor)


@router.get("/api-keys")
async def list_api_keys(actor: CanManageApiKeys, db: Db, paging: Short) -> Page[ApiKeyOut]:
    """All keys, the newest first."""
    async with db.reading() as session:
        return paging.page(await queries.list_api_keys(session))


@router.post("/api-keys/{key_id}/revoke")
async def revoke_api_key(key_id: UUID, actor: CanManageApiKeys, db: Db, sessions: Known) -> ApiKeyOut:
    """End a key."""
    key = await db.run(lambda tx: api_keys.revoke_api_key(tx, key_id), actor)
    sessions.forget()
    return key


@router.get("/audit")
async def list_audit(
    actor: CanReadTrail, db: Db, subject: Subject | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[AuditOut]:
    """What was changed of people, devices and keys, of one of them or of all: by whom, when and how; newest first."""
    async with db.reading() as session:
        return await read_trail(session, subject, cursor, limit)
