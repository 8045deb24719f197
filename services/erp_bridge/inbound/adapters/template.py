"""An empty workbook for orders: headings that an import knows again, in the reader's language."""

import io

HEADINGS: dict[str, tuple[str, str, str, str]] = {
    "external_id": ("전표번호", "Document", "Số chứng từ", "@"),
    "item": ("품목코드", "Item code", "Mã hàng", "@"),
    "quantity": ("수량", "Qty", "Số lượng", "General"),
    "unit": ("단위", "Unit", "Đơn vị", "@"),
    "due_at": ("납기일자", "Due date", "Hạn giao", "yyyy-mm-dd"),
    "customer": ("거래처명", "Customer", "Khách hàng", "@"),
    "sales_order": ("수주번호", "Sales order", "Đơn bán hàng", "@"),
    "priority": ("우선순위", "Priority", "Ưu tiên", "General"),
    "note": ("적요", "Note", "Ghi chú", "@"),
}
"""By field: the heading in Korean, English and Vietnamese, and the format of what is typed below it."""
TITLE = {"ko": "작업지시", "en": "Orders", "vi": "Lệnh sản xuất"}
LANGUAGES = tuple(TITLE)
WIDTH = 18


def write_template(needed: tuple[str, ...], language: str) -> bytes:
    """The workbook; the headings of the ``needed`` fields stand out."""
    import xlsxwriter  # takes 2 MiB, for what few shops ask for more than once a day

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(TITLE[language])
    heads = {
        True: book.add_format({"bold": True, "bg_color": "#DCE9E4", "bottom": 1}),
        False: book.add_format({"bg_color": "#EEF2F0", "bottom": 1}),
    }
    for column, (field, texts) in enumerate(HEADINGS.items()):
        sheet.set_column(column, column, WIDTH, book.add_format({"num_format": texts[-1]}))
        sheet.write_string(0, column, texts[LANGUAGES.index(language)], heads[field in needed])
    sheet.freeze_panes(1, 1)
    book.close()
    return buffer.getvalue()
