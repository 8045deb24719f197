"""Points in time over HTTP."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError


def _written(value: object) -> object:
    """A bare number is no time: pydantic would take it as seconds since 1970."""
    if isinstance(value, datetime) or (
        isinstance(value, str) and not value.strip().lstrip("-").replace(".", "", 1).isdigit()
    ):
        return value
    raise PydanticCustomError("datetime_parsing", "not a date and time")


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
"""An RFC 3339 date and time with an offset."""
