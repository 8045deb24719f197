"""Query parameters that a route does not know are refused: a misspelt filter would answer with everything."""

from collections.abc import Callable

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute

from shared.kit.problem import FieldError, Problem

_known: dict[Callable[..., object], frozenset[str]] = {}


async def known_parameters(request: Request) -> None:
    """A dependency of every route of an API: 422 ``unknown_parameter`` names what the route does not know."""
    if not request.scope["query_string"]:
        return
    route: APIRoute = request.scope["route"]
    known = _known.get(route.endpoint)
    if known is None:
        known = _known[route.endpoint] = frozenset(
            field.alias for field in get_flat_params(route.dependant) if isinstance(field.field_info, Query)
        )
    if unknown := sorted(set(request.query_params) - known):
        names = ", ".join(sorted(known)) or "–"
        errors = [FieldError(name, "unknown_parameter", {"known": names}) for name in unknown]
        raise Problem(422, "unknown_parameter", errors=errors, known=names)
