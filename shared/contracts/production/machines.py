"""Events of machines and what they do."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Name


class MachineStateChanged(Event):
    """A machine entered a state; the interval before it ended at the same instant."""

    TYPE: ClassVar[str] = "production.machine.state_changed.v2"
    TOPIC: ClassVar[str] = "machines"

    machine: str
    state: str
    reason: str | None
    reason_name: Name | None
    since: datetime
    job_id: UUID | None
    source: str
