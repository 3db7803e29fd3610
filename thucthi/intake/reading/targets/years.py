"""By when a figure is to be reached, as the words around it say."""

import re
from dataclasses import dataclass

from thucthi.intake.reading.rules import rules

_BASELINE = re.compile("|".join(rules("target_words")["masks"]["baseline_patterns"]))
_BRACKETS = re.compile(r"\([^()]*\)")
_PERIOD = r"(?:giai đoạn|thời kỳ|các năm|năm học|từ năm|từ|năm)\s+20\d\d\s*(?:-|–|đến|tới)\s*(?:hết\s+)?(?:năm\s+)?"
_BY = r"(?:đến|vào|trong|hết|cuối|tới|năm)\s+(?:hết |cuối |năm |cuối năm |hết năm )?"
_MENTION = re.compile(rf"(?:(?P<before>trước)\s+năm\s+|{_PERIOD}|{_BY}|20\d\d\s*[-–]\s*)(?P<year>20\d\d)(?!\d)")
_HEADING_YEARS = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_VISION = re.compile(r"tầm nhìn|định hướng")
_NEAR = 80


@dataclass(frozen=True, slots=True)
class YearMention:
    start: int
    end: int
    year: int


def year_mentions(small: str) -> tuple[YearMention, ...]:
    """Years that say by when, of a sentence in searchable letters; not baselines, visions or names in brackets."""
    brackets = [(match.start(), match.end()) for match in _BRACKETS.finditer(small)]
    found = []
    for match in _MENTION.finditer(small):
        if any(start <= match.start() < end for start, end in brackets):
            continue
        if _BASELINE.search(small[: match.start("year")].rstrip()[-_NEAR:]):
            continue
        found.append(YearMention(match.start(), match.end(), int(match["year"]) - bool(match["before"])))
    return tuple(found)


def heading_year(small: str) -> int | None:
    """The year a heading sets: "Mục tiêu đến năm 2030", "Tầm nhìn 2045", "Giai đoạn 2026 - 2030" (its last).

    Of "Mục tiêu đến năm 2030, tầm nhìn đến năm 2045" it is 2030: what lies farther has a heading of its own.
    """
    vision = _VISION.search(small)
    years = [(match.start(), int(match[1])) for match in _HEADING_YEARS.finditer(small)]
    nearer = [year for start, year in years if not vision or start < vision.start()]
    chosen = nearer or [year for _, year in years]
    return chosen[-1] if chosen else None
