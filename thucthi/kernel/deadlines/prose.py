"""Finds deadlines in running text, where a time word counts only beside words that make it one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from thucthi.kernel.deadlines.deadline import Deadline, DeadlineKind
from thucthi.kernel.deadlines.reading import parse_deadline
from thucthi.kernel.deadlines.wording import hide_in_place

_THAT_YEAR = r"(?:19|20|21)\d\d"
_NEXT_YEAR = r" (?:của )?năm (?:sau|tiếp theo|kế tiếp|liền kề)"
_OF_YEAR = rf"(?:(?: ?[/.-] ?|,? năm | ){_THAT_YEAR}\b|{_NEXT_YEAR})"
_HOUR = r"(?:\d{1,2} ?(?:h|giờ|:) ?(?:\d\d)?(?: phút)?,? )?"
_DAY = (
    rf"{_HOUR}(?:ngày )?(?:\d{{1,2}} tháng \d{{1,2}}\b{_OF_YEAR}?"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]{_THAT_YEAR}\b|{_NEXT_YEAR}|(?![/\d%.]\w|\d)))"
)
_DAY_OF_MONTH = r"ngày \d{1,2}(?= (?:của )?(?:hằng|mỗi|từng) tháng| (?:của )?tháng (?:sau|tiếp theo))"
_PERIOD = (
    r"(?:(?:đầu|giữa|cuối) )?(?:(?:0?6|sáu) tháng (?:đầu|cuối)(?: của)? năm(?: \d{4})?"
    r"|nửa (?:đầu|cuối) năm(?: \d{4})?|năm học \d{4} ?- ?\d{4}"
    rf"|(?:quý|q\.) ?(?:[ivx]{{1,3}}|\d)\b{_OF_YEAR}?|tháng \d{{1,2}}\b{_OF_YEAR}?|(?<![\d/])\d{{1,2}}/{_THAT_YEAR}\b"
    rf"|(?:các )?năm {_THAT_YEAR}(?: ?- ?{_THAT_YEAR})?(?:(?:, | và ){_THAT_YEAR})*\b"
    rf"|giai đoạn {_THAT_YEAR} ?- ?{_THAT_YEAR})"
)
_TIME = rf"(?:{_DAY_OF_MONTH}|{_DAY}|{_PERIOD})"
_JOIN = r" ?(?:,|-|và|hoặc|(?:cho )?(?:đến|tới)) ?(?:trước )?(?:hết )?"
_UNIT = r"(?:(?:0?[136]|12|hai|ba|sáu) tháng(?! (?:đầu|cuối))|(?:ngày|tuần|tháng|quý|năm)\b(?! \d))"
_RHYTHM = (
    rf"(?:(?:định kỳ )?(?:hằng|từng) {_UNIT}|định kỳ (?:mỗi )?{_UNIT})"
    rf"(?:(?:,| và|,? hoặc|/) ?(?:định kỳ )?(?:hằng |từng )?{_UNIT}(?! (?:học|[ivx]+\b)))*(?: (?:một|1) lần)?"
)
_YEARS_AFTER = r",? (?:và )?(?:cho )?(?:các|những) năm (?:tiếp theo|sau|kế tiếp)| trở (?:đi|về sau)"
_TIMES = re.compile(
    rf"(?<![\w/.,-]){_TIME}(?:{_JOIN}{_TIME})*(?P<tail>,? (?:của )?{_RHYTHM}| (?:của )?tháng (?:sau|tiếp theo))?"
    rf"(?:{_YEARS_AFTER})?"
)
_RHYTHMS = re.compile(
    rf"\b{_RHYTHM}|\b(?:theo|từng) (?:tuần|tháng|quý)(?! \d| [ivx]+\b)(?:(?:,| và) (?:theo |từng )?{_UNIT})*"
)
_ONGOING = re.compile(
    r"\b(?:thực hiện|triển khai|duy trì|vận hành|tiến hành) thường xuyên(?:,? liên tục)?"
    r"|(?:(?<=[,;:] )|^)thường xuyên(?:, liên tục|, hằng năm)?(?= ?(?:[.;)]|$))"
)
_NUMBER_OF = r"\d{1,3}(?: ?\([^)]{1,20}\))? (?:giờ|phút|ngày(?: làm việc)?|tuần|tháng|năm)\b(?! \d)"
_COUNTED = re.compile(
    rf"\b(?:(?:trong|chậm nhất|muộn nhất|không quá|tối đa|thời hạn)(?: là| trong| thời hạn| thời gian| vòng"
    rf"| sau| không quá| tối đa)* {_NUMBER_OF}(?: đầu)?"
    r"(?P<since>,? ?(?:kể từ|tính từ|từ ngày|từ khi|từ thời|sau khi|sau ngày)(?:[^,;.()]*? này\b|[^,;.()]*))?"
    rf"|sau {_NUMBER_OF}(?: kể từ)?[^,;.()]*"
    rf"|trước (?:khi|ngày) [^,;.]*?(?:tối thiểu|ít nhất|chậm nhất) {_NUMBER_OF}"
    rf"|{_NUMBER_OF},? (?:kể từ|tính từ|sau khi) [^,;.()]*)"
)
_EVENT = re.compile(
    r"\b(?:ngay sau khi [^,;.()]+|(?:đột xuất )?khi có yêu cầu|đột xuất theo yêu cầu"
    r"|(?:tại|trước) (?:kỳ họp|phiên họp) (?:thứ|tháng)[^,;.()]*|trước đại hội [^,;.()]*)"
)
# Right before a time. A firm cue is believed always; a faint one not when the time was over before the document.
_FIRM = re.compile(
    r"(?:\b(?:hoàn thành|xong) )?(?:\b(?:chậm nhất|muộn nhất|không (?:muộn|chậm) hơn|không quá|trước|thời hạn"
    r"|hạn chót)\b(?: là| vào| trước| đến| trong| hết| thời điểm|:)*"
    r"|\b(?:hoàn thành|xong)\b(?: trong| vào| đến| hết| tại|:)*) $"
)
_FAINT = re.compile(
    r"\b(?:(?:bắt đầu |kể )?từ(?: nay)?(?: cho)?(?: (?:đến|tới)(?: hết)?)?|(?:đến|tới) (?:hết|cuối)|trong|vào|hết) $"
)
_CLAUSE = re.compile(
    r"(?:(?:^|[,;:.(+]|-)|\b(?:phấn đấu|thực hiện|triển khai|ban hành|trình|vận hành)) ?(?:(?:đến|tới|trong|cuối) )?$"
)
_CLAUSE_ENDS = re.compile(r" ?(?:$|[,;:.)(¤])")
_BARE_YEAR = re.compile(rf"\b(?:trước|đến|hết|từ) {_THAT_YEAR}\b(?= ?(?:$|[,;.)]))")
_THIS_YEAR = re.compile(r"(?:^|[,;:.(] ?|ngay )trong (?:năm|quý|tháng)(?: nay| này)?(?= ?(?:$|[,;.)])| dự kiến| phải)")
_COMES_BACK = re.compile(r"\b(?:hằng năm|định kỳ)\b[^;.]*$")
_WITHOUT_YEAR = re.compile(r"^(?!.*(?:\d{4}|hằng|năm (?:sau|tiếp|kế|liền))).*\d")


@dataclass(frozen=True, slots=True)
class FoundDeadline:
    """A deadline and the place of its words, the cue included: `deadline.raw == sentence[start:end]`."""

    deadline: Deadline
    start: int
    end: int


def find_deadlines(sentence: str, *, issued_on: date | None) -> tuple[FoundDeadline, ...]:
    """Deadlines of one sentence or paragraph in composed letters, in the order of the text; they do not overlap.

    Times that belong to a citation, to a name ("Chiến lược … đến năm 2030"), to a vision, to a budget or to when a
    text takes effect are none. A length of time counted from something ("trong thời hạn 30 ngày kể từ …") is an
    event with its words as trigger. `issued_on` is the day of the document, see `parse_deadline`.
    """
    text = hide_in_place(sentence)
    found: list[FoundDeadline] = []
    for reader in (_counted, _events, _times, _ongoing, _rhythms):
        for each in reader(sentence, text, issued_on):
            found.append(each)
            text = text[: each.start] + "¤" * (each.end - each.start) + text[each.end :]
    return tuple(sorted(_without_plain_years(found), key=lambda each: each.start))


def combined(found: Iterable[FoundDeadline]) -> Deadline | None:
    """One deadline of all those of a piece of work: the latest day, earlier ones as milestones; None for none."""
    parts = [each.deadline for each in found]
    if len(parts) < 2:
        return parts[0] if parts else None
    raw = "; ".join(part.raw for part in parts)
    rhythms = sorted({rhythm for part in parts for rhythm in (part.recurrence or "").split("; ") if rhythm})
    recurrence = "; ".join(rhythms) or None
    dated = sorted((part for part in parts if part.end), key=lambda part: part.end or date.min)
    chosen = dated[-1] if dated else next((part for part in parts if part.start or part.recurrence), parts[0])
    days = {day for part in dated for day in (*part.milestones, part.end) if day and day != chosen.end}
    return replace(chosen, raw=raw, recurrence=recurrence, milestones=tuple(sorted(days)))


def _counted(sentence: str, text: str, issued_on: date | None) -> Iterator[FoundDeadline]:
    for match in _COUNTED.finditer(text):
        has_cue = match["since"] or re.match(r"trong (?:thời|vòng)|sau|trước|\d", match[0])
        if has_cue:
            yield _event(sentence, match.start(), match.start() + len(match[0].rstrip()))


def _events(sentence: str, text: str, issued_on: date | None) -> Iterator[FoundDeadline]:
    for match in _EVENT.finditer(text):
        yield _event(sentence, match.start(), match.start() + len(match[0].rstrip()))


def _event(sentence: str, start: int, end: int) -> FoundDeadline:
    raw = sentence[start:end]
    return FoundDeadline(Deadline(DeadlineKind.EVENT, raw, trigger=raw), start, end)


def _times(sentence: str, text: str, issued_on: date | None) -> Iterator[FoundDeadline]:
    for match in _TIMES.finditer(text):
        start = _start_with_cue(text, match)
        if start is None:
            continue
        each = _parsed(sentence, start, match.end(), issued_on, comes_back=_comes_back(text, start, match.end()))
        is_firm = _FIRM.search(text[: match.start()]) is not None
        if each and (is_firm or not _is_over(each.deadline, issued_on)):
            yield each
    for pattern in (_BARE_YEAR, _THIS_YEAR):
        for match in pattern.finditer(text):
            start = match.end() - len(match[0].lstrip(",;:.( "))
            each = _parsed(sentence, start, match.end(), issued_on)
            if each:
                yield each


def _start_with_cue(text: str, match: re.Match[str]) -> int | None:
    before = text[: match.start()]
    cue = _FIRM.search(before) or _FAINT.search(before)
    if cue:
        return cue.start()
    if match["tail"]:
        return match.start()
    clause = _CLAUSE.search(before)
    if clause is None or not (_CLAUSE_ENDS.match(text[match.end() :]) or clause[0].endswith(("đến ", "trong "))):
        return None
    return match.start() - len(re.search(r"(?:(?:đến|tới|trong|cuối) )?$", before)[0])  # type: ignore[index]


def _comes_back(text: str, start: int, end: int) -> bool:
    """Whether a day without its year stands after "hằng năm" or "định kỳ" of the same clause."""
    return bool(_WITHOUT_YEAR.match(text[start:end]) and _COMES_BACK.search(text[:start]))


def _parsed(
    sentence: str, start: int, end: int, issued_on: date | None, *, comes_back: bool = False
) -> FoundDeadline | None:
    raw = sentence[start:end]
    deadline = parse_deadline(f"{raw} hằng năm" if comes_back else raw, issued_on=issued_on)
    is_understood = deadline.end or deadline.start or deadline.recurrence
    return FoundDeadline(replace(deadline, raw=raw), start, end) if is_understood else None


def _is_over(deadline: Deadline, issued_on: date | None) -> bool:
    return bool(issued_on and deadline.end and deadline.end <= issued_on and not deadline.recurrence)


def _ongoing(sentence: str, text: str, issued_on: date | None) -> Iterator[FoundDeadline]:
    yield from _all_parsed(_ONGOING, sentence, text, issued_on)


def _rhythms(sentence: str, text: str, issued_on: date | None) -> Iterator[FoundDeadline]:
    yield from _all_parsed(_RHYTHMS, sentence, text, issued_on)


def _all_parsed(pattern: re.Pattern[str], sentence: str, text: str, issued_on: date | None) -> Iterator[FoundDeadline]:
    for match in pattern.finditer(text):
        each = _parsed(sentence, match.start(), match.end(), issued_on)
        if each:
            yield each


def _without_plain_years(found: list[FoundDeadline]) -> Iterator[FoundDeadline]:
    """ "Định kỳ hằng năm … trước ngày 15 tháng 12" is one rhythm: the plain one is left out."""
    placed = {
        rhythm.partition("@")[0]
        for each in found
        for rhythm in (each.deadline.recurrence or "").split("; ")
        if "@" in rhythm
    }
    for each in found:
        is_plain = each.deadline.recurrence in placed and not each.deadline.end and not each.deadline.start
        if not is_plain:
            yield each
