"""Points in time over HTTP."""

from datetime import MAXYEAR, MINYEAR, date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, TypeAdapter
from pydantic_core import PydanticCustomError


def _written(value: object) -> object:
    """A bare number is no time: pydantic would take it as seconds since 1970."""
    if isinstance(value, datetime) or (
        isinstance(value, str) and not value.strip().lstrip("-").replace(".", "", 1).isdigit()
    ):
        return value
    raise PydanticCustomError("datetime_parsing", "not a date and time")


def _in_any_zone(value: datetime) -> datetime:
    """At the ends of the calendar a change of the time zone leaves it."""
    if not MINYEAR < value.year < MAXYEAR:
        raise PydanticCustomError("datetime_parsing", "not a date and time of this world")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_any_zone)]
"""An RFC 3339 date and time with an offset, in the years 2 to 9998."""
MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
"""Reads a moment outside of a model; raises ValueError."""


def _of_the_shop(value: time) -> time:
    """A shift's time is the shop's own: an offset would be lost."""
    if value.tzinfo is not None:
        raise PydanticCustomError("time_with_offset", "a time of day without an offset")
    return value


TimeOfDay = Annotated[time, AfterValidator(_of_the_shop)]
"""A time of day by the shop's clock."""


def _with_neighbours(value: date) -> date:
    """A shift may end on the day after: at the ends of the calendar there is none."""
    if not MINYEAR < value.year < MAXYEAR:
        raise PydanticCustomError("date_invalid", "not a date of this world")
    return value


Day = Annotated[date, AfterValidator(_with_neighbours)]
"""A date in the years 2 to 9998."""
