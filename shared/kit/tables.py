"""The plumbing's tables, which every service has in its own database.

Invariants: an outbox row is written in the transaction of its fact and is published at least once; an aggregate's
versions have no gap and no double; an inbox row is the last version of an aggregate whose effect was committed; an
idempotency row exists exactly when its command was committed; an audit row is never changed or removed, and its hash
covers all before it; ``after`` of a republish request is the last aggregate that was published, in the transaction that
published it; of an aggregate with a withheld event nothing is published from that version on; a retrying event was
neither applied nor parked.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, BYTEA, JSON, SMALLINT, TIMESTAMP, UUID

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def instant(name: str, *, nullable: bool = False, default_now: bool = False) -> "Column[object]":
    """A point in time, with its time zone."""
    return Column(
        name, TIMESTAMP(timezone=True), nullable=nullable, server_default=text("now()") if default_now else None
    )


def service_metadata() -> MetaData:
    """New metadata for one service, with the plumbing's tables in it."""
    metadata = MetaData(naming_convention=NAMING)
    Table(
        "outbox",
        metadata,
        Column("position", BIGINT, Identity(always=True), primary_key=True),
        Column("id", UUID(as_uuid=True), nullable=False, unique=True),
        Column("type", Text, nullable=False),
        Column("aggregate", Text, nullable=False),
        Column("version", Integer, nullable=False),
        instant("time"),
        Column("body", JSON, nullable=False),
        Column("traceparent", Text),
        instant("published_at", nullable=True),
        UniqueConstraint("aggregate", "version"),
        CheckConstraint("version > 0", name="version"),
        Index("ix_outbox_unpublished", "position", postgresql_where=text("published_at IS NULL")),
    )
    Table(
        "inbox",
        metadata,
        Column("stream", Text, primary_key=True),
        Column("aggregate", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("event_id", UUID(as_uuid=True), nullable=False),
        instant("applied_at", default_now=True),
        CheckConstraint("version > 0", name="version"),
    )
    Table(
        "parked_event",
        metadata,
        Column("id", UUID(as_uuid=True), primary_key=True),
        Column("stream", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("aggregate", Text, nullable=False),
        Column("version", Integer, nullable=False),
        instant("time"),
        Column("body", JSON, nullable=False),
        Column("reason", Text, nullable=False),
        instant("parked_at", default_now=True),
        instant("replayed_at", nullable=True),
        Column("replayed_by", Text),
        CheckConstraint("(replayed_at IS NULL) = (replayed_by IS NULL)", name="replayed"),
        Index("ix_parked_event_waiting", "stream", "aggregate", postgresql_where=text("replayed_at IS NULL")),
    )
    Table(
        "audit",
        metadata,
        Column("position", BIGINT, primary_key=True, autoincrement=False),
        instant("at"),
        Column("person", Text, nullable=False),
        Column("device", Text),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("changes", JSON, nullable=False),
        Column("reason", Text),
        Column("hash", BYTEA, nullable=False),
        Index("ix_audit_subject", "subject", "position"),
    )
    Table(
        "republish_request",
        metadata,
        Column("id", BIGINT, Identity(always=True), primary_key=True),
        Column("kind", Text, nullable=False),
        Column("ids", ARRAY(Text)),
        Column("after", Text),
        Column("published", Integer, nullable=False, server_default=text("0")),
        instant("requested_at", default_now=True),
        instant("finished_at", nullable=True),
    )
    Table(
        "idempotency",
        metadata,
        Column("key", UUID(as_uuid=True), primary_key=True),
        Column("fingerprint", BYTEA, nullable=False),
        Column("answer", JSON, nullable=False),
        instant("created_at", default_now=True),
    )
    return metadata


def add_event_troubles(metadata: MetaData) -> None:
    """The tables of a service for events that cannot be published, and for those that failed when they were applied."""
    Table(
        "withheld_event",
        metadata,
        Column("id", UUID(as_uuid=True), primary_key=True),
        Column("aggregate", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("reason", Text, nullable=False),
        instant("withheld_at", default_now=True),
        Index("ix_withheld_event_aggregate", "aggregate", "version"),
    )
    Table(
        "retrying_event",
        metadata,
        Column("id", UUID(as_uuid=True), primary_key=True),
        Column("stream", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("aggregate", Text, nullable=False),
        Column("version", Integer, nullable=False),
        instant("time"),
        Column("tries", Integer, nullable=False, server_default=text("1")),
        Column("reason", Text, nullable=False),
        instant("failed_first_at", default_now=True),
        instant("failed_last_at", default_now=True),
    )


def add_agreement(metadata: MetaData) -> None:
    """Up to where a service was found to agree with its publishers, and how often an event was published again."""
    outbox = metadata.tables["outbox"]
    outbox.append_column(Column("repeats", SMALLINT, nullable=False, server_default=text("0")))
    Table(
        "agreement",
        metadata,
        Column("stream", Text, primary_key=True),
        Column("position", BIGINT, nullable=False),
        Column("event_id", UUID(as_uuid=True)),
        instant("agreed_at", default_now=True),
    )


def add_packed_events(metadata: MetaData) -> None:
    """The events that were published long ago, many in a row."""
    Table(
        "outbox_page",
        metadata,
        Column("first", BIGINT, primary_key=True, autoincrement=False),
        Column("last", BIGINT, nullable=False),
        Column("events", Integer, nullable=False),
        Column("body", BYTEA, nullable=False),
        CheckConstraint("first <= last AND events > 0", name="extent"),
    )
    keys = metadata.tables["idempotency"]
    Index("ix_idempotency_created_at", keys.c.created_at, postgresql_using="brin")
