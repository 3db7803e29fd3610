"""The columns at the end of a flattened row: resources, time, helpers and lead, read from right to left."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from thucthi.intake.reading.bodies import Gazetteer, NamedBody, grammar
from thucthi.intake.reading.bodies.wording import CAPITAL, even
from thucthi.intake.reading.rules import rules
from thucthi.kernel.deadlines import DeadlineKind, parse_deadline

_LONGEST_UNLISTED = 90
_LIST_JOINT = re.compile(r"\s*(?:[,;/]\s*(?:và\s+)?|\s+và\s+|\s[-–]\s|[-–]\s)\s*")
_TIME_SIGN = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}|20\d\d|\d{1,2}|[-–,;./]")
_WORD = re.compile(r"\S+?(?=[\s,;]|$)|[,;]")
_PART_OF_ROAD = re.compile(r"(?:Đoạn|Giai đoạn|Tuyến)\s[^.;]{3,80}:\s*(?:[^.;]{3,40};\s*[^.;:]{3,60}:\s*)*$")
# In a flattened row every cell begins with a capital or a figure; Roman figures belong to a quarter.
_OPENS_CELL = re.compile(rf"(?![IVX]+\b)[{CAPITAL}\d]")
_TIME_OPENING = re.compile(
    r"(?<!\S)(?:Khởi công|Hoàn thành|Nghiên cứu|Triển khai|Thực hiện|Theo|Dịp|Trình|Ban hành|Đến năm|Đến hết)\b"
)
_LONGEST_OPENING = 120
_MORE_OF_GROUP = re.compile(r"\s+[a-zà-ỹđ][^.;:]{0,60}")


@dataclass(frozen=True, slots=True)
class Tail:
    """`end` is where the task's own words stop, all places counted in the row's text."""

    end: int
    lead: tuple[NamedBody, ...]
    coordinators: tuple[NamedBody, ...]
    deadline: str
    resources: str


@cache
def _resources() -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{'|'.join(rules('flattened')['tail']['resources'])})[\s.]*$")


def read_tail(text: str, gazetteer: Gazetteer, on: date | None) -> Tail:
    evened = even(text)
    money = _resources().search(evened)
    end = len(evened[: money.start()].rstrip()) if money else len(evened.rstrip())
    begins = _opened_time(evened, _time_before(evened, end), gazetteer)
    deadline = text[begins:end]
    bodies_end = len(evened[:begins].rstrip())
    run = _bodies_before(text, bodies_end, list(gazetteer.find(text[:bodies_end], on)))
    split = run.boundary if run.boundary is not None else bodies_end
    return Tail(
        len(text[: run.start].rstrip(" -–\n")),
        _listed(text, run.start, split, gazetteer, on),
        _listed(text, split, bodies_end, gazetteer, on),
        deadline,
        text[money.start() : money.end()].strip(" .\n") if money else "",
    )


def _time_before(evened: str, end: int) -> int:
    """Where the words of a time that end at `end` begin; `end` itself when there are none."""
    said = rules("flattened")["tail"]
    words = list(_WORD.finditer(evened, max(0, end - 160), end))
    first = len(words)
    while first and _is_of_time(words[first - 1][0], said["time"]):
        first -= 1
    while first < len(words) and (words[first][0].lower() in said["not_first"] or not words[first][0][0].isalnum()):
        first += 1
    if first == len(words):
        return end
    opened = (word for word in words[first:] if _OPENS_CELL.match(word[0]))
    begins = next(opened, words[first]).start()
    if parse_deadline(evened[begins:end]).kind is DeadlineKind.NONE:
        return end
    stretch = _PART_OF_ROAD.search(evened[:begins])
    return stretch.start() if stretch else begins


def _opened_time(evened: str, begins: int, gazetteer: Gazetteer) -> int:
    """The place further left where the cell of the time begins with other words, right after a body."""
    for opening in _TIME_OPENING.finditer(evened, max(0, begins - _LONGEST_OPENING), begins):
        before = evened[: opening.start()].rstrip()
        if any(body.end == len(before) for body in gazetteer.find(before)):
            return opening.start()
    return begins


def _is_of_time(word: str, vocabulary: list[str]) -> bool:
    parts = _TIME_SIGN.sub(" ", word.lower()).split()
    return all(part.strip(".") in vocabulary for part in parts)


@dataclass(frozen=True, slots=True)
class _Run:
    """Bodies standing one after the other right before a place: where they begin and where the second column does."""

    start: int
    boundary: int | None


def _bodies_before(text: str, end: int, found: list[NamedBody]) -> _Run:
    """Columns are told apart by the missing comma; a second column that lists by dashes begins at the first dash."""
    run = [body for body in found if body.end <= end]
    start = _unlisted_from(text, end, run)
    bare: list[int] = []
    dashed: list[int] = []
    while run and _is_joint(text[run[-1].end : start]):
        joint = text[run[-1].end : start]
        if start < end and not joint.strip():
            if bare or not text[start].isupper() or _is_of_words(text, run):
                break
            bare.append(start)
        elif joint.strip() in {"-", "–"}:
            dashed.append(start)
        start = run.pop().start
    is_bulleted = text[:start].rstrip()[-1:] in {"-", "–"} and not text[:start].rstrip(" -–")[-1:].isdigit()
    columns = bare or ([] if is_bulleted else dashed[-1:])
    return _Run(start, columns[0] if columns else None)


def _is_of_words(text: str, run: list[NamedBody]) -> bool:
    """A group in small letters with no list before it ends the task's own words; a column opens with a capital."""
    last = run[-1]
    follows_list = len(run) > 1 and _LIST_JOINT.fullmatch(text[run[-2].end : last.start]) is not None
    return last.is_collective and text[last.start].islower() and not follows_list


def _is_joint(between: str) -> bool:
    return not between.strip() or _LIST_JOINT.fullmatch(between) is not None


def _unlisted_from(text: str, end: int, run: list[NamedBody]) -> int:
    """The beginning of a name that no list holds standing right before `end`; a group's further words are its own."""
    last = run[-1].end if run else max(0, end - _LONGEST_UNLISTED)
    between = text[last:end]
    if not between.strip() or len(between) > _LONGEST_UNLISTED:
        return end
    if run and run[-1].is_collective and _MORE_OF_GROUP.fullmatch(between):
        return run.pop().start
    opening = rf"(?<!\w)(?=(?:{grammar.head().pattern})|(?:Các|Một số)\s)"
    usable = [at.start() for at in re.finditer(opening, even(between)) if between[at.start()].isupper()]
    return last + usable[0] if usable else end


def _listed(text: str, start: int, end: int, gazetteer: Gazetteer, on: date | None) -> tuple[NamedBody, ...]:
    return gazetteer.split(text[start:end], on) if start < end else ()
