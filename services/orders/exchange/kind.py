"""What a kind of master data is to imports and exports."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from services.orders.exchange.cells import YES_NO, Words
from services.orders.exchange.domain import Document, Field, Lines
from shared.kit.database import Transaction
from shared.kit.importing import Verdict


class Store(Protocol):
    """Where the documents of a kind are: read, put and taken back through the commands of its slice."""

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The documents with these keys, locked; or all of them, unlocked."""

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Which of these keys may be referred to; read ahead for the commands that ask again."""

    async def prepare(self, tx: Transaction, put: Mapping[str, Document]) -> None:
        """Read ahead what putting these documents will ask for."""

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """Create or replace."""

    async def left(self, tx: Transaction, put: Mapping[str, Document]) -> Mapping[str, Document]:
        """What is there after these documents were put, as ``read`` would tell it."""

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """Take out of use what should not have been made."""


@dataclass(frozen=True)
class Kind:
    """One kind: its title, its fields, what a PUT takes, and where its documents are."""

    name: str
    titles: Words
    fields: tuple[Field, ...]
    body: type[BaseModel]
    store: Store
    key: str = "code"
    lines: Lines | None = None
    in_sheets: bool = True
    """Whether its documents fit into rows of a sheet."""
    past: str = ""
    """The kind of its past: what came with that came with the same file."""

    @property
    def required(self) -> tuple[str, ...]:
        """The fields without which nothing can be made of a file."""
        return tuple(field.name for field in self.fields if field.required)

    @property
    def synonyms(self) -> dict[str, tuple[str, ...]]:
        """The headings by which a field is known."""
        return {field.name: (*field.headings, *field.also) for field in self.fields}


def code_field(
    headings: Words, *also: str, example: str, name: str = "code", refers: str | None = None, note: Words | None = None
) -> Field:
    """The column that tells one document from another."""
    return Field(name, headings, (*also, name), required=True, example=example, refers=refers, note=note)


def name_fields(
    example: str, *also: str, headings: Words = ("명칭", "Name", "Tên"), name: str = "name", required: bool = True
) -> tuple[Field, Field, Field]:
    """The columns of a name in three languages; the Korean one is the plain one."""
    korean, english, vietnamese = headings
    return (
        Field(name, headings, also, required=required, path=("name", "ko"), example=example),
        Field(
            f"{name}_en",
            (f"{korean}(영문)", f"{english} (English)", f"{vietnamese} (tiếng Anh)"),
            tuple(f"{word}(영문)" for word in also),
            path=("name", "en"),
        ),
        Field(
            f"{name}_vi",
            (f"{korean}(베트남어)", f"{english} (Vietnamese)", f"{vietnamese} (tiếng Việt)"),
            tuple(f"{word}(베트남어)" for word in also),
            path=("name", "vi"),
        ),
    )


ACTIVE = Field("active", ("사용", "In use", "Đang dùng"), ("사용여부",), YES_NO)
