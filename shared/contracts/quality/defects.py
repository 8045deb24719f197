"""Events of the catalogue of defects."""

from typing import ClassVar

from shared.contracts.event import Event, Name


class DefectDefined(Event):
    """A defect of the catalogue was created or changed."""

    TYPE: ClassVar[str] = "quality.defect.defined.v1"
    TOPIC: ClassVar[str] = "definitions"

    code: str
    name: Name
    active: bool
