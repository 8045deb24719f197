"""The user's guide is true: both languages have every task, labels stand on the screens, pictures and links are
there."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
GUIDE = REPOSITORY / "docs" / "guide"
WEB = REPOSITORY / "gateway" / "web"
LANGUAGES = ("ko", "en")
HEADINGS = {
    "ko": ["순서", "잘못되었을 때", "다음"],
    "en": ["Steps", "If something goes wrong", "Next"],
}
API = "/docs"
"""What no page of the web app is: the description of the API."""
MOST_STEPS = 8
MOST_BYTES = 5 * 2**20
"""Of all pictures together."""

BOLD = re.compile(r"\*\*(.+?)\*\*")
ADDRESS = re.compile(r"`(/[^`\s]*)`")
LINK = re.compile(r"(?<!!)\[[^]]+]\(([^)]+)\)")
PICTURE = re.compile(r"!\[[^]]+]\(([^)]+)\)")
STEP = re.compile(r"^(\d+)\. ", re.MULTILINE)
PLURAL = re.compile(r"\{\w+\|[^|}]*\|([^}]*)\}")
PLACEHOLDER = re.compile(r"\{\w+\}")


def tasks(language: str) -> dict[str, Path]:
    """The pages by role and task."""
    folder = GUIDE / language
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.glob("*/*.md")}


PAGES = [pytest.param(language, task, id=f"{language}/{task}") for language in LANGUAGES for task in tasks(language)]


@cache
def addresses() -> dict[str, Path]:
    """The folder of each page of the web app, by its address as the guide names it."""
    registry = json.loads((WEB / "pages.json").read_text(encoding="utf-8"))
    return {
        page["path"] + (f"#{page['fragment']}" if "fragment" in page else ""): WEB
        / "pages"
        / page["group"]
        / page["id"]
        for page in registry["pages"]
    }


@cache
def words(folder: Path, language: str) -> frozenset[str]:
    """The texts of a page as the guide writes them: what is filled in is "…"."""
    texts = json.loads((folder / "texts" / f"{language}.json").read_text(encoding="utf-8"))
    return frozenset(PLACEHOLDER.sub("…", PLURAL.sub(r"\1", text)) for text in texts.values())


def lead(text: str) -> str:
    """The line that says for whom, when and on which screen."""
    return next(line for line in text.splitlines() if line.startswith("> "))


def anchors(path: Path) -> set[str]:
    """The headings of a document, as links name them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def is_there(target: str, source: Path) -> bool:
    """A file of the repository, and the heading in it, where one is named."""
    name, _, anchor = target.partition("#")
    path = (source.parent / name).resolve()
    return path.is_file() and (not anchor or anchor in anchors(path))


def test_every_task_is_told_in_both_languages() -> None:
    assert set(tasks("ko")) == set(tasks("en"))
    assert len(tasks("ko")) > 30


@pytest.mark.parametrize(("language", "task"), PAGES)
def test_a_page_has_its_parts(language: str, task: str) -> None:
    text = tasks(language)[task].read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS[language]
    steps = [int(number) for number in STEP.findall(text)]
    assert steps == list(range(1, len(steps) + 1))
    assert 3 <= len(steps) <= MOST_STEPS
    assert set(ADDRESS.findall(lead(text))) <= {*addresses(), API}


@pytest.mark.parametrize(("language", "task"), PAGES)
def test_words_in_bold_stand_on_the_screens_that_the_page_names(language: str, task: str) -> None:
    text = tasks(language)[task].read_text(encoding="utf-8")
    folders = [WEB, *(addresses()[address] for address in ADDRESS.findall(lead(text)) if address in addresses())]
    known = frozenset[str]().union(*(words(folder, language) for folder in folders))
    assert sorted(set(BOLD.findall(text)) - known) == []


@pytest.mark.parametrize(("language", "task"), PAGES)
def test_links_and_pictures_of_a_page_are_there(language: str, task: str) -> None:
    path = tasks(language)[task]
    text = path.read_text(encoding="utf-8")
    targets = LINK.findall(text) + PICTURE.findall(text)
    assert [target for target in targets if not is_there(target, path)] == []
    assert all(f"pictures/{language}/" in picture for picture in PICTURE.findall(text))


def test_a_task_shows_the_same_pictures_in_both_languages() -> None:
    def shown(language: str, task: str) -> list[str]:
        return [Path(name).name for name in PICTURE.findall(tasks(language)[task].read_text(encoding="utf-8"))]

    assert {task: shown("ko", task) for task in tasks("ko")} == {task: shown("en", task) for task in tasks("en")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_shown_and_they_are_small(language: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in tasks(language).values()]
    shown = {Path(name).name for text in texts for name in PICTURE.findall(text)}
    assert {path.name for path in (GUIDE / "pictures" / language).iterdir()} == shown
    assert sum(path.stat().st_size for path in GUIDE.glob("pictures/*/*.png")) < MOST_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_web_app_is_named_and_shown(language: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in tasks(language).values()]
    named = {address for text in texts for address in ADDRESS.findall(lead(text))}
    assert set(addresses()) - named == set()
    pictures = [Path(name).stem for text in texts for name in PICTURE.findall(text)]
    ids = [folder.name for folder in addresses().values()]
    assert [id_ for id_ in ids if not any(f"{name}-".startswith(f"{id_}-") for name in pictures)] == []


def test_the_index_lists_every_task_under_its_title() -> None:
    index = GUIDE / "README.md"
    entries = re.findall(r"\[([^]]+)]\(([^)]+)\)", index.read_text(encoding="utf-8"))
    listed = {target: title for title, target in entries}
    titles = {
        f"{language}/{task}.md": path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        for language in LANGUAGES
        for task, path in tasks(language).items()
    }
    assert listed == titles


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_the_readme_leads_to_the_guide(readme: str) -> None:
    text = (REPOSITORY / readme).read_text(encoding="utf-8")
    assert "docs/guide/README.md" in LINK.findall(text)
    files = [target for target in LINK.findall(text) if ":" not in target]
    assert [target for target in files if not is_there(target, REPOSITORY / readme)] == []
