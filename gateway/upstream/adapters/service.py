"""A service as the gateway calls it: an ASGI app, in this process or in another one."""

from starlette.types import ASGIApp, Message, Scope

BODY_LIMIT = "dure.body_limit"
"""The scope's key for the most bytes that a request's body may have."""


class ServiceDown(Exception):
    """The service gave no answer."""


class BodyTooLarge(Exception):
    """The request's body has more bytes than are allowed here."""


async def get(service: ASGIApp, path: str) -> tuple[int, bytes]:
    """GET ``path`` of the service itself, outside of its API: status and body. Raises ServiceDown."""
    status = 500
    body = b""

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def collect(message: Message) -> None:
        nonlocal status, body
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body += message.get("body", b"")

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "client": None,
        "server": None,
        BODY_LIMIT: 0,
    }
    await service(scope, nothing, collect)
    return status, body
