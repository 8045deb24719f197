"""Routings and BOMs as kinds: a row for each operation or component, the rows of an item together."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from services.orders.exchange.commands.kinds.kind import ExchangeKind
from services.orders.exchange.domain.cells import (
    AMOUNT,
    DATE,
    NUMBER,
    PREDECESSORS,
    WHOLE,
    YES_NO,
    pairs,
    several,
)
from services.orders.exchange.domain.documents import Document, frozen
from services.orders.exchange.domain.layout import KindField, Lines, code_field, name_fields
from services.orders.products import schemas, tables
from services.orders.products.commands import revise_bom, revise_routing
from services.orders.products.queries import revisions
from shared.kit.cells import parse_amount
from shared.kit.database import Transaction
from shared.kit.importing import Verdict


@dataclass(frozen=True)
class RevisionStore:
    """Documents in revisions, by item: the one in force counts; what is withdrawn has none."""

    document: type[tables.Document]
    revision: Any
    line: Any
    lines: Lines
    body: type[BaseModel]
    put_command: Callable[[Transaction, str, Any], Awaitable[Verdict]]
    withdraw_command: Callable[[Transaction, str], Awaitable[None]]

    def subject_of(self, key: str) -> str:
        """The item's document."""
        return self.document.subject_of(key)

    async def read(self, tx: Transaction, keys: Collection[str] | None = None) -> dict[str, Document]:
        """The revisions in force for these items, locked; or for all, unlocked."""
        if keys is not None:
            await tx.read_ahead(self.document, keys, lock=True)
        present = await revisions.load_present(tx.session, self.revision, self.line, keys, tx.today)
        documents = {}
        for item, (revision, rows) in present.items():
            lines = [self.lines.model.model_validate(row, from_attributes=True) for row in rows]
            values = {"effective_from": revision.effective_from, self.lines.name: lines}
            documents[item] = frozen(self.body.model_validate(values))
        return documents

    async def in_use(self, tx: Transaction, keys: Collection[str]) -> set[str]:
        """Nothing refers to it."""
        return set()

    async def prepare(self, tx: Transaction, put: Mapping[str, Document]) -> None:
        """All revisions; for BOMs also those of all that goes into them."""
        await tx.read_groups(self.revision, "item", put)
        await tx.read_groups(self.line, "item", put)
        if self.document is tables.Bom:
            lines = [line for document in put.values() for line in document["lines"]]
            parts = [part for line in lines for part in (line, *line["alternates"])]
            await revise_bom.read_bills(tx, {part["component"] for part in parts})

    async def put(self, tx: Transaction, key: str, body: Any) -> Verdict:
        """A new revision; where there is a document, a day that is over means from today."""
        begins = body.effective_from
        if begins is not None and begins <= tx.today and await tx.lock(self.document, key):
            body = body.model_copy(update={"effective_from": None})
        return await self.put_command(tx, key, body)

    async def left(self, tx: Transaction, put: Mapping[str, Document]) -> Mapping[str, Document]:
        """Read anew: work centers were filled in, and days of effect."""
        return await self.read(tx, list(put))

    async def withdraw(self, tx: Transaction, key: str, document: Document) -> None:
        """Nothing in force."""
        await self.withdraw_command(tx, key)


OPERATIONS = Lines("operations", ("op",), schemas.RoutingOperationIn)
COMPONENTS = Lines("lines", ("component", "op"), schemas.BomLineIn)


def _read_alternates(cell: str) -> list[dict[str, Any]]:
    alternates: list[dict[str, Any]] = PAIRS.parse(cell)
    for alternate in alternates:
        quantity, _, unit = alternate["quantity"].partition(" ")
        alternate |= {"quantity": parse_amount(quantity)} | ({"unit": unit.strip()} if unit.strip() else {})
    return alternates


def _show_alternates(alternates: Iterable[Mapping[str, Any]]) -> str:
    texts = [
        {"component": other["component"], "quantity": " ".join(filter(None, (other["quantity"], other.get("unit"))))}
        for other in alternates
    ]
    return PAIRS.show(texts)


PAIRS = pairs(
    "component",
    "quantity",
    str,
    (
        "대체품=수량, 예: BOLT-B=4, BOLT-C=5 g",
        "alternate=quantity, like BOLT-B=4, BOLT-C=5 g",
        "vật tư thay thế=số lượng, ví dụ BOLT-B=4, BOLT-C=5 g",
    ),
)
ALTERNATES = replace(PAIRS, parse=_read_alternates, show=_show_alternates)
EFFECTIVE_FROM = KindField(
    "effective_from",
    ("적용일", "Effective from", "Hiệu lực từ"),
    ("적용시작일", "유효시작일"),
    DATE,
    whole=True,
    note=("비우면 오늘부터", "from today when empty", "từ hôm nay nếu để trống"),
)
ROUTINGS = ExchangeKind(
    "routings",
    ("라우팅", "Routings", "Quy trình công nghệ"),
    (
        code_field(
            ("품번", "Item code", "Mã hàng"), "품목코드", "품목번호", name="item", refers="items", example="HB1001"
        ),
        KindField(
            "op",
            ("공정번호", "Operation number", "Số công đoạn"),
            ("공정순서", "순서", "operation"),
            WHOLE,
            required=True,
            example="10",
        ),
        *name_fields("블랭킹", "공정", headings=("공정명", "Operation", "Công đoạn")),
        KindField(
            "work_center", ("작업장", "Work center", "Cụm máy"), ("작업장코드",), refers="work_centers", example="PRESS"
        ),
        KindField("machine", ("설비", "Machine", "Máy"), ("설비코드", "호기"), refers="machines", example="PR1"),
        KindField("machines", ("대체설비", "Other machines", "Máy khác"), ("가능설비",), several(), refers="machines"),
        KindField("tool", ("금형", "Tool", "Khuôn"), ("금형코드", "치공구"), refers="tools"),
        KindField(
            "cycle_s",
            ("사이클타임(초)", "Cycle time (s)", "Thời gian chu kỳ (giây)"),
            ("사이클타임", "표준시간(초)", "표준시간", "C/T", "cycle"),
            NUMBER,
            example="2.5",
        ),
        KindField(
            "per_cycle",
            ("사이클당수량", "Pieces per cycle", "Số cái mỗi chu kỳ"),
            ("취수", "캐비티"),
            NUMBER,
            example="1",
        ),
        KindField(
            "run_s_per_batch",
            ("배치시간(초)", "Time per batch (s)", "Thời gian mỗi mẻ (giây)"),
            ("배치시간",),
            NUMBER,
        ),
        KindField("batch_size", ("배치수량", "Batch size", "Cỡ mẻ"), ("배치크기",), NUMBER),
        KindField(
            "setup_s",
            ("준비시간(초)", "Set-up time (s)", "Thời gian chuẩn bị (giây)"),
            ("준비시간", "셋업시간"),
            NUMBER,
            example="1800",
        ),
        KindField("crew", ("인원", "Crew", "Số người"), ("작업인원",), WHOLE, example="1"),
        KindField("subcontract", ("외주", "Subcontracted", "Gia công ngoài"), ("외주여부",), YES_NO, example="N"),
        KindField(
            "lead_time_d",
            ("외주소요일", "Lead time (days)", "Thời gian gia công ngoài (ngày)"),
            ("리드타임(일)", "리드타임"),
            NUMBER,
        ),
        KindField("predecessors", ("선행공정", "Operations before", "Công đoạn trước"), ("이전공정",), PREDECESSORS),
        KindField(
            "ratio",
            ("수량비", "Quantity ratio", "Tỷ lệ số lượng"),
            ("비율",),
            NUMBER,
            note=(
                "선행공정 1개로 만드는 수량",
                "how many one piece of the operation before makes",
                "số cái làm từ một cái của công đoạn trước",
            ),
        ),
        KindField("instruction", ("작업표준", "Instruction", "Hướng dẫn"), ("작업표준서",)),
        KindField("self_inspection", ("자주검사", "Self-inspection", "Tự kiểm tra"), (), YES_NO),
        EFFECTIVE_FROM,
    ),
    schemas.RoutingIn,
    store=RevisionStore(
        tables.Routing,
        tables.RoutingRevision,
        tables.RoutingOperation,
        OPERATIONS,
        schemas.RoutingIn,
        revise_routing.put_routing,
        revise_routing.withdraw_routing,
    ),
    key="item",
    lines=OPERATIONS,
    past="routing_history",
    former_titles=("공정순서",),
)
BOMS = ExchangeKind(
    "boms",
    ("자재명세서", "Bills of material", "Định mức vật tư"),
    (
        code_field(
            ("모품번", "Item code", "Mã hàng"),
            *("품번", "모품목", "모품목코드", "상위품번", "parent", "품목코드"),
            name="item",
            refers="items",
            example="HB2001",
        ),
        KindField(
            "component",
            ("자품번", "Component", "Vật tư"),
            ("자품목", "자품목코드", "하위품번", "소요품번", "자재코드", "child"),
            required=True,
            refers="items",
            example="HB1001",
        ),
        KindField(
            "quantity",
            ("소요량", "Quantity", "Số lượng"),
            ("수량", "정미소요량", "qty"),
            AMOUNT,
            required=True,
            example="2",
            note=("모품번 1개당", "for one of the item", "cho một cái của mã hàng"),
        ),
        KindField(
            "unit",
            ("소요단위", "Unit", "Đơn vị"),
            ("단위", "소요량단위", "투입단위", "uom"),
            note=(
                "비우면 자품번의 재고단위",
                "the component's stock unit when empty",
                "để trống là đơn vị tồn kho của vật tư",
            ),
        ),
        KindField(
            "scrap_pct", ("손실률(%)", "Scrap (%)", "Hao hụt (%)"), ("손실율(%)", "로스율(%)", "로스(%)"), NUMBER
        ),
        KindField("op", ("투입공정", "At operation", "Tại công đoạn"), ("공정순서", "공정번호"), WHOLE),
        KindField("alternates", ("대체품", "Alternates", "Vật tư thay thế"), ("대체자재",), ALTERNATES, refers="items"),
        EFFECTIVE_FROM,
    ),
    schemas.BomIn,
    store=RevisionStore(
        tables.Bom,
        tables.BomRevision,
        tables.BomLine,
        COMPONENTS,
        schemas.BomIn,
        revise_bom.put_bom,
        revise_bom.withdraw_bom,
    ),
    key="item",
    lines=COMPONENTS,
    past="bom_history",
    former_titles=("자재명세",),
)
