"""The trace of what is being done: from headers, and one for each event of a batch."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest

from shared.contracts.event import Event
from shared.kit.ids import new_id
from shared.kit.inbox import Events, Received
from shared.kit.tracing import add_trace_id, begin_trace, current_traceparent, parse_traceparent, traced

SENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OTHER = "00-" + "1" * 32 + "-b7ad6b7169203331-00"


class Happened(Event):
    """Something happened."""

    TYPE: ClassVar[str] = "test.thing.happened.v1"
    TOPIC: ClassVar[str] = "test"


def received(traceparent: str | None) -> Received[Happened]:
    return Received(Happened(), new_id(), "thing/1", 1, datetime.now(UTC), traceparent)


def test_a_valid_traceparent_is_taken_as_it_is() -> None:
    assert begin_trace([(b"accept", b"*/*"), (b"traceparent", SENT.encode())]) == SENT
    assert current_traceparent() == SENT


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "00-0-0-01",
        SENT.upper(),
        f"{SENT}-x",
        f" {SENT}",
        f"{SENT}\n",
        SENT.replace("00-", "ff-", 1),
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
        "é" * 55,
    ],
)
def test_anything_else_begins_a_new_trace(sent: str) -> None:
    begun = begin_trace([(b"traceparent", sent.encode())])
    assert parse_traceparent(begun) == begun != sent
    assert begin_trace([]) != begun


def test_logs_carry_the_trace_id() -> None:
    with traced(SENT):
        assert add_trace_id(None, "info", {}) == {"trace_id": "0af7651916cd43dd8448eb211c80319c"}
        with traced(None):
            assert add_trace_id(None, "info", {}) == {}
        assert current_traceparent() == SENT


def test_a_loop_over_events_stands_in_the_trace_of_each() -> None:
    events = Events([received(SENT), received(None), received(OTHER)])
    with traced(None):
        assert [current_traceparent() for _ in events] == [SENT, None, OTHER]
        for _ in events[2:]:
            assert current_traceparent() == OTHER
        assert current_traceparent() is None


def test_events_of_one_request_have_a_common_trace_and_others_none() -> None:
    assert Events([received(SENT), received(SENT)]).common_trace() == SENT
    assert Events([received(SENT), received(OTHER)]).common_trace() is None
    assert Events([received(None)]).common_trace() is None
