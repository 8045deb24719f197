"""A page is one entry of the registry and one folder; whatever knows pages has it from there."""

import json
import re
import shutil
from pathlib import Path

import pytest

from gateway.pages.adapters import WEB, Build, read_build
from gateway.pages.domain.registry import Page, Registry
from gateway.pages.domain.texts import LANGUAGES

BUILD = read_build()
PAGES = BUILD.registry.pages


def texts_of(page: Page, language: str) -> dict[str, str]:
    return dict(json.loads(BUILD.files[f"{page.folder}/texts/{language}.json"]))


def sent(path: str) -> dict[str, object]:
    return dict(json.loads(BUILD.files[path]))


def test_every_folder_of_a_page_is_registered_once_and_every_page_has_its_folder() -> None:
    folders = {f"/{path.parent.relative_to(WEB).as_posix()}" for path in WEB.glob("pages/*/*/index.js")}
    assert sorted(page.folder for page in PAGES) == sorted(folders)


def test_every_page_has_a_controller_whose_default_export_is_shown() -> None:
    for page in PAGES:
        assert "export default" in BUILD.files[page.module].decode(), page.id


def test_the_navigation_knows_every_group_and_page_that_the_registry_names() -> None:
    shown = {page.id for page in PAGES if page.icon}
    assert {page.group for page in PAGES if page.icon} <= set(BUILD.registry.groups)
    assert {page.under for page in PAGES if page.under} <= shown
    assert "@" not in "".join(page.id for page in PAGES)
    icons = (WEB / "js" / "lib" / "icons.js").read_text(encoding="utf-8")
    assert [page.icon for page in PAGES if page.icon and not re.search(rf"^\s*{page.icon}:", icons, re.MULTILINE)] == []


def test_every_page_gets_its_own_styles_after_those_of_the_frame_that_it_stands_in() -> None:
    routes: list[dict[str, list[str]]] = sent("/pages/office.json")["pages"]  # type: ignore[assignment]
    for page, route in zip(PAGES, routes, strict=True):
        assert [style for style in route["styles"] if style not in BUILD.files] == []
        framed = "/js/shell/shell.js" in (WEB / page.module[1:]).read_text(encoding="utf-8")
        assert route["styles"][:1] == (["/css/shell.css"] if framed else [page.style])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_title_and_a_help_text(language: str) -> None:
    started = sent(f"/texts/{language}.json")
    assert [
        (page.id, key) for page in PAGES for key in page.text_keys if not (started | texts_of(page, language)).get(key)
    ] == []


def test_a_page_is_sent_the_texts_that_it_shows_and_no_others() -> None:
    started = set(sent("/texts/ko.json"))
    for page in PAGES:
        assert not started & set(texts_of(page, "ko")), page.id
    by_id = {page.id: page for page in PAGES}
    assert "station.choose" not in texts_of(by_id["orders"], "ko")
    assert "item_kind.finished" in texts_of(by_id["item"], "ko"), "it takes a part of another page, with its texts"


@pytest.mark.parametrize(
    ("path", "address", "parameters"),
    [
        ("/orders/{number}", "/orders/W-1.2", {"number": "W-1.2"}),
        ("/orders/{number}", "/orders", None),
        ("/orders/{number}", "/orders/a/b", None),
        ("/recall/{lot?}", "/recall", {"lot": None}),
        ("/recall/{lot?}", "/recall/L%201", {"lot": "L%201"}),
        ("/", "/", {}),
        ("/a.b", "/axb", None),
    ],
)
def test_an_address_is_a_pages_by_its_pattern(path: str, address: str, parameters: dict[str, str] | None) -> None:
    found = re.fullmatch(Page(id="x", group="g", path=path, title="t").pattern(), address)
    assert (found and found.groupdict()) == parameters


def test_router_and_server_read_the_same_patterns() -> None:
    routes: list[dict[str, str]] = sent("/pages/office.json")["pages"]  # type: ignore[assignment]
    assert [route["id"] for route in routes] == [page.id for page in PAGES]
    for page, route in zip(PAGES, routes, strict=True):
        address = re.sub(r"\{\w+\??\}", "X", page.path)
        assert re.search(route["pattern"].replace("(?<", "(?P<"), address), page.id
        assert BUILD.registry.addresses.fullmatch(address), page.id


def with_dummies(folder: Path, number: int) -> Build:
    """A copy of the app with further office pages."""
    copy = folder / "web"
    shutil.copytree(WEB, copy)
    registry = json.loads((copy / "pages.json").read_text(encoding="utf-8"))
    for place in range(number):
        name = f"dummy-{place}"
        registry["pages"].append(
            {"id": name, "group": "improve", "path": f"/{name}", "title": f"{name}.title", "icon": "list", "roles": []}
        )
        page = copy / "pages" / "improve" / name
        (page / "texts").mkdir(parents=True)
        (page / "index.js").write_text(
            (copy / "pages" / "quality" / "quality" / "index.js").read_text(encoding="utf-8"), encoding="utf-8"
        )
        (page / f"{name}.css").write_text(".dummy { color: red; }\n", encoding="utf-8")
        for language in LANGUAGES:
            (page / "texts" / f"{language}.json").write_text(f'{{"{name}.title": "x"}}', encoding="utf-8")
    (copy / "pages.json").write_text(json.dumps(registry), encoding="utf-8")
    return read_build(copy)


def test_twenty_more_pages_of_the_office_change_nothing_of_a_tablets_first_load(tmp_path: Path) -> None:
    more = with_dummies(tmp_path, 20)
    assert len(more.registry.pages) == len(PAGES) + 20
    assert "/pages/improve/dummy-7/index.js" in more.files
    assert more.registry.addresses.fullmatch("/dummy-7")
    assert more.first == BUILD.first
    assert {path: more.files[path] for path in more.first} == {path: BUILD.files[path] for path in BUILD.first}
    assert len(more.worker) == len(BUILD.worker)


def test_an_entry_with_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Registry.model_validate(
            {"groups": [], "pages": [{"id": "x", "group": "g", "path": "/", "title": "t", "colour": 1}]}
        )
