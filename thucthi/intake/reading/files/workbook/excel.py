"""What the parts of an .xlsx say beside the values of cells."""

import posixpath
from collections.abc import Mapping
from io import BytesIO

from lxml import etree

from thucthi.intake.reading.files.archives import Archive, broken, refuse_declarations
from thucthi.intake.reading.files.faults import DAMAGED, Unreadable
from thucthi.intake.reading.files.workbook.cells import Format, Look, Place, SheetFacts, format_of
from thucthi.intake.reading.files.workbook.grids import MOST_COLUMNS, check_grid

_BUILT_IN = {"9": Format(Look.PER_CENT), "10": Format(Look.PER_CENT, 2), "17": Format(Look.MONTH)}
_YES = {"1", "true"}
_LETTERS = 26


def facts_of_excel(archive: Archive) -> dict[str, SheetFacts]:
    """By the name of the sheet. Raises Unreadable for a sheet that would not fit."""
    workbook = archive.read_xml("xl/workbook.xml")
    relations = archive.read_xml("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        raise Unreadable(DAMAGED)
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations.iter("{*}Relationship")}
    formats = _formats(archive)
    facts = {}
    for sheet in workbook.iter("{*}sheet"):
        named = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        part = posixpath.normpath(posixpath.join("/xl", targets.get(named, "")))[1:]
        content = archive.read(part)
        if content is not None:
            facts[sheet.get("name", "")] = _facts(content, formats)
    return facts


def _formats(archive: Archive) -> dict[str, Format]:
    """Style of a cell → its format, where that changes what a value says."""
    styles = archive.read_xml("xl/styles.xml")
    if styles is None:
        return {}
    codes = {own.get("numFmtId", ""): format_of(own.get("formatCode", "")) for own in styles.iter("{*}numFmt")}
    cells = next(styles.iter("{*}cellXfs"), ())
    known = {
        str(place): codes.get(cell.get("numFmtId", ""), _BUILT_IN.get(cell.get("numFmtId", "")))
        for place, cell in enumerate(cells)
    }
    return {style: form for style, form in known.items() if form is not None}


def _facts(content: bytes, formats: Mapping[str, Format]) -> SheetFacts:
    refuse_declarations(content)
    counted = _Counted(formats)
    tags = ("{*}c", "{*}row", "{*}col")
    parsed = etree.iterparse(BytesIO(content), tag=tags, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        for _, element in parsed:
            counted.take(element, etree.QName(element).localname)
    except etree.XMLSyntaxError as error:
        raise broken(error) from error
    return SheetFacts(formats=counted.found, has_hidden=counted.has_hidden)


class _Counted:
    """Counts along the cells of a sheet; one that names no place stands after the one before."""

    def __init__(self, formats: Mapping[str, Format]) -> None:
        self._formats = formats
        self._line = 0
        self._column = 0
        self._lines = 0
        self._columns = 0
        self.found: dict[Place, Format] = {}
        self.has_hidden = False

    def take(self, element: etree._Element, name: str) -> None:
        if name == "c":
            self._take_cell(element)
            return
        self.has_hidden = self.has_hidden or element.get("hidden") in _YES
        if name == "row":
            self._line += 1
            self._column = 0
            element.clear()
            parent = element.getparent()
            while parent is not None and (before := element.getprevious()) is not None:
                parent.remove(before)

    def _take_cell(self, cell: etree._Element) -> None:
        line, column = _place(cell.get("r", "")) or (self._line, self._column)
        self._line, self._column = line, column + 1
        if len(cell) == 0:
            return
        self._lines, self._columns = max(self._lines, line + 1), max(self._columns, column + 1)
        check_grid(self._lines, self._columns)
        form = self._formats.get(cell.get("s", ""))
        if form is not None:
            self.found[line, column] = form


def _place(reference: str) -> Place | None:
    """ "B3" → (2, 1)."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and digits and len(digits) < 9):
        return None
    column = 0
    for letter in letters.upper():
        column = min(column * _LETTERS + ord(letter) - ord("A") + 1, MOST_COLUMNS + 1)
    return int(digits) - 1, column - 1
