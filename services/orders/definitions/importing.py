"""Master data from tables: which headings mean which field, and how a row becomes a command."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter

from services.orders.definitions import commands
from services.orders.definitions.schemas import ItemIn, MachineIn, ReasonIn, ShiftIn, WorkCenterIn
from services.orders.products.commands import put_routing
from services.orders.products.schemas import RoutingIn
from shared.kit.database import Transaction
from shared.kit.importing import ImportKind, Verdict, choices, parsed, take_name
from shared.kit.names import Code
from shared.kit.tabular import parse_bool, parse_decimal

Body = TypeVar("Body", bound=BaseModel)
Parsers = Mapping[str, Callable[[str], Any]]

CODE = TypeAdapter(Code)
NAMES = {
    "name": ("품명", "명칭", "이름", "name"),
    "name_en": ("품명(영문)", "명칭(영문)", "영문명", "영문", "name_en", "english name"),
}
ITEM_KINDS = {
    "raw": ("원자재", "원재료"),
    "purchased": ("구매품", "부자재", "구매"),
    "semi": ("반제품", "재공"),
    "finished": ("완제품", "제품"),
}
REASON_KINDS = {
    "planned": ("계획정지", "계획"),
    "setup": ("셋팅", "준비교체", "set-up"),
    "unplanned": ("비가동", "비계획", "고장"),
    "hold": ("보류",),
    "correction": ("정정", "수정"),
}


def _one_row(
    body: type[Body], put: Callable[[Transaction, str, Body], Awaitable[Verdict]], parsers: Parsers
) -> Callable[[Transaction, str, list[dict[str, str]]], Awaitable[Verdict]]:
    """A kind whose entries take one row each: a second row of the same code replaces the first."""

    async def apply(tx: Transaction, key: str, rows: list[dict[str, str]]) -> Verdict:
        code = CODE.validate_python(key)
        if len(rows) > 1:
            raise ValueError("code:code_twice")
        values = parsed(rows[0], parsers)
        values.pop("code")
        take_name(values)
        return await put(tx, code, body.model_validate(values))

    return apply


async def _apply_routing(tx: Transaction, key: str, rows: list[dict[str, str]]) -> Verdict:
    """A routing takes one row an operation."""
    parsers: Parsers = {
        "cycle_s": parse_decimal,
        "per_cycle": parse_decimal,
        "setup_s": parse_decimal,
        "lead_time_d": parse_decimal,
        "subcontract": parse_bool,
    }
    operations = []
    for cells in rows:
        values = parsed(cells, parsers)
        values.pop("item")
        take_name(values)
        operations.append(values)
    return await put_routing(tx, CODE.validate_python(key), RoutingIn.model_validate({"operations": operations}))


def _kind(
    name: str,
    synonyms: Mapping[str, Sequence[str]],
    required: tuple[str, ...],
    apply: Callable[..., Awaitable[Verdict]],
    key: str = "code",
) -> ImportKind:
    return ImportKind(name, {**NAMES, **synonyms}, required, key, apply)


KINDS = {
    kind.name: kind
    for kind in (
        _kind(
            "items",
            {
                "code": ("품번", "품목코드", "품목번호", "code", "item"),
                "kind": ("구분", "품목구분", "계정", "kind", "type"),
                "unit": ("단위", "unit", "uom"),
                "box_quantity": ("박스수량", "포장수량", "입수", "box_quantity", "box"),
            },
            ("code", "name", "kind"),
            _one_row(ItemIn, commands.put_item, {"kind": choices(ITEM_KINDS), "box_quantity": parse_decimal}),
        ),
        _kind(
            "work_centers",
            {"code": ("작업장코드", "작업장", "code")},
            ("code", "name"),
            _one_row(WorkCenterIn, commands.put_work_center, {}),
        ),
        _kind(
            "machines",
            {"code": ("설비코드", "설비번호", "호기", "code"), "work_center": ("작업장", "작업장코드", "work_center")},
            ("code", "name", "work_center"),
            _one_row(MachineIn, commands.put_machine, {}),
        ),
        _kind(
            "reasons",
            {
                "code": ("사유코드", "코드", "code"),
                "kind": ("구분", "kind"),
                "note_required": ("비고필수", "메모필수", "note_required"),
            },
            ("code", "name", "kind"),
            _one_row(ReasonIn, commands.put_reason, {"kind": choices(REASON_KINDS), "note_required": parse_bool}),
        ),
        _kind(
            "shifts",
            {
                "code": ("근무조코드", "근무조", "코드", "code"),
                "starts": ("시작", "시작시각", "starts", "from"),
                "ends": ("종료", "종료시각", "ends", "to"),
            },
            ("code", "name", "starts", "ends"),
            _one_row(ShiftIn, commands.put_shift, {}),
        ),
        _kind(
            "routings",
            {
                "item": ("품번", "품목코드", "item"),
                "op": ("공정순서", "공정번호", "순서", "op", "operation"),
                "name": ("공정명", "공정", "name"),
                "name_en": ("공정명(영문)", "name_en"),
                "work_center": ("작업장", "작업장코드", "work_center"),
                "machine": ("설비", "설비코드", "호기", "machine"),
                "tool": ("금형", "금형코드", "치공구", "tool"),
                "cycle_s": ("사이클타임(초)", "사이클타임", "표준시간(초)", "표준시간", "cycle_s", "cycle"),
                "per_cycle": ("사이클당수량", "취수", "캐비티", "per_cycle"),
                "setup_s": ("준비시간(초)", "준비시간", "셋업시간", "setup_s"),
                "crew": ("인원", "작업인원", "crew"),
                "subcontract": ("외주", "외주여부", "subcontract"),
                "lead_time_d": ("외주소요일", "리드타임(일)", "리드타임", "lead_time_d"),
            },
            ("item", "op", "name"),
            _apply_routing,
            "item",
        ),
    )
}
"""What can be imported, in the order in which the kinds build on each other."""
