"""The routers of an API: a slice declares its routes with their whole path, and an app takes them as they are.

``include_router`` would build every route a second time when the first request comes by, and match each request twice.
"""

from collections.abc import Callable

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute

from shared.kit.problem import FieldError, Problem

API = "/api/v1"
_known: dict[Callable[..., object], frozenset[str]] = {}


async def known_parameters(request: Request) -> None:
    """Refuse query parameters that the route does not know: a misspelt filter would answer with everything.

    422 ``unknown_parameter``.
    """
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


def api_router(publisher: str, tag: str, prefix: str = "") -> APIRouter:
    """A router of ``publisher``'s routes, below ``prefix``; without a publisher of the gateway's own."""
    base = f"{API}/{publisher}" if publisher else API
    return APIRouter(prefix=base + prefix, tags=[tag], dependencies=[Depends(known_parameters)])


def add_routes(app: FastAPI, router: APIRouter) -> None:
    """``app`` answers by the routes of ``router``."""
    app.router.routes.extend(router.routes)
