"""Events of machines."""

from services.production.machines.tables import MachineStateInterval
from shared.contracts.production.machines import MachineReasonCorrected, MachineStateChanged


def machine_state_changed(interval: MachineStateInterval, reason_name: dict[str, str] | None) -> MachineStateChanged:
    """The machine entered the state of the interval."""
    return MachineStateChanged(
        machine=interval.machine,
        state=interval.state,
        reason=interval.reason,
        reason_name=reason_name,
        since=interval.begins,
        job_id=interval.job,
        source=interval.source,
    )


def machine_reason_corrected(
    interval: MachineStateInterval, reason: str, reason_name: dict[str, str] | None, before: str | None
) -> MachineReasonCorrected:
    """The interval has another reason than it had before."""
    return MachineReasonCorrected(
        machine=interval.machine,
        state_id=interval.id,
        state=interval.state,
        reason=reason,
        reason_name=reason_name,
        before=before,
        begins=interval.begins,
        ends=interval.ends,
        job_id=interval.job,
    )
