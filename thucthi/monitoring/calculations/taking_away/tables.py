"""One line per value: CSV for spreadsheets and programs, JSON with the definition beside the values."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from thucthi.monitoring.calculations.taking_away.contents import (
    SIMULATED,
    Contents,
    Row,
    harmless,
    plain_number,
)

BYTE_ORDER_MARK = "\ufeff"
Cell = str | int | bool | date | Decimal | None
# The names and their order are what others build on; add at the end, never rename.
COLUMNS = (
    "indicator", "unit", "period", "period_start", "period_end", "area", "area_name", "kind", "breakdown", "state",
    "amount", "numerator", "denominator", "source", "remark", "available_on", "recorded_on", "row", "corrects",
    "standing", "simulated", "as_of",
)  # fmt: skip


def cells_of(contents: Contents, row: Row) -> tuple[Cell, ...]:
    """The cells of a row in the order of COLUMNS."""
    return (
        contents.definition.code,
        contents.definition.unit,
        row.period,
        row.period_start,
        row.period_end,
        row.area,
        contents.areas[row.area][0],
        row.kind,
        row.breakdown,
        row.state.value,
        row.amount,
        row.numerator,
        row.denominator,
        row.source,
        row.remark,
        row.available_on,
        row.recorded_on,
        row.number,
        row.corrects,
        row.is_standing,
        row.is_simulated,
        contents.as_of,
    )


def written(cell: Cell) -> str:
    """A cell as text: ISO days, decimal point, `true` and `false`, nothing for what does not exist."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return harmless(cell)
    return plain_number(Decimal(cell)) if cell is not None else ""


def csv_of(contents: Contents) -> bytes:
    """UTF-8 with a mark for spreadsheets, one line of headings, lines ended by CR LF (RFC 4180)."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([written(cell) for cell in cells_of(contents, row)] for row in contents.rows)
    return (BYTE_ORDER_MARK + stream.getvalue()).encode()


def json_of(contents: Contents) -> bytes:
    """An object of `format`, `as_of`, `notice`, `indicator`, `areas`, `breakdowns` and `values`.

    Numbers are strings, so that no reader rounds them; a value without a number has null. The other fields of a
    value carry the names of the columns of the CSV.
    """
    definition = asdict(contents.definition)
    del definition["further_en"]
    whole = {
        "format": "thucthi-indicator-values/1",
        "as_of": contents.as_of.isoformat(),
        "notice": SIMULATED if contents.is_simulated else None,
        "with_history": contents.has_history,
        "indicator": definition,
        "areas": {code: {"vi": vi, "en": en} for code, (vi, en) in contents.areas.items()},
        "breakdowns": {code: {"vi": vi, "en": en} for code, (vi, en) in contents.breakdowns.items()},
        "values": list(_values(contents)),
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


LEFT_OUT_OF_JSON = frozenset({"indicator", "unit", "area_name", "as_of"})


def _values(contents: Contents) -> Iterator[dict[str, object]]:
    for row in contents.rows:
        named = zip(COLUMNS, cells_of(contents, row), strict=True)
        yield {name: _in_json(cell) for name, cell in named if name not in LEFT_OUT_OF_JSON}


def _in_json(cell: Cell) -> object:
    if isinstance(cell, date):
        return cell.isoformat()
    return plain_number(cell) if isinstance(cell, Decimal) else cell
