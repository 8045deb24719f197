"""JSON that is nested too deeply is refused before anybody walks it."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.kit.nesting import MAX_DEPTH, JsonObject, is_shallow


def nested(depth: int, kind: type) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value] if kind is list else {"a": value}
    return value


@pytest.mark.parametrize("kind", [list, dict])
def test_what_is_nested_to_the_limit_is_taken_and_one_level_more_is_not(kind: type) -> None:
    assert is_shallow(nested(MAX_DEPTH, kind))
    assert not is_shallow(nested(MAX_DEPTH + 1, kind))
    assert not is_shallow(nested(900, kind))


def test_an_object_that_is_nested_too_deeply_is_refused_by_its_code() -> None:
    with pytest.raises(ValidationError, match="too_deep"):
        TypeAdapter(JsonObject).validate_python({"a": nested(300, list)})
