"""Reads the words of a deadline cell."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from thucthi.kernel.deadlines.deadline import Deadline, DeadlineKind
from thucthi.kernel.deadlines.mentions import Mention, NotInCalendar, find_mentions
from thucthi.kernel.deadlines.rhythms import YEARLY, anchor, spell, take_rhythms
from thucthi.kernel.deadlines.wording import clean, hide_counted_from, uniform

_KINDS = {
    "day": DeadlineKind.DATE,
    "month_part": DeadlineKind.MONTH,
    "month": DeadlineKind.MONTH,
    "quarter": DeadlineKind.QUARTER,
    "halfyear": DeadlineKind.HALFYEAR,
    "school_year": DeadlineKind.RANGE,
    "year": DeadlineKind.YEAR,
}
_JOINS = re.compile(r" ?(?:-|đến|tới|cho đến) ?(?:hết |cuối )?")
_OPENS = re.compile(r"\b(?:từ|bắt đầu)(?: đầu)? $")
_STRICTLY_AFTER = re.compile(r"\bsau $")
_STRICTLY_BEFORE = re.compile(r"\btrước(?: thời điểm)? $")
_AT_THE_LATEST = re.compile(r"\b(?:chậm nhất|muộn nhất|trước|không quá)(?: là| vào| trước| đến| trong)* $")
_GOES_ON = re.compile(r" ?(?:trở (?:đi|về sau)|(?:và|,) (?:các|những) năm)")
_CUE = re.compile(
    r"(?:^|[-,;:.(¤]|\b(?:trong|đến|tới|hết|trước|từ|cuối|đầu|giữa|và|hoặc|nhất|vào|đoạn|kỳ|sau|xong|của|thành)) ?$"
)
_SHARES_NEXT_YEAR = re.compile(r"[^;.]{0,24}")
_EVENT = re.compile(
    r"\bkhi\b|\bngay sau\b|\bkể từ\b|\bkỳ họp\b|\bphiên họp\b|\bhội nghị\b|\bđại hội\b"
    r"|\bđột xuất\b|\btheo yêu cầu\b|\bnhiệm kỳ\b|\bđến đâu\b.{0,60}\bđến đó\b"
)
_REFERENCE = re.compile(
    r"\b(?:theo|tại|như) .{0,120}?(?:kế hoạch|chương trình|lộ trình|tiến độ|quyết định|nghị quyết|nghị định|"
    r"đề án|dự án|quy định|thông báo|kết luận|chỉ thị|chỉ đạo|hướng dẫn|văn bản|công văn|¤)"
)


@dataclass(frozen=True, slots=True)
class _Span:
    """What one mention, or two joined by a dash, says; `last` None is open, `first` None is a mere due day."""

    first: date | None
    last: date | None
    precision: str
    is_range: bool = False

    def holds(self, day: date) -> bool:
        """Whether this is a period, not a range, and `day` an earlier day of it."""
        if self.is_range or self.last is None or self.first is None:
            return False
        return self.first <= day < self.last


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The blanked text and its mentions; gives the words around each."""

    text: str
    mentions: tuple[Mention, ...]

    def before(self, place: int) -> str:
        return self.text[self.mentions[place - 1].to if place else 0 : self.mentions[place].at]

    def after(self, place: int) -> str:
        is_last = place + 1 == len(self.mentions)
        return self.text[self.mentions[place].to : None if is_last else self.mentions[place + 1].at]


def parse_deadline(raw: str, *, issued_on: date | None = None) -> Deadline:
    """Understand the words of a deadline cell; never raises, keeps `raw`, and reads what it cannot as kind none.

    `issued_on` is the day of the document: a day named without its year is the next one after it.
    By official use "trước ngày D" still allows D, a period ends with its last day, and "trước năm 2030" ends on
    31/12/2029, "đến năm 2030" on 31/12/2030. Of "A hoặc B" the later counts; a vision ("tầm nhìn đến năm …") never.
    Words are read as those of a cell made for a deadline: a year inside a running sentence would be taken for one.
    """
    cleaned = clean(raw)
    try:
        return _read(raw, cleaned, issued_on)
    except NotInCalendar:
        return Deadline(DeadlineKind.NONE, raw)


def _read(raw: str, cleaned: str, issued_on: date | None) -> Deadline:
    text, is_counted = hide_counted_from(uniform(cleaned))
    text, rhythms = take_rhythms(text)
    text, found = find_mentions(text)
    if YEARLY in rhythms:
        rhythms += [anchor(mention) for mention in found if mention.year is None]
        found = [mention for mention in found if mention.year is not None]
    sentence = _with_years(_without_names(_Sentence(text, tuple(found))), issued_on)
    spans, goes_on = _spans(sentence)
    recurrence = spell([*rhythms, "ongoing"] if goes_on else rhythms)
    if spans:
        return _dated(raw, spans, recurrence)
    if recurrence:
        return Deadline(DeadlineKind.RECURRING, raw, recurrence=recurrence)
    if sentence.mentions:
        precision = sentence.mentions[-1].precision
        return Deadline(_KINDS[precision], raw, precision=precision)
    return _undated(raw, cleaned, text, is_counted=is_counted)


def _undated(raw: str, cleaned: str, text: str, *, is_counted: bool) -> Deadline:
    trigger = cleaned.rstrip(" .;,")
    if is_counted or _EVENT.search(text):
        return Deadline(DeadlineKind.EVENT, raw, trigger=trigger)
    if _REFERENCE.search(text):
        return Deadline(DeadlineKind.REFERENCE, raw, trigger=trigger)
    return Deadline(DeadlineKind.NONE, raw)


def _without_names(sentence: _Sentence) -> _Sentence:
    """Leave out years that belong to a name ("phong trào năm 2025 …") when something else is properly introduced."""
    introduced = tuple(
        mention
        for place, mention in enumerate(sentence.mentions)
        if mention.precision != "year" or _CUE.search(sentence.before(place))
    )
    return _Sentence(sentence.text, introduced) if introduced else sentence


def _with_years(sentence: _Sentence, issued_on: date | None) -> _Sentence:
    """Give each mention without a year the one of its list, of what stands before it, or the next to come."""
    mentions = list(sentence.mentions)
    for place in range(len(mentions) - 2, -1, -1):
        year = mentions[place + 1].year
        if mentions[place].year is None and year and _SHARES_NEXT_YEAR.fullmatch(sentence.after(place)):
            mentions[place] = _not_after(mentions[place].in_year(year), mentions[place + 1])
    for place, mention in enumerate(mentions):
        before = mentions[place - 1].year if place else None
        if mention.year is None and before:
            mentions[place] = mention.in_year(before)
        elif mention.year is None and issued_on:
            this_year = mention.in_year(issued_on.year)
            mentions[place] = this_year if this_year.days()[1] >= issued_on else mention.in_year(issued_on.year + 1)
    return _Sentence(sentence.text, tuple(mentions))


def _not_after(mention: Mention, following: Mention) -> Mention:
    """ "Tháng 11 - tháng 2/2027" starts in 2026."""
    is_late = mention.year and mention.days()[0] > following.days()[1]
    return mention.in_year(mention.year - 1) if mention.year and is_late else mention


def _spans(sentence: _Sentence) -> tuple[list[_Span], bool]:
    spans: list[_Span] = []
    limits: list[date] = []
    goes_on = False
    place = 0
    while place < len(sentence.mentions):
        mention, before, after = sentence.mentions[place], sentence.before(place), sentence.after(place)
        is_joined = place + 1 < len(sentence.mentions) and _JOINS.fullmatch(after) is not None
        if mention.year is None or after.startswith(" hoặc "):
            place += 1
            continue
        if is_joined:
            place += 1
            spans.append(_range(mention, sentence.mentions[place]))
        else:
            spans.append(_single(mention, before, after))
            goes_on = goes_on or (spans[-1].last is not None and _GOES_ON.match(after) is not None)
            if mention.precision == "day" and _AT_THE_LATEST.search(before):
                limits.append(mention.days()[1])
        place += 1
    return [span for span in spans if not any(span.holds(day) for day in limits)], goes_on


def _range(mention: Mention, until: Mention) -> _Span:
    first, last = mention.days()[0], until.days()[1]
    if first > last:
        raise NotInCalendar("a range ends before it starts")
    return _Span(first, last, until.precision, is_range=True)


def _single(mention: Mention, before: str, after: str) -> _Span:
    first, last = mention.days()
    is_open = _OPENS.search(before) or (_GOES_ON.match(after) and (mention.precision == "year" or "trở" in after[:6]))
    if is_open:
        return _Span(first, None, mention.precision, is_range=True)
    if _STRICTLY_AFTER.search(before):
        return _Span(last + timedelta(days=1), None, mention.precision, is_range=True)
    if _STRICTLY_BEFORE.search(before) and mention.precision != "day":
        return _Span(None, first - timedelta(days=1), mention.precision)
    return _Span(first, last, mention.precision, is_range=mention.precision == "school_year")


def _dated(raw: str, spans: list[_Span], recurrence: str | None) -> Deadline:
    starts = [span.first for span in spans if span.is_range and span.first]
    closed = {span.last: span for span in spans if span.last}
    if not closed:
        kind = DeadlineKind.RECURRING if recurrence else DeadlineKind.RANGE
        return Deadline(kind, raw, start=min(starts), precision=spans[0].precision, recurrence=recurrence)
    *milestones, end = sorted(closed)
    start = min((day for day in starts if day <= end), default=None)
    kind = DeadlineKind.RANGE if start else _KINDS[closed[end].precision]
    return Deadline(kind, raw, start, end, closed[end].precision, recurrence, None, tuple(milestones))
