"""The monthly report as .docx, in the layout of decree 30/2020/NĐ-CP (kernel/paper_layout.py)."""

from typing import Any

import docx

from thucthi.kernel.paper_layout import (
    CENTRE,
    LEFT,
    SMALL,
    TABLE,
    add_head,
    body,
    bytes_of,
    grid,
    lay_out,
    mark_every_page,
    tell,
    title,
    write,
)
from thucthi.public_site.rendering.papers.content import SIMULATED, MonthlyReport, Section, Table

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def word_file(report: MonthlyReport) -> bytes:
    """Equal reports give equal bytes."""
    document: Any = docx.Document()
    tell(document, title=f"{report.title[0]}: {report.title[1]}", author=report.head.issuer, day=report.as_of)
    lay_out(document)
    if report.simulated:
        mark_every_page(document, SIMULATED)
    add_head(document, report.head)
    title(document, *report.title)
    if report.simulated:
        write(document.add_paragraph(), SIMULATED, size=13, bold=True, align=CENTRE)
    for line in report.opening:
        body(document, line)
    for number, (section, tables) in zip(ROMAN, report.numbered(), strict=False):
        _section(document, number, section, tables)
    body(document, report.closing)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _signature(document, report)
    return bytes_of(document)


def _section(document: Any, number: str, section: Section, tables: list[tuple[int, Table]]) -> None:
    body(document, f"{number}. {section.title.upper()}", bold=True)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    for line in section.paragraphs:
        body(document, line)
    for place, table in tables:
        write(document.add_paragraph(), f"Bảng {place}. {table.title}", size=13, bold=True, align=CENTRE)
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        grid(document, table.headers, table.rows, table.widths)
        write(document.add_paragraph(), table.note, size=SMALL, italic=True, align=LEFT)


def _signature(document: Any, report: MonthlyReport) -> None:
    """Post and room for the signature; whoever signs writes the name."""
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    write(left.paragraphs[0], "Nơi nhận:", size=SMALL, bold=True, italic=True, align=LEFT, after=0)
    for n, line in enumerate(report.recipients, start=1):
        end = "." if n == len(report.recipients) else ";"
        write(left.add_paragraph(), f"- {line}{end}", size=TABLE, align=LEFT, after=0)
    write(right.paragraphs[0], report.post.upper(), bold=True, align=CENTRE, after=60)
    write(right.add_paragraph(), "(Chữ ký, họ và tên)", italic=True, align=CENTRE)
