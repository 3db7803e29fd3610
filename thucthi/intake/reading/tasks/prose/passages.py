"""The stretches of running text in the order of a document, each with its clause, and whether work is given there."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.outline import Outline
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import ClauseRead
from thucthi.intake.reading.source import Source
from thucthi.intake.reading.tasks.prose.wording import any_of, ends_label, lowered

_LONGEST_HEADING = 30
_LONGEST_TITLE = 70
# "Yêu cầu", "Căn cứ" alone are headings; with more words after them they are sentences.
_LONGEST_REFUSAL = 6
_OFTEN_A_VERB = frozenset({"yêu cầu", "căn cứ", "phạm vi", "đối tượng", "kết quả thực hiện"})
_ANNOUNCED = re.compile(r"(?:nhiệm vụ|giải pháp|nội dung|công việc|việc)[^.;]{0,60}:\s*$")
_PLACES = re.compile(r"\W*nơi nhận\W*")
# The heading row of an annex whose table was flattened to running text: its rows are read elsewhere.
_FLATTENED = re.compile(r"(?<!\w)s?tt(?!\w).{0,160}chủ trì.{0,160}(?:phối hợp|thời (?:gian|hạn)|tiến độ)")
_ANNEX = re.compile(r"\W*(?:Phụ lục|PHỤ LỤC|Điều \d|I\.)")
_SIGNED = re.compile(r"\W*(?:tm\.|t/m|kt\.|tl\.|tuq\.|q\.)\s")


@dataclass(frozen=True, slots=True)
class Passage:
    """source.text[start:end]: one paragraph, or the part of it that belongs to one clause."""

    text: str
    start: int
    end: int
    clause: ClauseRead | None
    is_first: bool
    is_last: bool
    has_children: bool

    @property
    def is_heading(self) -> bool:
        """A short line without closing point, above further lines or clauses."""
        is_closed = self.text.rstrip().endswith((".", ";", ":", ",", "…", "./."))
        return not is_closed and (self.has_children or not self.is_last) and len(self.text.split()) <= _LONGEST_TITLE


def passages(source: Source, outline: Outline) -> Iterator[Passage]:
    """Paragraphs outside tables, cut where a clause begins; the receivers and signatures below a text left out."""
    parents = {clause.parent for clause in outline.clauses if clause.parent is not None}
    with_children = {outline.clauses[place].start for place in parents}
    starts = [clause.start for clause in outline.clauses]
    hidden = False
    flattened: ClauseRead | None = None
    for line in source.lines:
        inside = starts[bisect_right(starts, line.start) : bisect_left(starts, line.end)]
        lower = lowered(line.text)
        if _FLATTENED.search(lower):
            flattened = _top(outline, outline.at(line.start))
        if flattened is not None and _top(outline, outline.at(line.start)) == flattened:
            continue
        hidden = _PLACES.match(lower) is not None or (hidden and not _begins_anew(line.text))
        if hidden or _SIGNED.match(lower):
            continue
        for start, end in pairwise([line.start, *inside, line.end]):
            clause = outline.at(start)
            yield Passage(
                source.text[start:end].rstrip(), start, start + len(source.text[start:end].rstrip()), clause,
                is_first=clause is None or clause.start == start,
                is_last=clause is None or not source.text[end : clause.end].strip(),
                has_children=clause is not None and clause.start in with_children,
            )  # fmt: skip


def _top(outline: Outline, clause: ClauseRead | None) -> ClauseRead | None:
    """The widest clause around, such as the annex."""
    above = outline.above(clause) if clause else ()
    return above[-1] if above else clause


def _begins_anew(line: str) -> bool:
    """A heading in capitals, or a numbered article, after the signatures: an annex begins."""
    letters = [char for char in line if char.isalpha()]
    is_title = len(letters) > 8 and all(char.isupper() for char in letters)
    return (is_title and not _SIGNED.match(lowered(line))) or re.match(
        r"\W*(?:Phụ lục|PHỤ LỤC|Điều \d|I\.)", line
    ) is not None


class Scope:
    """Whether work is given at a place, by the nearest heading that says so; True, False, or None when none does."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._known: dict[int, bool | None] = {}
        self._announced: bool | None = None

    def hears(self, passage: Passage) -> None:
        """Notice a line such as "… thực hiện tốt các nhiệm vụ, giải pháp sau:" that opens what follows it."""
        if passage.clause is None and _ANNOUNCED.search(lowered(even(passage.text))):
            self._announced = True

    def gives(self, passage: Passage) -> bool | None:
        clause = passage.clause
        if clause is None:
            return self._announced
        own = () if passage.is_first and passage.is_last and not passage.has_children else (clause,)
        for each in (*own, *self._outline.above(clause)):
            verdict = self._verdict(each)
            if verdict is not None:
                return verdict
        return self._announced

    def _verdict(self, clause: ClauseRead) -> bool | None:
        if clause.start not in self._known:
            self._known[clause.start] = heading_verdict(clause.text.split("\n", 1)[0])
        return self._known[clause.start]


def heading_verdict(heading: str) -> bool | None:
    """What the words of a heading say about the part below it."""
    lower = lowered(even(heading)).rstrip(" :.")
    words = lower[ends_label(lower) :].lstrip("* #")
    length = len(words.split())
    if length > _LONGEST_HEADING:
        return None
    refused = _not_giving().match(words)
    is_refused = refused is not None and (length <= _LONGEST_REFUSAL or refused[0] not in _OFTEN_A_VERB)
    if is_refused and not _work().search(words):
        return False
    is_giving = _giving().match(words) or (_giving().search(words) and length <= _LONGEST_HEADING // 2)
    return True if is_giving else (False if is_refused else None)


@cache
def _giving() -> re.Pattern[str]:
    return re.compile(any_of(rules("verbs")["giving"]))


@cache
def _not_giving() -> re.Pattern[str]:
    return re.compile(r"(?:các |một số |những |phần \w+ )?" + any_of(rules("verbs")["not_giving"]))


@cache
def _work() -> re.Pattern[str]:
    return re.compile(r"nhiệm vụ|giải pháp")
