"""What the pages of the office work out by themselves: what comes first, what belongs together, what is taken away."""

from tests.support.scripts import answers


def test_reviews_begin_where_something_waits_and_what_is_rare_stands_before_what_is_common() -> None:
    nothing: dict[str, list[int]] = {"open": [], "unassigned": [], "flagged": [], "unread": []}
    late, over = {"flags": ["late"]}, {"flags": ["over_production", "late"]}
    first, calm, groups = answers(
        "/pages/floor/reviews/groups.js",
        ("firstWaiting", nothing | {"flagged": [1], "unread": [1]}),
        ("firstWaiting", nothing),
        ("byFlags", [late, over, late]),
    )
    assert (first, calm) == ("flagged", "queue")
    assert [(group["flags"], len(group["results"])) for group in groups] == [
        (["late", "over_production"], 1),
        (["late"], 2),
    ]


def test_imports_of_two_services_are_one_history_as_far_as_both_are_known() -> None:
    orders = {"items": [{"at": "5"}, {"at": "3"}], "next": "further"}
    master = {"items": [{"at": "4"}, {"at": "2"}, {"at": "1"}], "next": None}
    whole, known = answers(
        "/pages/plan/imports/runs.js", ("merged", [orders | {"next": None}, master]), ("merged", [orders, master])
    )
    assert [run["at"] for run in whole] == ["5", "4", "3", "2", "1"]
    assert [run["at"] for run in known] == ["5", "4", "3"], "what is older may have others of the orders before it"


def test_wrong_rows_are_a_file_that_can_be_mended_and_imported_again() -> None:
    rows = [
        {"row": 3, "key": "A", "cells": {"item": "X,1", "note": "=1+1"}, "errors": [{"field": "item", "message": "?"}]},
        {"row": 4, "key": "B", "cells": {"item": "-5"}, "errors": [{"field": "row", "message": "too long"}]},
    ]
    words = {"key": "Key", "row": "Row", "why": "Why"}
    filled, bare = answers(
        "/pages/plan/imports/bad-rows.js",
        ("csvOf", rows, {"item": "Item", "note": "Note"}, words),
        ("csvOf", [{"row": 2, "key": "K", "errors": []}], {}, words),
    )
    assert filled.split("\r\n") == [
        "Item,Note,Row,Why",
        '"X,1",\'=1+1,3,Item: ?',
        "-5,,4,too long",
    ]
    assert bare == "Key,Row,Why\r\nK,2,"


def test_a_change_of_a_released_order_is_no_error_of_its_row() -> None:
    def of(code: str) -> tuple[str, dict[str, object]]:
        return "verdictOf", {"verdict": "error", "errors": [{"code": code}]}

    assert answers("/pages/plan/imports/verdicts.js", of("order_released"), of("missing")) == ["requested", "error"]


def test_planned_parts_stand_below_what_they_are_made_for() -> None:
    planned = [
        {"key": "1", "parent": "order"},
        {"key": "2", "parent": "order"},
        {"key": "3", "parent": "1"},
        {"key": "4", "parent": "other"},
    ]
    [lines] = answers("/pages/plan/order/parts.js", ("asLines", planned, "order"))
    assert [line["key"] for line in lines] == ["1", "3", "2"]


def test_an_address_of_this_computer_alone_is_known() -> None:
    assert answers(
        "/pages/setup/devices/address.js",
        ("isOnlyHere", "http://127.0.0.1:8000/devices#enrol=A"),
        ("isOnlyHere", "https://localhost/devices"),
        ("isOnlyHere", "https://192.168.0.7:8000/devices"),
    ) == [True, True, False]
