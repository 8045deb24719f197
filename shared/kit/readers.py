"""Fields of answers that only some of a route's readers see: for the others they are null.

A schema says so by the type of the field, so that no route and no query has to think of it.
"""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.kit.auth import STAFF, Role, reader_is
from shared.kit.problem import Problem

T = TypeVar("T")


@dataclass(frozen=True)
class VisibleTo:
    """Marks the type of a field that these roles see; the description of the API says so too (``x-visible-to``)."""

    roles: tuple[Role, ...]

    def for_reader(self, value: T) -> T | None:
        """The value for whoever the answer is made for."""
        return value if reader_is(*self.roles) else None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validated as the type is; what is written as JSON is for the reader."""
        schema: Any = handler(source)
        hidden = core_schema.nullable_schema(schema)
        serialization = core_schema.plain_serializer_function_ser_schema(
            self.for_reader, return_schema=hidden, when_used="json"
        )
        return {**schema, "serialization": serialization}

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The type's own, and who sees it."""
        return {**handler(schema), "x-visible-to": sorted(self.roles)}


PERSONS = VisibleTo(STAFF)
"""Persons are known to those who work with them."""
PersonOut = Annotated[str, PERSONS]
"""A person's code."""
AnyPersonOut = Annotated[str | None, PERSONS]
"""A person's code, or null where there is none."""
PersonIdOut = Annotated[UUID, PERSONS]
"""A person's pseudonymous id."""
AnyPersonIdOut = Annotated[UUID | None, PERSONS]
"""A person's pseudonymous id, or null where there is none."""


def check_may_ask_for(person: str | None) -> None:
    """403 for a reader who asks for the entries of a person and sees none."""
    if person is not None and not reader_is(*STAFF):
        raise Problem(403, "not_allowed", roles=sorted(STAFF))
