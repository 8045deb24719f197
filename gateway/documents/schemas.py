"""The rights over HTTP."""

from pydantic import BaseModel, ConfigDict

from shared.kit.auth import Role


class RightRouteOut(BaseModel):
    """A route to which a right lets in."""

    model_config = ConfigDict(from_attributes=True)

    method: str
    path: str
    summary: str


class RightOut(BaseModel):
    """A right, and the roles that have it.

    ``of``: the publisher whose right it is, ``gateway``, or ``all`` for what all services have in common.
    """

    model_config = ConfigDict(from_attributes=True)

    of: str
    name: str
    roles: list[Role]
    routes: list[RightRouteOut]
