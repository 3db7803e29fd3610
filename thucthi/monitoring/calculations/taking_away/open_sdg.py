"""An indicator as Open SDG takes it in: a table by year, and a page of fields in YAML.

Open SDG draws years. An indicator with shorter periods keeps them in the column "Period"; the line without a period
stands for the year and is there only when it can be said (see `_year_rows`). Its builder reads a blank cell as
"all together", so the country has neither area nor code, and the whole has no breakdown. Values that do not exist
have no line: a blank value would be drawn as a gap without its reason.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from thucthi.kernel.periods import Frequency, span_containing, span_of, spans_between
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.taking_away.contents import COUNTRY, Contents, Row, harmless, plain_number

# Of a flow the year is the sum of its parts; of everything else what stood at the end of the year.
SUMMED = "flow"
DRAWN = "actual"
Line = tuple[str, str, str, str, dict[str, str], str]


def data_of(contents: Contents) -> bytes:
    """The table: Year, Units, Period, Observation status, the dimensions, Area, GeoCode, Value. UTF-8, no mark."""
    rows = [row for row in contents.rows if row.is_standing and row.kind == DRAWN and row.amount is not None]
    lines = [*_period_lines(contents, rows), *_year_lines(contents, rows)]
    dimensions = sorted({name for line in lines for name in line[4]})
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["Year", "Units", "Period", "Observation status", *dimensions, "Area", "GeoCode", "Value"])
    unit = harmless(contents.definition.unit.strip())
    for year, period, status, area, parts, value in lines:
        name = "" if area == COUNTRY else harmless(contents.areas[area][0].strip())
        code = "" if area == COUNTRY else area
        writer.writerow([year, unit, period, status, *(parts.get(each, "") for each in dimensions), name, code, value])
    return stream.getvalue().encode()


def _period_lines(contents: Contents, rows: Iterable[Row]) -> Iterator[Line]:
    is_yearly = contents.definition.frequency == Frequency.YEARLY
    for row in rows:
        year, _, part = row.period.partition("-")
        if not is_yearly:
            yield year, part, _status(row.state), row.area, _parts(row.breakdown), plain_number(row.amount)


def _year_lines(contents: Contents, rows: Iterable[Row]) -> Iterator[Line]:
    by_line: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_line[row.period[:4], row.area, row.breakdown].append(row)
    for (year, area, breakdown), found in sorted(by_line.items()):
        said = _year_of(contents, found)
        if said is not None:
            state, amount = said
            yield year, "", _status(state), area, _parts(breakdown), plain_number(amount)


def _year_of(contents: Contents, rows: list[Row]) -> tuple[ValueState, Decimal] | None:
    """What stands for the year: the sum of a flow with every part known, else the value of the year's last period."""
    last = max(rows, key=lambda row: row.period_end)
    if contents.definition.kind != SUMMED:
        is_closed = span_of(last.period).next.key[:4] != last.period[:4]
        return (last.state, last.amount) if is_closed and last.amount is not None else None
    amounts = [row.amount for row in rows if row.amount is not None]
    if len(amounts) < _owed(int(last.period[:4]), Frequency(contents.definition.frequency)):
        return None
    is_open = any(row.state is ValueState.PROVISIONAL for row in rows)
    return ValueState.PROVISIONAL if is_open else ValueState.NUMBER, sum(amounts, Decimal(0))


def _owed(year: int, frequency: Frequency) -> int:
    """How many periods the year has; 4 January and 28 December lie in its first and last week by the ISO count."""
    first, last = span_containing(date(year, 1, 4), frequency), span_containing(date(year, 12, 28), frequency)
    return sum(1 for _ in spans_between(first, last))


def _status(state: ValueState) -> str:
    return "P" if state is ValueState.PROVISIONAL else "A"


def _parts(breakdown: str) -> dict[str, str]:
    """ "sex:f|age:0-4" as {"sex": "f", "age": "0-4"}."""
    return dict(part.split(":", 1) for part in breakdown.split("|") if ":" in part)


def metadata_of(contents: Contents, *, english: bool = False) -> bytes:
    """Front matter in YAML between lines of dashes, as in the files of Open SDG; file name: the code with ".md"."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields_of(contents, english).items()]
    return ("---\n" + "\n".join(lines) + "\n---\n").encode()


PERIODICITY = {
    "weekly": ("Hằng tuần", "Weekly"),
    "monthly": ("Hằng tháng", "Monthly"),
    "quarterly": ("Hằng quý", "Quarterly"),
    "half_yearly": ("Sáu tháng", "Half-yearly"),
    "yearly": ("Hằng năm", "Yearly"),
}


# What the builder decides by; a sheet cannot say otherwise.
RULED = frozenset(
    {"permalink", "standalone", "reporting_status", "data_non_statistical", "graph_title", "graph_type"}
    | {"source_active_1", "indicator_number", "indicator_name"}
)


def fields_of(contents: Contents, english: bool) -> Mapping[str, str | bool]:
    """The fields of Open SDG. What is written in Vietnamese only stays Vietnamese in the English file."""
    sheet, has_values = contents.definition, any(row.amount is not None for row in contents.rows)
    name = (sheet.name_en if english else "") or sheet.name
    unit = (sheet.unit_en if english else "") or sheet.unit
    fields: dict[str, str | bool] = {
        "indicator_number": sheet.code,
        "indicator_name": name,
        "permalink": sheet.code,
        "standalone": True,
        "reporting_status": "complete" if has_values else "notstarted",
        "data_non_statistical": not has_values,
        "graph_title": name,
        "graph_type": "line",
        "national_indicator_available": name,
        "national_indicator_description": sheet.definition,
        "national_indicator_periodicity": PERIODICITY[sheet.frequency][english],
        "national_geographical_coverage": "Viet Nam" if english else "Việt Nam",
        "computation_units": unit,
        "computation_definitions": sheet.definition,
        "computation_calculations": sheet.method,
        "comments_limitations": sheet.limits,
        "source_active_1": bool(sheet.source),
        "source_organisation_1": sheet.owner,
        "source_contact_1": sheet.contact,
        "source_other_info_1": sheet.source,
        "source_periodicity_1": PERIODICITY[sheet.frequency][english],
    }
    further = (sheet.further_en if english else {}) or sheet.further
    return {**fields, **{key: value for key, value in further.items() if key not in RULED}}
