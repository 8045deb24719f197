"""Every right of the quality service, and the roles that have it.

An ERP learns of scrap from its confirmations, and reads nothing here.
"""

from typing import Annotated

from fastapi import Depends

from shared.kit.auth import READERS, Actor, allow

CanRead = Annotated[Actor, Depends(allow(*READERS))]
"""Read the defects and what was scrapped for which."""
CanDefineDefects = Annotated[Actor, Depends(allow("quality", "planner", "admin"))]
"""Put the defects and their pictures."""
