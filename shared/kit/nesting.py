"""JSON of any shape, but no deeper than what we ourselves write: what is, spends the stack of whoever walks it."""

from typing import Annotated, Any

from pydantic import AfterValidator

MAX_DEPTH = 32


def is_shallow(value: Any, depth: int = MAX_DEPTH) -> bool:
    """True if lists and objects are nested no deeper than ``depth``."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return True
    return depth > 0 and all(is_shallow(part, depth - 1) for part in value)


def shallow(value: Any) -> Any:
    """The value; ValueError ``too_deep`` when it is nested too deeply."""
    if not is_shallow(value):
        raise ValueError("too_deep")
    return value


JsonObject = Annotated[dict[str, Any], AfterValidator(shallow)]
"""An object as it came."""
