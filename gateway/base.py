"""The base of the gateway's tables: a registry of its own."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.kit.tables import service_metadata


class Base(SQLModel, registry=registry(metadata=service_metadata())):
    """Every table of the gateway."""
