"""The events of the defect catalogue."""

from services.quality.defects.tables import Defect
from shared.contracts.quality.defects import DefectDefined
from shared.kit.republish import republish


def defect_defined(defect: Defect) -> DefectDefined:
    """A defect as it is defined now."""
    return DefectDefined(code=defect.code, name=defect.name, active=defect.active)


REPUBLISHES = [republish("defect", Defect, defect_defined)]
