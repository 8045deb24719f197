"""The page of the audit trail has a word for whatever the gateway enters into it."""

import json
import re
from pathlib import Path

from gateway.identity.tables import Person

REPOSITORY = Path(__file__).parents[3]
PAGES = REPOSITORY / "gateway" / "web"
ENTRY = re.compile(r'audit\(\s*"(\w+)",\s*f"(\w+)/(.*)')
FIELD = re.compile(r'\("(\w+)", None')


def entries() -> list[tuple[str, str, str]]:
    """Action, kind of the subject, and what follows of the call, as the commands have them."""
    commands = (REPOSITORY / "gateway" / "identity" / "commands").glob("*.py")
    return [found for path in commands for found in ENTRY.findall(path.read_text(encoding="utf-8"))]


def words(prefix: str) -> set[str]:
    """What the texts of the page, and those of all pages, name under this prefix."""
    texts: dict[str, str] = {}
    for folder in (PAGES, PAGES / "pages" / "setup" / "trail"):
        texts |= json.loads((folder / "texts" / "ko.json").read_text(encoding="utf-8"))
    return {key.removeprefix(prefix) for key in texts if key.startswith(prefix)}


def test_every_action_kind_and_field_of_the_gateways_trail_is_said_in_words() -> None:
    found = entries()
    assert len(found) >= 9
    assert {action for action, _, _ in found} <= words("trail_action.")
    assert {kind for _, kind, _ in found} <= words("trail_kind.")
    fields = {field for _, _, rest in found for field in FIELD.findall(rest)}
    shown = {"name", "roles", "languages", "login", "active"} & set(Person.model_fields)
    assert fields | shown | {"pin", "badge", "password"} <= words("trail_field.") | words("fact.")
