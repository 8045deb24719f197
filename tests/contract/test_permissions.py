"""The document of rights says what the routes state."""

from infra.docs.permissions import FILE, document


def test_the_document_of_rights_is_of_these_routes() -> None:
    assert FILE.read_text(encoding="utf-8") == document(), "write it anew: python -m infra.docs.permissions"
