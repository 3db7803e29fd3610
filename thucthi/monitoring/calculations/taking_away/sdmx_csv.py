"""SDMX-CSV 2.0.0: one line per observation, codes only."""

import csv
import io

from thucthi.monitoring.calculations.taking_away.contents import Contents, harmless, plain_number
from thucthi.monitoring.calculations.taking_away.sdmx_codes import (
    AGENCY,
    ATTRIBUTES,
    DIMENSIONS,
    MEASURE,
    STRUCTURE,
    TIME,
    VERSION,
    attributes_of,
    key_of,
    standing_rows,
    time_of,
)

TEXTS = frozenset({"UNIT_MEASURE", "SOURCE", "REMARK"})


def sdmx_csv_of(contents: Contents) -> bytes:
    """UTF-8 without a mark, which the readers of SDMX would take for a part of the first heading."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    components = (*DIMENSIONS, TIME)
    attribute_ids = [each.id for each in ATTRIBUTES]
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *(each.id for each in components), MEASURE, *attribute_ids])
    opening = ["dataflow", f"{AGENCY}:{STRUCTURE}({VERSION})", "I"]
    for row in standing_rows(contents):
        said = zip(attribute_ids, attributes_of(contents, row), strict=True)
        attributes = [harmless(text) if name in TEXTS else text for name, text in said]
        key = key_of(contents, row)
        writer.writerow([*opening, *key, time_of(row.period), plain_number(row.amount), *attributes])
    return stream.getvalue().encode()
