"""Every kind that can be imported and exported, in the order in which they build on each other: one entry a kind."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from services.orders.definitions import commands as definitions
from services.orders.definitions.queries import list_all
from services.orders.definitions.schemas import (
    ItemIn,
    MachineIn,
    ReasonIn,
    ShiftIn,
    WorkCenterIn,
)
from services.orders.definitions.tables import Definition, Item, Machine, Reason, Shift, WorkCenter
from services.orders.exchange.cells import NUMBER, TIME, YES_NO, Words, choice
from services.orders.exchange.domain import Document, Field, Lines, frozen
from shared.kit.database import Transaction
from shared.kit.importing import Verdict


class Store(Protocol):
    """Where the documents of a kind are: read, put and taken back through the commands of its slice."""

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The documents with these keys, locked; or all of them, unlocked."""

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Which of these keys may be referred to; read ahead for the commands that ask again."""

    def settle(self, before: Document | None, after: Document) -> Document:
        """What will be stored of ``after`` where ``before`` stood."""

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """Create or replace."""

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """Take out of use what should not have been made."""


@dataclass(frozen=True)
class Catalogue:
    """Definitions by code; what is withdrawn is no longer active."""

    table: type[Definition]
    body: type[BaseModel]
    put_command: Callable[[Transaction, str, Any], Awaitable[Verdict]]

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The documents with these codes, locked; or all of them, unlocked."""
        rows = await (list_all(tx.session, self.table) if keys is None else tx.read_ahead(self.table, keys, lock=True))
        return {row.code: frozen(self.body.model_validate(row, from_attributes=True)) for row in rows}

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Which of these codes are active."""
        asked = [key for key in keys if (self.table, key) not in tx.known]
        await tx.read_ahead(self.table, asked)
        return {key for key in keys if (row := tx.known[self.table, key]) and row.active}

    def settle(self, before: Document | None, after: Document) -> Document:
        """As it is."""
        return after

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """Create or replace."""
        return await self.put_command(tx, key, body)

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """No longer active."""
        await self.put_command(tx, key, self.body.model_validate(document | {"active": False}))


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

    @property
    def required(self) -> tuple[str, ...]:
        """The fields without which nothing can be made of a file."""
        return tuple(field.name for field in self.fields if field.required)

    @property
    def synonyms(self) -> dict[str, tuple[str, ...]]:
        """The headings by which a field is known."""
        return {field.name: (*field.headings, *field.also) for field in self.fields}


ITEM_KIND = choice(
    {
        "raw": (("원자재", "raw material", "nguyên liệu"), ("원재료",)),
        "purchased": (("구매품", "purchased", "mua ngoài"), ("부자재", "구매")),
        "semi": (("반제품", "semi-finished", "bán thành phẩm"), ("재공",)),
        "finished": (("완제품", "finished", "thành phẩm"), ("제품",)),
    }
)
REASON_KIND = choice(
    {
        "planned": (("계획정지", "planned stop", "dừng theo kế hoạch"), ("계획",)),
        "setup": (("준비교체", "set-up", "thiết lập máy"), ("셋팅",)),
        "unplanned": (("비가동", "unplanned stop", "dừng ngoài kế hoạch"), ("비계획", "고장")),
        "hold": (("보류", "hold", "tạm giữ"), ()),
        "correction": (("정정", "correction", "đính chính"), ("수정",)),
    }
)


def _code(headings: Words, *also: str, example: str, name: str = "code", refers: str | None = None) -> Field:
    return Field(name, headings, (*also, "code"), required=True, example=example, refers=refers)


def _names(example: str, *also: str, headings: Words = ("명칭", "Name", "Tên")) -> tuple[Field, ...]:
    """The names in three languages; the Korean one is the plain one."""
    korean, english, vietnamese = headings
    return (
        Field("name", headings, (*also, "이름", "name"), required=True, path=("name", "ko"), example=example),
        Field(
            "name_en",
            (f"{korean}(영문)", f"{english} (English)", f"{vietnamese} (tiếng Anh)"),
            (*(f"{word}(영문)" for word in also), "영문명", "영문", "english name"),
            path=("name", "en"),
        ),
        Field(
            "name_vi",
            (f"{korean}(베트남어)", f"{english} (Vietnamese)", f"{vietnamese} (tiếng Việt)"),
            (*(f"{word}(베트남어)" for word in also), "베트남어명", "베트남어", "vietnamese name"),
            path=("name", "vi"),
        ),
    )


ACTIVE = Field("active", ("사용", "In use", "Đang dùng"), ("사용여부",), YES_NO)

WORK_CENTERS = Kind(
    "work_centers",
    ("작업장", "Work centers", "Cụm máy"),
    (_code(("작업장코드", "Work center", "Cụm máy"), "작업장", example="PRESS"), *_names("프레스"), ACTIVE),
    WorkCenterIn,
    Catalogue(WorkCenter, WorkCenterIn, definitions.put_work_center),
)
MACHINES = Kind(
    "machines",
    ("설비", "Machines", "Máy"),
    (
        _code(("설비코드", "Machine", "Máy"), "설비번호", "호기", example="PR1"),
        *_names("프레스 1호기"),
        Field(
            "work_center",
            ("작업장", "Work center", "Cụm máy"),
            ("작업장코드",),
            required=True,
            refers="work_centers",
            example="PRESS",
        ),
        ACTIVE,
    ),
    MachineIn,
    Catalogue(Machine, MachineIn, definitions.put_machine),
)
REASONS = Kind(
    "reasons",
    ("사유", "Reasons", "Lý do"),
    (
        _code(("사유코드", "Reason", "Lý do"), "코드", example="U1"),
        *_names("금형 수리"),
        Field("kind", ("구분", "Kind", "Loại"), codec=REASON_KIND, required=True, example="unplanned"),
        Field("note_required", ("비고필수", "Note required", "Bắt buộc ghi chú"), ("메모필수",), YES_NO, example="N"),
        ACTIVE,
    ),
    ReasonIn,
    Catalogue(Reason, ReasonIn, definitions.put_reason),
)
SHIFTS = Kind(
    "shifts",
    ("근무조", "Shifts", "Ca"),
    (
        _code(("근무조코드", "Shift", "Ca"), "근무조", "코드", example="D"),
        *_names("주간"),
        Field("starts", ("시작", "Starts", "Bắt đầu"), ("시작시각", "from"), TIME, required=True, example="08:30"),
        Field("ends", ("종료", "Ends", "Kết thúc"), ("종료시각", "to"), TIME, required=True, example="19:30"),
        ACTIVE,
    ),
    ShiftIn,
    Catalogue(Shift, ShiftIn, definitions.put_shift),
)
ITEMS = Kind(
    "items",
    ("품목", "Items", "Mặt hàng"),
    (
        _code(("품번", "Item code", "Mã hàng"), "품목코드", "품목번호", "item", example="HB1001"),
        *_names("마운팅 브라켓", "명칭", headings=("품명", "Name", "Tên")),
        Field(
            "kind", ("구분", "Kind", "Loại"), ("품목구분", "계정", "type"), ITEM_KIND, required=True, example="finished"
        ),
        Field("unit", ("단위", "Unit", "Đơn vị"), ("uom",), example="EA"),
        Field(
            "box_quantity",
            ("박스수량", "Box quantity", "Số lượng mỗi thùng"),
            ("포장수량", "입수", "box"),
            NUMBER,
            example="200",
        ),
        ACTIVE,
    ),
    ItemIn,
    Catalogue(Item, ItemIn, definitions.put_item),
)

KINDS = {kind.name: kind for kind in (WORK_CENTERS, MACHINES, SHIFTS, REASONS, ITEMS)}
EVERYTHING = "everything"
