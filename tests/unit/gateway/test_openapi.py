"""One OpenAPI document out of several."""

from typing import Any

from gateway.documents.domain import merge


def document(path: str, operation: str, schemas: dict[str, Any]) -> dict[str, Any]:
    name = next(iter(schemas))
    answer = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    return {
        "info": {"title": path},
        "paths": {path: {"get": {"operationId": operation, "tags": ["things"], "responses": {"200": answer}}}},
        "components": {"schemas": schemas},
    }


def test_a_name_that_means_two_things_gets_its_services_name() -> None:
    same = {"type": "string"}
    own = document("/a", "list_things", {"Thing": {"type": "object"}, "Code": same})
    theirs = document("/b", "list_things", {"Thing": {"type": "array"}, "Code": same})
    merged = merge(own, {"orders": theirs})
    assert merged["components"]["schemas"] == {
        "Code": same,
        "OrdersThing": {"type": "array"},
        "Thing": {"type": "object"},
    }
    operation = merged["paths"]["/b"]["get"]
    assert operation["operationId"] == "orders_list_things"
    assert operation["tags"] == ["orders: things"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/OrdersThing"}
    assert own["paths"] == {"/a": merged["paths"]["/a"]}
