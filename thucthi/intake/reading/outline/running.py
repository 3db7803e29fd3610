"""Labels inside pages whose line breaks were lost: only those that continue or open a list are believed."""

import re
from collections.abc import Callable, Iterator, Sequence

from thucthi.intake.reading.letters import UPPER
from thucthi.intake.reading.outline.labels import Kind, Label, follows, label_at

_BEGINNING = re.compile(
    rf"(?<=\s)(?=[IVX]{{1,5}}[.\-]\s[{UPPER}]{{2}}|PHỤ LỤC \w+ [{UPPER}]{{2}}"
    rf"|\d{{1,3}}(?:\.\d{{1,2}}){{0,3}}\.?\s[{UPPER}]"
    rf"|[a-zđ]\)\s[{UPPER}]|[-+]\s[{UPPER}])"
)
_SENTENCE_END = re.compile(r"[.;:…?!]\s*$")
_PUNCTUATION = re.compile(r"[.;:…]")
_LONGEST_HEADING = 200
_OPENED_BY = {
    Kind.NUMBER: (Kind.ANNEX, Kind.ROMAN, Kind.CAPITAL),
    Kind.LETTER: (Kind.NUMBER, Kind.DECIMAL, Kind.ARTICLE, Kind.ROMAN),
}


def labels_inside(text: str, start: int, end: int, stack: Callable[[], Sequence[Label]]) -> Iterator[Label]:
    """Labels in text[start:end]; `stack` tells the labels open at the moment, the widest first."""
    for found in _BEGINNING.finditer(text, start, end):
        label = label_at(text, found.start(), end)
        if label and _is_believed(text, label, stack()):
            yield label


def _is_believed(text: str, label: Label, stack: Sequence[Label]) -> bool:
    if label.kind is Kind.ANNEX:
        return True
    if label.kind in (Kind.DASH, Kind.PLUS):
        return _begins_item(text, label, stack)
    if any(follows(label, each) for each in stack):
        return True
    if label.kind is Kind.ROMAN:
        return label.value == 1
    if label.kind is Kind.DECIMAL:
        return label.value == 1 and any(each.values == label.values[:-1] for each in stack)
    openers = _OPENED_BY.get(label.kind, ())
    return label.value == 1 and bool(stack) and stack[-1].kind in openers


def _begins_item(text: str, label: Label, stack: Sequence[Label]) -> bool:
    """A dash after the end of a sentence, or after a short heading that has none."""
    if not stack:
        return False
    before = text[max(stack[-1].end, label.start - _LONGEST_HEADING) : label.start]
    if _SENTENCE_END.search(before):
        return True
    is_heading = stack[-1].kind in _OPENED_BY and len(before) < _LONGEST_HEADING
    return is_heading and not _PUNCTUATION.search(before)
