"""A label means the same, whatever the keyboard of the scanner is set to and whoever has printed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.genealogy.domain.scans import JAMO, LEADING, TRAILING, VOWELS, Reading, latin, readings

COMPOSED = [
    chr(0xAC00 + (first * len(VOWELS) + vowel) * len(TRAILING) + last)
    for first in range(len(LEADING))
    for vowel in range(len(VOWELS))
    for last in (0, 1, 4, 27)
]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("LOT-12", "LOT-12"),
        ("  LOT-12\x1d\r\n", "LOT-12"),
        ("ㅣㅐㅅ-12", "lot-12"),
        ("ㅃㅉㄸ7", "QWE7"),  # the keys that keep their Shift
        ("dkssud", "dkssud"),
        ("안녕", "dkssud"),  # the input method put the letters together
        ("뷁", "qnpfr"),
        ("ㅘㅢ", "hkml"),
    ],
)
def test_a_text_is_read_as_the_keys_that_were_struck(typed: str, code: str) -> None:
    assert code in [reading.code for reading in readings(typed)]


@pytest.mark.parametrize(
    "label",
    [
        "(01)08801234567893(10)AB12(21)S7",
        "]C101088012345678931" + "0AB12\x1d21S7",
        "]d201088012345678931" + "0AB12\x1d21S7",
        "0108801234567893" + "10AB12\x1d21S7",
        "(01)08801234567893(10)AB12(21)S7\r",
    ],
)
def test_a_suppliers_gs1_label_names_its_lot_and_its_piece(label: str) -> None:
    found = list(readings(label))
    assert Reading("AB12", is_serial=False) in found
    assert Reading("S7", is_lot=False) in found
    assert found.index(Reading("S7", is_lot=False)) < found.index(Reading("AB12", is_serial=False))


@pytest.mark.parametrize("label", ["(10", "(99)", "]C1", "]C110", "()", "(ab)12", "0" * 40, "]zz12"])
def test_what_only_looks_like_gs1_is_a_number_as_it_stands(label: str) -> None:
    assert next(reading.code for reading in readings(label)) == label


@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789-"), min_size=1, max_size=20))
def test_latin_letters_stay_as_they_are(text: str) -> None:
    assert latin(text) == text


@given(st.lists(st.sampled_from([*COMPOSED, *JAMO]), min_size=1, max_size=6).map("".join))
def test_every_hangul_letter_has_keys(text: str) -> None:
    assert latin(text).isascii()
    assert latin(text).isalpha()
