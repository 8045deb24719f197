"""Codes and names: what people type, checked once."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from shared.kit.problem import LANGUAGES

Code = Annotated[
    str,
    BeforeValidator(lambda v: unicodedata.normalize("NFC", v).strip() if isinstance(v, str) else v),
    StringConstraints(pattern=r"^\w[\w.+#-]*$", max_length=60),
]
"""A code that people think in: letters, digits and ``. + # - _``, at most 60."""


def _name(value: object) -> object:
    return {"ko": value} if isinstance(value, str) else value


def _filled(value: dict[str, str]) -> dict[str, str]:
    named = {language: text.strip() for language, text in value.items() if text.strip()}
    if not named:
        raise ValueError("name_missing")
    if not set(named) <= set(LANGUAGES):
        raise ValueError("language_unknown")
    return named


Name = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=200)]], BeforeValidator(_name), AfterValidator(_filled)
]
"""A text by language; a plain text is taken as Korean."""


def in_language(name: dict[str, str], language: str) -> str:
    """The text in ``language``, or in the first one that there is."""
    return name.get(language) or name.get("ko") or name.get("en") or next(iter(name.values()), "")
