"""What is exported is what comes in again: any document survives a workbook in any language, and JSON."""

import io
import json
import string
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.orders.exchange.adapters.reading import FORMAT, read_json, read_workbook
from services.orders.exchange.adapters.workbooks import Workbook
from services.orders.exchange.commands.kinds.registry import KINDS, SHEETS
from services.orders.exchange.domain.documents import Document, frozen, read_rows, row_changes
from shared.kit.problem import LANGUAGES

CODES = st.text(string.ascii_uppercase + string.digits + "가나다", min_size=1, max_size=8)


def as_typed(text: str) -> bool:
    """A text as it is stored: composed, and without spaces around it."""
    return text == unicodedata.normalize("NFC", text).strip() != ""


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).filter(as_typed)


RISKY = st.sampled_from(["=1+1", "'=1+1", "''-5", "-5", "@SUM(A1)", "'", "+82-10", "０１", "예) x", "1e5", "_x0041_"])


WORDS = TEXTS | RISKY


NAMES = st.fixed_dictionaries({"ko": WORDS}, optional={"en": WORDS, "vi": WORDS}) | st.fixed_dictionaries({"en": WORDS})


POSITIVE = st.decimals("0.000001", "999999999999", places=6) | st.integers(1, 10**12 - 1)


NOT_NEGATIVE = POSITIVE | st.just(0)


TIMES = st.times()


DATES = st.dates()


FOR_ONE = POSITIVE | st.sampled_from(
    ["1/30000", "1/3", "2.5/1000", "0.000000000000001", "123456789012.000000000000001"]
)


FACTORS = st.sampled_from(["200", "0.5", "1/3", "22/7"])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def defined(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    """A definition with a name that is in use or not."""
    return st.fixed_dictionaries({"name": NAMES, "active": st.booleans(), **fields})


def lines(by: Callable[[Any], Any], most: int = 4, least: int = 0, **fields: st.SearchStrategy[Any]) -> Any:
    return st.lists(st.fixed_dictionaries(fields), min_size=least, max_size=most, unique_by=by)


LOT_SIZES = maybe(st.fixed_dictionaries({"minimum": maybe(POSITIVE), "multiple": maybe(POSITIVE)}))


DOCUMENTS: dict[str, st.SearchStrategy[Document]] = {
    "areas": defined(),
    "work_centers": defined(area=maybe(CODES)),
    "machines": defined(work_center=CODES),
    "tools": defined(
        kind=st.sampled_from(["die", "mould", "jig", "gauge", "other"]),
        cavities=st.integers(1, 9999),
        life_shots=maybe(st.integers(1, 10**9)),
        maintenance_shots=maybe(st.integers(1, 10**9)),
        shots=st.integers(0, 10**9),
    ),
    "shifts": defined(starts=TIMES, ends=TIMES),
    "calendars": defined(
        days_off=lines(lambda day: day["date"], date=DATES, name=NAMES),
        overtime=lines(lambda day: day["date"], date=DATES, shift=CODES, ends=TIMES),
    ),
    "reasons": defined(
        kind=st.sampled_from(["planned", "setup", "unplanned", "hold", "correction"]), note_required=st.booleans()
    ),
    "skills": defined(),
    "person_skills": st.fixed_dictionaries(
        {"skills": lines(lambda line: line["skill"], least=1, skill=CODES, level=st.integers(1, 4))}
    ),
    "units": defined(decimals=st.integers(0, 6), aliases=st.lists(CODES, max_size=3)),
    "items": defined(
        kind=st.sampled_from(["raw", "purchased", "semi", "finished"]),
        unit=st.just("재고단위"),
        box_quantity=maybe(POSITIVE),
        supply=maybe(st.sampled_from(["make", "buy"])),
        unit_conversions=lines(lambda line: line["unit"], unit=WORDS, factor=FACTORS),
        lot_tracked=st.booleans(),
        serial_tracked=st.booleans(),
        lot_rule=maybe(st.sampled_from(["{item}-{yymmdd}-{nnn}", "L{yy}{mm}{dd}.{nnnn}"])),
        shelf_life_d=maybe(st.integers(1, 36500)),
        lot_size=LOT_SIZES,
        note=maybe(WORDS),
    ),
    "routings": st.fixed_dictionaries(
        {
            "effective_from": maybe(DATES),
            "operations": lines(
                lambda step: step["op"],
                least=1,
                op=st.integers(1, 9999),
                name=NAMES,
                work_center=maybe(CODES),
                machine=maybe(CODES),
                machines=st.lists(CODES, max_size=3),
                tool=maybe(CODES),
                cycle_s=NOT_NEGATIVE,
                per_cycle=POSITIVE,
                run_s_per_batch=maybe(NOT_NEGATIVE),
                batch_size=maybe(POSITIVE),
                setup_s=NOT_NEGATIVE,
                crew=st.integers(1, 100),
                subcontract=st.booleans(),
                lead_time_d=maybe(st.decimals(0, 3650, places=6)),
                predecessors=maybe(st.lists(st.integers(1, 9999), max_size=3)),
                ratio=POSITIVE,
                instruction=maybe(CODES),
                self_inspection=st.booleans(),
            ),
        }
    ),
    "boms": st.fixed_dictionaries(
        {
            "effective_from": maybe(DATES),
            "lines": lines(
                lambda line: (line["component"], line["op"]),
                component=CODES,
                quantity=FOR_ONE,
                unit=maybe(WORDS),
                scrap_pct=st.decimals(0, 1000, places=4),
                op=maybe(st.integers(1, 9999)),
                alternates=lines(
                    lambda other: other["component"], component=CODES, quantity=FOR_ONE, unit=maybe(CODES)
                ),
            ),
        }
    ),
}


def test_every_kind_is_tried() -> None:
    assert set(DOCUMENTS) == set(SHEETS)


@pytest.mark.parametrize("name", SHEETS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_document_survives_a_workbook_and_json(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    found = data.draw(st.dictionaries(CODES, DOCUMENTS[name], min_size=1, max_size=3))
    documents = {key: frozen(kind.body.model_validate(document)) for key, document in found.items()}
    workbook = Workbook(data.draw(st.sampled_from(LANGUAGES)))
    workbook.add_kind(kind, documents)
    (batch,) = read_workbook(KINDS, workbook.content(), "x.xlsx", max_rows=1000).batches
    assert {
        entry.key: frozen(kind.body.model_validate(read_rows(kind, batch.mapped, entry.cells, None)))
        for entry in batch.entries
    } == documents
    kinds = {name: [{kind.key: key, **document} for key, document in documents.items()]}
    content = json.dumps({"format": FORMAT, "kinds": kinds}).encode()
    (batch,) = read_json(KINDS, content, "x.json", max_rows=1000).batches
    assert {entry.key: frozen(kind.body.model_validate(entry.document)) for entry in batch.entries} == documents


@pytest.mark.parametrize(("title", "heading"), [("공정순서", "공정순서"), ("라우팅", "공정번호")])
def test_a_workbook_of_an_earlier_release_is_read_by_the_words_that_it_had(title: str, heading: str) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet(title)
        for row, cells in enumerate([("품번", heading, "공정명", "설비"), ("HB1", "10", "블랭킹", "PR1")]):
            sheet.write_row(row, 0, cells)
    (batch,) = read_workbook(KINDS, content.getvalue(), "x.xlsx", max_rows=10).batches
    assert (batch.kind.name, set(batch.mapped)) == ("routings", {"item", "op", "name", "machine"})


@pytest.mark.parametrize("name", SHEETS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_changes_are_told_exactly_where_documents_differ(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    before, after = (frozen(kind.body.model_validate(data.draw(DOCUMENTS[name]))) for _ in range(2))
    assert not any(row_changes(kind, "K", before, before))
    if before != after and kind.lines is None:
        assert any(row_changes(kind, "K", before, after))


class TestHeadings:
    @pytest.mark.parametrize("name", KINDS)
    @pytest.mark.parametrize("place", range(len(LANGUAGES)))
    def test_no_two_columns_of_a_kind_have_the_same_heading(self, name: str, place: int) -> None:
        headings = [field.headings[place] for field in KINDS[name].fields]
        assert len(set(headings)) == len(headings)

    @pytest.mark.parametrize("place", range(len(LANGUAGES)))
    def test_no_two_kinds_have_the_same_sheet(self, place: int) -> None:
        titles = [kind.titles[place] for kind in KINDS.values()]
        assert len(set(titles)) == len(titles)
        assert all(len(title) <= 31 for title in titles)

    def test_what_a_kind_refers_to_comes_before_it(self) -> None:
        names = list(KINDS)
        for kind in KINDS.values():
            for field in kind.fields:
                assert field.refers is None or names.index(field.refers) <= names.index(kind.name)
