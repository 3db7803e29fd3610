"""Parquet with typed columns: decimals stay decimals, days stay days."""

import tempfile
from pathlib import Path

import duckdb

from thucthi.monitoring.calculations.taking_away.contents import Contents, plain_number
from thucthi.monitoring.calculations.taking_away.tables import COLUMNS, cells_of

DAYS = {"period_start", "period_end", "available_on", "recorded_on", "as_of"}
AMOUNTS = {"amount": "DECIMAL(20,6)", "numerator": "DECIMAL(24,6)", "denominator": "DECIMAL(24,6)"}
TYPES = {
    **dict.fromkeys(COLUMNS, "VARCHAR"),
    **dict.fromkeys(DAYS, "DATE"),
    **AMOUNTS,
    "row": "BIGINT",
    "corrects": "BIGINT",
    "standing": "BOOLEAN",
    "simulated": "BOOLEAN",
}
TABLE = ", ".join(f'"{name}" {kind}' for name, kind in TYPES.items())
# What an empty field means is said by quotes alone: "" is the empty word, nothing between commas is "no value".
READ = (
    "read_csv(?, header=false, auto_detect=false, columns=?, delim=',', quote='\"', escape='\"', "
    "nullstr='', allow_quoted_nulls=false)"
)


def parquet_of(contents: Contents) -> bytes:
    """The columns of the CSV, in its order; what does not exist is NULL. Texts stand as they are: no cell is run."""
    with tempfile.TemporaryDirectory(prefix="thucthi-parquet-") as folder:
        source, target = Path(folder, "values.csv"), Path(folder, "values.parquet")
        source.write_text("".join(_line(contents, number) for number in range(len(contents.rows))), encoding="utf-8")
        with duckdb.connect(config={"threads": 1, "memory_limit": "256MB", "temp_directory": folder}) as base:
            base.execute(f"CREATE TABLE taken ({TABLE})")
            if contents.rows:
                base.execute(f"INSERT INTO taken SELECT * FROM {READ}", [str(source), TYPES])  # noqa: S608
            base.execute("COPY taken TO ? (FORMAT parquet, COMPRESSION zstd)", [str(target)])
        return target.read_bytes()


def _line(contents: Contents, number: int) -> str:
    return ",".join(_field(cell) for cell in cells_of(contents, contents.rows[number])) + "\n"


def _field(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return '"' + cell.replace('"', '""') + '"'
    return plain_number(cell) if hasattr(cell, "as_tuple") else str(cell)  # type: ignore[arg-type]
