"""How often the fields of a head are read exactly as labelled."""

import csv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.quality.scores import Score, is_held_out
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.header import read_header
from thucthi.intake.reading.shapes import HeaderRead
from thucthi.intake.reading.source import Source
from thucthi.kernel.vietnamese_text import fold

FIELDS = ("number", "type", "body", "date", "title_start")


def score(gold: Path, corpus: Path | None = None) -> list[Score]:
    rows = [(row, compared(read_header(source), row)) for row, source in examples(gold, corpus)]
    return [
        Score("headers", field, sum(right[field] for row, right in chosen), len(chosen), held)
        for held in (False, True)
        for field in FIELDS
        if (chosen := [(row, right) for row, right in rows if is_held_out(row["file"]) is held])
    ]


def examples(gold: Path, corpus: Path | None) -> Iterator[tuple[dict[str, str], Source]]:
    """Labelled heads with their texts: those given with the labels, and those of files in `corpus`."""
    for row in _rows(gold / "headers_B.tsv"):
        yield row, _as_file(row["text"].replace("\\n", "\n"))
    for row in _rows(gold / "headers_A.tsv"):
        if corpus and (path := corpus / f"{row['file']}.txt").exists():
            yield row, extract(path)


def compared(read: HeaderRead, row: dict[str, str]) -> dict[str, bool]:
    """Field → whether it is right; a title is right when it begins as labelled, and missing when it should be."""
    day = read.issued_on.isoformat() if read.issued_on else ""
    title = fold(row["title_start"])
    return {
        "number": (read.number or "") == row["number"],
        "type": (read.type or "") == row["type"].lower(),
        "body": fold(read.issuer or "") == fold(row["body"]),
        "date": day == row["date"],
        "title_start": fold(read.title or "").startswith(title) if title else not read.title,
    }


def _as_file(text: str) -> Source:
    with TemporaryDirectory() as folder:
        path = Path(folder, "văn bản.txt")
        path.write_text(text, "utf-8")
        return extract(path)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
