"""HTTP shapes of identity."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from gateway.identity.domain import PASSWORD_MIN, is_pin, is_weak_pin
from shared.kit.names import Code, Name

PersonRole = Literal["operator", "leader", "quality", "planner", "maintenance", "admin", "viewer"]
KeyRole = Literal["erp", "viewer"]
Language = Literal["ko", "en", "vi"]


def _plain(value: Any) -> Any:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def _strong_pin(pin: str) -> str:
    if not is_pin(pin):
        raise ValueError("pin_digits")
    if is_weak_pin(pin):
        raise ValueError("pin_weak")
    return pin


Login = Annotated[
    str,
    BeforeValidator(lambda value: _plain(value).lower() if isinstance(value, str) else value),
    StringConstraints(pattern=r"^\w[\w.@+-]*$", min_length=2, max_length=100),
]
Password = Annotated[str, StringConstraints(min_length=PASSWORD_MIN, max_length=200)]
Pin = Annotated[str, AfterValidator(_strong_pin)]
Badge = Annotated[str, BeforeValidator(_plain), StringConstraints(min_length=4, max_length=100)]
Label = Annotated[str, BeforeValidator(_plain), StringConstraints(min_length=1, max_length=100)]
Roles = Annotated[list[PersonRole], Field(min_length=1, max_length=7)]
Languages = Annotated[list[Language], Field(max_length=3)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Something to be compared: not checked here, so that a response reveals nothing about what is right."""


class RequestBody(BaseModel):
    """The base of request bodies: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Setup(RequestBody):
    """The first admin. Without a code the login is the code."""

    token: Secret
    login: Login
    name: Name
    password: Password
    code: Code | None = None


class Credentials(RequestBody):
    """A login and a password; or, on an enrolled device, a person and a PIN, or a badge."""

    login: Secret | None = None
    password: Secret | None = None
    person: Secret | None = None
    pin: Secret | None = None
    badge: Secret | None = None
    device_token: Secret | None = None
    """The device's token, where it is not the bearer token of the request."""

    @model_validator(mode="after")
    def one_method(self) -> Self:
        """Require exactly one method to sign in."""
        given = {name for name in ("login", "password", "person", "pin", "badge") if getattr(self, name) is not None}
        if given not in ({"login", "password"}, {"person", "pin"}, {"badge"}):
            raise ValueError("credentials_unclear")
        return self


class ReplayIn(RequestBody):
    """The person whose queued work a tablet sends."""

    person: Secret


class Session(BaseModel):
    """A session; ``expires_in`` in seconds."""

    access_token: str
    expires_in: int
    person: str
    name: dict[str, str]
    roles: list[str]


class Site(BaseModel):
    """This installation."""

    code: str
    name: dict[str, str]
    timezone: str


class PublicSite(Site):
    """The public part of it."""

    needs_setup: bool
    version: str


class DeviceRef(BaseModel):
    """A device, where another thing names it."""

    id: UUID
    name: str
    machine: str | None


class Me(BaseModel):
    """The person, roles and device of a session."""

    person: str
    name: dict[str, str]
    roles: list[str]
    languages: list[str]
    device: DeviceRef | None
    site: Site


class PersonIn(RequestBody):
    """A new person."""

    code: Code
    name: Name
    roles: Roles
    pin: Pin | None = None
    badge: Badge | None = None
    login: Login | None = None
    password: Password | None = None
    languages: Languages = []


class PersonChange(RequestBody):
    """The fields to change; null takes a PIN, a badge or the login with its password away."""

    name: Name | None = None
    roles: Roles | None = None
    pin: Pin | None = None
    badge: Badge | None = None
    login: Login | None = None
    password: Password | None = None
    languages: Languages | None = None
    active: bool | None = None


class PersonOut(BaseModel):
    """A person, without any secret; events name them by ``person_id``."""

    code: str
    person_id: UUID
    name: dict[str, str]
    roles: list[str]
    login: str | None
    has_pin: bool
    has_badge: bool
    has_password: bool
    languages: list[str]
    active: bool


class PersonName(BaseModel):
    """The name behind a code, and behind the id by which events name the person."""

    code: str
    person_id: UUID
    name: dict[str, str]
    active: bool


class EnrolmentIn(RequestBody):
    """An invitation for a device; ``machine`` is the one it stands at."""

    name: Label
    machine: Code | None = None


class EnrolmentOut(BaseModel):
    """A one-time code, the link that holds it, and the link as a QR code."""

    code: str
    url: str
    expires_at: datetime
    qr_svg: str


class DeviceIn(RequestBody):
    """The one-time code, on the device."""

    code: Secret


class EnrolledDevice(BaseModel):
    """The device's own token, shown once."""

    device_id: UUID
    device_token: str
    name: str
    machine: str | None


class DeviceOut(BaseModel):
    """A device as the admin sees it."""

    id: UUID
    name: str
    machine: str | None
    enrolled_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


class PersonOnDevice(BaseModel):
    """Somebody who can sign in on a device."""

    code: str
    name: dict[str, str]
    languages: list[str]
    has_pin: bool


class CurrentDevice(DeviceRef):
    """A device, and what it may know before anybody is signed in on it."""

    site: Site
    people: list[PersonOnDevice]


class ApiKeyIn(RequestBody):
    """A new key of a system."""

    name: Label
    roles: Annotated[list[KeyRole], Field(min_length=1, max_length=2)]


class ApiKeyOut(BaseModel):
    """A key, without the secret."""

    id: UUID
    name: str
    roles: list[str]
    created_at: datetime
    revoked_at: datetime | None


class NewApiKey(BaseModel):
    """A key with its secret, shown once."""

    id: UUID
    name: str
    roles: list[str]
    key: str
