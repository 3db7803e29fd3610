"""Web pages saved as files."""

from pathlib import Path

from lxml import html

from thucthi.intake.reading.source import Source, SourceBuilder


def read_web(path: Path) -> Source:
    builder = SourceBuilder()
    builder.add_line(html.fromstring(path.read_bytes()).text_content())
    return builder.finish()
