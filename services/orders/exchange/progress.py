"""How far the imports that run in this process are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Progress:
    """How far an import is, in rows."""

    total: int
    done: int = 0


@dataclass
class Running:
    """The imports that run, by their Idempotency-Key."""

    imports: dict[UUID, Progress] = field(default_factory=dict)

    @contextmanager
    def told(self, key: UUID | None, progress: Progress) -> Iterator[None]:
        """Tell of this import as long as it runs."""
        if key is None:
            yield
            return
        self.imports[key] = progress
        try:
            yield
        finally:
            self.imports.pop(key, None)
