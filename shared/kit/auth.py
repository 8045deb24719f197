"""Authentication: the gateway's short-lived Ed25519 tokens, and the roles that a route lets in."""

import json
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Literal, NamedTuple, get_args

from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.kit.problem import Problem

Role = Literal["operator", "leader", "quality", "planner", "maintenance", "admin", "erp", "viewer"]
ROLES: tuple[Role, ...] = ("operator", "leader", "quality", "planner", "maintenance", "admin", "erp", "viewer")
EVERYBODY = ROLES
STAFF: tuple[Role, ...] = ("operator", "leader", "quality", "planner", "maintenance", "admin")
"""Those who work in the shop, and know each other."""
READERS: tuple[Role, ...] = (*STAFF, "viewer")
"""Those who look at the shop: its staff, and a guest who reads its figures and learns nothing of its people."""
LIFETIME_S = 60
"""A token lives for a minute: what was revoked at the gateway is refused everywhere within it."""


@dataclass(frozen=True)
class Actor:
    """The person or system on whose behalf a command runs; ``person`` is a code, never a name."""

    person: str
    roles: frozenset[str]
    device: str | None = None
    site: str = "main"
    enrolled_at: datetime | None = None
    """When the device was enrolled: before it can have seen nothing."""


SYSTEM = Actor("system", frozenset())
"""Whoever acts when no person does: a consumer, a timer."""


class TokenSigner:
    """Makes the gateway's tokens; one is reused while it still lives for half its time."""

    def __init__(self, private_key: OKPKey) -> None:
        self._key = private_key
        self._signed: dict[tuple[Actor, str], tuple[float, str]] = {}

    def sign(self, actor: Actor, audience: str) -> str:
        """A token for ``actor`` that the service ``audience`` accepts."""
        now = time.time()
        known = self._signed.get((actor, audience))
        if known and known[0] > now + LIFETIME_S / 2:
            return known[1]
        claims = {
            "iss": "gateway",
            "aud": audience,
            "sub": actor.person,
            "roles": sorted(actor.roles),
            "dev": actor.device,
            "site": actor.site,
            "exp": int(now) + LIFETIME_S,
        }
        if actor.enrolled_at is not None:
            claims["enrolled"] = actor.enrolled_at.isoformat()
        token = jwt.encode({"alg": "Ed25519", "typ": "JWT"}, claims, self._key, algorithms=["Ed25519"])
        if len(self._signed) > 1000:
            self._signed.clear()
        self._signed[(actor, audience)] = (now + LIFETIME_S, token)
        return token


class TokenVerifier:
    """Checks the gateway's tokens for one service; remembers those it has checked until they expire."""

    def __init__(self, public_key: str, audience: str) -> None:
        self._key = OKPKey.import_key(json.loads(public_key))
        self._audience = audience
        self._known: dict[str, tuple[float, Actor]] = {}

    def verify(self, token: str) -> Actor:
        """The actor of ``token``; a 401 problem when it is forged, expired or meant for another service."""
        now = time.time()
        known = self._known.get(token)
        if known and known[0] > now:
            return known[1]
        try:
            claims = jwt.decode(token, self._key, algorithms=["Ed25519"]).claims
        except (JoseError, ValueError) as error:
            raise Problem(401, "no_session") from error
        if claims.get("aud") != self._audience or claims.get("iss") != "gateway" or claims.get("exp", 0) <= now:
            raise Problem(401, "no_session")
        enrolled = claims.get("enrolled")
        actor = Actor(
            claims["sub"],
            frozenset(claims["roles"]),
            claims.get("dev"),
            claims["site"],
            datetime.fromisoformat(enrolled) if enrolled else None,
        )
        if len(self._known) > 1000:
            self._known.clear()
        self._known[token] = (float(claims["exp"]), actor)
        return actor


_reader: ContextVar[frozenset[str] | None] = ContextVar("reader", default=None)


def reader_is(*roles: Role) -> bool:
    """True when the answer that is made now is for one of these roles, or for nobody: a consumer, a timer."""
    reader = _reader.get()
    return reader is None or not reader.isdisjoint(roles)


def actor_of(authenticate: Callable[[str], Actor], authorization: str, roles: frozenset[Role]) -> Actor:
    """The actor of an Authorization header, whose answer is made from now on.

    401 without a token, 403 for another role.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "no_session")
    actor = authenticate(token)
    if not roles & actor.roles:
        raise Problem(403, "not_allowed", roles=sorted(roles))
    _reader.set(actor.roles)
    return actor


@dataclass(frozen=True, eq=False)  # two rights of the same roles are still two: `Annotated` would make them one
class Permission:
    """A dependency that lets its roles in and gives the actor: 401 without a token, 403 for another role."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Actor:
        """The actor of the request."""
        actor = actor_of(request.app.state.authenticate, request.headers.get("authorization", ""), self.roles)
        request.state.actor = actor
        return actor


def allow(*roles: Role) -> Permission:
    """Let these roles in."""
    return Permission(frozenset(roles))


class Right(NamedTuple):
    """A permission by its name, and whose it is: a publisher's, or of all services."""

    of: str
    name: str


def stated_rights(**modules: ModuleType) -> Mapping[Permission, Right]:
    """The rights that ``permissions`` modules state, by whose they are."""
    return {
        part.dependency: Right(of, name)
        for of, module in modules.items()
        for name, alias in vars(module).items()
        for part in get_args(alias)
        if isinstance(getattr(part, "dependency", None), Permission)
    }
