"""Positions in the streams, and the listeners' queues."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.live.adapters.hub import LETTERS, encode
from gateway.live.adapters.listener import QUEUE_BYTES, Listener
from gateway.live.domain import format_position, parse_position
from shared.kit.follower import Stored

SEQUENCES = st.fixed_dictionaries({letter: st.integers(0, 10**15) for letter in "opqe"})


@given(SEQUENCES)
def test_a_position_is_read_as_it_was_written(position: dict[str, int]) -> None:
    assert parse_position(format_position(position), list("opqe")) == position


@pytest.mark.parametrize("text", ["", "o1", "o1.p1.q1.e1.x1", "o1.p1.q1.o2", "o-1.p1.q1.e1", "o1 p1 q1 e1", "🙂"])
def test_what_is_no_position_of_ours_is_none(text: str) -> None:
    assert parse_position(text, list("opqe")) is None


def test_every_publisher_has_a_letter_of_its_own() -> None:
    assert list(LETTERS) == ["o", "p", "q", "e"]


def test_an_event_is_one_block_whatever_its_body_looks_like() -> None:
    headers = {
        "ce-type": "dure.quality.defect.defined.v1",
        "ce-subject": 'defect/"D\\1',
        "ce-time": "2026-11-25T08:30:00Z",
    }
    entry = encode("q", Stored(7, "dure.main.quality.defect.defined.v1", headers, b'{\n "code": "D1"\r\n}'))
    assert entry is not None
    lines = entry.body.decode().splitlines()
    assert lines[0] == "event: definitions"
    assert lines[1].startswith('data: {"type": "dure.quality.defect.defined.v1", "subject": "defect/\\"D\\\\1"')
    assert lines[2:] == [""]
    assert encode("q", Stored(8, "dure.main.quality.unheard.of.v9", {}, b"{}")) is None


async def _take(listener: Listener) -> bytes:
    async with asyncio.timeout(1):
        return await listener.take()


@pytest.mark.anyio
async def test_a_listener_takes_all_that_waits_at_once() -> None:
    listener = Listener(frozenset(), lambda: None)
    listener.put(b"a")
    listener.put(b"b")
    assert await _take(listener) == b"ab"
    waiting = asyncio.create_task(_take(listener))
    await asyncio.sleep(0)
    listener.put(b"c")
    assert await waiting == b"c"


@pytest.mark.anyio
async def test_a_listener_who_never_takes_is_cut_once_and_holds_nothing() -> None:
    cuts: list[int] = []
    listener = Listener(frozenset(), lambda: cuts.append(1))
    for _ in range(3 * QUEUE_BYTES // 1000):
        listener.put(b"x" * 1000)
    assert (cuts, listener.is_over) == ([1], True)
    assert await _take(listener) == b""
