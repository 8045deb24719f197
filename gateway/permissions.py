"""Every right at the gateway, and the roles that have it.

An ERP's key has no live stream, as that tells of the whole floor. A guest (viewer) gets no names of people. What was
changed of people, devices and keys, and who may do what, is for the administrator.
"""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import EVERYBODY, READERS, Actor, allow

HasSession = Annotated[Actor, Depends(allow(*EVERYBODY))]
"""Know who one is, and end one's session."""
CanListen = Annotated[Actor, Depends(allow(*READERS))]
"""Hear events as they happen."""
CanReadNames = Annotated[Actor, Depends(allow("leader", "quality", "planner", "maintenance", "admin"))]
"""Read people's names."""
CanReadPeople = Annotated[Actor, Depends(allow("leader", "admin"))]
"""Read people's roles and how they sign in."""
CanReadDevices = Annotated[Actor, Depends(allow("leader", "admin"))]
"""Read which tablets there are."""
CanManagePeople = Annotated[Actor, Depends(allow("admin"))]
"""Add and change people."""
CanManageDevices = Annotated[Actor, Depends(allow("admin"))]
"""Enrol and revoke tablets."""
CanManageApiKeys = Annotated[Actor, Depends(allow("admin"))]
"""Make and end keys of other systems."""
CanReadTrail = Annotated[Actor, Depends(allow("admin"))]
"""Read what was changed of people, tablets and keys."""
CanReadRights = Annotated[Actor, Depends(allow("admin"))]
"""Read who may do what."""
READ_METRICS = allow("admin")
"""Read the figures of the running apps from elsewhere than this machine."""

PUBLIC = frozenset(
    {
        ("GET", "/api/v1/site"),
        ("POST", "/api/v1/setup"),
        ("POST", "/api/v1/sessions"),
        ("POST", "/api/v1/sessions/replay"),
        ("POST", "/api/v1/devices"),
        ("GET", "/api/v1/devices/current"),
    }
)
"""The routes that need no session: they come before one, and prove by themselves who may use them.

Beside them are `/health`, and `/docs`, `/openapi.json` and `/asyncapi.json`: they describe the software, which anybody
can read, and hold nothing of the shop; a browser opens them without a token, and generators of clients read them.
"""
