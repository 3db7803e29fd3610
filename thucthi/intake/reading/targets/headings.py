"""Under which heading a place of the text stands: whether it announces targets, and for which year."""

import re
from dataclasses import dataclass

from thucthi.intake.reading.outline import Outline
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import ClauseRead, HeaderRead
from thucthi.intake.reading.targets.masks import enumerator_end
from thucthi.intake.reading.targets.matching import any_of, searchable
from thucthi.intake.reading.targets.years import heading_year

_CONTEXTS = rules("target_words")["contexts"]
_TARGET = re.compile(any_of(_CONTEXTS["headings"]))
_OTHER = re.compile(any_of(_CONTEXTS["not_headings"]))
_NUMERAL = re.compile(r"^\W*(?:phần|chương|mục|điều)?\s*(?:[ivxlc]+|\d+(?:\.\d+)*|[a-zđ]\d?)\s*[-.)/:]+\s*")
_YEAR_ONLY = re.compile(
    r"^(?:mục tiêu |chỉ tiêu |tầm nhìn |định hướng )*(?:đến |giai đoạn |năm |cho |trong |hết )+(?:năm )?20\d\d"
)
_PLANNED = re.compile(r"(?:năm|giai đoạn)\s+(20\d\d)(?:\s*[-–]\s*(20\d\d))?")
_LONGEST_HEADING = 160
_OWN_HEADING = 90


@dataclass(frozen=True, slots=True)
class Setting:
    """`is_expected` when the headings in force announce targets; `year` the nearest of them names."""

    is_expected: bool = False
    year: int | None = None


def setting_at(outline: Outline, offset: int, header: HeaderRead) -> Setting:
    """From the clause at that place up to the top: the first heading of either kind decides, the first year counts."""
    clause = outline.at(offset)
    if clause is None:
        return Setting()
    chain = [heading for each in (clause, *outline.above(clause)) if (heading := _heading(each, offset))]
    is_expected = _announces(chain)
    year = next((year for heading in chain if (year := _year(heading, is_expected=is_expected))), None)
    return Setting(is_expected, year or (title_year(header) if is_expected else None))


def title_year(header: HeaderRead) -> int | None:
    """The year or last year of the period a plan's title names, when it is not past at its issue."""
    years = [int(match[2] or match[1]) for match in _PLANNED.finditer(searchable(header.title or ""))]
    fit = [year for year in years if header.issued_on is None or year >= header.issued_on.year]
    return fit[-1] if fit else None


def plain_heading(text: str) -> str:
    """In searchable letters, without its number."""
    small = searchable(text.strip())
    return _NUMERAL.sub("", small[enumerator_end(small) :]).strip(" :.-–")


def is_year_heading(heading: str) -> bool:
    return bool(_YEAR_ONLY.match(heading))


def _heading(clause: ClauseRead, offset: int) -> str:
    """The first line of a clause, unless it is the very words asked about and too long for a heading."""
    first = clause.text.split("\n", 1)[0]
    is_own = clause.start <= offset < clause.start + len(first)
    if is_own or len(first) > _LONGEST_HEADING or clause.kind in ("dash", "plus"):
        first = first if len(first) <= _OWN_HEADING and first.rstrip().endswith(":") and not is_own else ""
    return plain_heading(first)


def _announces(chain: list[str]) -> bool:
    for heading in chain:
        target, other = _TARGET.search(heading), _OTHER.search(heading)
        if target and (other is None or target.start() < other.start()):
            return target.start() < _OWN_HEADING // 2
        if other:
            return False
    return False


def _year(heading: str, *, is_expected: bool) -> int | None:
    return heading_year(heading) if is_expected or is_year_heading(heading) else None
