"""The guide says the same in every language, and calls things what the device and Dure call them."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.lan.guide_page import LANGUAGES, choose_language, load_texts

WEB = Path(__file__).parents[3] / "gateway" / "web"


def web_texts(folder: str, language: str) -> dict[str, str]:
    """Texts of the web app."""
    texts: dict[str, str] = json.loads((WEB / folder / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def shape(value: Any, path: str = "") -> dict[str, Any]:
    """Everything in a text file but its words."""
    if isinstance(value, dict):
        return {key: part for name, one in value.items() for key, part in shape(one, f"{path}.{name}").items()}
    if isinstance(value, list):
        return {key: part for at, one in enumerate(value) for key, part in shape(one, f"{path}.{at}").items()}
    if isinstance(value, int) or path.endswith((".kind", ".download")):
        return {path: value}
    assert value.strip(), f"no text: {path}"
    assert value.count("[") == value.count("]")
    return {path: "{name}" in value}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_shows_the_same_steps(language: str) -> None:
    assert shape(load_texts(language)) == shape(load_texts("ko"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_the_enrolment_is_called_as_in_dure(language: str) -> None:
    dure = web_texts("texts", language) | web_texts("pages/setup/devices/texts", language)
    assert f"[{dure['nav.devices']} → {dure['devices.enrol']}]" in load_texts(language)["enrolment"][0]["text"]


def test_a_browsers_language_is_spoken_unless_another_is_asked_for() -> None:
    assert choose_language("", "vi-VN,vi;q=0.9,en;q=0.8") == "vi"
    assert choose_language("en", "vi-VN") == "en"
    assert choose_language("xx", "fr-FR,de") == "ko"
