"""Compares the labels of siblings with each other: what is missing, what stands twice."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from thucthi.intake.reading.outline.clauses import Outline
from thucthi.intake.reading.outline.labels import BULLETS, Kind, Label, follows, label_at, missing_between, readings
from thucthi.intake.reading.shapes import ClauseRead, Warned

_BULLETS = frozenset(kind.name.lower() for kind in BULLETS)
_UNCOUNTED = _BULLETS | {Kind.ATTACHMENT.name.lower(), Kind.ANNEX.name.lower()}
_MOST_NAMED = 5


def numbering_faults(outline: Outline) -> tuple[Warned, ...]:
    """One sentence for each place where a clause is not the next after its sibling."""
    found = [fault for before, after in _neighbours(outline) if (fault := _fault(before, after))]
    return tuple(warned for _, warned in sorted(found, key=lambda each: each[0]))


def counted_siblings(outline: Outline) -> int:
    """How many pairs of neighbouring siblings there are to compare."""
    return sum(1 for _ in _neighbours(outline))


def _neighbours(outline: Outline) -> Iterator[tuple[ClauseRead, ClauseRead]]:
    counted = [each for each in outline.clauses if each.kind not in _UNCOUNTED]
    lists = sorted(counted, key=lambda each: (-1 if each.parent is None else each.parent, each.kind, each.start))
    for _, siblings in groupby(lists, key=lambda each: (each.parent, each.kind)):
        yield from pairwise(siblings)


def _fault(before: ClauseRead, after: ClauseRead) -> tuple[int, Warned] | None:
    first, second = _label(before), _label(after)
    if not first or not second or follows(second, first):
        return None
    return after.start, Warned(after.path, _sentence(before, after, first, second))


def _sentence(before: ClauseRead, after: ClauseRead, first: Label, second: Label) -> str:
    if second.values == first.values:
        return f"Số thứ tự “{after.label}” ghi hai lần; xin kiểm tra lại bản gốc."
    missing = missing_between(first, second) if second.value > first.value else ()
    if not missing:
        return f"Sau “{before.label}” lại đến “{after.label}”; xin kiểm tra lại thứ tự trong bản gốc."
    named = ", ".join(missing[:_MOST_NAMED]) + ("…" if len(missing) > _MOST_NAMED else "")
    return f"Sau “{before.label}” là “{after.label}”, không thấy {named}; xin kiểm tra lại bản gốc."


def _label(clause: ClauseRead) -> Label | None:
    """The label read again from the clause's own words, in the sense that the outline gave it."""
    label = label_at(clause.text, 0, len(clause.text))
    if not label:
        return None
    return next((each for each in readings(label) if each.kind.name.lower() == clause.kind), label)
