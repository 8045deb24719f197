"""Events of the release before, brought to the contracts of this one, so that what was stored or parked under them is
still read.

An entry lives until the next release. Then no stream, outbox or parked event holds its type any more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

PersonId = Callable[[str], UUID]
"""The pseudonymous id of a person's code."""


@dataclass(frozen=True)
class Upcast:
    """The type that an event has now, and the names of its fields, at any depth,
    that refer to objects and to persons."""

    type: str
    references: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()

    def apply(self, body: Any, person_id: PersonId) -> Any:
        """The body by the present contract; an ``…_id`` that is there already stays as it is."""
        if isinstance(body, list):
            return [self.apply(entry, person_id) for entry in body]
        if not isinstance(body, Mapping):
            return body
        renamed: dict[str, Any] = {}
        for name, value in body.items():
            if name in self.references:
                renamed[f"{name}_id"] = value
            elif name in self.persons:
                renamed[f"{name}_id"] = None if value is None else str(person_id(value))
            else:
                renamed[name] = self.apply(value, person_id)
        return renamed


def _entry(type_: str, references: str, persons: str = "") -> tuple[str, Upcast]:
    return f"{type_}.v1", Upcast(f"{type_}.v2", frozenset(references.split()), frozenset(persons.split()))


UPCASTS: Mapping[str, Upcast] = dict(
    [
        _entry("orders.item.defined", "picture"),
        _entry("orders.work_order.created", "work_order"),
        _entry("orders.work_order.changed", "work_order"),
        _entry("orders.work_order.released", "work_order parent media"),
        _entry("orders.work_order.amended", "work_order"),
        _entry("orders.work_order.split", "work_order split_from"),
        _entry("production.job.changed", "job work_order", "person"),
        _entry("production.result.reported", "result job work_order reverses corrects returned_by", "person"),
        _entry("production.machine.state_changed", "job"),
        _entry("production.instruction.confirmed", "job work_order device", "person"),
        _entry("production.review.changed", "review command job device", "person resolved_by"),
        _entry("production.unassigned.changed", "unassigned job result", "person resolved_by"),
        _entry("production.andon.call_changed", "call", "person acknowledged_by resolved_by"),
        _entry("erp.delivery.changed", "delivery"),
    ]
)
"""By the type of the release before."""
