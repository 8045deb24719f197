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


class MachineReasonCorrected(Event):
    """The reason of a stop was corrected, or a stop was split and its second part got another reason.

    ``before`` is the reason that it had, ``ends`` is null while the stop lasts.
    """

    TYPE: ClassVar[str] = "production.machine.reason_corrected.v1"
    TOPIC: ClassVar[str] = "machines"

    machine: str
    state_id: UUID
    state: str
    reason: str
    reason_name: Name | None
    before: str | None
    begins: datetime
    ends: datetime | None
    job_id: UUID | None
