"""CloudEvents as NATS headers, for any reader of that binding."""

import re
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.kit.cloudevents import from_header, headers_of, sequence_of, to_header


def test_a_korean_code_stands_in_a_header_as_the_binding_has_it() -> None:
    assert to_header("item/금형") == "item/%EA%B8%88%ED%98%95"
    assert to_header('lot/a "b" 50%') == "lot/a%20%22b%22%2050%25"
    assert (
        to_header("job/01a22cf6-1828!#$&'()*+,-./:;<=>?@[]^_`{|}~") == "job/01a22cf6-1828!#$&'()*+,-./:;<=>?@[]^_`{|}~"
    )


@given(st.text())
def test_every_value_comes_back_and_is_printable_on_its_way(value: str) -> None:
    assert re.fullmatch(r"[!-~]*", to_header(value))
    assert from_header(to_header(value)) == value


def test_what_the_release_before_wrote_is_read_as_it_was() -> None:
    assert from_header("item/금형+2.0#A") == "item/금형+2.0#A"


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_sequences_stand_in_the_order_of_the_versions(one: int, other: int) -> None:
    assert (sequence_of(one) < sequence_of(other)) == (one < other)


def test_an_event_has_all_attributes() -> None:
    row = {
        "id": UUID(int=7),
        "type": "orders.item.defined.v2",
        "time": datetime(2026, 11, 30, tzinfo=UTC),
        "aggregate": "item/금형",
        "version": 3,
        "traceparent": None,
        "repeats": 0,
    }
    assert headers_of(row, "main") == {
        "Nats-Msg-Id": str(UUID(int=7)),
        "ce-id": str(UUID(int=7)),
        "ce-specversion": "1.0",
        "ce-type": "dure.orders.item.defined.v2",
        "ce-source": "/dure/main/orders",
        "ce-time": "2026-11-30T00:00:00+00:00",
        "ce-subject": "item/%EA%B8%88%ED%98%95",
        "ce-sequence": "0000000003",
        "ce-datacontenttype": "application/json",
        "dure-version": "3",
    }
    assert headers_of(row | {"repeats": 2}, "main")["Nats-Msg-Id"] == f"{UUID(int=7)}/2"
