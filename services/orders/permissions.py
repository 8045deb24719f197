"""Every right of the orders service, and the roles that have it."""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import EVERYBODY, Actor, allow

CanRead = Annotated[Actor, Depends(allow(*EVERYBODY))]
"""Read master data, orders, their changes and what they are made for."""
CanReadReports = Annotated[Actor, Depends(allow("leader", "quality", "planner", "maintenance", "admin", "viewer"))]
"""Read the history of orders, people's skills, and readiness with its evidence."""
CanReadRevisions = Annotated[Actor, Depends(allow("leader", "quality", "planner", "admin", "viewer"))]
"""Read all revisions of an instruction, its readers and its uses."""

CanDefine = Annotated[Actor, Depends(allow("planner", "admin"))]
"""Put master data, BOMs and routings, and the rules for codes."""
CanExchange = Annotated[Actor, Depends(allow("planner", "admin"))]
"""Import, undo an import, and export."""
CanRateSkills = Annotated[Actor, Depends(allow("leader", "planner", "admin"))]
"""Put people's skills."""
CanWriteInstructions = Annotated[Actor, Depends(allow("planner", "quality", "admin"))]
"""Write instructions and submit them."""
CanApproveInstructions = Annotated[Actor, Depends(allow("leader", "planner", "quality", "admin"))]
"""Approve, return and withdraw instructions; never one's own."""

CanPlan = Annotated[Actor, Depends(allow("planner", "admin"))]
"""Create, edit, move, split and merge orders, and make them of a demand."""
CanReopenOrders = Annotated[Actor, Depends(allow("leader", "planner", "admin"))]
"""Take the close or the cancellation of an order back."""
CanProposeChanges = Annotated[Actor, Depends(allow("leader", "planner", "admin"))]
"""Propose changes of released orders."""
CanDecideChanges = Annotated[Actor, Depends(allow("planner", "admin"))]
"""Apply and refuse proposed changes."""
