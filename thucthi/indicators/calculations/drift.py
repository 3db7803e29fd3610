"""Where documents promise different things of one indicator: both citations, and the difference in plain words.

Targets are compared when they are of the same indicator, of indicators that a person declared to be the same, or (only
as a suggestion, nothing is merged) of indicators with nearly the same name and the same unit. No framework, no clock.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from rapidfuzz import fuzz

from thucthi.indicators.calculations.lowering import STRICTNESS
from thucthi.indicators.calculations.paths import binding_bound
from thucthi.kernel.values import Bound, Direction, Operator
from thucthi.kernel.vietnamese_text import fold

# Names that share so many per cent of their letters, order of words aside, are put before a person.
ALIKE_FROM = 88


def N_(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


class Tie(StrEnum):
    """Why two targets are compared."""

    SAME = "same"
    DECLARED = "declared"
    ALIKE = "alike"


class Kind(StrEnum):
    """What differs."""

    OPERATOR = "operator"
    AMOUNT = "amount"
    YEAR = "year"
    SCOPE = "scope"
    UNIT = "unit"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Promise:
    """One target and where it is said. `scope` is "" for the whole country, else whom it is about, in words.

    `place` and `words` cite the clause; `declared` are the codes that a person declared to be the same indicator.
    """

    code: str
    indicator: str
    name: str
    unit: str
    direction: Direction
    bound: Bound
    year: int | None
    scope: str
    document: str
    place: str = ""
    words: str = ""
    declared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gap:
    """How far two amounts are apart; between two percentages these are points."""

    amount: Decimal
    unit: str


Said = str | Decimal | Bound | Gap


@dataclass(frozen=True, slots=True)
class Difference:
    """`text` is a sentence to translate, with the parts that `given` names; amounts and bounds are worded by whoever
    shows them, and a scope of "" is the whole country.
    """

    kind: Kind
    text: str
    given: Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Drift:
    """Two targets of different documents that say different things, or (ALIKE) that may be about one thing."""

    tie: Tie
    one: Promise
    other: Promise
    differences: tuple[Difference, ...]


def drifts(promises: Sequence[Promise]) -> list[Drift]:
    """Every pair of targets of two documents that differ, in the order given; alike names after those that are tied."""
    groups = _groups(promises)
    tied = [found for group in groups for found in _within(group)]
    return tied + list(_suggested(groups))


def differences(one: Promise, other: Promise) -> tuple[Difference, ...]:
    """What the second says otherwise than the first."""
    found = [_unit(one, other), _bounds(one, other), _year(one, other), _scope(one, other), _names(one, other)]
    return tuple(difference for difference in found if difference is not None)


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 100, whatever their accents and the order of their words."""
    return fuzz.ratio(_sorted_words(one), _sorted_words(other))


def _groups(promises: Sequence[Promise]) -> list[list[Promise]]:
    """Promises of one indicator together, and of those declared the same, however long the chain of declarations."""
    heads = {promise.indicator: promise.indicator for promise in promises}

    def head(code: str) -> str:
        while heads[code] != code:
            code = heads[code]
        return code

    for promise in promises:
        for code in sorted(promise.declared & heads.keys()):
            heads[head(code)] = head(promise.indicator)
    groups: dict[str, list[Promise]] = {}
    for promise in promises:
        groups.setdefault(head(promise.indicator), []).append(promise)
    return list(groups.values())


def _within(group: Sequence[Promise]) -> list[Drift]:
    """Each target of one document beside the one of another that answers it best, when they differ."""
    found = []
    for one, other in _answering(group):
        tie = Tie.SAME if one.indicator == other.indicator else Tie.DECLARED
        said = differences(one, other)
        said = said if tie is Tie.DECLARED else tuple(part for part in said if part.kind is not Kind.WORDS)
        if any(part.kind is not Kind.WORDS for part in said):
            found.append(Drift(tie, one, other, said))
    return found


def _answering(group: Sequence[Promise]) -> list[tuple[Promise, Promise]]:
    """Pairs of two documents: of the same year and scope where there are such, else the nearest year."""
    pairs: dict[tuple[str, ...], tuple[Promise, Promise]] = {}
    by_document: dict[str, list[Promise]] = {}
    for promise in group:
        by_document.setdefault(promise.document, []).append(promise)
    for first, second in combinations(by_document.values(), 2):
        for here, there in ((first, second), (second, first)):
            for promise in here:
                answer = _nearest(promise, there)
                pair = (promise, answer) if here is first else (answer, promise)
                if not _is_said_better(pair, first, second):
                    pairs.setdefault(_key(pair), pair)
    return list(pairs.values())


def _nearest(promise: Promise, there: Iterable[Promise]) -> Promise:
    return min(there, key=lambda other: _distance(promise, other))


def _key(pair: tuple[Promise, Promise]) -> tuple[str, ...]:
    """Targets of other scopes are told once for two documents: thirty provinces are one difference, not thirty."""
    one, other = pair
    if one.scope == other.scope:
        return (one.code, other.code)
    return ("", one.document, other.document, one.indicator, other.indicator)


def _is_said_better(pair: tuple[Promise, Promise], first: Sequence[Promise], second: Sequence[Promise]) -> bool:
    """Another year says nothing where a side has an answer of its own year, nor another scope where it has one of its
    own scope: what a province owes for its part is not what the country owes.
    """
    one, other = pair
    if one.scope != other.scope:
        return _has_scope(one, second) or _has_scope(other, first)
    if one.year != other.year:
        return _is_answered(one, second) or _is_answered(other, first)
    return False


def _is_answered(promise: Promise, there: Iterable[Promise]) -> bool:
    return any((promise.year, promise.scope) == (other.year, other.scope) for other in there)


def _has_scope(promise: Promise, there: Iterable[Promise]) -> bool:
    return any(promise.scope == other.scope for other in there)


def _distance(promise: Promise, other: Promise) -> tuple[bool, int]:
    gap = abs((promise.year or 0) - (other.year or 0))
    return (promise.scope != other.scope, gap)


def _suggested(groups: Sequence[Sequence[Promise]]) -> Iterator[Drift]:
    """At most one suggestion for two groups: the pair of their alike targets whose years and scopes are nearest."""
    by_unit: dict[str, list[tuple[int, str, Promise]]] = {}
    for place, group in enumerate(groups):
        for promise in group:
            by_unit.setdefault(_plain(promise.unit), []).append((place, _sorted_words(promise.name), promise))
    best: dict[tuple[int, int], tuple[Promise, Promise]] = {}
    for rows in by_unit.values():
        for (here, words, one), (there, other_words, other) in combinations(rows, 2):
            if here == there or one.document == other.document:
                continue
            if fuzz.ratio(words, other_words, score_cutoff=ALIKE_FROM):
                pairs = [(one, other), best.get((here, there), (one, other))]
                best[here, there] = min(pairs, key=lambda pair: _distance(*pair))
    for one, other in best.values():
        yield Drift(Tie.ALIKE, one, other, differences(one, other))


def _unit(one: Promise, other: Promise) -> Difference | None:
    if _plain(one.unit) == _plain(other.unit):
        return None
    text = N_("Đơn vị tính khác nhau: %(one)s và %(other)s; chưa so được mức.")
    return Difference(Kind.UNIT, text, {"one": one.unit or "–", "other": other.unit or "–"})


def _bounds(one: Promise, other: Promise) -> Difference | None:
    a, b = one.bound, other.bound
    if _plain(one.unit) != _plain(other.unit) or (a.operator, a.low, a.high) == (b.operator, b.low, b.high):
        return None
    if {a.low, a.high} == {b.low, b.high}:
        return _operator(one, other)
    near, far = binding_bound(a, one.direction), binding_bound(b, one.direction)
    if near is None or far is None or near == far:
        text = N_("Khoảng khác nhau: %(one)s và %(other)s.")
        return Difference(Kind.AMOUNT, text, _wordings(one, other))
    text = _AMOUNTS[_asks_more(near, far, one.direction)]
    return Difference(Kind.AMOUNT, text, {**_wordings(one, other), "gap": Gap(abs(far - near), one.unit)})


_AMOUNTS = {
    True: N_("Mức khác nhau: %(one)s và %(other)s, chênh %(gap)s; văn bản sau đòi hỏi cao hơn."),
    False: N_("Mức khác nhau: %(one)s và %(other)s, chênh %(gap)s; văn bản sau đòi hỏi thấp hơn."),
    None: N_("Mức khác nhau: %(one)s và %(other)s, chênh %(gap)s."),
}


def _asks_more(near: Decimal, far: Decimal, direction: Direction) -> bool | None:
    if direction is Direction.HOLD:
        return None
    return far > near if direction is Direction.RISE else far < near


# "over" and "at least" differ by the end alone, and so do "under" and "at most".
_ONLY_THE_END_DIFFERS = (
    {Operator.MORE_THAN, Operator.AT_LEAST},
    {Operator.LESS_THAN, Operator.AT_MOST},
)
_OPERATORS = {
    "looser": N_("%(one)s thành %(other)s: hơi nới, đúng %(amount)s cũng đạt."),
    "tighter": N_("%(one)s thành %(other)s: hơi siết, đúng %(amount)s chưa đạt."),
    "vaguer": N_("%(one)s thành %(other)s: không còn mức rõ để nói đạt hay chưa."),
    "clearer": N_("%(one)s thành %(other)s: rõ hơn, nói được đạt hay chưa."),
    "other": N_("%(one)s và %(other)s: cùng con số nhưng cách ràng buộc khác nhau."),
}


def _operator(one: Promise, other: Promise) -> Difference:
    a, b = one.bound.operator, other.bound.operator
    amount = one.bound.low if one.bound.low is not None else one.bound.high
    how = "other"
    if Operator.ABOUT in {a, b}:
        how = "vaguer" if b is Operator.ABOUT else "clearer"
    elif {a, b} in _ONLY_THE_END_DIFFERS:
        how = "looser" if STRICTNESS[b] > STRICTNESS[a] else "tighter"
    return Difference(Kind.OPERATOR, _OPERATORS[how], {**_wordings(one, other), "amount": amount or Decimal(0)})


def _wordings(one: Promise, other: Promise) -> dict[str, Said]:
    return {"one": one.bound, "other": other.bound}


def _year(one: Promise, other: Promise) -> Difference | None:
    if one.year == other.year:
        return None
    if one.year is None or other.year is None:
        text = N_("Một văn bản nêu năm %(year)s, văn bản kia không nêu năm.")
        return Difference(Kind.YEAR, text, {"year": str(one.year or other.year)})
    text = N_("Năm phải đạt khác nhau: %(one)s và %(other)s.")
    return Difference(Kind.YEAR, text, {"one": str(one.year), "other": str(other.year)})


def _scope(one: Promise, other: Promise) -> Difference | None:
    if one.scope == other.scope:
        return None
    text = N_("Phạm vi khác nhau: %(one)s và %(other)s; đây có thể là hai chỉ tiêu, không gộp.")
    return Difference(Kind.SCOPE, text, {"one": one.scope, "other": other.scope})


def _names(one: Promise, other: Promise) -> Difference | None:
    """The words that only one of two names has: a scope told in the name must not go unseen."""
    if one.indicator == other.indicator or _plain(one.name) == _plain(other.name):
        return None
    here, there = one.name.split(), other.name.split()
    known, answered = {_plain(word) for word in here}, {_plain(word) for word in there}
    only_here = " ".join(word for word in here if _plain(word) not in answered)
    only_there = " ".join(word for word in there if _plain(word) not in known)
    text = N_("Tên khác nhau ở chữ: “%(one)s” và “%(other)s”.")
    return Difference(Kind.WORDS, text, {"one": only_here or "–", "other": only_there or "–"})


def _sorted_words(text: str) -> str:
    return " ".join(sorted(_plain(text).split()))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+|%|‰", fold(text)))
