"""The past as kinds: all revisions of instructions, routings and BOMs.

No sheet has room for them; JSON and archives do.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from services.orders.base import Base
from services.orders.exchange.commands.kinds.kind import ExchangeKind
from services.orders.exchange.domain.documents import Document, frozen
from services.orders.exchange.domain.layout import code_field
from services.orders.instructions import commands, queries
from services.orders.instructions.schemas import InstructionHistory
from services.orders.instructions.tables import Instruction
from services.orders.products.commands import restore
from services.orders.products.queries import history
from services.orders.products.schemas import BomHistory, RoutingHistory
from services.orders.products.tables import Bom, Routing
from shared.kit.database import Transaction
from shared.kit.importing import Verdict

H = TypeVar("H", bound=BaseModel)


@dataclass(frozen=True)
class HistoryStore(Generic[H]):
    """All revisions of documents: restored as they were where there are none, and never changed."""

    document: type[Base]
    read_command: Callable[[Transaction, Collection[str] | None], Awaitable[dict[str, H]]]
    restore_command: Callable[[Transaction, str, H], Awaitable[Verdict]]
    withdraw_command: Callable[[Transaction, str], Awaitable[None]]

    def subject_of(self, key: str) -> str:
        """The document, whose past this is."""
        return self.document.subject_of(key)

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The past of these documents, or of all."""
        return {key: frozen(body) for key, body in (await self.read_command(tx, keys)).items()}

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Nothing refers to it."""
        return set()

    async def prepare(self, tx: Transaction, put: Mapping[str, Document]) -> None:
        """Nothing more."""

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """Restore it."""
        return await self.restore_command(tx, key, body)

    async def left(self, tx: Transaction, put: Mapping[str, Document]) -> Mapping[str, Document]:
        """Just these."""
        return put

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """End the revision in force; the past stays."""
        await self.withdraw_command(tx, key)


INSTRUCTIONS = ExchangeKind(
    "instructions",
    ("작업표준서", "Work instructions", "Hướng dẫn công việc"),
    (code_field(("작업표준", "Instruction", "Hướng dẫn"), example=""),),
    InstructionHistory,
    store=HistoryStore(
        Instruction, queries.read_instructions, commands.restore_instruction, commands.withdraw_instruction
    ),
    in_sheets=False,
)
ROUTING_HISTORY = ExchangeKind(
    "routing_history",
    ("라우팅 이력", "Past routings", "Lịch sử quy trình"),
    (code_field(("품번", "Item code", "Mã hàng"), name="item", example=""),),
    RoutingHistory,
    store=HistoryStore(Routing, history.read_routings, restore.restore_routing, restore.withdraw_routings),
    key="item",
    in_sheets=False,
)
BOM_HISTORY = ExchangeKind(
    "bom_history",
    ("자재명세서 이력", "Past bills of material", "Lịch sử định mức"),
    (code_field(("모품번", "Item code", "Mã hàng"), name="item", example=""),),
    BomHistory,
    store=HistoryStore(Bom, history.read_boms, restore.restore_bom, restore.withdraw_boms),
    key="item",
    in_sheets=False,
)
