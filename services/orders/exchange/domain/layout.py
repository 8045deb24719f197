"""The layout of a kind in files: its columns with their headings, and where their values stand in a document."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from services.orders.exchange.domain.cells import LANGUAGES, TEXT, YES_NO, Codec, Translations

EXAMPLE_MARKS = {"ko": "예) ", "en": "e.g. ", "vi": "VD: "}
"""Before the key of a template's example row; a row that begins so is left out."""


@dataclass(frozen=True)
class KindField:
    """A column of a kind: its headings, the other names that people give it, and how its cells are written."""

    name: str
    headings: Translations
    synonyms: tuple[str, ...] = ()
    codec: Codec = TEXT
    required: bool = False
    path: tuple[str, ...] = ()
    """The location of the value in the document (in the line); the name itself when left out."""
    refers: str | None = None
    """The kind whose key stands here, or whose keys."""
    example: str = ""
    note: Translations | None = None
    whole: bool = False
    """Of the document even where the kind has lines: given by the first row."""
    blank: str | None = None
    """The value of a new document while no cell gives one."""

    @property
    def location(self) -> tuple[str, ...]:
        """The location of the value in the document (in the line)."""
        return self.path or (self.name,)


@dataclass(frozen=True)
class Lines:
    """The lines of a kind: where they stand in its document, and which fields identify one."""

    name: str
    by: tuple[str, ...]
    model: type[BaseModel]


@dataclass(frozen=True)
class KindLayout:
    """One kind in files: its titles, its fields, and what a PUT takes."""

    name: str
    titles: Translations
    fields: tuple[KindField, ...]
    body: type[BaseModel]
    key: str = "code"
    lines: Lines | None = None
    in_sheets: bool = True
    """Its documents fit into rows of a sheet."""
    past: str = ""
    """The kind of its past: what came with that came with the same file."""
    former_titles: tuple[str, ...] = ()
    """Its titles in files of earlier releases, which are still read."""

    @property
    def required(self) -> tuple[str, ...]:
        """The fields without which nothing can be made of a file."""
        return tuple(field.name for field in self.fields if field.required)

    @property
    def synonyms(self) -> dict[str, tuple[str, ...]]:
        """The headings by which a field is known."""
        return {field.name: (*field.headings, *field.synonyms) for field in self.fields}


def is_example(key: str) -> bool:
    """True for the key of a template's example row."""
    return key.startswith(tuple(text.strip() for text in EXAMPLE_MARKS.values()))


def code_field(
    headings: Translations,
    *synonyms: str,
    example: str,
    name: str = "code",
    refers: str | None = None,
    note: Translations | None = None,
) -> KindField:
    """The column that identifies a document."""
    return KindField(name, headings, (*synonyms, name), required=True, example=example, refers=refers, note=note)


def name_fields(
    example: str,
    *synonyms: str,
    headings: Translations = ("명칭", "Name", "Tên"),
    name: str = "name",
    required: bool = True,
) -> tuple[KindField, KindField, KindField]:
    """The columns of a name in three languages; the Korean one is the plain one."""
    korean, english, vietnamese = headings
    return (
        KindField(name, headings, synonyms, required=required, path=("name", "ko"), example=example),
        KindField(
            f"{name}_en",
            (f"{korean}(영문)", f"{english} (English)", f"{vietnamese} (tiếng Anh)"),
            tuple(f"{synonym}(영문)" for synonym in synonyms),
            path=("name", "en"),
        ),
        KindField(
            f"{name}_vi",
            (f"{korean}(베트남어)", f"{english} (Vietnamese)", f"{vietnamese} (tiếng Việt)"),
            tuple(f"{synonym}(베트남어)" for synonym in synonyms),
            path=("name", "vi"),
        ),
    )


ACTIVE = KindField("active", ("사용", "In use", "Đang dùng"), ("사용여부",), YES_NO)
REFERS_NOTE: Translations = ("등록된 코드: {title}", "a known code: {title}", "mã đã đăng ký: {title}")


def translated(text: Translations, language: str) -> str:
    """The text in one of the languages."""
    return text[LANGUAGES.index(language)]


def note_of(field: KindField, titles: Mapping[str, Translations], language: str) -> str:
    """The note on what to enter in a column."""
    notes = [translated(note, language) for note in (field.note, field.codec.note) if note]
    if field.codec.labels:
        notes.append(", ".join(translated(label, language) for label in field.codec.labels.values()))
    if field.refers:
        notes.append(translated(REFERS_NOTE, language).format(title=translated(titles[field.refers], language)))
    return "\n".join(notes)
