"""Rows that are written by statements of their own have the columns of their tables."""

from services.production.jobs.commands.counters import JobCounters
from services.production.jobs.tables import Job
from services.production.results.tables import Result, ResultRow
from shared.kit.arrays import Arrays


def test_a_result_row_has_all_columns_of_the_ledger() -> None:
    assert ResultRow._fields == tuple(Result.model_fields)


def test_counters_are_columns_of_a_job() -> None:
    assert set(JobCounters._fields) <= set(Job.model_fields)


def test_lists_travel_as_texts() -> None:
    rows = Arrays(JobCounters)
    assert "$5::numeric[]" in rows.select(3)
    assert "string_to_array(flags, ',') AS flags" in rows.select(3)
    assert rows.of([]) == [[]] * rows.width
