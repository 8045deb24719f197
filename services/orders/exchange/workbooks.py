"""Workbooks for people: a template of one kind, and everything with a sheet for each kind."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from services.orders.exchange.cells import Words
from services.orders.exchange.domain import EXAMPLE_MARKS, Document, Field, show_rows
from services.orders.exchange.kind import Kind
from shared.kit.cells import neutralise
from shared.kit.problem import LANGUAGES, Problem

NOTES: Words = ("설명", "Notes", "Ghi chú")
NOTE_HEADINGS: tuple[Words, ...] = (
    ("열", "Column", "Cột"),
    ("필수", "Required", "Bắt buộc"),
    ("입력 방법", "What to enter", "Cách nhập"),
    ("예", "Example", "Ví dụ"),
)
EXAMPLE_NOTE: Words = (
    "2행은 예시입니다. 지우지 않아도 가져오지 않습니다.",
    "Row 2 is an example. It is never imported, even when it stays.",
    "Dòng 2 là ví dụ và không bao giờ được nhập, kể cả khi giữ lại.",
)
REFERS_NOTE: Words = ("등록된 코드: {title}", "a known code: {title}", "mã đã đăng ký: {title}")
YES: Words = ("필수", "required", "bắt buộc")
EXACT_DIGITS = 15
"""A workbook keeps numbers as doubles: so many digits are exact."""


def in_words(words: Words, language: str) -> str:
    """The words in one of the languages."""
    return words[LANGUAGES.index(language)]


def note_of(field: Field, titles: Mapping[str, Words], language: str) -> str:
    """What to enter in a column."""
    notes = [in_words(note, language) for note in (field.note, field.codec.note) if note]
    if field.codec.words:
        notes.append(", ".join(in_words(word, language) for word in field.codec.words.values()))
    if field.refers:
        notes.append(in_words(REFERS_NOTE, language).format(title=in_words(titles[field.refers], language)))
    return "\n".join(notes)


class Workbook:
    """A workbook being written, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._formats = {
            "needed": self._book.add_format({"bold": True, "bg_color": "#DCE9E4", "bottom": 1, "text_wrap": True}),
            "optional": self._book.add_format({"bg_color": "#EEF2F0", "bottom": 1, "text_wrap": True}),
            "example": self._book.add_format({"italic": True, "font_color": "#6B7671", "num_format": "@"}),
            "text": self._book.add_format({"num_format": "@"}),
            "wrapped": self._book.add_format({"text_wrap": True, "valign": "top"}),
        }

    def content(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._buffer.getvalue()

    def add_kind(self, kind: Kind, documents: Mapping[str, Document]) -> None:
        """A sheet with the rows of these documents."""
        sheet = self._add_table(kind)
        number = 0
        for key, document in documents.items():
            for cells in show_rows(kind, key, document):
                number += 1
                for place, field in enumerate(kind.fields):
                    self._write(sheet, number, place, field, cells[field.name])

    def add_template(self, kind: Kind, titles: Mapping[str, Words]) -> None:
        """A sheet with headings and an example row, and one that explains them."""
        sheet = self._add_table(kind)
        for place, field in enumerate(kind.fields):
            words = field.codec.words
            example = self._word(field, field.example)
            if field.name == kind.key:
                example = EXAMPLE_MARKS[self.language] + example
            sheet.write_string(1, place, example, self._formats["example"])
            if words:
                offered = [in_words(word, self.language) for word in words.values()]
                sheet.data_validation(2, place, 20_000, place, {"validate": "list", "source": offered})
            note = note_of(field, titles, self.language)
            if note:
                sheet.write_comment(0, place, note)
        self._explain(kind, titles)

    def _add_table(self, kind: Kind) -> Any:
        sheet = self._book.add_worksheet(in_words(kind.titles, self.language))
        for place, field in enumerate(kind.fields):
            heading = in_words(field.headings, self.language)
            sheet.set_column(place, place, max(12, len(heading.encode("cp949", "replace")) + 4), self._formats["text"])
            sheet.write_string(0, place, heading, self._formats["needed" if field.required else "optional"])
        sheet.freeze_panes(1, 1)
        return sheet

    def _explain(self, kind: Kind, titles: Mapping[str, Words]) -> None:
        sheet = self._book.add_worksheet(in_words(NOTES, self.language))
        sheet.set_column(0, 1, 18)
        sheet.set_column(2, 3, 48, self._formats["wrapped"])
        sheet.write_string(0, 0, in_words(EXAMPLE_NOTE, self.language))
        for place, heading in enumerate(NOTE_HEADINGS):
            sheet.write_string(2, place, in_words(heading, self.language), self._formats["needed"])
        for number, field in enumerate(kind.fields, 3):
            told = (
                in_words(field.headings, self.language),
                in_words(YES, self.language) if field.required else "",
                note_of(field, titles, self.language),
                self._word(field, field.example),
            )
            for place, text in enumerate(told):
                sheet.write_string(number, place, text)

    def _word(self, field: Field, cell: str) -> str:
        return in_words(field.codec.words[cell], self.language) if cell in field.codec.words else cell

    def _write(self, sheet: Any, row: int, column: int, field: Field, cell: str) -> None:
        if not cell:
            return
        if field.codec.numeric and len(cell.replace("-", "").replace(".", "").lstrip("0")) <= EXACT_DIGITS:
            sheet.write_number(row, column, float(cell))
        else:
            text = neutralise(self._word(field, cell))
            if sheet.write_string(row, column, text, self._formats["text"]) != 0:
                raise Problem(422, "export_cell_too_long", heading=in_words(field.headings, self.language))


def write_template(kind: Kind, kinds: Sequence[Kind], language: str) -> bytes:
    """The template of a kind, as XLSX."""
    workbook = Workbook(language)
    workbook.add_template(kind, {other.name: other.titles for other in kinds})
    return workbook.content()


def write_workbook(found: Iterable[tuple[Kind, Mapping[str, Document]]], language: str) -> bytes:
    """These documents as XLSX, a sheet for each kind."""
    workbook = Workbook(language)
    for kind, documents in found:
        workbook.add_kind(kind, documents)
    return workbook.content()
