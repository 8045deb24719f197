"""Who sees persons, and who reads the apps' figures from where."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gateway.settings import GatewaySettings
from gateway.upstream.domain import is_inside
from infra.docs.permissions import app_of
from shared.kit.auth import STAFF
from shared.registry import APP_NAMES
from tests.support.documented import document_of

NAMED = re.compile(r"person|person_id|by|[a-z]+_by|crew|people|authors")
NOBODY = {"begin_by", "blocked_by"}
"""Times and reasons."""
ONESELF = "/api/v1/me"


def schemas_of(schema: Any, document: dict[str, Any], seen: set[str]) -> set[str]:
    """The names of all schemas to which a part of a document leads."""
    for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schema)):
        if name not in seen:
            seen.add(name)
            schemas_of(document["components"]["schemas"][name], document, seen)
    return seen


@pytest.mark.parametrize("app", APP_NAMES)
def test_persons_are_marked_in_all_that_a_guest_or_an_erp_reads(app: str) -> None:
    document = document_of(app)
    named = set()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            roles = set(operation.get("x-right", {}).get("roles", ()))
            if roles <= set(STAFF) or path == ONESELF:
                continue
            for name in schemas_of(operation["responses"], document, set()):
                for field, schema in document["components"]["schemas"][name].get("properties", {}).items():
                    text = json.dumps(schema)
                    if NAMED.fullmatch(field) and '"string"' in text and "x-visible-to" not in text:
                        named.add((path, name, field))
    assert {one for one in named if one[2] not in NOBODY} == set()


@pytest.mark.parametrize(
    ("client", "headers", "inside"),
    [
        ("127.0.0.1", ["host"], True),
        ("::1", [], True),
        ("::ffff:127.0.0.1", [], True),
        ("192.168.0.7", [], False),
        ("127.0.0.1", ["X-Forwarded-For"], False),
        ("127.0.0.1", ["forwarded"], False),
        (None, [], False),
        ("testclient", [], False),
    ],
)
def test_only_this_machine_itself_is_inside(client: str | None, headers: list[str], inside: bool) -> None:
    networks = GatewaySettings.model_fields["metrics_from"].default
    assert is_inside(client, headers, networks) is inside


@pytest.mark.parametrize("language", ["ko", "en", "vi"])
def test_every_right_is_said_in_words(language: str) -> None:
    folder = Path(__file__).parents[3] / "gateway/web/pages/setup/rights/texts"
    texts = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    used = set()
    for app in APP_NAMES:
        for methods in document_of(app)["paths"].values():
            for operation in methods.values():
                if right := operation.get("x-right"):
                    used.add(f"right.{right['of']}.{right['name']}")
    assert {key for key in texts if key.startswith("right.")} == used
    assert {right.of for app in APP_NAMES for right in app_of(app).state.rights.values()} == {
        key.removeprefix("rights_of.") for key in texts if key.startswith("rights_of.")
    }
