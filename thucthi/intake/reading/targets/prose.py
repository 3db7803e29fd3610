"""Targets in running text: all of those under headings that announce them, elsewhere only the sure ones."""

import re
from collections.abc import Iterator

from thucthi.intake.reading.outline import Outline
from thucthi.intake.reading.sentences import sentences
from thucthi.intake.reading.shapes import HeaderRead, TargetRead
from thucthi.intake.reading.source import Line, Source
from thucthi.intake.reading.targets.flattened import is_flattened
from thucthi.intake.reading.targets.headings import Setting, setting_at
from thucthi.intake.reading.targets.masks import enumerator_end
from thucthi.intake.reading.targets.matching import searchable
from thucthi.intake.reading.targets.sentence import targets_in
from thucthi.intake.reading.targets.years import YearMention, year_mentions

# Of an open scan one in five at the lower bar is wrong.
_SURE_ELSEWHERE = 0.7
_BULLET = re.compile(r"\s*(?:[-–+*•]|\(?\d+\)|[a-zđ]\d?\))\s")
# Longer runs of words are spoilt tables.
_LONGEST_SENTENCE = 6000
_LATEST_OPENING = 12
_LONGEST_OPENER = 160


def prose_targets(source: Source, outline: Outline, header: HeaderRead) -> Iterator[TargetRead]:
    carried: int | None = None
    for line in source.lines:
        if not any(letter.isdigit() for letter in line.text) or is_flattened(line.text):
            carried = carried if _BULLET.match(line.text) else None
            continue
        setting = setting_at(outline, line.start, header)
        carried = carried if _BULLET.match(line.text) else None
        yield from _in_line(source, line, Setting(setting.is_expected, carried or setting.year), header)
        carried = _announced_year(line.text) or carried


def _in_line(source: Source, line: Line, setting: Setting, header: HeaderRead) -> Iterator[TargetRead]:
    """Sentence by sentence; a year that opens one holds for those after it in the same paragraph."""
    year = setting.year
    for start, end in sentences(source.text, line.start, line.end):
        if end - start > _LONGEST_SENTENCE:
            continue
        sentence = source.text[start:end]
        found = targets_in(
            sentence,
            year=year,
            is_expected=setting.is_expected,
            reported_before=header.issued_on.year if header.issued_on else None,
            start=start,
        )
        yield from (target for target in found if setting.is_expected or target.confidence >= _SURE_ELSEWHERE)
        opening = _opening(sentence)
        year = opening.year if opening else year


def _opening(sentence: str) -> YearMention | None:
    mentions = year_mentions(searchable(sentence))
    latest = enumerator_end(sentence) + _LATEST_OPENING
    return mentions[0] if mentions and mentions[0].start <= latest else None


def _announced_year(text: str) -> int | None:
    """Of a line that introduces a list: "Đến năm 2030:", "Phấn đấu đến năm 2028:"."""
    if len(text) > _LONGEST_OPENER or not text.rstrip().endswith(":"):
        return None
    mentions = year_mentions(searchable(text))
    return mentions[-1].year if mentions else None
