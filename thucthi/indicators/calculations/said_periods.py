"""Reading the period of a value as people write it: "11/2026", "T11/2026", "Quý IV/2026", "6 tháng đầu năm 2026"."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from thucthi.indicators.calculations.said import N_, Said, shown
from thucthi.kernel.periods import Frequency, Span, span_containing, span_of
from thucthi.kernel.vietnamese_text import fold

EMPTY = N_("Chưa ghi kỳ số liệu. Đề nghị ghi dạng %(example)s.")
UNKNOWN = N_("Không hiểu kỳ “%(text)s”. Đề nghị ghi dạng %(example)s.")
OTHER_FREQUENCY = N_("Kỳ “%(text)s” không đúng chu kỳ của chỉ tiêu. Đề nghị ghi dạng %(example)s.")
AHEAD = N_("Kỳ “%(text)s” chưa đến. Đề nghị kiểm tra lại tháng, năm.")
RUNNING = N_("Kỳ “%(text)s” chưa kết thúc. Nếu số còn thay đổi, đề nghị ghi trạng thái sơ bộ.")
EXAMPLES = {
    Frequency.WEEKLY: "Tuần 47/2026",
    Frequency.MONTHLY: "11/2026",
    Frequency.QUARTERLY: "Quý IV/2026",
    Frequency.HALF_YEARLY: "6 tháng đầu năm 2026",
    Frequency.YEARLY: "2026",
}
_YEARS = range(1945, 2101)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:nam )?(?P<year>[0-9]{4})"
_SEP = r" ?[/.\-] ?"
# On folded text; the first that fits the whole of it counts.
_FORMS = (
    (Frequency.WEEKLY, rf"(?:tuan|w) ?(?P<part>[0-9]{{1,2}})(?:{_SEP}| ){_YEAR}"),
    (Frequency.WEEKLY, rf"(?P<year>[0-9]{{4}}){_SEP}w(?P<part>[0-9]{{1,2}})"),
    (Frequency.HALF_YEARLY, rf"(?:6|sau) thang (?P<half>dau|cuoi)(?:{_SEP}| ){_YEAR}"),
    (Frequency.HALF_YEARLY, rf"nua (?P<half>dau|cuoi)(?:{_SEP}| ){_YEAR}"),
    (Frequency.HALF_YEARLY, rf"h(?P<part>[12])(?:{_SEP}| )?{_YEAR}"),
    (Frequency.HALF_YEARLY, rf"(?P<year>[0-9]{{4}}){_SEP}h(?P<part>[12])"),
    (Frequency.QUARTERLY, rf"(?:quy|q) ?(?P<part>[1-4]|i{{1,3}}|iv)(?:{_SEP}| ){_YEAR}"),
    (Frequency.QUARTERLY, rf"(?P<part>i{{1,3}}|iv)(?:{_SEP}| ){_YEAR}"),
    (Frequency.QUARTERLY, rf"(?P<year>[0-9]{{4}}){_SEP}q(?P<part>[1-4])"),
    (Frequency.MONTHLY, rf"(?:thang |thang|t)? ?(?P<part>[0-9]{{1,2}})(?:{_SEP}| nam ){_YEAR}"),
    (Frequency.MONTHLY, rf"(?:thang |t)(?P<part>[0-9]{{1,2}}) {_YEAR}"),
    (Frequency.MONTHLY, rf"(?P<year>[0-9]{{4}}){_SEP}(?P<part>0?[1-9]|1[0-2])"),
    (Frequency.YEARLY, rf"{_YEAR}(?:\.0)?"),
)
_COMPILED = tuple((frequency, re.compile(form)) for frequency, form in _FORMS)
_DAY = re.compile(r"(?P<day>[0-9]{1,2})[/.\-](?P<month>[0-9]{1,2})[/.\-](?P<year>[0-9]{4})")
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:[ t]00:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class PeriodRead:
    """The period, or the sentence that says why there is none."""

    span: Span | None = None
    fault: Said | None = None
    warnings: tuple[Said, ...] = ()


def read_period(text: object, frequency: Frequency, *, today: date | None = None) -> PeriodRead:
    """The period of an indicator of that frequency; never raises.

    A spreadsheet turns "11/2026" into the first of November: a day that begins or ends a period names it. With
    `today`, a period that has not begun is refused and one that runs still is warned of.
    """
    words = f"{text:%Y-%m-%d}" if isinstance(text, date) else "" if text is None else str(text)
    quoted = {"text": shown(words), "example": EXAMPLES[frequency]}
    if not words.strip():
        return PeriodRead(fault=Said(EMPTY, quoted))
    span = _span(words, frequency)
    if span is None:
        return PeriodRead(fault=Said(UNKNOWN, quoted))
    if span.frequency is not frequency:
        return PeriodRead(fault=Said(OTHER_FREQUENCY, quoted))
    if today is not None and span.start > today:
        return PeriodRead(fault=Said(AHEAD, quoted))
    is_running = today is not None and span.end >= today
    return PeriodRead(span, warnings=(Said(RUNNING, quoted),) if is_running else ())


@lru_cache(maxsize=1024)
def _span(words: str, frequency: Frequency) -> Span | None:
    folded = fold(words[:100])
    for form in (_DAY, _ISO_DAY):
        if found := form.fullmatch(folded):
            return _span_of_day(found, frequency)
    for kind, form in _COMPILED:
        if found := form.fullmatch(folded):
            return _span_of_parts(kind, found.groupdict())
    return None


def _span_of_day(found: re.Match[str], frequency: Frequency) -> Span | None:
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    if day.year not in _YEARS:
        return None
    span = span_containing(day, frequency)
    if frequency is Frequency.WEEKLY or day in {span.start, span.end}:
        return span
    month = span_containing(day, Frequency.MONTHLY)
    return month if day == month.start else None


def _span_of_parts(kind: Frequency, parts: dict[str, str | None]) -> Span | None:
    year = int(parts["year"] or 0)
    part = parts.get("part") or {"dau": "1", "cuoi": "2"}.get(parts.get("half") or "", "")
    number = _ROMAN.get(part) or int(part or 1)
    if year not in _YEARS:
        return None
    keys = {
        Frequency.WEEKLY: f"{year}-W{number:02d}",
        Frequency.HALF_YEARLY: f"{year}-H{number}",
        Frequency.QUARTERLY: f"{year}-Q{number}",
        Frequency.MONTHLY: f"{year}-{number:02d}",
        Frequency.YEARLY: f"{year}",
    }
    try:
        return span_of(keys[kind])
    except ValueError:
        return None
