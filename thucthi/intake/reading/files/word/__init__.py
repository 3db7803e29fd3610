"""Reads a .docx in the order of its text, one block after the other, so that long documents take little memory."""

import posixpath
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from lxml import etree

from thucthi.intake.reading.files.archives import Archive, broken, parse, refuse_declarations
from thucthi.intake.reading.files.faults import DAMAGED, MOST_LETTERS, ONLY_PICTURES, TOO_LONG, Unreadable
from thucthi.intake.reading.files.word.names import STRICT, TRANSITIONAL, Element, child, value, w
from thucthi.intake.reading.files.word.numbering import Numbering
from thucthi.intake.reading.files.word.paragraphs import (
    ALTERNATIVES,
    CHOICE,
    ParagraphReader,
    is_placeholder,
)
from thucthi.intake.reading.files.word.styles import Styles
from thucthi.intake.reading.files.word.tables import grid_of, raw_rows
from thucthi.intake.reading.source import Source, SourceBuilder

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CONTENTS = "Table of Contents"
_HOLDERS = {w("ins"), w("moveTo"), w("customXml"), w("smartTag"), w("txbxContent")}
_IN_BODY = (w("p"), w("tbl"), w("sdt"), w("ins"), w("moveTo"), w("customXml"), ALTERNATIVES)


def read_word(path: Path) -> Source:
    """Paragraphs and tables; numbers of lists written out, tracked changes accepted, hidden text and notes left out.

    Raises Unreadable.
    """
    with Archive(path) as archive:
        document = _related(archive, "", "officeDocument") or "word/document.xml"
        content = archive.read(document)
        if content is None:
            raise Unreadable(DAMAGED)
        styles = Styles(_xml(archive, _related(archive, document, "styles")))
        numbering = Numbering(_xml(archive, _related(archive, document, "numbering")), styles.list_styles())
        reader = _DocumentReader(ParagraphReader(styles, numbering))
        refuse_declarations(content)
        source = reader.read(_transitional(content))
        if not source.text and any("/media/" in name for name in archive.names):
            raise Unreadable(ONLY_PICTURES)
    return source


def _related(archive: Archive, part: str, kind: str) -> str | None:
    """The part to which `part` ("" for the whole package) refers as its styles, numbering and so on."""
    folder, name = posixpath.split(part)
    root = archive.read_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    for relation in () if root is None else root.iter(_RELATION):
        if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
            return posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
    return None


def _xml(archive: Archive, part: str | None) -> Element | None:
    content = archive.read(part) if part else None
    return None if content is None else parse(_transitional(content))


def _transitional(content: bytes) -> bytes:
    """The strict dialect of the format differs by the name of its name space."""
    return content.replace(STRICT, TRANSITIONAL) if STRICT in content else content


class _DocumentReader:
    def __init__(self, paragraphs: ParagraphReader) -> None:
        self._paragraphs = paragraphs
        self._builder = SourceBuilder()
        self._waiting: list[Element] = []
        self._letters = 0

    def read(self, content: bytes) -> Source:
        for block in _blocks(content):
            self._add(block)
            if self._letters > MOST_LETTERS:
                raise Unreadable(TOO_LONG)
        return self._builder.finish()

    def _add(self, block: Element) -> None:
        if block.tag == w("p"):
            self._add_paragraph(block)
        elif block.tag == w("tbl"):
            self._add_table(block)
        else:
            for inner in _unwrapped(block):
                self._add(inner)

    def _add_paragraph(self, element: Element) -> None:
        read = self._paragraphs.read(element)
        self._letters += len(read.text)
        self._builder.add_line(read.text, is_strong=read.is_strong)
        for box in read.boxes:
            for inner in box:
                self._add(inner)

    def _add_table(self, element: Element) -> None:
        """A table of one column is a frame around what it holds; tables inside cells follow the one they stand in."""
        grid = grid_of(element)
        if max((len(row) for row in grid), default=0) <= 1 and any(
            True for _ in element.iterfind(f".//{w('tc')}//{w('tbl')}")
        ):
            for cell in (cell.element for row in grid for cell in row):
                for inner in () if cell is None else cell:
                    self._add(inner)
            return
        outer, self._waiting = self._waiting, []
        self._builder.add_table(raw_rows(grid, self._cell_text))
        inside, self._waiting = self._waiting, outer
        for table in inside:
            self._add_table(table)

    def _cell_text(self, cell: Element) -> str:
        return "\n".join(self._cell_lines(cell))

    def _cell_lines(self, container: Element) -> Iterator[str]:
        for block in container:
            if block.tag == w("p"):
                read = self._paragraphs.read(block)
                yield read.text
                for box in read.boxes:
                    yield from self._cell_lines(box)
            elif block.tag == w("tbl"):
                self._waiting.append(block)
            else:
                for inner in _unwrapped(block):
                    yield from self._cell_lines(inner)


def _blocks(content: bytes) -> Iterator[Element]:
    """What stands in the body, one after the other; each is let go of before the next is parsed."""
    parsed = etree.iterparse(
        BytesIO(content), tag=_IN_BODY, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for _, block in parsed:
            parent = block.getparent()
            if parent is not None and parent.tag == w("body"):
                yield block
                block.clear()
                while (before := block.getprevious()) is not None:
                    parent.remove(before)
    except etree.XMLSyntaxError as error:
        raise broken(error) from error


def _unwrapped(block: Element) -> Iterator[Element]:
    """The blocks inside one that only holds others; nothing for properties, deletions and tables of contents."""
    if block.tag == w("sdt"):
        gallery = value(block, "sdtPr", "docPartObj", "docPartGallery")
        content = child(block, "sdtContent")
        if content is not None and gallery != _CONTENTS and not is_placeholder(block):
            yield from content
    elif block.tag == ALTERNATIVES:
        yield from next(iter(block.iterfind(CHOICE)), ())
    elif block.tag in _HOLDERS:
        yield from block
