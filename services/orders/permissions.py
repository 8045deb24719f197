"""Every right of the orders service, and the roles that have it.

An ERP's key reads what it needs to know of its orders: items, units, the orders, how they stand and what became of
their pieces. A guest (viewer) reads figures and plans; persons are left out of what he gets, and people's skills are
closed to him.
"""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import EVERYBODY, READERS, Actor, allow

CanReadOrders = Annotated[Actor, Depends(allow(*EVERYBODY))]
"""Read items and units, orders, how they stand and what became of their pieces."""
CanRead = Annotated[Actor, Depends(allow(*READERS))]
"""Read other master data, changes of orders, what they are made for, travellers and instructions."""
CanReadReports = Annotated[Actor, Depends(allow("leader", "quality", "planner", "maintenance", "admin", "viewer"))]
"""Read the history of orders, and readiness with its evidence."""
CanReadSkills = Annotated[Actor, Depends(allow("leader", "quality", "planner", "maintenance", "admin"))]
"""Read people's skills."""
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
