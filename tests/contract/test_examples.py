"""Every event contract has golden examples, and every example still reads as it was written."""

import json
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

import shared.contracts
from shared.contracts.catalogue import EVENTS, READABLE, asyncapi, present_type, read_event
from shared.contracts.streams import PUBLISHERS
from shared.contracts.upcasts import UPCASTS

EXAMPLES = Path(shared.contracts.__file__).parent / "examples"
FILES = sorted(file for file in EXAMPLES.glob("*/*.json") if file.parent.name in EVENTS)
FORMER = sorted(file for file in EXAMPLES.glob("*/*.json") if file.parent.name in UPCASTS)


def id_of(code: str) -> UUID:
    """As the examples name persons."""
    digest = sha256(code.encode()).hexdigest()
    return UUID(f"{digest[:12]}8{digest[13:16]}a{digest[17:32]}")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_example_reads_as_it_was_written(file: Path) -> None:
    written = json.loads(file.read_text(encoding="utf-8"))
    event = EVENTS[file.parent.name].model_validate(written)
    assert json.loads(event.model_dump_json()) == written


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_reader_tolerates_fields_of_a_later_release(file: Path) -> None:
    written = json.loads(file.read_text(encoding="utf-8"))
    contract = EVENTS[file.parent.name]
    assert contract.model_validate(written | {"of_a_later_release": 1}) == contract.model_validate(written)


@pytest.mark.parametrize("file", FORMER, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_event_of_the_release_before_reads_as_the_same_one_of_this_release(file: Path) -> None:
    type_ = file.parent.name
    present = EXAMPLES / present_type(type_) / file.name
    event = read_event(type_, file.read_bytes(), id_of)
    assert type(event) is EVENTS[present_type(type_)]
    assert event == read_event(present.parent.name, present.read_bytes(), id_of)


def test_every_contract_has_an_example_and_no_example_is_an_orphan() -> None:
    assert {file.parent.name for file in EXAMPLES.glob("*/*.json")} == READABLE


def test_every_upcast_leads_to_a_contract_and_is_needed() -> None:
    for type_, known in UPCASTS.items():
        assert known.type in EVENTS
        assert type_ not in EVENTS


def test_events_name_references_by_id_and_persons_by_no_code() -> None:
    for contract in EVENTS.values():
        for name, field in contract.model_fields.items():
            assert name not in {"person", "device"}, contract
            if field.annotation in (UUID, UUID | None):
                assert name.endswith("_id"), f"{contract.__name__}.{name}"


def test_every_type_names_its_publisher_and_its_version() -> None:
    for type_, contract in EVENTS.items():
        publisher, _, _, version = type_.split(".")
        assert publisher in PUBLISHERS
        assert version.removeprefix("v").isdigit()
        assert contract.__module__.startswith(f"shared.contracts.{publisher}.")


def test_the_asyncapi_document_names_every_event_and_dangles_nowhere() -> None:
    document = asyncapi("gunsan", "1")
    assert {channel["address"] for channel in document["channels"].values()} == {
        f"dure.gunsan.{type_}" for type_ in EVENTS
    }
    text = json.dumps(document)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#/')[1:]}:
        place = document
        for step in reference.split("/"):
            place = place[step]
