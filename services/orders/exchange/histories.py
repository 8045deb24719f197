"""The past as kinds: all revisions of instructions, routings and BOMs. No sheet has room for them; JSON and archives do."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from services.orders.exchange.domain import Document, frozen
from services.orders.exchange.kind import Kind, code_field
from services.orders.instructions import history as instructions
from services.orders.instructions.schemas import InstructionHistory
from services.orders.products import history
from services.orders.products.schemas import BomHistory, RoutingHistory
from shared.kit.database import Transaction
from shared.kit.importing import Verdict

H = TypeVar("H", bound=BaseModel)


@dataclass(frozen=True)
class Past(Generic[H]):
    """All revisions of documents: laid down as they were where there are none, and never changed."""

    read_command: Callable[[Transaction, Collection[str] | None], Awaitable[dict[str, H]]]
    restore_command: Callable[[Transaction, str, H], Awaitable[Verdict]]
    withdraw_command: Callable[[Transaction, str], Awaitable[None]]

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The past of these documents, or of all."""
        return {key: frozen(told) for key, told in (await self.read_command(tx, keys)).items()}

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Nothing refers to it."""
        return set()

    async def prepare(self, tx: Transaction, put: Mapping[str, Document]) -> None:
        """Nothing more."""

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """Lay it down."""
        return await self.restore_command(tx, key, body)

    async def left(self, tx: Transaction, put: Mapping[str, Document]) -> Mapping[str, Document]:
        """Just these."""
        return put

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """What is in force ends; the past stays."""
        await self.withdraw_command(tx, key)


INSTRUCTIONS = Kind(
    "instructions",
    ("작업표준서", "Work instructions", "Hướng dẫn công việc"),
    (code_field(("작업표준", "Instruction", "Hướng dẫn"), example=""),),
    InstructionHistory,
    Past(instructions.read_instructions, instructions.restore_instruction, instructions.withdraw_instruction),
    in_sheets=False,
)
ROUTING_HISTORY = Kind(
    "routing_history",
    ("공정순서 이력", "Past routings", "Lịch sử quy trình"),
    (code_field(("품번", "Item code", "Mã hàng"), name="item", example=""),),
    RoutingHistory,
    Past(history.read_routings, history.restore_routing, history.withdraw_routings),
    key="item",
    in_sheets=False,
)
BOM_HISTORY = Kind(
    "bom_history",
    ("자재명세 이력", "Past bills of material", "Lịch sử định mức"),
    (code_field(("모품번", "Item code", "Mã hàng"), name="item", example=""),),
    BomHistory,
    Past(history.read_boms, history.restore_bom, history.withdraw_boms),
    key="item",
    in_sheets=False,
)
