"""The rights on the routes that every service has, each with the roles that have it.

What was changed by whom is for those who answer for it: neither an operator nor a guest reads an audit trail. What
keeps the services going is an administrator's.
"""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import READERS, Actor, allow

CanReadChanges = Annotated[Actor, Depends(allow("leader", "quality", "planner", "maintenance", "admin"))]
"""Read the audit trail of one subject."""
CanReadPictures = Annotated[Actor, Depends(allow(*READERS))]
"""See pictures and files of instructions, items and defects."""
CanAddPictures = Annotated[Actor, Depends(allow("planner", "quality", "admin"))]
"""Add pictures and files."""
CanMendEvents = Annotated[Actor, Depends(allow("admin"))]
"""Read the events that are stuck, and replay, dismiss and publish them."""
CanRepublish = Annotated[Actor, Depends(allow("admin"))]
"""Publish the present state of things again."""
CanReadStorage = Annotated[Actor, Depends(allow("admin"))]
"""Read what is kept for how long, and what it takes."""
