"""The stretches of a text in which clauses may begin: its lines without quoted amendments, heads and signatures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from thucthi.intake.reading.letters import UPPER
from thucthi.intake.reading.outline.labels import Kind, Label, label_at
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.source import Line, Source, Table

_WORDS = rules("document_types")
# A line of this length may be a page whose line breaks were lost.
FLATTENED = 600
# How many lines on a quotation may still be closed; one that is not was opened by mistake.
_QUOTED_LINES = 200
_CAPTION_LINES = 6
_CAPTION = re.compile(r"\(\s*(?:ban hành )?(?:kèm|đính kèm)(?: theo)?\b", re.I)
_CLOSING = re.compile(rf"[*_ ]*(?:Nơi nhận|NƠI NHẬN)\b|(?:TM|T/M|KT|K/T|TL|T/L|TUQ|Q)\s?\.?\s?\s[{UPPER}]{{2}}|T/M\s")
_TYPE = re.compile(
    "(?P<type>"
    + "|".join(sorted((re.escape(word.upper()) for word in _WORDS["types"] + _WORDS["annexed"]), key=len, reverse=True))
    + r")(?![^\W\d_])"
)
_QUOTED_LABEL = re.compile(
    r"[“\"](?=\s?(?:Điều|ĐIỀU|Chương|Mục|Phụ lục|PHỤ LỤC|\d{1,3}[a-zđ]?[.)]|[a-zđ]\d?\)|[IVX]+[.\-]))"
)
_OPENS_QUOTE = re.compile(r":\s*“[^”]*$")
_CLOSES = re.compile(r"[”\"]\s*[.;,]?\s*$")


class Sign(Enum):
    """What else than a label matters to the outline: the closing lines, a table."""

    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line as the outline sees it; `label` is what it begins with, if anything, `sign` what it means otherwise."""

    line: Line
    label: Label | None = None
    sign: Sign | None = None


def stretches(source: Source) -> Iterator[Stretch]:
    """All lines that are not quoted, in order; a table that holds the signature counts as a closing line."""
    quoted = _quoted(source.lines)
    captioned = _captioned(source.lines)
    for block in source.blocks:
        if isinstance(block, Table):
            if _closes(source.text[block.start : min(block.end, block.start + 400)]):
                yield Stretch(Line("", block.start, block.start), sign=Sign.CLOSING)
        elif block.start in captioned:
            yield Stretch(block, captioned[block.start])
        elif block.start not in quoted:
            yield _stretch(source, block)


def _stretch(source: Source, line: Line) -> Stretch:
    if _CLOSING.match(line.text):
        return Stretch(line, sign=Sign.CLOSING)
    return Stretch(line, label_at(source.text, line.start, line.end))


def _closes(words: str) -> bool:
    return any(_CLOSING.match(part.strip()) for part in re.split(r"\n|\|", words))


def _quoted(lines: tuple[Line, ...]) -> frozenset[int]:
    """Starts of the lines inside a quoted amendment, the first of it included where a label stands in it."""
    found: set[int] = set()
    place = 0
    while place < len(lines):
        last = _end_of_quotation(lines, place)
        if last is None:
            place += 1
            continue
        if _QUOTED_LABEL.match(lines[place].text):
            found.add(lines[place].start)
        found |= {line.start for line in lines[place + 1 : last + 1]}
        place = last + 1
    return frozenset(found)


def _end_of_quotation(lines: tuple[Line, ...], place: int) -> int | None:
    """The place of the line that closes the quotation opened in this one, if one is opened and closed later."""
    text = lines[place].text
    if not (_QUOTED_LABEL.match(text) or _OPENS_QUOTE.search(text)) or _depth(text, 0) <= 0:
        return None
    depth = 0
    for further in range(place, min(place + _QUOTED_LINES, len(lines))):
        depth = _depth(lines[further].text, depth)
        if depth <= 0 and _CLOSES.search(lines[further].text):
            return further
    return None


def _depth(text: str, depth: int) -> int:
    depth += text.count("“") - text.count("”")
    if text.count('"') % 2:
        depth += -1 if depth > 0 else 1
    return depth


def _captioned(lines: tuple[Line, ...]) -> dict[int, Label]:
    """Lines that name an annexed document ("QUY CHẾ"), by their start: capitals, soon followed by its caption."""
    found: dict[int, Label] = {}
    for place, line in enumerate(lines):
        if not _CAPTION.match(line.text):
            continue
        for before in range(place - 1, max(place - 1 - _CAPTION_LINES, 0), -1):
            named = _TYPE.match(lines[before].text)
            if named and not _is_in_annex(lines, before):
                end = lines[before].start + named.end()
                label = Label(Kind.ATTACHMENT, named["type"].capitalize(), (), lines[before].start, end)
                found[lines[before].start] = label
                break
            if label_at(lines[before].text, 0, len(lines[before].text)):
                break
    return found


def _is_in_annex(lines: tuple[Line, ...], place: int) -> bool:
    """Whether the title belongs to a "Phụ lục" named in the lines right above it."""
    labels = (label_at(line.text, 0, len(line.text)) for line in lines[max(place - 2, 0) : place])
    return any(label and label.kind is Kind.ANNEX for label in labels)
