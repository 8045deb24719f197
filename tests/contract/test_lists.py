"""Every list of the API is read in the same way."""

from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import iter_route_contexts

from infra.docs.permissions import app_of
from shared.registry import APP_NAMES


def test_every_list_takes_a_cursor_and_a_limit() -> None:
    lists = 0
    for name in APP_NAMES:
        for route in iter_route_contexts(app_of(name).routes):
            if route.methods == {"GET"} and getattr(route.response_model, "__name__", "").startswith("Page["):
                lists += 1
                known = {field.alias for field in get_flat_params(route.dependant)}
                assert {"cursor", "limit"} <= known, route.path
    assert lists > 40
