"""The same rows as a page, as JSON, CSV and workbook; all say of which issue and whether figures are invented."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from thucthi.kernel.canonical import canonical_text
from thucthi.public_site.rendering.cells import SIMULATED, closing_cells, csv_head, csv_pieces, in_pieces, written
from thucthi.public_site.rendering.pages import Cell, Lined, Texted, Twin
from thucthi.public_site.rendering.workbook import Sheet, workbook_of
from thucthi.publication.shapes import Header

__all__ = ["csv_bytes", "json_bytes", "written", "xlsx_bytes"]
SHEET = "Du lieu - Data"


def csv_bytes(twin: Twin, header: Header) -> Iterator[bytes]:
    """In pieces. UTF-8 with a mark for spreadsheets; the last three columns of each row: issue, day, notice."""
    columns = _columns(twin, header)
    if isinstance(twin.rows, Lined):
        return in_pieces(csv_head(columns), twin.rows.lines(header))
    return csv_pieces(columns, _rows(twin, header))


def xlsx_bytes(twin: Twin, header: Header, title: str) -> bytes:
    """The rows of the CSV with their types."""
    sheet = Sheet(SHEET, _columns(twin, header), _rows(twin, header))
    return workbook_of([sheet], title=title, made_on=header.as_of)


def json_bytes(twin: Twin, header: Header) -> bytes:
    """Canonical; "data" is the first of its keys."""
    told = twin.text() if twin.text else _told(twin)
    closing = canonical_text({"issue": header, "notice": SIMULATED if header.simulated else None})
    return f'{{"data":{told},{closing[1:]}'.encode()


def _told(twin: Twin) -> str:
    if not twin.tells_rows:
        return canonical_text(twin.about)
    about = {name: canonical_text(value) for name, value in cast("Mapping[str, object]", twin.about).items()}
    told = {**about, "rows": f"[{','.join(_texts(twin))}]"}
    return f"{{{','.join(f'{canonical_text(name)}:{told[name]}' for name in sorted(told))}}}"


def _texts(twin: Twin) -> Iterator[str]:
    if isinstance(twin.rows, Texted):
        return twin.rows.texts()
    return (canonical_text(dict(zip(twin.columns, row, strict=True))) for row in twin.rows)


def _columns(twin: Twin, header: Header) -> Sequence[str]:
    """A table without rows carries the notice in its heading: a row for it would be counted as one."""
    notice = f"notice: {SIMULATED}" if header.simulated and not len(twin.rows) else "notice"
    return [*twin.columns, "issue", "as_of", notice]


def _rows(twin: Twin, header: Header) -> Iterator[tuple[Cell, ...]]:
    closing = closing_cells(header)
    return ((*row, *closing) for row in twin.rows)
