"""Texts in the language of who asks."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from shared.kit.names import in_language
from shared.kit.problem import Messages, language_of


@dataclass(frozen=True)
class Translator:
    """Gives texts and names in one language."""

    messages: Messages
    language: str

    def __call__(self, code: str, **params: Any) -> str:
        """The text of a code, filled in."""
        return self.messages.text(self.language, code, params)

    def local(self, name: dict[str, str]) -> str:
        """A name in the reader's language."""
        return in_language(name, self.language)


def _translator(request: Request) -> Translator:
    return Translator(request.app.state.messages, language_of(request.headers.get("accept-language")))


RequestTranslator = Annotated[Translator, Depends(_translator)]
