"""Every text of the web app exists in every language, and none is left over."""

import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "gateway" / "web"
LANGUAGES = ("ko", "en", "vi")
LITERAL = re.compile(r"""\bt\(\s*(["'])([a-z0-9_.]+)\1""")
CHOICE = re.compile(r"""\bt\([^()"'`]*\?\s*"([a-z0-9_.]+)"\s*:\s*"([a-z0-9_.]+)\"""")
PREFIX = re.compile(r"""\bt\(\s*`([a-z0-9_.]+\.)\$\{""")
ANY_CALL = re.compile(r"(?<![\w.$])t\(")
COMMENT = re.compile(r"(?m)^\s*//.*$|/\*\*[\s\S]*?\*/|\s// .*$")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
PLURAL = re.compile(r"\{(\w+)\|[^|{}]+\|[^|{}]+\}")


def texts(language: str) -> dict[str, str]:
    return dict(json.loads((WEB / "i18n" / f"{language}.json").read_text(encoding="utf-8")))


def sources() -> dict[Path, str]:
    """Answer every script without its comments."""
    return {path: COMMENT.sub("", path.read_text(encoding="utf-8")) for path in sorted((WEB / "js").rglob("*.js"))}


def keys_asked_for() -> tuple[set[str], set[str]]:
    literal: set[str] = set()
    prefixes: set[str] = set()
    for source in sources().values():
        literal |= {match[2] for match in LITERAL.finditer(source)}
        literal |= {key for match in CHOICE.finditer(source) for key in match.groups()}
        prefixes |= {match[1] for match in PREFIX.finditer(source)}
    return literal, prefixes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_a_screen_asks_for_is_there(language: str) -> None:
    literal, prefixes = keys_asked_for()
    have = texts(language)
    missing = sorted(literal - have.keys())
    empty = sorted(prefix for prefix in prefixes if not any(key.startswith(prefix) for key in have))
    assert (missing, empty) == ([], [])


def test_no_text_is_left_that_no_screen_shows() -> None:
    literal, prefixes = keys_asked_for()
    unused = [key for key in texts("ko") if key not in literal and not key.startswith(tuple(prefixes))]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same_things(language: str) -> None:
    korean, other = texts("ko"), texts(language)
    assert list(other) == sorted(korean)
    assert [key for key, text in other.items() if not text.strip()] == []
    assert [
        key for key in korean if set(PLACEHOLDER.findall(korean[key])) != set(PLACEHOLDER.findall(other[key]))
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_braces_of_a_text_are_names_or_plurals_of_a_number_beside_them(language: str) -> None:
    for key, text in texts(language).items():
        assert set(PLURAL.findall(text)) <= set(PLACEHOLDER.findall(text)), key
        assert not re.search(r"[{}|]", PLURAL.sub("", PLACEHOLDER.sub("", text))), key


def test_a_key_is_always_written_so_that_it_can_be_found() -> None:
    """A key built from variables alone would escape the tests above."""
    hidden = []
    for path, source in sources().items():
        found = sum(len(way.findall(source)) for way in (LITERAL, CHOICE, PREFIX))
        calls = len(ANY_CALL.findall(source.replace("export function t(", "")))
        if calls > found:
            hidden.append(f"{path.relative_to(WEB)}: {calls} calls, {found} keys")
    assert hidden == []


HANGUL = re.compile(r"(?<!\[)[가-힣](?!-|\])")


def test_no_screen_holds_korean_of_its_own() -> None:
    allowed = {WEB / "js" / "lib" / "i18n.js"}  # the languages' own names
    assert [
        str(path.relative_to(WEB))
        for path, source in sources().items()
        if path not in allowed and HANGUL.search(source)
    ] == []
