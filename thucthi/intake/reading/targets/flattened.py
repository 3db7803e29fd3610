"""Tables of targets that a file holds as running text: "1 Tỉ lệ … (%) ≥ 10 Bộ … 2 …", the numbers in order."""

import re
from collections.abc import Iterator

from thucthi.intake.reading.shapes import HeaderRead, TargetRead
from thucthi.intake.reading.source import Line, Source
from thucthi.intake.reading.targets.headings import title_year
from thucthi.intake.reading.targets.matching import searchable
from thucthi.intake.reading.targets.values import stated, unit_in_brackets
from thucthi.intake.reading.targets.years import heading_year

_HEAD = re.compile(r"\b(?:s?tt|số tt) (?:các |tên )?(?:chỉ tiêu|ngành, lĩnh vực|địa phương)\b")
_OTHER_ROW = r"(?! \d{1,3} [^\W\d_][^\W\d]+ [^\W\d])"
_FIGURES = r"(?:[≥≤<>~]=? ?)?\d[\d.,]*(?: ?[-–] ?\d[\d.,]*)?(?: ?(?:điểm ?)?%(?:/năm)?)?"
_ROW = re.compile(
    rf"(?<![\d.,])(?P<index>\d{{1,3}}) (?P<name>[^\W\d](?:{_OTHER_ROW}[^|;]){{4,160}}?) \((?P<unit>[^()]{{1,25}})\) "
    rf"(?P<value>(?:[Gg]iảm |[Tt]ăng )?{_FIGURES})(?= |$)"
)
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
    for found in _ROW.finditer(line.text, begin):
        index = int(found["index"])
        unit = unit_in_brackets(f"({found['unit']})")
        value = next(stated(found["value"], unit, found["name"]), None)
        if value is None or not (last < index <= last + _MOST_LEFT_OUT or index == 1):
            continue
        last = index
        start, end = line.start + found.start("name"), line.start + found.end("value")
        target = TargetRead(
            text=line.text[found.start("name") : found.end("value")],
            start=start,
            end=end,
            indicator=found["name"] if unit else f"{found['name']} ({found['unit']})",
            operator=value.operator,
            low=value.low,
            high=value.high,
            unit=value.unit,
            year=year,
            change=value.change,
            is_fact=False,
            scope=value.scope,
            confidence=_SURE,
        )
        yield target, index
