"""A report as an XLSX workbook: a sheet a table, numbers as numbers, nothing that computes.

Text is stored as text whatever it begins with: a group called `=HYPERLINK(...)` stays a name, also
when somebody edits the cell (`quote_prefix`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from qa_pipeline.render.document import Cell, Column, Document, Kind, Table
from qa_pipeline.render.report_words import report_words_in

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_MAX_CELL, _MAX_SHEET_NAME, _MAX_LINKS = 32_767, 31, 60_000
_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "number": "0.0##",
    "rate": "0.0%",
    "share": "0.0%",
    "change": "+0.0;-0.0;0.0",
    "coefficient": "0.00",
    "date": "yyyy-mm-dd",
}
#: What stands in the two columns beside a column, and how it is written there.
_BESIDE: dict[Kind, tuple[tuple[str, str], str]] = {
    "rate": (("low", "high"), "0.0%"),
    "share": (("part", "whole"), "#,##0"),
    "change": (("low", "high"), _FORMATS["change"]),
    "coefficient": (("low", "high"), "0.00"),
}


def workbook(document: Document) -> bytes:
    """Return the report's tables as an XLSX file."""
    import xlsxwriter

    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": f"{document.kicker} {document.title}"})
        styles = _Styles(book)
        names: set[str] = set()
        _front(book, styles, document, names)
        for section in document.sections:
            for table in section.tables:
                sheet = book.add_worksheet(_sheet_name(table.title, names))
                _write(sheet, styles, table, report_words_in(document.language))
    return file.getvalue()


@dataclass(slots=True)
class _Styles:
    """The formats of a workbook, made once each."""

    book: Any
    known: dict[tuple[tuple[str, Any], ...], Any]

    def __init__(self, book: Any) -> None:
        self.book, self.known = book, {}

    def of(self, **properties: Any) -> Any:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.known:
            self.known[key] = self.book.add_format({"valign": "top", **properties})
        return self.known[key]


def _front(book: Any, styles: _Styles, document: Document, names: set[str]) -> None:
    """Write the first sheet: what this is, the few figures at the top, every sentence."""
    sheet = book.add_worksheet(_sheet_name(document.kicker, names))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 30)
    sheet.set_column(3, 3, 60)
    _page_setup(sheet)
    _text(sheet, styles, 0, 0, f"{document.kicker} · {document.title}", bold=True, font_size=16)
    lines = [document.headline, *document.warnings, document.made]
    place = 2
    for line in lines:
        sheet.merge_range(place, 0, place, 3, "", styles.of(text_wrap=True))
        _text(sheet, styles, place, 0, line, text_wrap=True)
        sheet.set_row(place, 15 * (1 + len(line) // 75))
        place += 1
    for tile in document.tiles:
        place += 1
        _text(sheet, styles, place, 0, tile.title, bold=True)
        _text(sheet, styles, place, 1, tile.shown, bold=True)
        _text(sheet, styles, place, 2, tile.detail)
    place += 2
    for section in document.sections:
        for sentence in (*section.says, *section.after):
            sheet.merge_range(place, 1, place, 3, "", styles.of(text_wrap=True))
            _text(sheet, styles, place, 0, section.title, bold=True)
            _text(sheet, styles, place, 1, sentence, text_wrap=True)
            sheet.set_row(place, 15 * (1 + len(sentence) // 60))
            place += 1


def _write(sheet: Any, styles: _Styles, table: Table, words: dict[str, str]) -> None:
    beside = [_beside(table, i) for i in range(len(table.columns))]
    headings = [
        heading
        for column, kind in zip(table.columns, beside, strict=True)
        for heading in _headings(column, kind, words)
    ]
    for i, heading in enumerate(headings):
        _text(sheet, styles, 0, i, heading, bold=True, bottom=1, text_wrap=True, bg_color="#F0F0EA")
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(headings) - 1)
    sheet.repeat_rows(0)
    _page_setup(sheet)
    budget = [_MAX_LINKS]
    for r in range(1, len(table.rows) + 1):
        _write_row(sheet, styles, r, table, beside, budget)
    for i, width in enumerate(_widths(table, headings, beside)):
        sheet.set_column(i, i, width)


def _page_setup(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _beside(table: Table, i: int) -> Kind | None:
    """Return the kind by which a column has two more beside it, None where nothing stands there."""
    kind = table.columns[i].kind
    has_more = kind in _BESIDE and any(row.cells[i].low is not None for row in table.rows)
    return kind if has_more else None


def _headings(column: Column, beside: Kind | None, words: dict[str, str]) -> Sequence[str]:
    if beside is None:
        return (column.title,)
    return (column.title, *(f"{column.title} {words[name]}" for name in _BESIDE[beside][0]))


def _write_row(
    sheet: Any,
    styles: _Styles,
    r: int,
    table: Table,
    beside: Sequence[Kind | None],
    budget: list[int],
) -> None:
    row, at = table.rows[r - 1], 0
    more: dict[str, Any] = {"bold": True} if row.is_overall else {}
    for column, kind, cell in zip(table.columns, beside, row.cells, strict=True):
        has_room = budget[0] > 0
        budget[0] -= cell.link is not None
        shown = cell if has_room else replace(cell, link=None)
        _write_cell(sheet, styles, (r, at), column, shown, more)
        at += 1
        if kind is not None:
            for value in (cell.low, cell.high):
                if value is not None:
                    sheet.write_number(r, at, value, styles.of(num_format=_BESIDE[kind][1], **more))
                at += 1


def _write_cell(
    sheet: Any, styles: _Styles, at: tuple[int, int], column: Column, cell: Cell,
    more: dict[str, Any],
) -> None:  # fmt: skip
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        said = cell.shown if value is None else str(value)
        if cell.detail and column.kind == "text":
            said = f"{said}\n{cell.detail}" if said else cell.detail
        if cell.link and len(said) < 255:
            link = styles.of(font_color="#0B6B62", underline=1, **_prefix(said), **more)
            sheet.write_url(*at, cell.link, link, string=said)
            return
        _text(sheet, styles, *at, said, text_wrap="\n" in said, **more)
    elif isinstance(value, date):
        sheet.write_datetime(*at, value, styles.of(num_format=_FORMATS["date"], **more))
    else:
        number_format = _FORMATS.get(column.kind, "General")
        style = styles.of(num_format=number_format, **more)
        if cell.link:  # the address stays with the cell when the number is written over it
            sheet.write_url(*at, cell.link, style, string="")
        sheet.write_number(*at, value, style)


def _text(sheet: Any, styles: _Styles, r: int, c: int, said: str, **properties: Any) -> None:
    chosen = {name: value for name, value in properties.items() if value}
    sheet.write_string(r, c, said[:_MAX_CELL], styles.of(**_prefix(said), **chosen))


def _prefix(said: str) -> dict[str, Any]:
    return {"quote_prefix": True} if said.startswith(_FORMULA_STARTS) else {}


def _widths(
    table: Table, headings: Sequence[str], beside: Sequence[Kind | None]
) -> Iterator[float]:
    place = 0
    for i, kind in enumerate(beside):
        longest = max((_room(row.cells[i].shown) for row in table.rows), default=0)
        yield min(52.0, max(9.0, longest + 2, min(16, _room(headings[place]))))
        place += 1
        if kind is not None:
            yield from (10.0, 10.0)
            place += 2


def _room(said: str) -> int:
    """Return the width of text in Latin letters; a Chinese character takes two."""
    return max(
        (sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in said.split("\n")), default=0
    )


def _sheet_name(title: str, names: set[str]) -> str:
    """Return a name that Excel allows and no other sheet has."""
    clean = "".join(" " if c in "[]:*?/\\'" else c for c in title).strip()[:_MAX_SHEET_NAME] or "-"
    name, n = clean, 2
    while name.lower() in names:
        name = f"{clean[: _MAX_SHEET_NAME - 4]} ({n})"
        n += 1
    names.add(name.lower())
    return name
