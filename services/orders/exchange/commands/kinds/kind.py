"""A kind of master data, as imports and exports see it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.orders.exchange.domain.documents import Document
from services.orders.exchange.domain.layout import KindLayout
from shared.kit.database import Transaction
from shared.kit.importing import Verdict


class KindStore(Protocol):
    """The store of a kind's documents: read, put and withdrawn by the queries and commands of its slice."""

    def subject_of(self, key: str) -> str:
        """The entry in the audit trail: what is entered there later settles a row that was rejected."""

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The documents with these keys, locked; or all of them, unlocked."""

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Those of these keys that may be referred to; read ahead for the commands that ask again."""

    async def prepare(self, tx: Transaction, put: Mapping[str, Document]) -> None:
        """Read ahead what putting these documents will ask for."""

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """Create or replace."""

    async def left(self, tx: Transaction, put: Mapping[str, Document]) -> Mapping[str, Document]:
        """The documents that are there after these were put, as ``read`` would give it."""

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """Take out of use what should not have been made."""


@dataclass(frozen=True)
class ExchangeKind(KindLayout):
    """One kind: its layout in files, and where its documents are."""

    store: KindStore = field(kw_only=True)
