"""The rights at the gateway, each with the roles that have it."""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import EVERYBODY, Actor, allow

HasSession = Annotated[Actor, Depends(allow(*EVERYBODY))]
CanReadNames = Annotated[Actor, Depends(allow("admin", "leader", "planner", "quality", "maintenance", "viewer"))]
CanReadPeople = Annotated[Actor, Depends(allow("admin", "leader"))]
CanReadDevices = Annotated[Actor, Depends(allow("admin", "leader"))]
CanManagePeople = Annotated[Actor, Depends(allow("admin"))]
CanManageDevices = Annotated[Actor, Depends(allow("admin"))]
CanManageApiKeys = Annotated[Actor, Depends(allow("admin"))]

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
"""The routes that need no session: they come before one, and prove by themselves who may use them."""
