"""The columns of a table of values: found again in whatever order and language they come back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from thucthi.indicators.calculations.rows import RawRow
from thucthi.indicators.calculations.said import N_
from thucthi.kernel.vietnamese_text import fold

# Heading in the workbook by field of RawRow; "" are columns that only help the reader.
HEADINGS = {
    "indicator": N_("Mã chỉ tiêu"),
    "organisation": N_("Mã đơn vị"),
    "period": N_("Kỳ"),
    "value": N_("Giá trị"),
    "state": N_("Trạng thái"),
    "kind": N_("Loại số liệu"),
    "breakdown": N_("Phân tổ"),
    "numerator": N_("Tử số"),
    "denominator": N_("Mẫu số"),
    "source": N_("Nguồn"),
    "remark": N_("Ghi chú, lý do"),
}
NEEDED = ("indicator", "organisation", "period")
SEARCHED_ROWS = 30
_OTHER_WORDS = {
    "indicator": ("indicator", "indicator code", "chi tieu"),
    "organisation": ("organisation", "organization", "organisation code", "ma don vi bao cao"),
    "period": ("period", "ky so lieu", "ky bao cao", "thoi ky"),
    "value": ("value", "so lieu", "gia tri ky nay"),
    "state": ("state", "status"),
    "kind": ("kind", "loai", "kind of figure"),
    "breakdown": ("breakdown",),
    "numerator": ("numerator",),
    "denominator": ("denominator",),
    "source": ("source", "nguon so lieu"),
    "remark": ("remark", "remark, reason", "note", "ghi chu", "ly do"),
}
_FIELD_OF = {fold(heading): field for field, heading in HEADINGS.items()} | {
    word: field for field, words in _OTHER_WORDS.items() for word in words
}
NO_HEADINGS = N_(
    "Không thấy dòng tiêu đề có các cột “Mã chỉ tiêu”, “Mã đơn vị”, “Kỳ” và “Giá trị”. "
    "Đề nghị tải bảng mẫu rồi điền vào đó."
)


class Row(Protocol):
    """A row of a table as it was read (worksheets.reading.TableRow)."""

    @property
    def number(self) -> int: ...
    @property
    def cells(self) -> Sequence[object]: ...
    @property
    def percents(self) -> Sequence[int]: ...


class NoHeadings(ValueError):
    """None of the first rows names the columns."""


def places_of(cells: Sequence[object]) -> dict[str, int]:
    """Where each field stands, by a row of headings; the first of two with the same name counts."""
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        field = _FIELD_OF.get(fold(str(cell))) if isinstance(cell, str) and len(cell) < 60 else None
        if field:
            places.setdefault(field, at)
    return places


def raw_rows(table: Iterable[Row]) -> Iterator[RawRow]:
    """The rows below the headings. Raises NoHeadings when there are none in the first rows."""
    places: Mapping[str, int] = {}
    for at, row in enumerate(table):
        if places:
            yield _raw(row, places)
            continue
        found = places_of(row.cells)
        if all(name in found for name in NEEDED) and ("value" in found or "state" in found or "numerator" in found):
            places = found
        elif at >= SEARCHED_ROWS:
            break
    if not places:
        raise NoHeadings


def _raw(row: Row, places: Mapping[str, int]) -> RawRow:
    cells = {field: row.cells[at] if at < len(row.cells) else None for field, at in places.items()}
    return RawRow(row.number, **cells, percent_cell=places.get("value") in row.percents)
