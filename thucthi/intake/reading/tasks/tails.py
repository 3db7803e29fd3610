"""The columns at the end of a flattened row: resources, time, helpers and lead, read from right to left."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from thucthi.intake.reading.bodies import Gazetteer, NamedBody, grammar
from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.rules import rules
from thucthi.kernel.deadlines import DeadlineKind, parse_deadline

_LONGEST_UNLISTED = 90
_LIST_JOINT = re.compile(r"\s*(?:[,;/]\s*(?:và\s+)?|\s+và\s+|\s[-–]\s|[-–]\s)\s*")
_TIME_SIGN = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}|20\d\d|\d{1,2}|[-–,;./]")
_WORD = re.compile(r"\S+?(?=[\s,;]|$)|[,;]")
_PART_OF_ROAD = re.compile(r"(?:Đoạn|Giai đoạn|Tuyến)\s[^.;]{3,80}:\s*(?:[^.;]{3,40};\s*[^.;:]{3,60}:\s*)*$")


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
    begins = _time_before(evened, end)
    deadline = text[begins:end]
    bodies_end = len(evened[:begins].rstrip())
    start, boundary = _bodies_before(text, bodies_end, gazetteer, on)
    split = boundary if boundary is not None else bodies_end
    return Tail(
        len(text[:start].rstrip(" -–\n")),
        _listed(text, start, split, gazetteer, on),
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
    begins = words[first].start()
    if parse_deadline(evened[begins:end]).kind is DeadlineKind.NONE:
        return end
    stretch = _PART_OF_ROAD.search(evened, 0, begins)
    return stretch.start() if stretch else begins


def _is_of_time(word: str, vocabulary: list[str]) -> bool:
    parts = _TIME_SIGN.sub(" ", word.lower()).split()
    return all(part.strip(".:") in vocabulary for part in parts)


def _bodies_before(text: str, end: int, gazetteer: Gazetteer, on: date | None) -> tuple[int, int | None]:
    """Where the bodies that end at `end` begin, and where those of the second column do, told by the missing comma."""
    found = [body for body in gazetteer.find(text[:end], on) if text[body.start].isupper() or body.is_collective]
    run = [body for body in found if body.end <= end]
    joints: list[int] = []
    start = _unlisted_from(text, end, run)
    while (run and not text[run[-1].end : start].strip()) or (run and _LIST_JOINT.fullmatch(text[run[-1].end : start])):
        body = run.pop()
        is_joined = _LIST_JOINT.fullmatch(text[body.end : start]) is not None
        if start < end and not is_joined:
            if not text[start].isupper():
                break
            joints.append(start)
            if len(joints) > 1:
                break
        start = body.start
    starts_list = text[:start].rstrip()[-1:] in "-–" and start > 0
    begins = len(text[:start].rstrip(" -–")) if starts_list else start
    return (begins if start < end else end), (joints[0] if joints and joints[0] > begins else None)


def _unlisted_from(text: str, end: int, run: list[NamedBody]) -> int:
    """The beginning of a name that no list holds standing right before `end`."""
    last = run[-1].end if run else max(0, end - _LONGEST_UNLISTED)
    between = text[last:end]
    if not between.strip() or len(between) > _LONGEST_UNLISTED:
        return end
    heads = list(re.finditer(rf"(?<![\w,]\s)(?<!\w)(?={grammar.head().pattern})", even(between)))
    usable = [place.start() for place in heads if between[place.start()].isupper()]
    return last + usable[0] if usable else end


def _listed(text: str, start: int, end: int, gazetteer: Gazetteer, on: date | None) -> tuple[NamedBody, ...]:
    return gazetteer.split(text[start:end], on) if start < end else ()
