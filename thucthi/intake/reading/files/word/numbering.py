"""The numbers that Word itself puts before paragraphs: they stand in no text, yet the outline lives by them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from thucthi.intake.reading.files.word.names import VAL, Element, child, number, switch, value, w

_PLACEHOLDER = re.compile(r"%([1-9])")
_LEVELS = 9
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)
_LARGEST_COUNTED = 32_767
# Bullets that mean something in an outline; any other sign is one more way to draw a dash.
_MEANT_BULLETS = {"+": "+", "*": "*", "•": "•", "·": "•", "\uf0b7": "•"}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    pattern: str = ""
    joint: str = " "
    is_legal: bool = False
    restart: int | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A `w:num`: which counter it moves, its levels, and where its own start overrides the counter."""

    counter: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class _Counter:
    values: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document; ask for labels in the order of the text."""

    def __init__(self, root: Element | None, list_styles: Mapping[str, str] | None = None) -> None:
        """`root` is numbering.xml; `list_styles` maps the id of a numbering style to its list."""
        self._lists = {} if root is None else _lists(root, list_styles or {})
        self._counters: dict[str, _Counter] = {}
        self._started: set[tuple[str, int]] = set()

    def label(self, list_id: str, level: int) -> str:
        """The next label with what stands between it and the words; "" for a list that is not there."""
        numbered = self._lists.get(list_id)
        if numbered is None or not 0 <= level < _LEVELS:
            return ""
        counter = self._counters.setdefault(numbered.counter, _Counter())
        self._advance(list_id, numbered, counter, level)
        own = numbered.levels.get(level, _Level())
        if own.kind == "bullet":
            return f"{_MEANT_BULLETS.get(own.pattern.strip(), '-')}{own.joint or ' '}" if own.pattern.strip() else ""
        written = _PLACEHOLDER.sub(lambda found: _part(numbered, counter, own, int(found[1]) - 1), own.pattern)
        return f"{written}{own.joint}" if written.strip() else ""

    def _advance(self, list_id: str, numbered: _List, counter: _Counter, level: int) -> None:
        values = counter.values
        start = numbered.starts.get(level)
        if start is not None and (list_id, level) not in self._started:
            values[level] = start
        elif level in values:
            values[level] += 1
        else:
            values[level] = numbered.levels.get(level, _Level()).start if start is None else start
        self._started.add((list_id, level))
        for deeper in [other for other in values if other > level]:
            restart = numbered.levels.get(deeper, _Level()).restart
            if restart is None or 0 < restart >= level + 1:
                del values[deeper]


def _part(numbered: _List, counter: _Counter, own: _Level, level: int) -> str:
    shown = numbered.levels.get(level, _Level())
    # A level above that never stood in the text shows its first number.
    reached = counter.values.setdefault(level, shown.start)
    return _written(reached, "decimal" if own.is_legal and shown.kind != "none" else shown.kind)


def _written(count: int, kind: str) -> str:
    if kind == "none":
        return ""
    if 0 < count <= _LARGEST_COUNTED:
        if kind in ("upperRoman", "lowerRoman"):
            return _roman(count).upper() if kind == "upperRoman" else _roman(count)
        if kind in ("upperLetter", "lowerLetter"):
            letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
            return letter.upper() if kind == "upperLetter" else letter
    return f"{count:02}" if kind == "decimalZero" else str(count)


def _roman(count: int) -> str:
    written = ""
    for worth, sign in _ROMAN:
        times, count = divmod(count, worth)
        written += sign * times
    return written


def _lists(root: Element, list_styles: Mapping[str, str]) -> dict[str, _List]:
    abstract = {element.get(w("abstractNumId"), ""): element for element in root.iterfind(w("abstractNum"))}
    of_list = {
        element.get(w("numId"), ""): value(element, "abstractNumId") or "" for element in root.iterfind(w("num"))
    }
    found = {}
    for element in root.iterfind(w("num")):
        name = element.get(w("numId"), "")
        counter = of_list[name]
        linked = value(abstract.get(counter), "numStyleLink")
        if linked is not None:
            counter = of_list.get(list_styles.get(linked, ""), counter)
        levels = _levels(abstract.get(counter))
        starts = {}
        for override in element.iterfind(w("lvlOverride")):
            level = int(override.get(w("ilvl"), "0") or 0)
            own = child(override, "lvl")
            if own is not None:
                levels[level] = _level(own)
            start = number(override, "startOverride")
            if start is not None:
                starts[level] = start
        found[name] = _List(counter, levels, starts)
    return found


def _levels(abstract: Element | None) -> dict[int, _Level]:
    if abstract is None:
        return {}
    return {int(level.get(w("ilvl"), "0") or 0): _level(level) for level in abstract.iterfind(w("lvl"))}


def _level(element: Element) -> _Level:
    start = number(element, "start")
    kind = value(element, "numFmt") or "decimal"
    pattern = child(element, "lvlText")
    return _Level(
        start=1 if start is None else start,
        kind=kind,
        pattern="" if pattern is None else pattern.get(VAL, ""),
        joint="" if value(element, "suff") == "nothing" else " ",
        is_legal=bool(switch(element, "isLgl")),
        restart=number(element, "lvlRestart"),
    )
