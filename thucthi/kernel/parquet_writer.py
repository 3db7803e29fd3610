"""Parquet with typed columns: decimals stay decimals, days stay days, what does not exist is NULL."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import duckdb

# What an empty field means is said by quotes alone: "" is the empty word, nothing between commas is "no value". The end
# of a line is named, for a first text with a carriage return in it would have it guessed wrong.
READ = (
    "read_csv(?, header=false, auto_detect=false, columns=?, delim=',', quote='\"', escape='\"', "
    "nullstr='', allow_quoted_nulls=false, new_line='\\n', max_line_size=16777216)"
)


class Writer:
    """One small database for many tables; a single thread, so that the bytes are always the same."""

    def __init__(self, base: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._base = base
        self._folder = folder
        self._source = folder / "rows.csv"

    def parquet_of(self, types: Mapping[str, str], rows: Iterable[Iterable[str]]) -> bytes:
        """`types`: column → SQL type. A row is its fields as text: `quoted` words, numbers, days; "" is NULL."""
        with self.source() as source:
            source.writelines(",".join(row) + "\n" for row in rows)
        return self.parquet_of_source(types)

    def source(self) -> TextIO:
        """To be written full of such rows, each with the end of its line; the next one takes its place."""
        return self._source.open("w", encoding="utf-8", newline="")

    def parquet_of_source(self, types: Mapping[str, str]) -> bytes:
        """Of what was written into the last source."""
        source, target = self._source, self._folder / "rows.parquet"
        table = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        self._base.execute(f"CREATE OR REPLACE TABLE taken ({table})")
        if source.stat().st_size:
            self._base.execute(f"INSERT INTO taken SELECT * FROM {READ}", [str(source), dict(types)])  # noqa: S608
        self._base.execute("COPY taken TO ? (FORMAT parquet, COMPRESSION zstd)", [str(target)])
        return target.read_bytes()


@contextmanager
def parquet_writer() -> Iterator[Writer]:
    with tempfile.TemporaryDirectory(prefix="thucthi-parquet-") as folder:
        settings = {"threads": 1, "memory_limit": "256MB", "temp_directory": folder}
        with duckdb.connect(config=settings) as base:  # type: ignore[arg-type]
            yield Writer(base, Path(folder))


def table_of(types: Mapping[str, str], rows: Iterable[Iterable[str]]) -> bytes:
    """One table alone; see `Writer.parquet_of`."""
    with parquet_writer() as writer:
        return writer.parquet_of(types, rows)
