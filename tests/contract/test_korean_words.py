"""A Korean reader meets one word for one thing: in the web app, in messages, in files and in the guide."""

import json
from collections.abc import Iterator
from pathlib import Path

from services.orders.exchange.commands.kinds.registry import KINDS

ROOT = Path(__file__).parents[2]


def replaced() -> list[tuple[str, str]]:
    """Each word of the vocabulary's table with one that stands for the same thing no more."""
    table = (
        (ROOT / "docs/vocabulary.md").read_text(encoding="utf-8").partition("## Korean words")[2].partition("\n## ")[0]
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("|")][2:]
    return [(word, other.strip()) for _, word, others in rows for other in others.split(",")]


def texts() -> Iterator[tuple[str, str]]:
    """Everything that a Korean reader is shown, with where it stands."""
    files = ["gateway/web/**/texts/ko.json", "services/*/messages/ko.json", "*/**/messages/ko.json", "infra/**/ko.json"]
    for path in sorted({path for pattern in files for path in ROOT.glob(pattern) if ".venv" not in path.parts}):
        for key, text in json.loads(path.read_text(encoding="utf-8")).items():
            yield f"{path.relative_to(ROOT)} {key}", str(text)
    for path in sorted([ROOT / "README.ko.md", *(ROOT / "docs/guide/ko").rglob("*.md")]):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line
    for kind in KINDS.values():
        yield kind.name, kind.titles[0]
        for field in kind.fields:
            yield f"{kind.name}.{field.name}", field.headings[0]


def test_a_thing_has_one_korean_word() -> None:
    words = replaced()
    assert ("자재명세서", "BOM") in words
    found = list(texts())
    assert len(found) > 2000
    wrong = [
        f"{where}: {other} → {word}: {text}"
        for where, text in found
        for word, other in words
        if other in text.replace(word, "")
    ]
    assert not wrong, "\n".join(wrong)
