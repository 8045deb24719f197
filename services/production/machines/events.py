"""Events of machines."""

from services.production.machines.tables import MachineStateInterval
from shared.contracts.production.machines import MachineStateChanged


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
