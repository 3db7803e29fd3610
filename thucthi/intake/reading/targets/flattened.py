"""Tables of targets that a file holds as running text: "1 Tỉ lệ … (%) ≥ 10 Bộ … 2 …", the numbers in order.

Where the heading has the unit ("Tốc độ bình quân (%/năm)") the rows name only places or branches.
"""

import re
from collections.abc import Iterator

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import Change, HeaderRead, TargetRead
from thucthi.intake.reading.source import Line, Source
from thucthi.intake.reading.targets.headings import title_year
from thucthi.intake.reading.targets.matching import any_of, searchable
from thucthi.intake.reading.targets.values import Stated, stated, unit_in_brackets
from thucthi.intake.reading.targets.years import heading_year

_HEAD = re.compile(r"\b(?:s?tt|số tt) (?:các |tên )?(?:chỉ tiêu|ngành, lĩnh vực|địa phương)\b")
_OTHER_ROW = r"(?! \d{1,3} [^\W\d_][^\W\d]+ [^\W\d])"
_FIGURES = r"(?:[≥≤<>~]=? ?)?\d[\d.,]*(?: ?[-–] ?\d[\d.,]*)?(?: ?(?:điểm ?)?%(?:/năm)?)?"
_ROW = re.compile(
    rf"(?<![\d.,])(?P<index>\d{{1,3}}) (?P<name>[^\W\d](?:{_OTHER_ROW}[^|;]){{4,160}}?) \((?P<unit>[^()]{{1,25}})\) "
    rf"(?P<value>(?:[Gg]iảm |[Tt]ăng )?{_FIGURES})(?= |$)"
)
_VALUE_HEADINGS = any_of(rules("target_words")["tables"]["value"])
_MEASURE = re.compile(
    rf"(?P<name>{_VALUE_HEADINGS}[^()\d]{{0,60}})(?:20\d\d[\s\d–-]*)?\([^()]{{1,25}}\)", re.IGNORECASE
)
_PLACE_ROW = re.compile(
    rf"(?<![\d.,])(?P<index>\d{{1,3}}) (?P<name>[A-ZĐÀ-Ỹ][^\d|;()]{{2,60}}?)(?: ?\(\*+\))? (?P<value>{_FIGURES})(?= |$)"
)
_LONGEST_HEADING = 120
# Rows whose figure is only words are left out.
_MOST_LEFT_OUT = 6
_SURE = 0.75


def flattened_targets(source: Source, header: HeaderRead) -> Iterator[TargetRead]:
    year: int | None = None
    last = 0
    for line in source.lines:
        head = _HEAD.search(searchable(line.text))
        if head is None:
            continue
        period = heading_year(searchable(line.text)[: head.end() + 60])
        year = period or year or title_year(header)
        for target, index in _rows(line, head.end(), last, year):
            last = index
            yield target


def is_flattened(text: str) -> bool:
    """Whether a line is such a table: its rows are not sentences."""
    return bool(_HEAD.search(searchable(text)))


def _rows(line: Line, begin: int, last: int, year: int | None) -> Iterator[tuple[TargetRead, int]]:
    """Rows whose number follows the one before; others are figures inside a name."""
    measure = _MEASURE.search(line.text, begin, begin + _LONGEST_HEADING)
    unit = unit_in_brackets(measure[0]) if measure else None
    for found in (_PLACE_ROW if unit else _ROW).finditer(line.text, measure.end() if measure and unit else begin):
        index = int(found["index"])
        own = unit or unit_in_brackets(f"({found['unit']})")
        name = found["name"] if own else f"{found['name']} ({found['unit']})"
        value = next(stated(found["value"], own, name), None)
        if value is None or not (last < index <= last + _MOST_LEFT_OUT or index == 1):
            continue
        last = index
        yield _target(line, found, value, (name, measure["name"].strip() if measure and unit else None, year)), index


def _target(line: Line, found: re.Match[str], value: Stated, named: tuple[str, str | None, int | None]) -> TargetRead:
    name, measure, year = named
    return TargetRead(
        text=line.text[found.start("name") : found.end("value")],
        start=line.start + found.start("name"),
        end=line.start + found.end("value"),
        indicator=measure or name,
        operator=value.operator,
        low=value.low,
        high=value.high,
        unit=value.unit,
        year=year,
        change=Change.GROWTH if measure and (value.unit or "").endswith("/năm") else value.change,
        is_fact=False,
        scope=name if measure else value.scope,
        confidence=_SURE,
    )
