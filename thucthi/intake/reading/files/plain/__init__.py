"""Plain text and Markdown."""

from pathlib import Path

from thucthi.intake.reading.files.encodings import decoded
from thucthi.intake.reading.source import Source, SourceBuilder


def read_plain(path: Path) -> Source:
    builder = SourceBuilder()
    builder.add_line(decoded(path.read_bytes()).text)
    return builder.finish()
