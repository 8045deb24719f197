"""How often and how soon a failed event is tried again."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from shared.kit.retrying import TRIES, delay_after, is_lasting


class Refusal(Exception):
    """A database's error as the engine wraps it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def refused(sqlstate: str) -> DBAPIError:
    return DBAPIError("statement", {}, Refusal(sqlstate))


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        KeyError("x"),
        TypeError(),
        AssertionError(),
        RecursionError(),
        refused("22021"),
        refused("23514"),
    ],
    ids=repr,
)
def test_what_fails_by_itself_spends_its_tries_within_seconds(error: Exception) -> None:
    assert is_lasting(error)
    delays = [delay_after(tries, error) for tries in range(1, TRIES + 1)]
    assert delays[-1] is None
    assert sum(delay for delay in delays if delay) < 10


@pytest.mark.parametrize("error", [refused("23503"), refused("23505"), RuntimeError(), LookupError()], ids=repr)
def test_what_may_come_right_is_given_half_an_hour(error: Exception) -> None:
    assert not is_lasting(error)
    assert [delay_after(tries, error) for tries in range(1, TRIES + 1)] == [1, 5, 30, 120, 600, 600, 600, None]


def test_an_error_of_the_raw_connection_is_told_by_its_state() -> None:
    assert is_lasting(asyncpg.CheckViolationError())
    assert not is_lasting(asyncpg.ForeignKeyViolationError())
