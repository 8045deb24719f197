"""An operation of an ERP's order ends when all its jobs have, and goes on when one of them does after that."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.erp_bridge.outbound.domain.ledger import ENDED, LedgerEntry, ends_and_reopenings

NOW = datetime(2026, 11, 25, 14, 32, tzinfo=UTC)
STATES = ["waiting", "ready", "running", "paused", "done", "skipped", "cancelled"]


def end(number: int, job: int = 1, op: int = 10) -> LedgerEntry:
    """The entry of a job's end; ``number`` is its event's."""
    none = Decimal(0)
    return LedgerEntry(
        id=UUID(int=number),
        external_id="E-1",
        work_order=UUID(int=99),
        number="W-1",
        op=op,
        item="HB1001",
        job=UUID(int=job),
        good=none,
        scrap=[],
        rework=none,
        started_at=NOW,
        finished_at=NOW,
        final=True,
        total_good=none,
        total_scrap=none,
        total_rework=none,
        recorded_at=NOW,
    )


def told(entries: list[LedgerEntry]) -> list[tuple[int, bool, int | None]]:
    """What the ERP reads: event, final, and the event of the confirmation that is reopened."""
    return [(entry.id.int, entry.final, entry.reopens.int if entry.reopens else None) for entry in entries]


def test_an_operation_that_is_taken_up_again_reopens_its_final_confirmation_and_ends_anew() -> None:
    moves = [("done", end(1)), ("ready", end(2)), ("running", end(3)), ("done", end(4)), ("done", end(5))]
    assert told(ends_and_reopenings({}, {}, moves)) == [(1, True, None), (2, False, 1), (4, True, None)]
    assert ends_and_reopenings({}, {}, moves)[1].finished_at is None


def test_a_part_that_is_split_off_after_the_end_reopens_the_operation() -> None:
    known = {("E-1", 10): {UUID(int=1): "done"}}
    held = {("E-1", 10): UUID(int=7)}
    moves = [("waiting", end(8, job=2)), ("cancelled", end(9, job=2))]
    assert told(ends_and_reopenings(known, held, moves)) == [(8, False, 7), (9, True, None)]


def test_what_was_never_done_has_no_end() -> None:
    assert ends_and_reopenings({}, {}, [("cancelled", end(1)), ("skipped", end(2, op=20))]) == []


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2), st.sampled_from(STATES)), max_size=30), st.integers(0, 30)
)
def test_the_erp_knows_after_every_move_whether_the_operation_has_ended(
    moves: list[tuple[int, int, str]], cut: int
) -> None:
    """In whatever batches the moves come: the last word about an operation is what its jobs say."""
    sent = [(state, end(number, job, op=10 * op)) for number, (job, op, state) in enumerate(moves, 1)]
    whole = ends_and_reopenings({}, {}, sent)
    first = ends_and_reopenings({}, {}, sent[:cut])
    states: dict[tuple[str, int | None], dict[UUID, str]] = {}
    finals: dict[tuple[str, int | None], UUID] = {}
    for state, entry in sent[:cut]:
        assert entry.job is not None
        states.setdefault((entry.external_id, entry.op), {})[entry.job] = state
    for entry in first:
        operation = (entry.external_id, entry.op)
        finals.pop(operation, None)
        finals |= {operation: entry.id} if entry.final else {}
    assert first + ends_and_reopenings(states, finals, sent[cut:]) == whole
    for op in (10, 20):
        said = [entry.final for entry in whole if entry.op == op]
        assert all(one is not other for one, other in pairwise(said))
        last = {job: state for job, place, state in moves if 10 * place == op}
        has_ended = "done" in last.values() and set(last.values()) <= set(ENDED)
        assert (said[-1] if said else False) == has_ended
