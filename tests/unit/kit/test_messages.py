"""Problems speak Korean, English and Vietnamese, each with the same codes and placeholders."""

import json
import re
from enum import IntEnum
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ValidationError

from shared.kit.problem import KIT_MESSAGES, LANGUAGES, Messages, Problem, field_errors, language_of, unprocessable

ROOT = Path(__file__).parents[3]
FOLDERS = [KIT_MESSAGES, *sorted(ROOT.glob("services/*/messages")), ROOT / "gateway" / "messages"]


class Level(IntEnum):
    ONE = 1
    TWO = 2
    THREE = 3


def texts(folder: Path, language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_codes_and_placeholders(folder: Path, language: str) -> None:
    english, other = texts(folder, "en"), texts(folder, language)
    assert set(other) == set(english)
    for code, text in other.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[code])), code


def test_every_code_that_is_raised_has_a_text() -> None:
    known = {code for folder in FOLDERS for code in texts(folder, "en")}
    raised = set()
    for file in [*ROOT.glob("services/**/*.py"), *ROOT.glob("gateway/**/*.py"), *ROOT.glob("shared/kit/*.py")]:
        source = file.read_text(encoding="utf-8")
        raised |= set(re.findall(r'Problem\(\s*\d{3},\s*"(\w+)"', source))
        raised |= set(re.findall(r'unprocessable\(\s*f?"[^"]+",\s*"(\w+)"', source))
        raised |= set(re.findall(r'FieldError\(\s*f?"[^"]+",\s*"(\w+)"', source))
    assert raised
    assert raised <= known


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ko"),
        ("en", "en"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("fr, en;q=0.5", "en"),
        ("de", "ko"),
        ("en;q=oops", "ko"),
        ("en;q=0.3, ko;q=0.9", "ko"),
    ],
)
def test_the_reader_chooses_the_language(header: str | None, language: str) -> None:
    assert language_of(header) == language


def test_a_problem_names_the_field_and_the_reason() -> None:
    body = Messages().body(unprocessable("item", "unknown_reference", value="HB9"), "ko")
    assert body["errors"] == [
        {
            "field": "item",
            "code": "unknown_reference",
            "message": "“HB9”은(는) 등록되어 있지 않습니다",
            "params": {"value": "HB9"},
        }
    ]
    assert body["status"] == 422


def test_a_problem_tells_the_state_that_stands_in_the_way() -> None:
    body = Messages().body(Problem(409, "wrong_state", state="running"), "en")
    assert (body["state"], body["detail"]) == ("running", "This is not possible while the state is “running”.")


def test_choices_are_listed_without_a_word_of_english() -> None:
    class Choice(BaseModel):
        language: Literal["ko", "en", "vi"]
        level: Level

    with pytest.raises(ValidationError) as refused:
        Choice.model_validate({"language": "fr", "level": 9})
    for fault in field_errors(refused.value.errors()):
        text = Messages().text("ko", fault.code, fault.params)
        assert " or " not in text
        assert "중 하나여야 합니다" in text
