"""PDF files."""

from pathlib import Path

import pdfplumber

from thucthi.intake.reading.source import Source, SourceBuilder


def read_pdf(path: Path) -> Source:
    builder = SourceBuilder()
    with pdfplumber.open(path) as file:
        for page in file.pages:
            builder.add_line(page.extract_text(), page=page.page_number)
    return builder.finish()
