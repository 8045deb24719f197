"""Workbooks for people: a template of one kind, and everything with a sheet for each kind."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.orders.exchange.domain.cells import Translations
from services.orders.exchange.domain.documents import Document, show_rows
from services.orders.exchange.domain.layout import EXAMPLE_MARKS, KindField, KindLayout, note_of, translated
from shared.kit.cells import neutralise
from shared.kit.problem import Problem

NOTES: Translations = ("설명", "Notes", "Ghi chú")
NOTE_HEADINGS: tuple[Translations, ...] = (
    ("열", "Column", "Cột"),
    ("필수", "Required", "Bắt buộc"),
    ("입력 방법", "What to enter", "Cách nhập"),
    ("예", "Example", "Ví dụ"),
)
EXAMPLE_NOTE: Translations = (
    "2행은 예시입니다. 지우지 않아도 가져오지 않습니다.",
    "Row 2 is an example. It is never imported, even when it stays.",
    "Dòng 2 là ví dụ và không bao giờ được nhập, kể cả khi giữ lại.",
)
REQUIRED_LABEL: Translations = ("필수", "required", "bắt buộc")
EXACT_DIGITS = 15
"""A workbook stores numbers as doubles: so many digits are exact."""
NUMBER_FORMATS = {"text": "@", "number": "General", "date": "yyyy-mm-dd"}
"""How a column shows what is typed into it, too: a number stays one when it is edited, and a code a text."""
EXAMPLE = {"italic": True, "font_color": "#6B7671"}
FIRST_DATE = dt.date(1900, 3, 1)
"""Before it spreadsheets count a day that there never was."""


class Workbook:
    """A workbook being written, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        import xlsxwriter  # takes 2 MiB, for what few shops ask for more than once a day

        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._formats = {
            "needed": self._book.add_format({"bold": True, "bg_color": "#DCE9E4", "bottom": 1, "text_wrap": True}),
            "optional": self._book.add_format({"bg_color": "#EEF2F0", "bottom": 1, "text_wrap": True}),
            "wrapped": self._book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for name, number in NUMBER_FORMATS.items():
            self._formats[name] = self._book.add_format({"num_format": number})
            self._formats[f"example {name}"] = self._book.add_format(EXAMPLE | {"num_format": number})

    def content(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._buffer.getvalue()

    def add_kind(self, kind: KindLayout, documents: Mapping[str, Document]) -> None:
        """A sheet with the rows of these documents."""
        sheet = self._add_table(kind)
        number = 0
        for key, document in documents.items():
            for cells in show_rows(kind, key, document):
                number += 1
                for column, field in enumerate(kind.fields):
                    self._write(sheet, number, column, field, cells[field.name])

    def add_template(self, kind: KindLayout, titles: Mapping[str, Translations]) -> None:
        """A sheet with headings and an example row, and one that explains them."""
        sheet = self._add_table(kind)
        for column, field in enumerate(kind.fields):
            labels = field.codec.labels
            if field.name == kind.key:
                example = EXAMPLE_MARKS[self.language] + self._label(field, field.example)
                sheet.write_string(1, column, example, self._formats["example text"])
            else:
                self._write(sheet, 1, column, field, field.example, "example ")
            if labels:
                offered = [translated(label, self.language) for label in labels.values()]
                sheet.data_validation(2, column, 20_000, column, {"validate": "list", "source": offered})
            note = note_of(field, titles, self.language)
            if note:
                sheet.write_comment(0, column, note)
        self._explain(kind, titles)

    def _add_table(self, kind: KindLayout) -> Any:
        sheet = self._book.add_worksheet(translated(kind.titles, self.language))
        for column, field in enumerate(kind.fields):
            heading = translated(field.headings, self.language)
            width = max(12, len(heading.encode("cp949", "replace")) + 4)
            sheet.set_column(column, column, width, self._formats[_form(field)])
            sheet.write_string(0, column, heading, self._formats["needed" if field.required else "optional"])
        sheet.freeze_panes(1, 1)
        return sheet

    def _explain(self, kind: KindLayout, titles: Mapping[str, Translations]) -> None:
        sheet = self._book.add_worksheet(translated(NOTES, self.language))
        sheet.set_column(0, 1, 18)
        sheet.set_column(2, 3, 48, self._formats["wrapped"])
        sheet.write_string(0, 0, translated(EXAMPLE_NOTE, self.language))
        for column, heading in enumerate(NOTE_HEADINGS):
            sheet.write_string(2, column, translated(heading, self.language), self._formats["needed"])
        for number, field in enumerate(kind.fields, 3):
            texts = (
                translated(field.headings, self.language),
                translated(REQUIRED_LABEL, self.language) if field.required else "",
                note_of(field, titles, self.language),
                self._label(field, field.example),
            )
            for column, text in enumerate(texts):
                sheet.write_string(number, column, text)

    def _label(self, field: KindField, cell: str) -> str:
        return translated(field.codec.labels[cell], self.language) if cell in field.codec.labels else cell

    def _write(self, sheet: Any, row: int, column: int, field: KindField, cell: str, style: str = "") -> None:
        form = self._formats[style + _form(field)]
        if not cell:
            return
        if (
            field.codec.numeric
            and "/" not in cell
            and len(cell.replace("-", "").replace(".", "").lstrip("0")) <= EXACT_DIGITS
        ):
            sheet.write_number(row, column, float(cell), form)
        elif field.codec.dated and (day := dt.date.fromisoformat(cell)) >= FIRST_DATE:
            sheet.write_datetime(row, column, day, form)
        else:
            text = neutralise(self._label(field, cell))
            if sheet.write_string(row, column, text, self._formats[f"{style}text"]) != 0:
                raise Problem(422, "export_cell_too_long", heading=translated(field.headings, self.language))


def _form(field: KindField) -> str:
    return "number" if field.codec.numeric else "date" if field.codec.dated else "text"


def write_template(kind: KindLayout, kinds: Sequence[KindLayout], language: str) -> bytes:
    """The template of a kind, as XLSX."""
    workbook = Workbook(language)
    workbook.add_template(kind, {other.name: other.titles for other in kinds})
    return workbook.content()


def write_workbook(found: Iterable[tuple[KindLayout, Mapping[str, Document]]], language: str) -> bytes:
    """These documents as XLSX, a sheet for each kind."""
    workbook = Workbook(language)
    for kind, documents in found:
        workbook.add_kind(kind, documents)
    return workbook.content()
