"""The words right before a figure: how it is compared, and by which verb it is tied to what is measured."""

import re
from dataclasses import dataclass, replace

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import Operator
from thucthi.intake.reading.targets.matching import any_of

_WORDS = rules("target_words")
_OPERATORS = {
    name: re.compile(any_of(_WORDS["operators"][name]) + r"$")
    for name in (
        "at_least",
        "more_than",
        "at_most",
        "less_than",
        "about",
        "equal",
    )
}
_MEANS = {
    "at_least": Operator.AT_LEAST,
    "more_than": Operator.MORE_THAN,
    "at_most": Operator.AT_MOST,
    "less_than": Operator.LESS_THAN,
    "about": Operator.ABOUT,
    "equal": Operator.EQUAL,
}
_VERBS = {name: re.compile(any_of(_WORDS["verbs"][name]) + r"$") for name in ("levels", "increase", "decrease", "weak")}
_FILLERS = {
    "filler": re.compile(any_of(_WORDS["verbs"]["fillers"]) + r"$"),
    "aspiration": re.compile(any_of(_WORDS["contexts"]["aspiration"]) + r"$"),
}
_BEFORE_A_FIGURE = {**_OPERATORS, **_VERBS, **_FILLERS}
_BEFORE_A_VERB = {
    **_OPERATORS,
    "filler": re.compile(any_of(_WORDS["verbs"]["auxiliaries"]) + r"$"),
    "aspiration": _FILLERS["aspiration"],
}
_RATE = re.compile(r"tốc độ\s*$")
_NEVER = re.compile(r"\bkhông (?:có|để|còn|cho)\b[^;]{0,60}$")
_AT_LEAST_AFTER = re.compile(r"\s*" + any_of(_WORDS["operators"]["at_least_after"]))
_AT_MOST_AFTER = re.compile(r"\s*" + any_of(_WORDS["operators"]["at_most_after"]))
_FLIPPED = {Operator.LESS_THAN: Operator.AT_LEAST, Operator.MORE_THAN: Operator.AT_MOST}
_FARTHEST = 120
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Lead:
    """`start` is where these words begin; `verb` is levels, increase, decrease or weak; `said` the verb itself."""

    start: int
    operator: Operator | None
    verb: str | None
    said: str
    is_rate: bool = False
    is_never: bool = False
    is_aimed: bool = False

    @property
    def is_firm(self) -> bool:
        return self.verb in ("levels", "increase", "decrease")


def lead_before(small: str, floor: int, at: int) -> Lead:
    """Strips words from the right of small[floor:at] as long as they belong to the figure."""
    end, verb, said, is_aimed = at, None, "", False
    operators: list[Operator] = []
    for _ in range(_MOST_WORDS):
        end = floor + len(small[floor:end].rstrip(' :(“"'))
        kind, begin = _last_words(small, floor, end, verb)
        if kind is None:
            break
        if kind in _OPERATORS:
            operators.append(_MEANS[kind])
        elif kind in _VERBS:
            verb, said = kind, small[begin:end]
        is_aimed = is_aimed or kind == "aspiration"
        end = begin
    return replace(_finished(small, floor, end, (verb, said), operators), is_aimed=is_aimed)


def operator_after(small: str, end: int) -> tuple[Operator | None, int]:
    """ "trở lên" and the like right after a figure, and where they end."""
    if found := _AT_LEAST_AFTER.match(small, end):
        return Operator.AT_LEAST, found.end()
    if found := _AT_MOST_AFTER.match(small, end):
        return Operator.AT_MOST, found.end()
    return None, end


def _last_words(small: str, floor: int, end: int, verb: str | None) -> tuple[str | None, int]:
    patterns = _BEFORE_A_VERB if verb else _BEFORE_A_FIGURE
    # Each of them ends where the figure begins: what stands far before it need not be searched.
    near = max(floor, end - _FARTHEST)
    found = [(match.start(), kind) for kind, pattern in patterns.items() if (match := pattern.search(small, near, end))]
    if not found:
        return None, end
    start = min(begin for begin, _ in found)
    return next(kind for begin, kind in found if begin == start), start


def _finished(small: str, floor: int, end: int, verb: tuple[str | None, str], operators: list[Operator]) -> Lead:
    operator = next((each for each in operators if each is not Operator.ABOUT), operators[0] if operators else None)
    is_never = bool(operator in _FLIPPED and _NEVER.search(small, floor, end))
    if is_never and operator:
        operator = _FLIPPED[operator]
    is_rate = verb[0] in ("increase", "decrease") and bool(_RATE.search(small, floor, end))
    return Lead(end, operator, "levels" if is_rate else verb[0], verb[1], is_rate, is_never)
