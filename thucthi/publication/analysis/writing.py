"""The answers as files: CSV as in the open data, Parquet from our own writer, so engines leave no trace."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.parquet import quoted
from thucthi.kernel.parquet_writer import parquet_writer
from thucthi.publication.analysis.shapes import Answer, Row


@dataclass(frozen=True, slots=True)
class Written:
    name: str
    rows: int
    sha256: str


def csv_of(answer: Answer, rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(answer.columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def write_answers(answers: Sequence[Answer], rows: Mapping[str, Sequence[Row]], directory: Path) -> list[Written]:
    """Each answer as CSV and as Parquet; a file changes in one step."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    with parquet_writer() as writer:
        for answer in answers:
            found = rows[answer.name]
            types = dict.fromkeys(answer.texts, "VARCHAR") | dict.fromkeys(answer.counts, "BIGINT")
            files = {
                f"{answer.name}.csv": csv_of(answer, found),
                f"{answer.name}.parquet": writer.parquet_of(types, ([_field(cell) for cell in row] for row in found)),
            }
            for name, content in files.items():
                replace(directory / name, content)
                written.append(Written(name, len(found), sha256_hex(content)))
    return written


def replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(content)
    os.replace(beside, path)


def _field(cell: str | int | None) -> str:
    if cell is None:
        return ""
    return quoted(cell) if isinstance(cell, str) else str(cell)
