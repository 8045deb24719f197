"""People, devices and what proves who they are.

Invariants: no secret is stored, only its hash; a login comes with a password; a one-time code or set-up token is used
once; a session belongs to a person and, when it was opened by PIN or badge, to a device. Who made or revoked something
is a note and no reference: it may have been the command line.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field

from gateway.base import Base
from shared.kit.auth import ROLES

INSTANT = TIMESTAMP(timezone=True)
KNOWN_ROLES = f"roles <@ ARRAY[{', '.join(repr(role) for role in ROLES)}]::text[]"


class Person(Base, table=True):
    """One person; events carry the code, the name stays here."""

    __table_args__ = (
        CheckConstraint("(login IS NULL) = (password_hash IS NULL)", name="login"),
        CheckConstraint("login = lower(login)", name="login_lower"),
        CheckConstraint("cardinality(roles) > 0", name="roles"),
        CheckConstraint(KNOWN_ROLES, name="roles_known"),
    )

    code: str = Field(primary_key=True, max_length=60)
    name: dict[str, str] = Field(sa_type=JSONB, nullable=False)
    roles: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    languages: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    login: str | None = Field(default=None, unique=True)
    password_hash: str | None = None
    pin_hash: str | None = None
    badge_hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    active: bool = True
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)


class Device(Base, table=True):
    """A tablet or a terminal; its token is known to it alone."""

    __table_args__ = (CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),)

    id: UUID = Field(primary_key=True)
    name: str
    machine: str | None = None
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    enrolled_at: datetime = Field(sa_type=INSTANT)
    enrolled_by: str
    last_seen_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_by: str | None = None


class DeviceEnrolment(Base, table=True):
    """A one-time invitation for a device; it is deleted when it is used."""

    __tablename__ = "device_enrolment"

    code_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    name: str
    machine: str | None = None
    created_by: str
    expires_at: datetime = Field(sa_type=INSTANT)


class SignIn(Base, table=True):
    """A session; it stays for 90 days after its end, so that it stays known who was signed in when and where."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("method IN ('password', 'pin', 'badge', 'replay')", name="method"),
        CheckConstraint("(method = 'password') = (device IS NULL)", name="device"),
        CheckConstraint("expires_at > created_at", name="expires"),
        Index("ix_session_person", "person", postgresql_where=text("ended_at IS NULL")),
        Index("ix_session_device", "device", postgresql_where=text("ended_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    person: str = Field(foreign_key="person.code")
    device: UUID | None = Field(default=None, foreign_key="device.id")
    method: str
    created_at: datetime = Field(sa_type=INSTANT)
    expires_at: datetime = Field(sa_type=INSTANT, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ApiKey(Base, table=True):
    """A key of a system, such as the ERP."""

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("cardinality(roles) > 0", name="roles"),
        CheckConstraint(KNOWN_ROLES, name="roles_known"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
        Index("uq_api_key_name", "name", unique=True, postgresql_where=text("revoked_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    name: str
    roles: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    key_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_by: str | None = None


class SetupToken(Base, table=True):
    """The one-time token of the set-up link; it is deleted when it is used."""

    __tablename__ = "setup_token"

    token_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    expires_at: datetime = Field(sa_type=INSTANT)


class SignInTries(Base, table=True):
    """Failed tries in a row of ``subject`` (a person, a login, anybody's PIN) at ``place`` (a device, an address)."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (CheckConstraint("failures > 0", name="failures"),)

    subject: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    failures: int
    last_at: datetime = Field(sa_type=INSTANT, index=True)
