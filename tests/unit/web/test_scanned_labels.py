"""What a tablet makes of a label, however its scanner types it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.production.genealogy.domain.scans import latin
from tests.support.scripts import answers

HANGUL = "/js/lib/hangul.js"
SCAN = "/pages/floor/station/scan.js"
LETTERS = st.one_of(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), st.characters(codec="latin-1"))
JAMO = st.characters(min_codepoint=0x3131, max_codepoint=0x3163)
JOBS = [
    {"id": "a", "number": "WO-1", "op": 10, "state": "done"},
    {"id": "b", "number": "WO-1", "op": 20, "state": "ready"},
    {"id": "c", "number": "wo-1", "op": 20, "state": "ready"},
    {"id": "d", "number": "금형-7", "op": 10, "state": "waiting"},
    {"id": "e", "number": "HB-R7", "op": 10, "state": "ready"},
]


@settings(max_examples=5)
@given(st.lists(st.text(LETTERS | JAMO, max_size=12), min_size=30, max_size=30))
def test_the_tablet_reads_korean_keys_as_the_server_does(texts: list[str]) -> None:
    assert answers(HANGUL, *(("latin", text) for text in texts)) == [latin(text) for text in texts]


def test_a_traveller_chooses_its_job_whatever_the_keyboard_is_set_to() -> None:
    scanned = {
        "DURE:OP:WO-1:20": "b",
        "dure:op:wo-1:20": "c",
        "DURE:WO:WO-1": "b",
        "dure:wo:hb-r7": "e",
        "DURE:WO:금형-7": "d",
        "여ㄲㄸ:ㅈㅐ:ㅗㅠ-ㄱ7": "e",
    }
    found = answers(SCAN, *(("meaningOf", text, JOBS) for text in scanned))
    assert [one["job"]["id"] for one in found] == list(scanned.values())


def test_a_traveller_of_another_machine_is_told_and_a_lot_is_left_as_it_was_read() -> None:
    elsewhere, lot = answers(SCAN, ("meaningOf", "DURE:OP:WO-9:10", JOBS), ("meaningOf", " coil-1 ", JOBS))
    assert elsewhere == {"traveller": "WO-9"}
    assert lot == {"lot": "coil-1"}
