"""Several events in one message: nothing of them is lost or changed on the way, and neighbours alone go together."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.live.adapters.hub import encode
from shared.contracts.quality.defects import DefectDefined
from shared.kit.cloudevents import batch_headers, event_lines, is_batch, type_in, write_batch
from shared.kit.delivery import raw_events, read_batch
from shared.kit.follower import Stored
from shared.kit.relay import MESSAGE_BYTES, MESSAGE_ROWS, messages_of

TRACES = st.none() | st.just("00-" + "a" * 32 + "-" + "b" * 16 + "-01")
SUBJECT = "dure.main.quality.defect.defined.v1"


def row(
    number: int, code: str = "BURR", *, version: int = 1, trace: str | None = None, form: str | None = None
) -> dict[str, Any]:
    """An outbox row of a defect."""
    event = DefectDefined(code=code, name={"ko": f"{code}\n“버”"}, active=True)
    return {
        "position": number,
        "id": UUID(int=number),
        "type": DefectDefined.TYPE,
        "aggregate": f"defect/{code}",
        "version": version,
        "time": datetime(2026, 11, 30, 9, 0, number % 60, number, tzinfo=UTC),
        "body": form or event.model_dump_json(),
        "traceparent": trace,
        "repeats": 0,
    }


ROWS = st.lists(
    st.builds(row, st.integers(1, 10**5), st.text(min_size=1), version=st.integers(1, 2**31 - 1), trace=TRACES),
    min_size=2,
    max_size=20,
)


@given(ROWS)
def test_every_event_comes_out_of_a_batch_as_it_went_in(rows: list[dict[str, Any]]) -> None:
    data = write_batch(rows, "main")
    read = read_batch(DefectDefined, data)
    raw = raw_events(batch_headers(rows), data)
    told = [json.loads(line) for line in event_lines(data)]
    for one, received, plain, heard in zip(rows, read, raw, told, strict=True):
        attributes = (one["id"], one["aggregate"], one["version"], one["time"], one["traceparent"])
        assert (received.id, received.aggregate, received.version, received.time, received.traceparent) == attributes
        assert (plain.id, plain.aggregate, plain.version, plain.time, plain.traceparent) == attributes
        assert (received.event.model_dump_json(), json.loads(plain.body)) == (one["body"], json.loads(one["body"]))
        assert list(heard) == ["type", "subject", "time", "data"]
        assert (heard["type"], heard["subject"]) == (f"dure.{one['type']}", one["aggregate"])
        assert (datetime.fromisoformat(heard["time"]), heard["data"]) == (one["time"], json.loads(one["body"]))


@given(ROWS)
def test_a_batch_is_what_cloudevents_says(rows: list[dict[str, Any]]) -> None:
    for one, event in zip(rows, json.loads(write_batch(rows, "main")), strict=True):
        assert {"specversion": "1.0", "source": "/dure/main/quality", "id": str(one["id"])}.items() <= event.items()
        assert event["datacontenttype"] == "application/json"
        assert int(event["sequence"]) == one["version"]


def test_a_body_over_several_lines_is_one_line_of_its_batch() -> None:
    rows = [row(1, form='{\n "code": "D1",\r\n "name": {"ko": "가\\n나"},\n "active": true}'), row(2)]
    lines = event_lines(write_batch(rows, "main"))
    assert [json.loads(line)["data"]["name"]["ko"] for line in lines] == ["가\n나", "BURR\n“버”"]


def test_a_batch_that_is_told_again_is_another_message() -> None:
    rows = [row(1), row(2)]
    first = batch_headers(rows)
    assert is_batch(first)
    assert first == batch_headers(rows)
    assert first["Nats-Msg-Id"] != batch_headers([row(1), row(2) | {"repeats": 1}])["Nats-Msg-Id"]
    assert first["Nats-Msg-Id"] != batch_headers([*rows, row(3)])["Nats-Msg-Id"]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([10, 1000, MESSAGE_BYTES // 3, 200_000])), max_size=200)
)
def test_only_neighbours_of_one_type_go_together_and_their_order_stays(shapes: list[tuple[str, int]]) -> None:
    rows = [{"position": n, "type": type_, "body": "x" * size} for n, (type_, size) in enumerate(shapes)]
    messages = messages_of(rows)
    assert [one for message in messages for one in message] == rows
    for message in messages:
        assert len({one["type"] for one in message}) == 1
        assert len(message) <= MESSAGE_ROWS
        assert len(message) == 1 or sum(len(one["body"]) for one in message) <= MESSAGE_BYTES


def test_listeners_have_heard_a_message_with_its_last_event() -> None:
    rows = [row(1), row(2), row(3)]
    entry = encode("q", Stored(7, SUBJECT, batch_headers(rows), write_batch(rows, "main")))
    assert entry is not None
    blocks = entry.at(b"id: q7\n").decode().split("\n\n")
    assert [block.startswith("id: q7\nevent: definitions") for block in blocks] == [False, False, True, False]
    assert [json.loads(block.partition("data: ")[2])["data"]["code"] for block in blocks[:3]] == ["BURR"] * 3


def test_the_type_of_a_message_is_what_follows_the_site() -> None:
    assert type_in(SUBJECT) == DefectDefined.TYPE
