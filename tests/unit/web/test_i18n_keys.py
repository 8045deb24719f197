"""Every text of the web app exists in every language, stands where it belongs, and none is left over."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.pages.adapters import WEB, read_build
from gateway.pages.domain.texts import CHOICE, COMMENT, LANGUAGES, LITERAL, PREFIX, Uses, read_uses

ANY_CALL = re.compile(r"(?<![\w.$])t\(")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
PLURAL = re.compile(r"\{(\w+)\|[^|{}]+\|[^|{}]+\}")
PAGES = {f"pages/{page.group}/{page.id}": page for page in read_build().registry.pages}
SHARED = ""


def sources() -> dict[Path, str]:
    """Every script without its comments."""
    scripts = [*WEB.glob("js/**/*.js"), *WEB.glob("pages/**/*.js")]
    return {path: COMMENT.sub("", path.read_text(encoding="utf-8")) for path in sorted(scripts)}


def texts(folder: str, language: str) -> dict[str, str]:
    """The texts of a page, or the shared ones."""
    path = WEB / folder / "texts" / f"{language}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def folders() -> list[str]:
    """Where texts are."""
    return [SHARED, *PAGES]


def all_texts(language: str) -> dict[str, str]:
    return {key: text for folder in folders() for key, text in texts(folder, language).items()}


def uses() -> Iterator[tuple[str, Uses]]:
    """What each page and what all share ask for, by folder."""
    for path, source in sources().items():
        parts = path.relative_to(WEB).parts
        yield "/".join(parts[:3]) if parts[0] == "pages" else SHARED, read_uses(source)
    for folder, page in PAGES.items():
        yield folder, Uses(frozenset(page.text_keys))


def askers() -> dict[str, set[str]]:
    """By key the folders that ask for it."""
    found: dict[str, set[str]] = {key: set() for key in all_texts("ko")}
    for folder, asked in uses():
        for key in asked.among(found):
            found[key].add(folder)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_a_page_asks_for_is_there(language: str) -> None:
    have = all_texts(language)
    total = Uses()
    for _, asked in uses():
        total |= asked
    missing = sorted(total.keys - have.keys())
    empty = sorted(prefix for prefix in total.prefixes if not any(key.startswith(prefix) for key in have))
    assert (missing, empty) == ([], [])


def test_no_text_is_left_that_no_page_shows() -> None:
    assert [key for key, folders in askers().items() if not folders] == []


def test_a_text_of_one_page_stands_in_its_folder_and_one_of_several_with_the_shared_ones() -> None:
    homes = {key: folder for folder in folders() for key in texts(folder, "ko")}
    astray = [
        f"{key}: {homes[key] or 'shared'}, asked for by {sorted(asking)}"
        for key, asking in askers().items()
        if homes[key] != (next(iter(asking)) if len(asking) == 1 else SHARED)
    ]
    assert astray == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same_things(language: str) -> None:
    for folder in folders():
        korean, other = texts(folder, "ko"), texts(folder, language)
        assert list(other) == sorted(korean), folder
        assert [key for key, text in other.items() if not text.strip()] == []
        assert [
            key for key in korean if set(PLACEHOLDER.findall(korean[key])) != set(PLACEHOLDER.findall(other[key]))
        ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_braces_of_a_text_are_names_or_plurals_of_a_number_beside_them(language: str) -> None:
    for key, text in ((key, text) for folder in folders() for key, text in texts(folder, language).items()):
        assert set(PLURAL.findall(text)) <= set(PLACEHOLDER.findall(text)), key
        assert not re.search(r"[{}|]", PLURAL.sub("", PLACEHOLDER.sub("", text))), key


def test_a_key_is_always_written_so_that_it_can_be_found() -> None:
    """A key built from variables alone would escape the tests above, and its text would not be sent."""
    hidden = []
    for path, source in sources().items():
        found = sum(len(form.findall(source)) for form in (LITERAL, CHOICE, PREFIX))
        calls = len(ANY_CALL.findall(source.replace("export function t(", "")))
        if calls > found:
            hidden.append(f"{path.relative_to(WEB)}: {calls} calls, {found} keys")
    assert hidden == []


HANGUL = re.compile(r"(?<!\[)[가-힣](?!-|\])")


def test_no_screen_holds_korean_of_its_own() -> None:
    library = WEB / "js" / "lib"
    allowed = {library / "i18n.js", library / "particles.js"}  # the languages' own names, and their grammar
    assert [
        str(path.relative_to(WEB))
        for path, source in sources().items()
        if path not in allowed and HANGUL.search(source)
    ] == []
