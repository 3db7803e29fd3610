"""What the content of an .ods says beside the values of cells."""

from io import BytesIO

from lxml import etree

from thucthi.intake.reading.files.archives import Archive, broken, refuse_declarations
from thucthi.intake.reading.files.faults import DAMAGED, WITH_PASSWORD, Unreadable
from thucthi.intake.reading.files.workbook.cells import Place, SheetFacts
from thucthi.intake.reading.files.workbook.grids import check_grid

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_SHOWN_OTHERWISE = {"percentage", "date"}
_MOST_REPEATED = 1_048_576


def facts_of_open_document(archive: Archive) -> dict[str, SheetFacts]:
    """By the name of the sheet. Raises Unreadable for a sheet that would not fit."""
    if b"encryption-data" in (archive.read("META-INF/manifest.xml") or b""):
        raise Unreadable(WITH_PASSWORD)
    content = archive.read("content.xml")
    if content is None:
        raise Unreadable(DAMAGED)
    refuse_declarations(content)
    tags = (f"{_TABLE}table", f"{_TABLE}table-row")
    parsed = etree.iterparse(BytesIO(content), tag=tags, resolve_entities=False, no_network=True, huge_tree=False)
    facts: dict[str, SheetFacts] = {}
    counted = _Counted()
    try:
        for _, element in parsed:
            if element.tag == tags[1]:
                counted.take(element)
            else:
                facts[element.get(f"{_TABLE}name", "")] = SheetFacts(texts=counted.texts, merged=counted.merged)
                counted = _Counted()
            element.clear()
    except etree.XMLSyntaxError as error:
        raise broken(error) from error
    return facts


class _Counted:
    """Counts along the rows of a sheet; repeated ones stand in the file once."""

    def __init__(self) -> None:
        self._line = 0
        self._lines = 0
        self._columns = 0
        self.texts: dict[Place, str] = {}
        self.merged: dict[Place, Place] = {}

    def take(self, row: etree._Element) -> None:
        column = 0
        is_filled = False
        times = _repeated(row, "rows")
        for cell in row.iterchildren(*_CELLS):
            wide = _repeated(cell, "columns")
            if _is_filled(cell):
                is_filled = True
                self._columns = max(self._columns, column + wide)
                check_grid(self._line + times, self._columns)
                self._note(cell, column)
            column += wide
        self._line += times
        if is_filled:
            self._lines = self._line
            check_grid(self._lines, self._columns)

    def _note(self, cell: etree._Element, column: int) -> None:
        place = (self._line, column)
        spans = (_number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned"))
        if spans != (1, 1):
            self.merged[place] = spans
        if cell.get(f"{_OFFICE}value-type") in _SHOWN_OTHERWISE:
            lines = ("".join(line.itertext()) for line in cell.iterchildren(f"{_TEXT}p"))
            self.texts[place] = "\n".join(lines)


def _is_filled(cell: etree._Element) -> bool:
    return cell.get(f"{_OFFICE}value-type") is not None or len(cell) > 0


def _repeated(element: etree._Element, what: str) -> int:
    return _number(element, f"number-{what}-repeated")


def _number(element: etree._Element, name: str) -> int:
    said = element.get(f"{_TABLE}{name}", "1")
    return min(max(int(said), 1), _MOST_REPEATED) if said.isascii() and said.isdigit() and len(said) < 10 else 1
