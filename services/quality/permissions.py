"""The rights in the quality service, each with the roles that have it."""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import EVERYBODY, Actor, allow

CanRead = Annotated[Actor, Depends(allow(*EVERYBODY))]
CanDefineDefects = Annotated[Actor, Depends(allow("quality", "planner", "admin"))]
