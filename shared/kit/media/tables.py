"""Media by the hash of their content: the same picture is stored once, whoever sends it under whatever name."""

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, MetaData, String, Table, Uuid

from shared.kit.media.domain import LIMIT_BYTES, TYPES
from shared.kit.tables import NAMING, instant


def media_table(metadata: MetaData) -> Table:
    """The table of a service that stores media; nothing in it ever changes. ``width`` and ``height`` in pixels."""
    return Table(
        "media",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("sha256", LargeBinary, nullable=False, unique=True),
        Column("type", String, nullable=False),
        Column("size", Integer, nullable=False),
        Column("width", Integer),
        Column("height", Integer),
        Column("name", String, nullable=False),
        Column("content", LargeBinary, nullable=False),
        instant("added_at"),
        Column("added_by", String, nullable=False),
        CheckConstraint(f"type IN ({', '.join(repr(type_) for type_ in TYPES)})", name="type"),
        CheckConstraint(f"size = octet_length(content) AND size BETWEEN 1 AND {LIMIT_BYTES}", name="size"),
    )


MEDIA = media_table(MetaData(naming_convention=NAMING))
"""The table in statements, in whichever service they run."""
