"""Elements of a page in order, as lines and tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from thucthi.intake.reading.files.plain.joining import is_label
from thucthi.intake.reading.files.plain.tables import looks_like_letterhead
from thucthi.intake.reading.files.web.numbering import labels_of
from thucthi.intake.reading.files.web.tables import is_data, rows_of
from thucthi.intake.reading.source import RawCell, SourceBuilder

_BLOCKS = {
    *("address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
    *("ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption"),
}
_STRONG = {"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"}
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Buffer:
    """The paragraph that is being put together; `label` waits for its first words. `labels` are those of all items."""

    labels: dict[etree._Element, str]
    parts: list[str] = field(default_factory=list)
    label: str = ""
    is_strong: bool = True

    def add(self, text: str | None, *, is_strong: bool, is_kept: bool = False) -> None:
        if not text:
            return
        self.parts.append(text if is_kept else _SPACES.sub(" ", text))
        self.is_strong = self.is_strong and (is_strong or not text.strip())

    def take(self) -> tuple[str, bool]:
        text, is_strong = "".join(self.parts).strip(), self.is_strong
        self.parts, self.is_strong = [], True
        if text and self.label:
            text = text if is_label(text) else f"{self.label} {text}"
            self.label = ""
        return text, is_strong


def walk(builder: SourceBuilder, element: etree._Element) -> None:
    """Writes an element's paragraphs and tables into `builder`."""
    buffer = Buffer(labels_of(element))
    _visit(builder, element, buffer, is_strong=False)
    _flush(builder, buffer)


def _flush(builder: SourceBuilder, buffer: Buffer) -> None:
    text, is_strong = buffer.take()
    if text:
        builder.add_line(text, is_strong=is_strong)


def _visit(builder: SourceBuilder, element: etree._Element, buffer: Buffer, *, is_strong: bool) -> None:
    tag = str(element.tag)
    is_block = tag in _BLOCKS
    if tag == "br":
        buffer.add("\n", is_strong=True, is_kept=True)
    if is_block:
        _flush(builder, buffer)
    if tag == "table" and is_data(element):
        _add_table(builder, element, buffer.labels)
        return
    if tag == "li":
        buffer.label = buffer.labels.get(element, "")
    strong = is_strong or tag in _STRONG
    buffer.add(element.text, is_strong=strong, is_kept=tag == "pre")
    for child in element:
        _visit(builder, child, buffer, is_strong=strong)
        buffer.add(child.tail, is_strong=strong, is_kept=tag == "pre")
    if is_block:
        _flush(builder, buffer)


def _add_table(builder: SourceBuilder, table: etree._Element, labels: dict[etree._Element, str]) -> None:
    for caption in table.iterchildren("caption"):
        builder.add_line(_text_of(caption, labels))
    rows = [
        [RawCell(_text_of(cell.element, labels), columns=cell.columns, rows=cell.rows) for cell in row]
        for row in rows_of(table)
    ]
    if not looks_like_letterhead([[cell.text for cell in row] for row in rows]):
        builder.add_table(rows)
        return
    for text in (cell.text for row in rows for cell in row):
        builder.add_line(text)


def _text_of(cell: etree._Element, labels: dict[etree._Element, str]) -> str:
    """A cell's paragraphs, each on a line of its own."""
    return "\n".join(text for text in _paragraphs(cell, Buffer(labels)) if text)


def _paragraphs(element: etree._Element, buffer: Buffer) -> Iterator[str]:
    if element.tag == "br":
        buffer.add("\n", is_strong=True, is_kept=True)
    if element.tag == "li":
        buffer.label = buffer.labels.get(element, "")
    buffer.add(element.text, is_strong=False)
    for child in element:
        is_block = child.tag in _BLOCKS
        if is_block:
            yield buffer.take()[0]
        yield from _paragraphs(child, buffer)
        if is_block:
            yield buffer.take()[0]
        buffer.add(child.tail, is_strong=False)
    if element.tag in {"td", "th", "caption"}:
        yield buffer.take()[0]
