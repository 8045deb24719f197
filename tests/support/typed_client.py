"""A typed Python client, generated from ``/openapi.json`` as an integrator would, and golden steps driven with it."""

import json
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

EXAMPLES = Path(__file__).parents[2] / "gateway/documents/examples"
FILES = ("application/pdf", "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
BINARY = (*FILES, "image/png", "image/jpeg", "image/webp")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


class TypedClient:
    """The generated package; each operation and model is found by the name that the document gives it."""

    def __init__(self, document: dict[str, Any], folder: Path, package: str) -> None:
        source = folder / "openapi.json"
        source.write_text(json.dumps(document), encoding="utf-8")
        settings = ConfigFile(post_hooks=[], content_type_overrides=dict.fromkeys(BINARY, "application/octet-stream"))
        config = Config.from_sources(settings, MetaType.NONE, source, "utf-8", True, folder / package)
        self.faults = [f"{fault.header}: {fault.detail}" for fault in generate(config=config)]
        sys.path.insert(0, str(folder))
        self._package = package
        self._modules = {path.stem: path for path in (folder / package / "api").glob("*/*.py")}
        self._operations = {
            operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()
        }
        self.models = import_module(f"{package}.models")
        self.client: Any = import_module(f"{package}.client")

    @property
    def operations(self) -> set[str]:
        """The operations that were generated."""
        return {name for name in self._modules if name != "__init__"}

    async def call(self, operation: str, caller: Any, *path: Any, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Call an operation; its status and what the client made of the answer, of the type that is described."""
        described = self._operations[operation]
        arguments = dict(more)
        if body is not None:
            model = _reference(described["requestBody"]["content"]["application/json"]["schema"])
            arguments["body"] = getattr(self.models, model).from_dict(body)
        file = self._modules[operation]
        module = import_module(f"{self._package}.api.{file.parent.name}.{file.stem}")
        answer = await module.asyncio_detailed(*path, client=caller, **arguments)
        status = int(answer.status_code)
        name = "Problem"
        if status < 400:
            name = _reference(described["responses"][str(status)]["content"]["application/json"]["schema"])
        assert type(answer.parsed).__name__ == name, (operation, status, answer.content)
        return status, answer.parsed


def _reference(schema: dict[str, Any]) -> str:
    kinds = [schema, *schema.get("anyOf", ())]
    return str(next(kind["$ref"] for kind in kinds if "$ref" in kind)).rpartition("/")[2]


def example(operation: str) -> dict[str, Any]:
    """The golden example of an operation."""
    found: dict[str, Any] = json.loads((EXAMPLES / f"{operation}.json").read_text(encoding="utf-8"))
    return found


def without_chance(value: Any) -> Any:
    """A value without what differs at each run: ids and moments."""
    text = json.dumps(value, ensure_ascii=False)
    return json.loads(MOMENT.sub("a moment", UUID.sub("an id", text)))
