"""An ERP sends an order once more: nothing new, a change, or too late."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from services.erp_bridge.inbound.commands.import_file import SYNONYMS
from services.erp_bridge.inbound.domain import (
    CancelDecision,
    Decision,
    OrderState,
    changes_between,
    decide,
    decide_cancel,
)
from shared.kit.tabular import suggest_mapping

SEOUL = timezone(timedelta(hours=9))


def content(**different: Any) -> dict[str, Any]:
    return {
        "item": "HB1001",
        "quantity": Decimal(6000),
        "due_at": datetime(2026, 11, 25, 18, tzinfo=SEOUL),
        "priority": 50,
        "customer": "현대",
        "sales_order": None,
        "note": None,
    } | different


def test_the_same_quantity_and_instant_written_differently_are_no_change() -> None:
    again = content(quantity=Decimal("6000.000"), due_at=datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert changes_between(content(), again) == []


def test_a_difference_names_the_field_before_and_after() -> None:
    found = changes_between(content(), content(quantity=Decimal("6500.50"), sales_order="PO-7"))
    assert [(c.field, c.before, c.after) for c in found] == [
        ("quantity", "6000", "6500.5"),
        ("sales_order", None, "PO-7"),
    ]


CHANGED = changes_between(content(), content(quantity=Decimal(1)))


@pytest.mark.parametrize("released", ["released", "in_progress", "on_hold", "completed", "closed", "cancelled"])
def test_after_the_release_a_change_is_refused_and_the_same_again_is_not(released: str) -> None:
    assert decide(OrderState.ACCEPTED, released, CHANGED) is Decision.REQUEST
    assert decide(OrderState.ACCEPTED, released, []) is Decision.NOTHING


@pytest.mark.parametrize(
    ("state", "work_order_state"),
    [(OrderState.RECEIVED, None), (OrderState.ACCEPTED, "draft"), (OrderState.ACCEPTED, "planned")],
)
def test_until_the_release_a_change_is_taken(state: OrderState, work_order_state: str | None) -> None:
    assert decide(state, work_order_state, CHANGED) is Decision.CHANGE
    assert decide(state, work_order_state, []) is Decision.NOTHING


def test_a_refused_order_that_is_sent_again_is_tried_again() -> None:
    assert decide(OrderState.REFUSED, None, []) is Decision.CHANGE


@pytest.mark.parametrize(
    ("columns", "external_id"),
    [
        (["일자", "전표번호", "순번", "품목코드", "수량", "납기일자"], ["전표번호", "순번"]),
        (["전표번호", "라인", "품번", "수량", "납기일"], ["전표번호", "라인"]),
        (["전표번호", "품목코드", "수량", "납기"], "전표번호"),
        (["일자-No.", "품목코드", "수량", "납기일자"], "일자-No."),
        (["수주번호", "순번", "품목코드", "수량", "납기일자"], ["수주번호", "순번"]),
        (["external_id", "item", "quantity", "due_at"], "external_id"),
    ],
)
def test_a_dropped_file_finds_its_columns_by_itself(columns: list[str], external_id: str | list[str]) -> None:
    mapping = suggest_mapping(columns, SYNONYMS)
    assert mapping["external_id"] == external_id
    assert {"item", "quantity", "due_at"} <= set(mapping)


def test_the_sales_order_stays_the_sales_order_beside_a_document_number() -> None:
    mapping = suggest_mapping(
        ["전표번호", "순번", "거래처명", "품목코드", "수량", "납기일자", "수주번호", "적요"], SYNONYMS
    )
    assert (mapping["sales_order"], mapping["customer"], mapping["note"]) == ("수주번호", "거래처명", "적요")


@pytest.mark.parametrize(
    ("state", "parts", "is_asked", "decision"),
    [
        ("received", [], False, "cancel"),
        ("refused", [], False, "cancel"),
        ("accepted", ["draft"], False, "cancel"),
        ("accepted", ["planned", "cancelled"], False, "cancel"),
        ("accepted", ["cancelled"], False, "cancel"),
        ("accepted", ["released"], False, "request"),
        ("accepted", ["completed", "in_progress", "draft"], False, "request"),
        ("accepted", ["on_hold"], True, "wait"),
        ("accepted", ["completed"], False, "too_late"),
        ("accepted", ["closed", "cancelled"], False, "too_late"),
        ("cancelled", [], True, "nothing"),
        ("cancelled", ["cancelled"], True, "nothing"),
        ("cancelled", ["cancelled", "completed"], True, "nothing"),
        ("cancelled", ["released"], True, "request"),
    ],
)
def test_a_cancellation_is_done_before_the_release_and_asked_for_after_it(
    state: str, parts: list[str], is_asked: bool, decision: str
) -> None:
    assert decide_cancel(OrderState(state), parts, is_asked=is_asked) is CancelDecision(decision)
