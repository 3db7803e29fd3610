"""Finds the parts of a head: motto, bodies, number, place and day, type, title — in one column, two, or a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from thucthi.intake.reading.header.citations import date_in
from thucthi.intake.reading.header.issuers import body_start, modern
from thucthi.intake.reading.header.numbers import BLANK, NUMBER, Number, number_of
from thucthi.intake.reading.letters import UPPER
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.source import Line, Source, Table
from thucthi.kernel.vietnamese_text import fold

# A head stands within the first lines; what is further on is text or another document.
_MOST_LINES = 60
_CUT = "\n"
_MOTTO = re.compile(
    r"C[ỘO]NG\s+H[OÒ]?[ÀÒ]?A?\s+X[ÃA]\s+H[ỘO]I\s+CH[ỦU]\s+NGH[ĨI]A\s+VI[ỆE]T\s+NAM"
    r"|Đ[ộo]c\s+l[ậa]p\s*[-–]\s*T[ựu]\s+do\s*[-–]\s*H[ạa]nh\s+ph[úu]c",
    re.I,
)
_PARTY = re.compile(r"Đ[ẢA]NG\s+C[ỘO]NG\s+S[ẢA]N\s+VI[ỆE]T\s+NAM(?!\s*\()")
_ONE_LINE_NUMBER = re.compile(
    r"(?:^|\n)\s*(?:(?:(?i:số)\s*(?i:hiệu)?\s*[:.]?|(?i:bộ luật|luật|pháp lệnh|nghị quyết)\s+số\s*:)"
    rf"\s*(?:{NUMBER}|{BLANK}|(?P<lone>\d{{1,5}}))"
    rf"|{NUMBER.replace('<', '<b_')}\s*(?=\n|$))"
)
_DAY = re.compile(
    rf"(?:^|\n|\s{{2}})(?P<place>[{UPPER}][\w .\-–]{{1,45}}?)\s*,\s*(?i:ngày)\s*"
    r"(?:(?P<d>\d{1,2})\s*(?i:tháng)\s*(?P<m>\d{1,2})\s*"
    r"(?i:năm)\s*(?P<y>\d{4})|(?P<d2>\d{1,2})\s*[/.]\s*(?P<m2>\d{1,2})\s*[/.]\s*(?P<y2>\d{4})"
    r"|[.…\s]*(?:\d{1,2})?[.…\s]*(?i:tháng)[\s.…\d]*(?i:năm)\s*\d{4})"
)
_ORNAMENT = re.compile(r"^[\s*_\-–—=.~•|#:\[\]…]*$")
_MARK = re.compile(
    r"^(?:DỰ THẢO|MẬT|TỐI MẬT|TUYỆT MẬT|HỎA TỐC|THƯỢNG KHẨN|KHẨN|BẢN SAO|SAO Y|BẢN CHÍNH)\b.{0,25}$", re.I
)
_TYPES = rules("document_types")["types"] + rules("document_types")["annexed"]
_TYPE_LINE = re.compile(
    "(?P<type>"
    + "|".join(sorted((re.escape(each.upper()) for each in _TYPES), key=len, reverse=True))
    + r")(?![^\W\d_])(?P<rest>.*)$"
)
_PREAMBLE = re.compile(r"(?:[-–•*]\s*)?(?:Căn cứ|Xét |Theo đề nghị|Trên cơ sở|Để |Nhằm |Ngày \d)")
_ANNEX = re.compile(r"(?:PHỤ LỤC|Phụ lục)(?![^\W\d_])")
_CAPTION = re.compile(r"\(?\s*(?:ban hành |đính )?kèm theo\b", re.I)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the beginning of a text, a line of a table's cell included."""

    text: str
    start: int
    is_strong: bool | None = None

    @property
    def is_capitals(self) -> bool:
        """Whether it is printed in capitals, numbers and a few small letters ("v/v") apart."""
        letters = [letter for letter in self.text if letter.isalpha()]
        return len(letters) > 1 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


@dataclass(frozen=True, slots=True)
class Head:
    """What a head says; `bodies` the highest first; `typed` is the place of the line with the type among `lines`."""

    lines: tuple[Place, ...]
    bodies: tuple[str, ...]
    number: Number | None
    is_blank: bool
    issued_on: date | None
    place: str | None
    typed: int | None
    is_official: bool


def read_head(source: Source) -> Head:
    """The parts of the head that the first lines have; a text without one gives an empty head."""
    lines = tuple(_first_lines(source))
    typed = _type_line(lines)
    zone = lines[: typed if typed is not None else _end_of_head(lines)]
    text = _CUT.join(each.text for each in zone)
    is_official = bool(_MOTTO.search(text) or _PARTY.search(text))
    rest = _PARTY.sub(_CUT, _MOTTO.sub(_CUT, text))
    numbered = _ONE_LINE_NUMBER.search(rest)
    number = _number(numbered) if numbered else None
    rest = rest[: numbered.start()] + _CUT + rest[numbered.end() :] if numbered else rest
    dated = _DAY.search(rest)
    rest = rest[: dated.start()] + _CUT + rest[dated.end() :] if dated else rest
    return Head(
        lines=lines,
        bodies=tuple(_bodies(rest)),
        number=number,
        is_blank=bool(numbered and (numbered["blank"] or numbered["lone"])),
        issued_on=date_in(dated) if dated and (dated["d"] or dated["d2"]) else None,
        place=modern(" ".join(dated["place"].split())) if dated else None,
        typed=typed,
        is_official=is_official or bool(numbered and dated),
    )


def type_in(line: Place) -> re.Match[str] | None:
    """The type that a line begins with in capitals, and the rest of the line; None for a line of another kind."""
    found = _TYPE_LINE.match(line.text)
    if not found or found["rest"].lstrip().startswith(":"):
        return None
    return found


def is_preamble(line: Place) -> bool:
    return bool(_PREAMBLE.match(line.text))


def is_ornament(line: Place) -> bool:
    return bool(_ORNAMENT.match(line.text))


def is_annex_heading(line: Place) -> bool:
    return bool(_ANNEX.match(line.text))


def is_caption(line: Place) -> bool:
    return bool(_CAPTION.match(line.text))


def _first_lines(source: Source) -> Iterator[Place]:
    left = _MOST_LINES
    for block in source.blocks:
        for place in _places_of(block):
            if place.text.strip(" |"):
                yield place
                left -= 1
            if not left:
                return


def _places_of(block: Line | Table) -> Iterator[Place]:
    """The lines of a block; a table of two columns column by column, as such a head is written."""
    if isinstance(block, Line):
        for part in re.finditer(r"[^|]+", block.text):
            words = part[0].strip(" #>*_\\")
            yield Place(words.replace("**", ""), block.start + part.start() + part[0].find(words), block.is_strong)
        return
    width = max(len(row.cells) for row in block.rows)
    if len(block.rows) > 6 or width > 3:
        return
    for column in range(width):
        for row in block.rows:
            if column < len(row.cells) and not row.cells[column].is_repeat:
                cell = row.cells[column]
                for part in re.finditer(r"[^\n]+", cell.text):
                    yield Place(part[0].replace("**", "").strip(" *_\\"), cell.start + part.start(), None)


def _type_line(lines: tuple[Place, ...]) -> int | None:
    """The first line that names a type in capitals, before the text begins."""
    for place, line in enumerate(lines):
        if is_preamble(line) or is_annex_heading(line):
            return None
        if type_in(line):
            return place
    return None


def _end_of_head(lines: tuple[Place, ...]) -> int:
    for place, line in enumerate(lines):
        if is_preamble(line) or is_annex_heading(line) or len(line.text) > 250:
            return place
    return min(len(lines), 15)


def _number(found: re.Match[str]) -> Number | None:
    if found["serial"]:
        return number_of(found["serial"] + found["tail"])
    if found["b_serial"]:
        return number_of(found["b_serial"] + found["b_tail"])
    return number_of(found["blank"].lstrip("._… \n")) if found["blank"] else None


def _bodies(rest: str) -> Iterator[str]:
    """Names in capitals, put together over line breaks; a line that begins with a body's noun begins another."""
    waiting = ""
    for line in rest.split(_CUT):
        words = line.strip(" *_\\-–:|")
        place = Place(words, 0)
        if _ORNAMENT.match(words) or _MARK.match(words) or not place.is_capitals:
            if waiting and words and not _ORNAMENT.match(words):
                break
            continue
        if waiting and fold(words) == fold(waiting):
            break
        if waiting and body_start().match(words) and not _goes_on(waiting, words):
            yield waiting
            waiting = words
        else:
            waiting = f"{waiting} {words}".strip()
    if waiting:
        yield waiting


def _goes_on(name: str, words: str) -> bool:
    """A name broken after "BAN CHẤP HÀNH" or "CHỦ TỊCH" goes on with what could also be a body of its own."""
    words_before = modern(name).upper().split()
    if words_before[-1] in ("VÀ", "TỊCH", "NHÂN", "CỦA", "TRƯỞNG", "VĂN", "THUỘC") or name.endswith((",", "-")):
        return True
    return modern(name).upper() in ("BAN CHẤP HÀNH", "BAN THƯỜNG VỤ", "CHỦ TỊCH") or (
        words_before[0] == "VỀ"
        or (modern(words).upper().startswith(("ĐẢNG BỘ", "ỦY BAN NHÂN DÂN")) and words_before[-1] in ("HÀNH",))
    )
