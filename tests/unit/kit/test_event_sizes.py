"""An event is bounded where it is made."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from shared.contracts.event import MAX_BYTES
from shared.contracts.quality.defects import DefectDefined
from shared.kit.cloudevents import headers_of
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.problem import Problem
from shared.kit.relay import require_size

NATS_BYTES = 256 * 1024


def record(characters: int) -> Transaction:
    """A transaction that recorded an event with so many Korean characters."""
    tx = Transaction(cast(Any, None), datetime(2026, 11, 21, tzinfo=UTC))
    event = DefectDefined(code="BURR", name={"ko": "가" * characters}, active=True)
    tx.record(event, aggregate="defect/BURR", version=1)
    return tx


def test_an_event_is_counted_in_bytes_and_not_in_characters() -> None:
    assert len(record(MAX_BYTES // 3 - 100).events) == 1
    with pytest.raises(Problem) as refused:
        record(MAX_BYTES // 3)
    assert (refused.value.status, refused.value.code) == (422, "event_too_large")
    assert refused.value.params == {"type": "quality.defect.defined.v1", "kib": 241, "limit": 240}


def test_the_largest_event_with_the_longest_names_is_a_message_that_nats_takes() -> None:
    row = {
        "id": new_id(),
        "type": "production.machine.state_changed.v2",
        "aggregate": f"instruction/{'가' * 60}",
        "version": 2**31 - 1,
        "time": datetime(2026, 11, 21, tzinfo=UTC),
        "traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01",
        "repeats": 32767,
    }
    headers = headers_of(row, "s" * 60)
    require_size(b"x" * MAX_BYTES, headers, NATS_BYTES)
    with pytest.raises(ValueError, match="too large"):
        require_size(b"x" * NATS_BYTES, headers, NATS_BYTES)
