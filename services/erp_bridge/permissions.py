"""Every right of the ERP bridge, and the roles that have it.

An ERP's key sends orders and fetches confirmations. A guest (viewer) reads how that goes, without the addresses of
webhooks, which are the planner's and the administrator's.
"""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import Actor, allow

CanReadErp = Annotated[Actor, Depends(allow("planner", "admin", "erp", "viewer"))]
"""Read the ERP's orders and how many confirmations wait."""
CanSendOrders = Annotated[Actor, Depends(allow("planner", "admin", "erp"))]
"""Send orders as the ERP does, or import its files."""
CanReadConfirmations = Annotated[Actor, Depends(allow("planner", "admin", "erp", "viewer"))]
"""Read what the ERP was told."""
CanReadDeliveries = Annotated[Actor, Depends(allow("planner", "admin", "erp"))]
"""Read what goes to which webhook."""
CanReadWebhooks = Annotated[Actor, Depends(allow("planner", "admin"))]
"""Read where confirmations are sent, and who fetches them."""
CanReplayDeliveries = Annotated[Actor, Depends(allow("planner", "admin"))]
"""Send a parked delivery again."""
CanManageWebhooks = Annotated[Actor, Depends(allow("admin"))]
"""Make and remove webhooks, and change their secrets."""
