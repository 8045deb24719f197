"""All services of a world behind one address, as the gateway shows them, for several people."""

import httpx

from shared.kit.auth import ROLES, Actor
from shared.registry import PUBLISHER_OF
from tests.support.caller import Caller
from tests.support.world import World


class Doors(httpx.AsyncBaseTransport):
    """Hands a request on to the service that its path names, with a token of the person's own."""

    def __init__(self, world: World, person: str) -> None:
        self._world = world
        self._actor = Actor(person, frozenset(ROLES), None, "test")
        self._doors = {
            PUBLISHER_OF[name]: httpx.ASGITransport(app, raise_app_exceptions=False) for name, app in world.apps.items()
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        publisher = request.url.path.split("/")[3]
        request.headers["Authorization"] = f"Bearer {self._world.signer.sign(self._actor, publisher)}"
        return await self._doors[publisher].handle_async_request(request)


def caller(world: World, person: str) -> Caller:
    """Somebody with every role."""
    someone = Caller("http://world", language="ko")
    someone.http = httpx.AsyncClient(base_url="http://world/api/v1", transport=Doors(world, person), timeout=30)
    return someone
