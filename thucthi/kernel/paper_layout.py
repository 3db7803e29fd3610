"""Official paper with python-docx: fonts, margins, page numbers, heads of the State and of the Party.

State: decree 30/2020/NĐ-CP, annex I (A4, margins 30/15/20/20 mm, Times New Roman 13–14, page number above in the
middle, none on the first page). Party: instruction 36-HD/VPTW of 2018 ("Đảng Cộng sản Việt Nam" at the right, the
issuing body with a star below it at the left, number with a hyphen).
"""

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from thucthi.kernel.paper_head import Head

FONT = "Times New Roman"
BODY, SMALL = 14, 12
TABLE = 11
CENTRE, LEFT, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
NOT_FOR_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONG_SIDE, SHORT_SIDE = Mm(297), Mm(210)


def lay_out(document: Document) -> None:
    """Font of the whole paper, page and number of the first section."""
    style: Any = document.styles["Normal"]
    style.font.name = FONT
    style.font.size = Pt(BODY)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)
    section = document.sections[0]
    section.page_width, section.page_height = SHORT_SIDE, LONG_SIDE
    _margins(section, top=20, bottom=20, left=30, right=15)
    section.different_first_page_header_footer = True
    _number_pages(section)


def tell(document: Document, *, title: str, author: str, day: date) -> None:
    """What the file says of itself; nothing of the machine it was made on."""
    told: Any = document.core_properties
    told.title, told.author, told.last_modified_by, told.comments = title, author, author, ""
    told.language = "vi-VN"
    told.created = told.modified = datetime.combine(day, time())


def mark_every_page(document: Document, words: str) -> None:
    """Words above the text of each page of the first section, below its number."""
    section = document.sections[0]
    section.header_distance = Mm(8)
    write(section.first_page_header.paragraphs[0], words, size=10, bold=True, align=CENTRE, after=0)
    write(section.header.add_paragraph(), words, size=10, bold=True, align=CENTRE, after=0)


def bytes_of(docx_file: Document) -> bytes:
    """The file; equal content gives equal bytes, because the parts inside carry no hour of their own."""
    made, kept = BytesIO(), BytesIO()
    docx_file.save(made)
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            copy.writestr(part, archive.read(name))
    return kept.getvalue()


def turn_page(document: Document) -> None:
    """A new section of pages laid crosswise, its margins turned with the sheet."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = LONG_SIDE, SHORT_SIDE
    _margins(section, top=30, bottom=15, left=20, right=20)
    section.different_first_page_header_footer = False


def _margins(section: Any, *, top: int, bottom: int, left: int, right: int) -> None:
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = Mm(10)


def _number_pages(section: Any) -> None:
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)


def add_head(document: Document, head: Head) -> None:
    """Issuer at the left, the country or the Party at the right; number, place and day below."""
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, (Mm(72), Mm(93)))
    (left, right), (number, when) = (row.cells for row in table.rows)
    if head.is_party:
        _party_head(left, right, head)
    else:
        _state_head(left, right, head)
    write(number.paragraphs[0], f"Số {head.number}" if head.is_party else f"Số: {head.number}", size=13, align=CENTRE)
    write(when.paragraphs[0], f"{head.place}, {day_in_words(head.day)}", italic=True, align=CENTRE)


def _state_head(left: Any, right: Any, head: Head) -> None:
    lines = left.paragraphs[0]
    if head.superior:
        write(lines, head.superior.upper(), size=12, align=CENTRE, after=0)
        lines = left.add_paragraph()
    write(lines, head.issuer.upper(), size=12, bold=True, align=CENTRE, after=0)
    _rule(left, aside=24)
    # The decree allows 12 to 13; at 13 the name of the country does not fit on its line.
    country = right.paragraphs[0]
    write(country, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE, after=0)
    write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTRE, after=0)
    _rule(right, aside=18)


def _party_head(left: Any, right: Any, head: Head) -> None:
    lines = left.paragraphs[0]
    if head.superior:
        write(lines, head.superior.upper(), align=CENTRE, after=0)
        lines = left.add_paragraph()
    write(lines, head.issuer.upper(), bold=True, align=CENTRE, after=0)
    write(left.add_paragraph(), "*", align=CENTRE, after=0)
    write(right.paragraphs[0], "ĐẢNG CỘNG SẢN VIỆT NAM", size=15, bold=True, align=CENTRE, after=0)
    _rule(right, aside=18)


def _rule(cell: Any, *, aside: int) -> None:
    """A line below the words, `aside` mm from either edge of the cell."""
    paragraph = cell.add_paragraph()
    write(paragraph, "", size=2, align=CENTRE, after=6)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(aside)
    layout.line_spacing = Pt(3)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def write(
    paragraph: Any,
    text: str,
    *,
    size: int = BODY,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = JUSTIFIED,
    after: int = 6,
) -> None:
    """One run of text; line breaks in it stay line breaks."""
    run = paragraph.add_run(clean(text))
    run.font.name, run.font.size, run.bold, run.italic = FONT, Pt(size), bold, italic
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(after)


def body(document: Document, text: str, *, bold: bool = False) -> None:
    """A paragraph of the text, its first line set in by 10 mm."""
    paragraph = document.add_paragraph()
    write(paragraph, text, bold=bold)
    paragraph.paragraph_format.first_line_indent = Mm(10)


def title(document: Document, *lines: str) -> None:
    for line in lines:
        write(document.add_paragraph(), line, bold=True, align=CENTRE, after=0)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)


def grid(document: Document, headers: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """A table with lines; `widths` in mm; its head is repeated on every page and no row is torn apart."""
    table = document.add_table(rows=1, cols=len(headers))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, header in zip(table.rows[0].cells, headers, strict=True):
        write(cell.paragraphs[0], header, size=TABLE, bold=True, align=CENTRE, after=0)
    _mark(table.rows[0], "w:tblHeader")
    for row in rows:
        added = table.add_row()
        _mark(added, "w:cantSplit")
        for cell, text in zip(added.cells, row, strict=True):
            write(cell.paragraphs[0], text, size=TABLE, align=LEFT, after=0)
    _widths(table, [Mm(width) for width in widths])


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _widths(table: Any, widths: Sequence[Any]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def day_in_words(day: date) -> str:
    return f"ngày {day:%d} tháng {day:%m} năm {day.year}"


def clean(text: str) -> str:
    """Without letters that XML does not take."""
    return NOT_FOR_XML.sub("", text)
