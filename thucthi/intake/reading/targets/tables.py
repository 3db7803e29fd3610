"""Targets in tables: one row an indicator, its unit and its figures, one column of figures or one for each year."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import HeaderRead, TargetRead
from thucthi.intake.reading.source import Cell, Row, Source, Table
from thucthi.intake.reading.targets.headings import plain_heading, title_year
from thucthi.intake.reading.targets.matching import any_of, searchable
from thucthi.intake.reading.targets.values import Stated, stated, unit_in_brackets
from thucthi.intake.reading.targets.years import heading_year

_WORDS = rules("target_words")["tables"]
_KINDS = ("index", "fact", "lead", "task", "unit", "value", "indicator")
_OPENINGS = {kind: re.compile(any_of(_WORDS[kind]) + (r"\W*$" if kind == "index" else "")) for kind in _KINDS}
_YEARS = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NUMBERING = re.compile(r"\(?\d{1,2}\)?$")
_SUBDIVIDED = re.compile(r"^(?:[ivxlc]+|[a-zđ])[.)]?$")
_ROWS_SEARCHED = 6
_LINES_ABOVE = 4
_LONGEST_YEAR_HEADING = 40
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns of a table of targets; `values` holds (place, year or None, unit or None)."""

    indicator: int
    unit: int | None
    index: int | None
    values: tuple[tuple[int, int | None, str | None], ...]
    first_row: int
    headings: tuple[str, ...] = field(default=())


def table_targets(source: Source, header: HeaderRead) -> Iterator[TargetRead]:
    for table in source.tables:
        columns = columns_of(table)
        if columns:
            yield from _rows(source, table, columns, _caption_year(source, table) or title_year(header))


def columns_of(table: Table) -> Columns | None:
    """The columns of a table of targets, from one heading row or two; None when it is another kind of table."""
    for place, row in enumerate(table.rows[:_ROWS_SEARCHED]):
        for depth in (2, 1):
            headings = _headings(table.rows[place : place + depth])
            if depth == 2 and not _continues(row, table.rows[place + 1 : place + 2]):
                continue
            if columns := _columns(headings, place + depth):
                return columns
    return None


def _continues(row: Row, below: Sequence[Row]) -> bool:
    """Whether the row below belongs to the heading: cells reach down into it or one above spans several."""
    if not below:
        return False
    return any(cell.is_repeat and any(cell.start == above.start for above in row.cells) for cell in below[0].cells)


def _headings(rows: Sequence[Row]) -> tuple[str, ...]:
    width = max((len(row.cells) for row in rows), default=0)
    stacked = [[row.cells[at].text for row in rows if at < len(row.cells)] for at in range(width)]
    return tuple(searchable(" ".join(dict.fromkeys(" ".join(text.split()) for text in texts))) for texts in stacked)


def _columns(headings: Sequence[str], first_row: int) -> Columns | None:
    kinds = [_kind(heading) for heading in headings]
    if "indicator" not in kinds or "task" in kinds:
        return None
    indicator = kinds.index("indicator")
    values = tuple(
        (at, heading_year(headings[at]), unit_in_brackets(headings[at]))
        for at, kind in enumerate(kinds)
        if kind == "value" and at != indicator
    )
    if not values:
        return None
    return Columns(
        indicator=indicator,
        unit=kinds.index("unit") if "unit" in kinds else None,
        index=kinds.index("index") if "index" in kinds else None,
        values=values,
        first_row=first_row,
        headings=tuple(headings),
    )


def _kind(heading: str) -> str | None:
    """By the longest words the heading opens with; one that is a year is a column of figures."""
    words = heading.strip(" .:()")
    found = [(match.end(), kind) for kind in _KINDS if (match := _OPENINGS[kind].match(words))]
    if found:
        end, kind = max(found, key=lambda each: each[0])
        return "value" if kind == "indicator" and _YEARS.search(words, end) else kind
    return "value" if _YEARS.search(words) and len(words) <= _LONGEST_YEAR_HEADING else None


def _rows(source: Source, table: Table, columns: Columns, year: int | None) -> Iterator[TargetRead]:
    for row in table.rows[columns.first_row :]:
        if _is_heading_again(row, columns) or len(row.cells) <= columns.indicator:
            continue
        found = list(_row(source, row, columns, year))
        if found:
            yield from found
        elif (own := heading_year(plain_heading(_whole(row)))) and not _has_values(row, columns):
            year = own


def _row(source: Source, row: Row, columns: Columns, year: int | None) -> Iterator[TargetRead]:
    name = row.cells[columns.indicator]
    if not name.text or _SUBDIVIDED.match(searchable(name.text)):
        return
    unit = _cell(row, columns.unit)
    for place, column_year, column_unit in columns.values:
        cell = row.cells[place] if place < len(row.cells) else None
        if cell is None or not cell.text or cell.start == name.start:
            continue
        units = (unit.text if unit else None, unit_in_brackets(name.text), column_unit)
        for value in stated(cell.text, next((each for each in units if each), None), name.text):
            yield _target(source, name, cell, value, (column_year if _is_own(columns) else None) or year or column_year)


def _is_own(columns: Columns) -> bool:
    return len(columns.values) > 1


def _target(source: Source, name: Cell, cell: Cell, value: Stated, year: int | None) -> TargetRead:
    is_beside = name.end <= cell.start and "\n" not in source.text[name.end : cell.start]
    start, end = (name.start, cell.end) if is_beside else (name.start, name.end)
    return TargetRead(
        text=source.text[start:end],
        start=start,
        end=end,
        indicator=" ".join(name.text.split()),
        operator=value.operator,
        low=value.low,
        high=value.high,
        unit=value.unit,
        year=year,
        change=value.change,
        is_fact=False,
        scope=value.scope,
        confidence=_SURE,
    )


def _cell(row: Row, place: int | None) -> Cell | None:
    return row.cells[place] if place is not None and place < len(row.cells) else None


def _has_values(row: Row, columns: Columns) -> bool:
    name = row.cells[columns.indicator]
    cells = [_cell(row, place) for place, _, _ in columns.values]
    return any(cell and cell.text and cell.start != name.start for cell in cells)


def _whole(row: Row) -> str:
    own = [cell.text for cell in row.cells if not cell.is_repeat]
    return " ".join(text for text in own if not _SUBDIVIDED.match(searchable(text)))


def _is_heading_again(row: Row, columns: Columns) -> bool:
    texts = [cell.text for cell in row.cells if cell.text]
    if texts and all(_NUMBERING.match(text) for text in texts) and len(texts) == len(row.cells) > 2:
        return [text.strip("()") for text in texts] == [str(number + 1) for number in range(len(texts))]
    return _headings([row]) == columns.headings


def _caption_year(source: Source, table: Table) -> int | None:
    """The year in the nearest lines above that are set as a heading: in capitals, or a short line with "mục tiêu"."""
    above = [line for line in source.lines if line.end <= table.start][-_LINES_ABOVE:]
    for line in reversed(above):
        if line.text.startswith("(") or "ngày" in line.text:
            continue
        if (line.text.isupper() or "iêu" in line.text) and (year := heading_year(searchable(line.text))):
            return year
    return None
