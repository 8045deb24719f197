"""What a scanned label may mean: scanners type as the keyboard is set, and suppliers print GS1 element strings.

A label's text is tried as it came; as GS1 (General Specifications 7.8: AI 10 is the batch or lot, AI 21 the serial
number), with or without the AIM symbology identifier, or in the brackets of the human readable line; and as the Latin
keys behind it when it was typed under a Korean input method (KS X 5002, 두벌식).
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LEADING = ("r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g")
VOWELS = (
    *("k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho"),
    *("hl", "y", "n", "nj", "np", "nl", "b", "m", "ml", "l"),
)
TRAILING = (
    *("", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx"),
    *("fv", "fg", "a", "q", "qt", "t", "T", "d", "w", "c", "z", "x", "v", "g"),
)
"""The keys of the jamo in the order of Unicode's Hangul syllables (chapter 3.12)."""
LETTERS = "ㄱㄲㄳㄴㄵㄶㄷㄸㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅃㅄㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
CONSONANTS = (
    *("r", "R", "rt", "s", "sw", "sg", "e", "E", "f", "fr", "fa", "fq", "ft", "fx", "fv"),
    *("fg", "a", "q", "Q", "qt", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"),
)
JAMO = dict(zip(LETTERS, CONSONANTS, strict=True)) | {chr(0x314F + n): keys for n, keys in enumerate(VOWELS)}
"""The keys of single jamo (Hangul Compatibility Jamo)."""
FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3


@dataclass(frozen=True)
class Reading:
    """One thing that a label may mean: a number of either kind, or the one that its text says it is."""

    code: str
    is_lot: bool = True
    is_serial: bool = True


def clean(text: str) -> str:
    """The label without what scanners add around it: blanks and control characters such as GS and CR."""
    return unicodedata.normalize("NFC", text).strip().strip("".join(map(chr, range(32))))


def readings(text: str) -> Iterator[Reading]:
    """What a label may mean, the likeliest first."""
    typed = clean(text)
    for variant in dict.fromkeys((typed, latin(typed))):
        if variant:
            yield Reading(variant)
            yield from _of_gs1(variant)


def latin(text: str) -> str:
    """The keys that were struck for a text under a Korean input method; Shift is lost where a jamo has but one form."""
    return "".join(map(_keys, text))


def _keys(letter: str) -> str:
    point = ord(letter)
    if FIRST_SYLLABLE <= point <= LAST_SYLLABLE:
        index = point - FIRST_SYLLABLE
        leading, rest = divmod(index, len(VOWELS) * len(TRAILING))
        vowel, trailing = divmod(rest, len(TRAILING))
        return LEADING[leading] + VOWELS[vowel] + TRAILING[trailing]
    return JAMO.get(letter, letter)


def _of_gs1(text: str) -> Iterator[Reading]:
    from biip import ParseError, parse
    from biip.gs1_messages import GS1Message

    try:
        message = GS1Message.parse_hri(text) if text.startswith("(") else parse(text).gs1_message
    except ParseError:
        return
    values = {element.ai.ai: element.value for element in message.element_strings} if message else {}
    if "21" in values:
        yield Reading(values["21"], is_lot=False)
    if "10" in values:
        yield Reading(values["10"], is_serial=False)
