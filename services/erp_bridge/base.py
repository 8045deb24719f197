"""The base of this service's tables: a registry of its own."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.kit.tables import add_agreement, add_event_troubles, add_packed_events, service_metadata

METADATA = service_metadata()
add_event_troubles(METADATA)
add_agreement(METADATA)
add_packed_events(METADATA)


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """Every table of the ERP bridge."""
