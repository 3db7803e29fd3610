"""Finds the documents that a text cites, with their numbers as normally written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from thucthi.intake.reading.header.issuers import issuer_named
from thucthi.intake.reading.header.numbers import NUMBER, Number, number_of
from thucthi.intake.reading.letters import UPPER
from thucthi.intake.reading.rules import rules

_RULES = rules("citations")
_TYPES: list[str] = sorted(rules("document_types")["types"], key=len, reverse=True)
_ANY_TYPE = "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in _TYPES)
_BARE_TYPE = "|".join(each.replace(" ", r"\s+") for each in _RULES["bare_types"])
_COUNTED = "|".join(_RULES["counted"])
_NUMBERED = re.compile(
    rf"(?:(?P<type>(?<![^\W\d_])(?i:{_ANY_TYPE}))\s*)?(?P<so>(?i:số)\s*:?\s*)?(?<![\w:.,/\-]){NUMBER}(?![\w/])"
)
# "Nghị quyết 68", "ba nghị quyết 70 - 71 - 72"; a further number only as one of a list.
_BARE = re.compile(
    rf"(?P<type>(?<![^\W\d_])(?i:{_BARE_TYPE}))\s+(?:(?i:số)\s+)?(?P<list>\d{{1,3}}(?:\s*(?:,|-|–|và|,\s*và)\s*\d{{1,3}})*)"
    rf"(?![\d.,/]*[\d/%])(?!\s*[-–]\s*(?:19|20)\d\d)(?!\s+(?i:{_COUNTED})(?![^\W\d_]))"
)
_LAW = re.compile(r"(?<![^\W\d_])(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Hiến pháp)(?![^\W\d_])[^.;:\n]{0,160}$")
_DAY = (
    r"[\s,(]*(?i:ngày)\s*(?:(?P<d>\d{1,2})\s*(?i:tháng)\s*(?P<m>\d{1,2})\s*(?i:năm)\s*(?P<y>\d{4})"
    r"|(?P<d2>\d{1,2})\s*[/.\-]\s*(?P<m2>\d{1,2})\s*[/.\-]\s*(?P<y2>\d{4}))\)?"
)
_DATE = re.compile(_DAY)
_OF = re.compile(rf"[\s,]*(?i:của)\s+(?=[{UPPER}])")
_STOP = re.compile(
    r"(?:\s(?:"
    + "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in _RULES["after_issuer"])
    + r")(?![^\W\d_]))|\s(?:V[EỀ]|NGÀY|BAN HÀNH|THỰC HIỆN)\s|[;.:()\[\]|\n“”\"]|\s[Bb]an\s+hành"
    r"|\s(?:và|,)\s+(?=(?:" + _ANY_TYPE + r")(?![^\W\d_]))"
)
_WHOLE_NAME = re.compile(r"(?:Bộ trưởng |Bộ |Sở |Ủy ban |Ban )", re.I)
_JOINED = re.compile(rf",\s+[{UPPER}][^,]{{2,30}}\svà\s[{UPPER}]")
_LONGEST_NAME = 90
_BARE_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited document at text[start:end], which takes in its type, number, date and issuer as far as they are told.

    `number` as normally written, a bare one ("68") when the text has no more. `type` in lower case. `confidence` is
    below 1 when the number had to be repaired or says too little.
    """

    number: str
    type: str | None
    issuer: str | None
    issued_on: date | None
    start: int
    end: int
    confidence: float = 1.0


def find_citations(text: str) -> tuple[Citation, ...]:
    """All citations with a number, in order. Fractions, dates and rates ("15/20", "4/100.000") are none."""
    numbered = list(_numbered(text))
    taken = [(each.start, each.end) for each in numbered]
    bare = [each for each in _bare(text) if not any(start < each.end and each.start < end for start, end in taken)]
    return tuple(sorted((*numbered, *bare), key=lambda each: (each.start, each.end)))


def date_in(found: re.Match[str]) -> date | None:
    """The day that a match of the words "ngày … tháng … năm …" or "ngày d/m/y" names; None for an impossible one."""
    parts = found["d"] or found["d2"], found["m"] or found["m2"], found["y"] or found["y2"]
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None


def _numbered(text: str) -> Iterator[Citation]:
    for found in _NUMBERED.finditer(text):
        number = number_of(found["serial"] + found["tail"])
        if not _is_number(number, found):
            continue
        issuer, day, end = _told_after(text, found.end())
        type_ = _type(text, found, number)
        yield Citation(number.text, type_, issuer, day, found.start(), end, number.confidence)


def _is_number(number: Number, found: re.Match[str]) -> bool:
    """A lone symbol without the letters of a type ("05:2023/BTNMT", "24/7A") counts only when "số" says so."""
    has_two = re.search(r"[/\-]", number.text.split("/", 1)[-1]) or number.text.count("/") + number.text.count("-") > 1
    return bool(has_two or (number.letters and number.tail) or found["so"] or found["type"])


def _type(text: str, found: re.Match[str], number: Number) -> str | None:
    if found["type"]:
        return " ".join(found["type"].lower().split())
    if number.type:
        return number.type
    before = _LAW.search(text, max(0, found.start() - 200), found.start())
    return before[0].split(" ", 1)[0].lower().replace("bộ", "bộ luật").replace("nghị", "nghị quyết") if before else None


def _told_after(text: str, end: int) -> tuple[str | None, date | None, int]:
    """Issuer and day after a number, in either order, and where they end."""
    issuer: str | None = None
    day: date | None = None
    while True:
        dated = _DATE.match(text, end) if day is None else None
        if dated and (day := date_in(dated)):
            end = dated.end()
            continue
        of = _OF.match(text, end) if issuer is None else None
        if not of:
            return issuer, day, end
        name = _name_at(text, of.end())
        if not name:
            return issuer, day, end
        issuer, end = issuer_named(name), of.end() + len(name)


def _name_at(text: str, start: int) -> str:
    """The body's name that begins here: up to a verb, a stop, or a comma that is no part of a name."""
    words = text[start : start + _LONGEST_NAME]
    stop = _STOP.search(words)
    words = words[: stop.start()] if stop else words
    comma = words.find(",")
    if comma >= 0 and not (_WHOLE_NAME.match(words) and _JOINED.match(words, comma)):
        words = words[:comma]
    return words.rstrip(" -–*")


def _bare(text: str) -> Iterator[Citation]:
    for found in _BARE.finditer(text):
        type_ = " ".join(found["type"].lower().split())
        for each in re.finditer(r"\d+", found["list"]):
            start = found.start() if each.start() == 0 else found.start("list") + each.start()
            end = found.start("list") + each.end()
            yield Citation(each[0], type_, None, None, start, end, _BARE_CONFIDENCE)
