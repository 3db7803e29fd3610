"""Parquet with typed columns: decimals stay decimals, days stay days."""

from thucthi.kernel import parquet
from thucthi.kernel.parquet import quoted
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


def parquet_of(contents: Contents) -> bytes:
    """The columns of the CSV, in its order; what does not exist is NULL. Texts stand as they are: no cell is run."""
    return parquet.parquet_of(TYPES, (map(_field, cells_of(contents, row)) for row in contents.rows))


def _field(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return quoted(cell)
    return plain_number(cell) if hasattr(cell, "as_tuple") else str(cell)  # type: ignore[arg-type]
