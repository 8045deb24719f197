"""Every event contract has golden examples, and every example still reads as it was written."""

import json
from pathlib import Path

import pytest

import shared.contracts
from shared.contracts.catalogue import EVENTS, asyncapi
from shared.contracts.streams import PUBLISHERS

EXAMPLES = Path(shared.contracts.__file__).parent / "examples"
FILES = sorted(EXAMPLES.glob("*/*.json"))


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


def test_every_contract_has_an_example_and_no_example_is_an_orphan() -> None:
    assert {file.parent.name for file in FILES} == set(EVENTS)


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
