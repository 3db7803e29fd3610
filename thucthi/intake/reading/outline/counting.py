"""Compares the counts that a text declares with what it then lists; silent wherever the comparison is not certain."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from thucthi.intake.reading.outline.clauses import Outline
from thucthi.intake.reading.outline.labels import BULLETS, label_at
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.sentences import sentences
from thucthi.intake.reading.shapes import ClauseRead, Warned
from thucthi.intake.reading.source import Line, Source, Table

_RULES = rules("counting")
_WORDS: dict[str, int] = _RULES["words"]


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DECLARED = re.compile(
    rf"(?<![\w.,/])(?P<count>\d{{1,3}}|{_any(list(_WORDS))})\s+(?P<noun>{_any(_RULES['nouns'])})(?![^\W\d_])", re.I
)
_INEXACT = re.compile(rf"(?<!\w)(?:{_any(_RULES['inexact'])})\s*$", re.I)
_VERB = re.compile(rf"(?<!\w)(?:{_any(_RULES['verbs'])})\s*$", re.I)
_SELF = re.compile(rf"(?<!\w)(?:{_any(_RULES['self'])})(?!\w)", re.I)
_FOLLOWING = re.compile(r"(?:sau đây|như sau|dưới đây|sau)\s*[:.]?\s*$|:\s*$", re.I)
_FURTHER = re.compile(rf"(?:{_any(_RULES['further'])})(?!\w)", re.I)
_LONGEST_HEADING = 160
_FEWEST_LISTED = 2
# After these lines a paragraph no longer goes on with a list, captions of pictures between them included.
_LINES_ON = 3


@dataclass(frozen=True, slots=True)
class _Declared:
    count: int
    noun: str
    start: int
    end: int


def declared_counts(source: Source, outline: Outline) -> tuple[Warned, ...]:
    """A sentence for each "declares 10 groups, 7 found": a list under a clause, a table, or the rest of a paragraph."""
    found = [*_under_clauses(outline), *_in_named_section(source, outline), *_in_paragraphs(source)]
    return tuple(dict.fromkeys(warned for _, warned in sorted(found, key=lambda each: each[0])))


def _under_clauses(outline: Outline) -> Iterator[tuple[int, Warned]]:
    """ "Thực hiện 5 nhóm nhiệm vụ sau đây:" and headings like "5 ĐỘT PHÁ", against the clauses right below."""
    children = _children(outline)
    for place, clause in enumerate(outline.clauses):
        words = clause.text.rstrip()
        listed = children.get(place, [])
        is_heading = len(words) <= _LONGEST_HEADING and not words.endswith((".", ";"))
        declared = list(_declared(words))
        if len(declared) != 1 or len(listed) < _FEWEST_LISTED or not (is_heading or _FOLLOWING.search(words)):
            continue
        if len({each.kind for each in listed}) == 1 and len(listed) != declared[0].count:
            yield clause.start, _warned(clause.path, declared[0], len(listed))


def _in_named_section(source: Source, outline: Outline) -> Iterator[tuple[int, Warned]]:
    """ "Chương trình này gồm 10 nhóm nhiệm vụ", against the only section or numbered table of that name."""
    for line in source.lines:
        for declared in _declared(line.text):
            before = line.text[: declared.start]
            if not (_VERB.search(before) and _SELF.search(before[-80:])) or _FOLLOWING.search(line.text):
                continue
            noun = declared.noun.removeprefix("nhóm ")
            counts = _counts_of_sections(outline, noun) + _counts_of_tables(source, noun)
            clause = outline.at(line.start)
            if len(counts) == 1 and counts[0] != declared.count:
                yield line.start, _warned(clause.path if clause else "", declared, counts[0])


def _in_paragraphs(source: Source) -> Iterator[tuple[int, Warned]]:
    """ "… nêu 10 nhóm trọng điểm." with the groups as sentences after it: too few even if each part of one counts."""
    lines = source.lines
    for place, line in enumerate(lines):
        spans = list(sentences(line.text))
        for at, (start, end) in enumerate(spans):
            declared = list(_declared(line.text[start:end]))
            if len(declared) != 1 or not _closes_with(line.text[start:end], declared[0]):
                continue
            rest = [line.text[left:right] for left, right in spans[at + 1 :]]
            parts = sum(1 + words.count(";") for words in rest)
            if len(rest) >= _FEWEST_LISTED and parts < declared[0].count and not _goes_on(lines, place):
                yield line.start, _warned(_short(line.text[start:end]), declared[0], len(rest))


def _closes_with(sentence: str, declared: _Declared) -> bool:
    """The count stands at the end of its sentence and is what the sentence is about."""
    return (
        bool(_VERB.search(sentence[: declared.start]))
        and len(sentence) - declared.end < 40
        and sentence.endswith((".", ":"))
    )


def _goes_on(lines: tuple[Line, ...], place: int) -> bool:
    following = lines[place + 1 : place + 1 + _LINES_ON]
    return any(_FURTHER.match(line.text) or label_at(line.text, 0, len(line.text)) for line in following)


def _declared(words: str) -> Iterator[_Declared]:
    for found in _DECLARED.finditer(words):
        if _INEXACT.search(words[: found.start()]):
            continue
        count = _WORDS.get(found["count"].lower()) or int(found["count"])
        yield _Declared(count, found["noun"].lower(), found.start(), found.end())


def _children(outline: Outline) -> dict[int, list[ClauseRead]]:
    children: dict[int, list[ClauseRead]] = {}
    for clause in outline.clauses:
        if clause.parent is not None:
            children.setdefault(clause.parent, []).append(clause)
    return children


def _counts_of_sections(outline: Outline, noun: str) -> list[int]:
    """How many clauses are right below each heading with that noun; bullets are no groups."""
    bullets = {kind.name.lower() for kind in BULLETS}
    found = []
    for place, listed in _children(outline).items():
        heading = outline.clauses[place].text.split("\n", 1)[0]
        kinds = Counter(each.kind for each in listed)
        if (
            noun in heading.lower()
            and len(heading) <= _LONGEST_HEADING
            and len(kinds) == 1
            and not set(kinds) & bullets
        ):
            found.append(len(listed))
    return found


def _counts_of_tables(source: Source, noun: str) -> list[int]:
    """The last number of each table whose heading has that noun and whose rows are numbered 1, 2, 3 without a break."""
    found = []
    for table in source.tables:
        if any(noun in cell.text.lower() for cell in table.rows[0].cells):
            numbers = [number for number in _row_numbers(table) if number]
            if numbers and numbers == list(range(1, len(numbers) + 1)):
                found.append(len(numbers))
    return found


def _row_numbers(table: Table) -> Iterator[int]:
    for row in table.rows[1:]:
        printed = row.cells[0].text.strip(" .*") if row.cells and not row.cells[0].is_repeat else ""
        yield int(printed) if printed.isdigit() else 0


def _warned(where: str, declared: _Declared, found: int) -> Warned:
    return Warned(where, f"Văn bản nêu {declared.count} {declared.noun}, đọc được {found}; xin kiểm tra lại.")


def _short(words: str) -> str:
    return words if len(words) <= 80 else words[:79].rstrip() + "…"
