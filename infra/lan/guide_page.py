"""Draws the guide's page: texts from ``guide/<language>.json``, and for each step a picture of the device."""

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from infra.lan.authority import Authority
from shared.kit.qr import qr_code

FOLDER = Path(__file__).parent / "guide"
LANGUAGES = {"ko": "한국어", "en": "English", "vi": "Tiếng Việt"}
PLATFORMS = ("android", "ipad", "windows", "other")
POINTER = (
    '<svg class="finger" viewBox="0 0 24 24"><path d="M9 11V4.5a1.5 1.5 0 0 1 3 0V10l5.2 1.2a2.2 2.2 0 0 1 1.7 2.5'
    'l-.8 4.6A4.5 4.5 0 0 1 13.7 22h-1.4a4.5 4.5 0 0 1-3.8-2.1l-3.3-5.2a1.5 1.5 0 0 1 2.4-1.8z"/></svg>'
)
ICONS = {
    "wait": '<path d="M12 7v5l3 2"/><circle cx="12" cy="12" r="9"/>',
    "no": '<path d="M12 8v5m0 3v.01"/><path d="M12 3 2.5 20h19z"/>',
    "yes": '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.7 2.7L16 9.5"/>',
    "down": '<path d="M12 4v11m-5-5 5 5 5-5M5 20h14"/>',
    "go": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "again": '<path d="M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6"/>',
}


@cache
def load_texts(language: str) -> Mapping[str, Any]:
    """The page's texts."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return loaded


def choose_language(requested: str, accepted: str) -> str:
    """The one that was asked for, else the first of the browser's that there is, else Korean."""
    preferred = [requested, *(part.strip()[:2].lower() for part in accepted.split(","))]
    return next((language for language in preferred if language in LANGUAGES), "ko")


def guide_page(language: str, address: str, authority: Authority) -> str:
    """The whole page; ``address`` is Dure's own, which the page tries."""
    texts = load_texts(language)
    links = "".join(
        f'<a href="/?lang={code}" lang="{code}"{" aria-current=true" if code == language else ""}>{name}</a>'
        for code, name in LANGUAGES.items()
    )
    choices = "".join(
        f'<label><input type="radio" name="platform" value="{platform}"{" checked" if platform == "android" else ""}>'
        f"<span>{escape(texts['platforms'][platform]['name'])}</span></label>"
        for platform in PLATFORMS
    )
    panels = "".join(_panel(platform, texts, authority) for platform in PLATFORMS)
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(texts["title"])}</title>
<link rel="icon" href="/mark.svg">
<link rel="stylesheet" href="/tokens.css">
<link rel="stylesheet" href="/guide.css">
<link rel="stylesheet" href="/figures.css">
<script type="module" src="/guide.js"></script>
</head>
<body data-address="{escape(address)}" data-trust="wait">
<header><img src="/mark.svg" alt=""><b>Dure</b><nav aria-label="{escape(texts["language"])}">{links}</nav></header>
<main>
<h1>{escape(texts["title"])}</h1>
<p class="lead">{escape(texts["lead"])}</p>
<div class="state" role="status">{"".join(_state(one, texts) for one in ("wait", "no", "yes"))}
<button type="button" id="again">{_icon("again")}{escape(texts["again"])}</button></div>
<details id="trust" open>
<summary><h2><span>1</span>{escape(texts["trust"])}{_icon("yes")}</h2></summary>
<div class="choices" role="radiogroup" aria-label="{escape(texts["device"])}">{choices}</div>
{panels}
{_fingerprints(texts, authority)}
</details>
<section id="enrol">
<h2><span>2</span>{escape(texts["enrol"])}</h2>
{_steps(texts["enrolment"], texts, authority, address)}
<p class="end"><a class="button" id="open" href="{escape(address)}/">{_icon("go")}{escape(texts["open"])}</a>
<span>{escape(texts["office"])}</span></p>
</section>
</main>
</body>
</html>
"""


def _state(state: str, texts: Mapping[str, Any]) -> str:
    return f'<p class="{state}">{_icon(state)}{escape(texts["states"][state])}</p>'


def _panel(platform: str, texts: Mapping[str, Any], authority: Authority) -> str:
    steps = texts["platforms"][platform]["steps"]
    return f'<div class="panel" data-platform="{platform}">{_steps(steps, texts, authority)}</div>'


def _steps(steps: list[Mapping[str, Any]], texts: Mapping[str, Any], authority: Authority, address: str = "") -> str:
    items = "".join(
        f"<li><div><p>{_filled(step['text'], authority)}</p>{_download(step.get('download'), texts)}</div>"
        f"{_figure(step['figure'], authority, address)}</li>"
        for step in steps
    )
    return f'<ol class="steps">{items}</ol>'


def _filled(text: str, authority: Authority) -> str:
    return escape(text.replace("{name}", authority.name)).replace("[", "<b>").replace("]", "</b>")


def _download(file: str | None, texts: Mapping[str, Any]) -> str:
    if file is None:
        return ""
    return f'<a class="button" href="/{file}" download>{_icon("down")}{escape(texts["download"][file])}</a>'


def _figure(figure: Mapping[str, Any], authority: Authority, address: str) -> str:
    """A device with a list, a question, a switch or a code on its screen; ``mark`` is the row that is touched."""
    kind = figure["kind"]
    rows = "".join(_row(text, at == figure.get("mark"), kind, authority) for at, text in enumerate(figure["rows"]))
    head = f'<p class="bar">{_filled(figure["head"], authority)}</p>' if "head" in figure else ""
    code = f'<div class="code">{_code(address)}</div>' if kind == "code" else ""
    return f'<figure class="{escape(kind)}" aria-hidden="true"><div class="screen">{head}{code}{rows}</div></figure>'


def _row(text: str, is_marked: bool, kind: str, authority: Authority) -> str:
    switch = '<i class="switch"></i>' if is_marked and kind == "switch" else ""
    mark, pointer = (" mark", POINTER) if is_marked else ("", "")
    return f'<p class="row{mark}">{_filled(text, authority)}{switch}{pointer}</p>'


def _code(address: str) -> str:
    """The drawing of a code; it leads to Dure itself, should somebody scan the drawing."""
    return str(qr_code(address).svg_inline(border=1, omitsize=True, svgclass=None))


def _fingerprints(texts: Mapping[str, Any], authority: Authority) -> str:
    parts = "".join(f"<span>{authority.sha256[at : at + 24]}</span>" for at in range(0, 96, 24))
    return f"""<aside class="fingerprints"><h3>{escape(texts["fingerprint"])}</h3><p>{escape(texts["compare"])}</p>
<dl><dt>SHA-256</dt><dd id="sha256">{parts}</dd><dt>SHA-1</dt><dd id="sha1">{authority.sha1}</dd></dl>
<p>{escape(texts["bounds"])}</p></aside>"""


def _icon(name: str) -> str:
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>'
