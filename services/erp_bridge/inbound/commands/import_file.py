"""An ERP's order export as a table: the headings of Korean programs, and how a row becomes an order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.erp_bridge.inbound.commands.receive import receive_order
from services.erp_bridge.inbound.domain import Source
from services.erp_bridge.inbound.queries import is_item_known
from services.erp_bridge.inbound.schemas import ErpOrderIn
from services.erp_bridge.inbound.tables import ImportRow, ImportRun
from shared.kit.arrival import ARRIVAL_S, wait_until
from shared.kit.cells import parse_amount, parse_moment
from shared.kit.database import Transaction
from shared.kit.ids import new_id
from shared.kit.importing import ImportKind, RowOutcome, RowResult, parsed

NAME = "erp_orders"
NEEDED = ("external_id", "item", "quantity", "due_at")
DOCUMENTS = ("전표번호", "문서번호", "주문번호", "의뢰번호", "document", "số chứng từ")
LINES = ("순번", "라인", "라인번호", "행번호", "항번", "line")
SYNONYMS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "external_id": (
        *((document, line) for document in DOCUMENTS for line in LINES),
        "외부번호",
        "일자-No.",
        *DOCUMENTS,
        *(("수주번호", line) for line in LINES),
    ),
    "item": ("품목코드", "품번", "품목번호", "제품코드", "자재코드", "item code", "material", "mã hàng"),
    "quantity": ("수량", "주문수량", "수주수량", "발주수량", "지시수량", "qty", "số lượng"),
    "unit": ("단위", "주문단위", "수량단위", "uom", "đơn vị"),
    "due_at": (
        "납기일자",
        "납기일",
        "납기",
        "납기요청일",
        "납품요청일",
        "납품일자",
        "납품일",
        "완료예정일",
        "due date",
        "hạn giao",
    ),
    "priority": ("우선순위", "긴급도", "ưu tiên"),
    "customer": ("거래처명", "거래처", "고객명", "고객사", "업체명", "거래처코드", "khách hàng"),
    "sales_order": ("수주번호", "고객주문번호", "발주번호", "PO번호", "PO No.", "sales order", "đơn bán hàng"),
    "note": ("적요", "비고", "메모", "특이사항", "remark", "ghi chú"),
}


def erp_orders(zone: ZoneInfo) -> ImportKind:
    """Dates are of ``zone``; for items whose event may be on its way the whole file waits as long as one request.

    A change after the release is a row's error, and stored as a request all the same.
    """
    left = ARRIVAL_S

    async def apply(tx: Transaction, key: str, rows: list[dict[str, str]]) -> RowOutcome:
        nonlocal left
        if len(rows) > 1:
            raise ValueError("external_id:document_line_twice")
        parsers = {"quantity": parse_amount, "due_at": lambda cell: parse_moment(cell, zone)}
        body = ErpOrderIn.model_validate(parsed(rows[0], parsers) | {"external_id": key})
        if left and not await wait_until(lambda: is_item_known(tx.session, body.item, body.unit), left):
            left = 0
        receipt = await receive_order(tx, body, Source.FILE)
        return receipt.problem or receipt.outcome

    return ImportKind(NAME, SYNONYMS, NEEDED, "external_id", apply, store_run)


async def store_run(tx: Transaction, file: str, results: Sequence[RowResult]) -> UUID:
    """Store an import with what became of its rows, those that were not taken with what stood in them."""
    summary: Counter[str] = Counter(result.verdict for result in results)
    summary["requested"] = sum(is_requested(result) for result in results)
    run = ImportRun(id=new_id(), file=file, at=tx.now, person=tx.actor.person, summary=dict(summary))
    tx.session.add(run)
    await tx.session.flush()
    tx.session.add_all(
        ImportRow(
            run=run.id,
            row=result.row,
            key=result.key,
            verdict=result.verdict,
            errors=[
                {"field": fault.field, "code": fault.code, "params": plain(fault.params)} for fault in result.faults
            ],
            changes=[change.model_dump() for change in result.changes],
            cells=dict(result.cells),
        )
        for result in results
        if result.verdict != "unchanged"
    )
    return run.id


def is_requested(result: RowResult) -> bool:
    """True where a released order's change has become a request."""
    return any(fault.code == "order_released" for fault in result.faults)


def plain(params: Mapping[str, Any]) -> dict[str, str | int]:
    """What fills a message, as it can be stored."""
    return {name: value if isinstance(value, int) else str(value) for name, value in params.items()}
