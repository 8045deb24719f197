"""``docs/permissions.md``: every route and the roles that it lets in, as the apps state them.

``python -m infra.docs.permissions`` writes it anew.
"""

import importlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from joserfc.jwk import OKPKey

from gateway.permissions import PUBLIC
from infra.local.suite import settings_class
from shared.kit.auth import ROLES, Permission
from shared.registry import APP_NAMES, package_of

FILE = Path(__file__).parents[2] / "docs/permissions.md"
OUTSIDE = ("/health/", "/metrics", "/openapi.json", "/asyncapi.json", "/docs")
"""Not of the API: how the apps are, and what they can do."""
HEAD = """# Who may do what

Generated from the routes by `python -m infra.docs.permissions`. The rights are stated in each app's `permissions.py`,
those of the routes that all services have (parked and withheld events, republishing, the audit trail, media) in
`shared/kit/permissions.py`. Persons are left out of what a viewer or an ERP reads (`shared/kit/readers.py`).
"""


@dataclass(frozen=True)
class StatedRoute:
    """A route, and the permissions that it and all that it depends on ask for."""

    method: str
    path: str
    permissions: tuple[Permission, ...]


def routes_of(app: FastAPI) -> Iterator[StatedRoute]:
    """Every API route of an app."""
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        if not path.startswith(OUTSIDE):
            for method in sorted(route.methods or ()):
                yield StatedRoute(method, path, tuple(_permissions(route.dependant)))


def _permissions(dependant: Any) -> Iterator[Permission]:
    if isinstance(dependant.call, Permission):
        yield dependant.call
    for part in dependant.dependencies:
        yield from _permissions(part)


def app_of(name: str) -> FastAPI:
    """An app that is asked for its routes and never started."""
    key = OKPKey.generate_key("Ed25519")
    cls = settings_class(name)
    values = {
        "database_url": "postgresql://nowhere",
        "token_public_key": json.dumps(key.as_dict(private=False)),
        "token_private_key": json.dumps(key.as_dict(private=True)),
        "secret_key": "of no use",
        "pseudonym_key": "of no use",
    }
    settings = cls(**{name: value for name, value in values.items() if name in cls.model_fields})
    app: FastAPI = importlib.import_module(f"{package_of(name)}.main").create_app(settings)
    return app


def document() -> str:
    """The whole document."""
    parts = [HEAD]
    for name in APP_NAMES:
        app = app_of(name)
        parts.append(f"\n## {name}\n\n| route | right | {' | '.join(ROLES)} |\n|---|---|{':-:|' * len(ROLES)}\n")
        for route in sorted(routes_of(app), key=lambda each: (each.path, each.method)):
            if (route.method, route.path) in PUBLIC:
                cells = ["*without a session*", *("●" for _ in ROLES)]
            else:
                [permission] = route.permissions
                marks = ("●" if role in permission.roles else "" for role in ROLES)
                cells = [app.state.rights[permission].name, *marks]
            parts.append(f"| {route.method} `{route.path}` | {' | '.join(cells)} |\n")
    return "".join(parts)


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
