"""References to other objects: ``…_id`` over HTTP,
the referred object's name in tables and in bodies of the release before."""

from typing import Any

from pydantic import AliasChoices, Field


def refers_to(name: str, **options: Any) -> Any:
    """A field ``<name>_id`` that is also read from the column, the attribute or the former field ``name``."""
    return Field(validation_alias=AliasChoices(f"{name}_id", name), **options)
