"""The rights in the ERP bridge, each with the roles that have it."""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import EVERYBODY, Actor, allow

CanRead = Annotated[Actor, Depends(allow(*EVERYBODY))]
CanSendOrders = Annotated[Actor, Depends(allow("planner", "admin", "erp"))]
CanReadConfirmations = Annotated[Actor, Depends(allow("planner", "admin", "erp", "viewer"))]
CanReadWebhooks = Annotated[Actor, Depends(allow("planner", "admin"))]
CanReplayDeliveries = Annotated[Actor, Depends(allow("planner", "admin"))]
CanManageWebhooks = Annotated[Actor, Depends(allow("admin"))]
