"""The data files of the demonstration as rows of text; see data/README.md for their columns."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).with_name("data")
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """All rows of one file, or of all files of a folder in the order of their names."""
    path = DATA / name
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    return [row for file in files for row in _read(file)]


def _read(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def parts(text: str, separator: str = ";") -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())
