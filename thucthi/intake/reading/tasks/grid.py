"""Rows of a table of tasks as cells by what their columns hold, with what a merged cell above says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from thucthi.intake.reading.source import Cell, Row, Table
from thucthi.intake.reading.tasks.headings import ColumnKind, Heading, is_numbering, repeats_heading

ROMAN = re.compile(r"(?=[IVXLC])(?:X{0,3})(?:IX|IV|V?I{0,3})[.)\-–:]*")
LETTER = re.compile(r"[A-ZĐ][.)\-–:]*")
_ARABIC = re.compile(r"\(?\d+(?:\.\d+)*[.)]?")
_GROUP_OPENING = re.compile(
    r"(?:(?:[IVX]{1,5}|[A-ZĐ])\s*[.)\-–:/]|(?:Phần|Mục|Chương|Nhóm|PHẦN|MỤC|CHƯƠNG|NHÓM)\s+(?:thứ\s+)?[\dIVXA-Z])\s*"
)
_VALUES = (ColumnKind.LEAD, ColumnKind.COORDINATORS, ColumnKind.DEADLINE, ColumnKind.PRODUCT, ColumnKind.RESOURCES)


@dataclass(frozen=True)
class TaskRow:
    """One row below the heading; `number` counts the table's rows from 1, the heading's included."""

    table: Table
    heading: Heading
    number: int
    row: Row
    is_first_of_part: bool = False

    @property
    def place(self) -> str:
        return f"table {self.table.number} row {self.number}"

    def cell(self, kind: ColumnKind) -> Cell | None:
        """The filled cell of that kind; one merged over rows stands for each of them, over columns for the first."""
        for place in self.heading.places(kind):
            cell = self.row.cells[place] if place < len(self.row.cells) else None
            if cell and cell.text.strip() and not self._reaches_from_left(place):
                return cell
        return None

    def texts(self, kind: ColumnKind) -> list[str]:
        cells = [self.row.cells[place] for place in self.heading.places(kind) if place < len(self.row.cells)]
        return list(dict.fromkeys(cell.text for cell in cells if cell.text.strip()))

    def is_from_above(self, cell: Cell) -> bool:
        return cell.is_repeat and cell.start < self.row.start

    def _reaches_from_left(self, place: int) -> bool:
        cell = self.row.cells[place]
        return place > 0 and cell.is_repeat and self.row.cells[place - 1].start == cell.start and bool(cell.text)

    @cached_property
    def own(self) -> list[Cell]:
        """Cells with words of this row itself, its number left out."""
        numbers = set(self.heading.places(ColumnKind.INDEX))
        return [
            cell
            for place, cell in enumerate(self.row.cells)
            if cell.text.strip() and not cell.is_repeat and not (place in numbers and not self._is_wide(place))
        ]

    @property
    def index(self) -> str:
        cell = self.cell(ColumnKind.INDEX)
        return cell.text.strip() if cell and not self.is_from_above(cell) and not self._is_wide_cell(cell) else ""

    def has_values(self) -> bool:
        """Something says who, when or what comes of it, be it in a cell merged from above."""
        return any(self.cell(kind) for kind in _VALUES if not self._is_of_task(self.cell(kind)))

    def _is_of_task(self, cell: Cell | None) -> bool:
        task = self.cell(ColumnKind.TASK)
        return bool(cell and task and cell.start == task.start)

    def _is_wide(self, place: int) -> bool:
        return self._is_wide_cell(self.row.cells[place])

    def _is_wide_cell(self, cell: Cell) -> bool:
        return sum(each.start == cell.start and each.text == cell.text for each in self.row.cells if cell.text) > 1

    @property
    def is_merged_across(self) -> bool:
        return len(self.own) == 1 and self._is_wide_cell(self.own[0])

    @property
    def only(self) -> Cell | None:
        """The one cell with words besides the number, when nothing else is filled or merged into the row."""
        return self.own[0] if len(self.own) == 1 and not (self.has_values() and not self.is_merged_across) else None


def body_rows(table: Table, heading: Heading, *, is_continued: bool = False) -> list[TaskRow]:
    """The rows below the heading, without numbering rows, headings said again and empty rows."""
    rows: list[TaskRow] = []
    is_first = is_continued
    first = 0 if is_continued and not heading.rows else max(heading.rows, default=-1) + 1
    for place, row in enumerate(table.rows):
        if place < first or not any(cell.text.strip() for cell in row.cells):
            continue
        if is_numbering(row) or (heading.rows and repeats_heading(row, table, heading)):
            is_first = True
            continue
        changes_page = bool(rows and row.page is not None and row.page != rows[-1].row.page)
        rows.append(TaskRow(table, heading, place + 1, row, is_first or changes_page))
        is_first = False
    return rows


def is_group(row: TaskRow, following: Sequence[TaskRow]) -> bool:
    """Whether a row names a group of tasks: one cell only, with a Roman number or a letter or over the whole width."""
    only = row.only
    if only is None:
        return _is_roman(row.index) and (_passes_down(row, following) or _lacks_lead(row, following))
    if row.is_merged_across or _is_roman(row.index):
        return True
    opening = _GROUP_OPENING.match(only.text)
    if opening and not row.index:
        return True
    if _is_arabic(row.index):
        return bool(following) and is_under(following[0].index, row.index)
    stands_in_task = any(row.row.cells[place] is only for place in row.heading.places(ColumnKind.TASK))
    return stands_in_task and not row.index and not row.is_first_of_part and _titles(only.text) and bool(following)


def _titles(text: str) -> bool:
    return text[:1].isupper() and text.rstrip()[-1:] not in ".;,"


def _passes_down(row: TaskRow, following: Sequence[TaskRow]) -> bool:
    """A numbered group with a lead or a deadline that the rows under it lack."""
    for below in following:
        if _is_roman(below.index):
            break
        for kind in (ColumnKind.LEAD, ColumnKind.DEADLINE):
            if row.cell(kind) and not below.cell(kind):
                return True
    return False


def _lacks_lead(row: TaskRow, following: Sequence[TaskRow]) -> bool:
    """A group's row into which something stray fell: no lead where there is a column for one, numbers under it."""
    has_column = bool(row.heading.places(ColumnKind.LEAD))
    return has_column and not row.cell(ColumnKind.LEAD) and bool(following) and _is_arabic(following[0].index)


def _is_arabic(index: str) -> bool:
    return _ARABIC.fullmatch(index) is not None


def _is_roman(index: str) -> bool:
    return bool(index) and bool(ROMAN.fullmatch(index) or LETTER.fullmatch(index))


def is_under(index: str, above: str) -> bool:
    """ "12.1." stands under "12."."""
    ours, theirs = index.strip("(). "), above.strip("(). ")
    return bool(theirs) and ours.startswith(theirs + ".")


def group_title(text: str) -> str:
    """A group's words without its number."""
    return " ".join(_GROUP_OPENING.sub("", text, count=1).split()) or text
