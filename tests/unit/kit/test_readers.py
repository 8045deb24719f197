"""Fields of an answer that only some readers see."""

from contextvars import copy_context
from uuid import UUID

import pytest
from pydantic import BaseModel

from shared.kit.auth import Actor, actor_of
from shared.kit.problem import Problem
from shared.kit.readers import PERSONS, AnyPersonOut, PersonIdOut, PersonOut, check_may_ask_for

ID = UUID("01a22de0-51a7-7055-8bb0-d51fd36ed673")


class Entry(BaseModel):
    """An entry that names persons."""

    person: PersonOut
    decided_by: AnyPersonOut
    person_id: PersonIdOut
    crew: list[PersonOut]
    good: int


ENTRY = Entry(person="OP1", decided_by=None, person_id=ID, crew=["OP1", "OP2"], good=7)


def read_by(*roles: str) -> str:
    """The entry as somebody with these roles gets it."""

    def answer() -> str:
        actor_of(lambda _: Actor("X", frozenset(roles)), "Bearer x", frozenset(roles))  # type: ignore[arg-type]
        return ENTRY.model_dump_json()

    return copy_context().run(answer)


def test_persons_are_seen_by_those_who_work_with_them_and_counted_by_all() -> None:
    whole = ENTRY.model_dump_json()
    assert '"person":"OP1"' in whole
    for role in ("operator", "leader", "quality", "planner", "maintenance", "admin"):
        assert read_by(role) == whole
    for role in ("viewer", "erp"):
        assert read_by(role) == '{"person":null,"decided_by":null,"person_id":null,"crew":[null,null],"good":7}'
    assert read_by("viewer", "leader") == whole


def test_what_is_hidden_of_an_answer_stays_known_inside() -> None:
    def answer() -> None:
        actor_of(lambda _: Actor("X", frozenset({"viewer"})), "Bearer x", frozenset({"viewer"}))
        assert Entry.model_validate(ENTRY.model_dump()) == ENTRY
        assert PERSONS.for_reader("OP1") is None
        with pytest.raises(Problem):
            check_may_ask_for("OP1")

    copy_context().run(answer)
    check_may_ask_for("OP1")


def test_the_description_says_who_sees_a_field() -> None:
    schema = Entry.model_json_schema(mode="serialization")["properties"]
    assert schema["person"]["anyOf"] == schema["decided_by"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert "leader" in schema["crew"]["items"]["x-visible-to"]
    assert "x-visible-to" not in schema["good"]
