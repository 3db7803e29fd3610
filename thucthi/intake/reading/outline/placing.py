"""Puts the labels of a text under one another and gives each clause its path."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from thucthi.intake.reading.outline.clauses import Outline
from thucthi.intake.reading.outline.labels import BULLETS, WORDED, Kind, Label, follows, readings
from thucthi.intake.reading.outline.running import labels_inside
from thucthi.intake.reading.outline.stretches import FLATTENED, Sign, stretches
from thucthi.intake.reading.shapes import ClauseRead
from thucthi.intake.reading.source import Line, Source

# A document's clauses are kept with paths of at most this many letters.
_LONGEST_PATH = 60
# A number that leaps further than this ahead of the one before is a date or an amount at the beginning of a line.
_LONGEST_LEAP = 30
_NUMBERED = (Kind.NUMBER, Kind.DECIMAL, Kind.ARTICLE)
_KNOWN_ALONE = (Kind.ANNEX, Kind.ATTACHMENT, Kind.PART, Kind.ARTICLE)
_PREAMBLE = re.compile(r"\s*(?:Căn cứ|Theo đề nghị|Xét |Thực hiện |Trên cơ sở)")
# Labels that open the text again after the signature, even without a heading of an annexed document.
_REOPENING = frozenset({Kind.ANNEX, Kind.ATTACHMENT, Kind.PART, Kind.CHAPTER, Kind.ARTICLE, Kind.CAPITAL, Kind.ROMAN})


@dataclass(slots=True)
class _Placed:
    """A clause being read: where it stands in the outline and what came last among its children of each kind."""

    label: Label
    place: int
    path: str
    parent: "_Placed | None"
    children: dict[Kind, int] = field(default_factory=dict)


def read_outline(source: Source) -> Outline:
    """The numbered places of the text. Tables, quoted amendments, the head and the closing lines make no clauses."""
    reader = _Reader(source)
    for stretch in stretches(source):
        if stretch.sign is Sign.CLOSING:
            reader.close(stretch.line.start)
        elif stretch.label or len(stretch.line.text) > FLATTENED:
            reader.take(stretch.line, stretch.label)
    return Outline(reader.finish())


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._stack: list[_Placed] = []
        self._placed: list[_Placed] = []
        self._ends: dict[int, int] = {}
        self._paths: set[str] = set()
        self._roots: dict[Kind, int] = {}
        self._is_closed = False
        self._has_capitals = False

    def close(self, offset: int) -> None:
        """The signature or the list of receivers: what follows belongs to no clause until something opens again."""
        if self._placed and not self._is_closed:
            self._ends[len(self._placed) - 1] = offset
        self._stack = []
        self._is_closed = bool(self._placed)

    def take(self, line: Line, label: Label | None) -> None:
        if label:
            self._try(label)
        if len(line.text) > FLATTENED:
            begin = label.end if label else line.start
            for inner in labels_inside(
                self._source.text, begin, line.end, lambda: [each.label for each in self._stack]
            ):
                self._try(inner)

    def finish(self) -> tuple[ClauseRead, ...]:
        text = self._source.text
        nexts = [each.label.start for each in self._placed[1:]] + [len(text)]
        clauses = []
        for place, (placed, until) in enumerate(zip(self._placed, nexts, strict=False)):
            start = placed.label.start
            end = start + len(text[start : min(until, self._ends.get(place, until))].rstrip(" \n|"))
            parent = placed.parent.place if placed.parent else None
            kind = placed.label.kind.name.lower()
            clauses.append(ClauseRead(placed.path, start, end, text[start:end], placed.label.label, kind, parent))
        return tuple(clauses)

    def _try(self, label: Label) -> None:
        if self._is_closed and not self._reopens(label):
            return
        chosen, depth = self._choose(label)
        if self._is_stray(chosen, depth):
            return
        self._is_closed = False
        self._put(chosen, depth)

    def _reopens(self, label: Label) -> bool:
        if label.kind not in _REOPENING:
            return False
        return label.kind < Kind.CAPITAL or label.value == 1

    def _choose(self, label: Label) -> tuple[Label, int]:
        """The reading of the label that continues a list, otherwise the likeliest; and how much of the stack stays."""
        meanings = readings(label)
        for meaning in meanings:
            for depth in range(len(self._stack) - 1, -1, -1):
                if follows(meaning, self._stack[depth].label) and self._may_go_back_to(meaning, depth):
                    return meaning, depth
        for meaning in meanings[1:]:
            if meaning.kind is Kind.SMALL_ROMAN and meaning.value == 1:
                return meaning, self._depth(meaning)
        return label, self._depth(label)

    def _may_go_back_to(self, label: Label, depth: int) -> bool:
        """A dash continues the dashes above it only over narrower clauses: under a new letter it begins a new list."""
        return label.kind not in BULLETS or all(each.label.kind > label.kind for each in self._stack[depth + 1 :])

    def _depth(self, label: Label) -> int:
        """How much of the stack stays above a label that continues no list."""
        if label.kind not in WORDED and label.value <= 1 and self._is_announced(label):
            return len(self._stack)
        kinds = [each.label.kind for each in self._stack]
        if label.kind is Kind.DECIMAL:
            return self._under_number(label)
        if label.kind is Kind.CAPITAL and Kind.ROMAN in kinds and Kind.CAPITAL not in kinds and not self._has_capitals:
            return kinds.index(Kind.ROMAN) + 1
        if label.kind is Kind.CAPITAL and Kind.CAPITAL in kinds:
            return kinds.index(Kind.CAPITAL)
        if label.kind is Kind.ROMAN:
            return self._below(lambda kind: kind < Kind.ARTICLE or kind is Kind.CAPITAL)
        return self._below(lambda kind: kind < label.kind)

    def _below(self, is_wider: Callable[[Kind], bool]) -> int:
        depth = len(self._stack)
        while depth and not is_wider(self._stack[depth - 1].label.kind):
            depth -= 1
        return depth

    def _under_number(self, label: Label) -> int:
        """ "2.1" goes under "2", "33.2.7" under "33.2" or else "33"; without these under the nearest wider clause."""
        for depth in range(len(self._stack), 0, -1):
            above = self._stack[depth - 1].label
            if above.kind in _NUMBERED and _is_inside(label, above):
                return depth
        return self._below(lambda kind: kind < Kind.NUMBER)

    def _is_announced(self, label: Label) -> bool:
        """Whether the words just before end with a colon, so that a list that begins now belongs to their clause."""
        if not self._stack or self._stack[-1] is not self._placed[-1]:
            return False
        last = self._stack[-1].label
        if last.kind is label.kind or (last.kind in BULLETS and label.kind in BULLETS):
            return False
        return self._source.text[last.end : label.start].rstrip().endswith(":")

    def _is_stray(self, label: Label, depth: int) -> bool:
        """A wrapped line that happens to begin like a label, or a dash before the "căn cứ" of the head."""
        if label.kind in BULLETS:
            return not self._stack and bool(_PREAMBLE.match(self._source.text, label.end))
        if label.kind is Kind.ATTACHMENT:
            return not self._placed
        before = self._stack[depth].label if depth < len(self._stack) else None
        if before and follows(label, before):
            return False
        last = before.value if before and before.kind is label.kind else 0
        is_leap = label.value > last + _LONGEST_LEAP and bool(self._stack)
        return is_leap or (not label.is_sure and label.value != 1)

    def _put(self, label: Label, depth: int) -> None:
        del self._stack[depth:]
        parent = self._stack[-1] if self._stack else None
        counts = parent.children if parent else self._roots
        counts[label.kind] = counts.get(label.kind, 0) + 1
        path = self._path(label, parent, counts[label.kind])
        placed = _Placed(label, len(self._placed), path, parent)
        self._has_capitals |= label.kind is Kind.CAPITAL and parent is None
        self._placed.append(placed)
        self._stack.append(placed)

    def _path(self, label: Label, parent: _Placed | None, count: int) -> str:
        path = _joined(parent, label, count)
        around = _surrounding(parent)
        if path in self._paths and around and not path.startswith(around.path):
            path = f"{around.path}.{path}"
        path = path if len(path) <= _LONGEST_PATH - 5 else path[: _LONGEST_PATH - 6].rstrip(". ") + "…"
        found, times = path, 1
        while found in self._paths:
            times += 1
            found = f"{path}~{times}"
        self._paths.add(found)
        return found


def _is_inside(label: Label, above: Label) -> bool:
    """Whether a number like 2.1 goes on from a shorter one like 2."""
    return len(above.values) < len(label.values) and above.values == label.values[: len(above.values)]


def _surrounding(placed: _Placed | None) -> _Placed | None:
    """The annexed document that a clause belongs to."""
    while placed and placed.label.kind not in (Kind.ANNEX, Kind.ATTACHMENT):
        placed = placed.parent
    return placed


def _joined(parent: _Placed | None, label: Label, count: int) -> str:
    """The label behind its parent's path; an article or a part is known by its own number alone."""
    own = f"{label.label}{count}" if label.kind in BULLETS else label.label
    if parent is None or parent.label.kind is Kind.ATTACHMENT or label.kind in _KNOWN_ALONE:
        return own
    if label.kind is Kind.CHAPTER and parent.label.kind is not Kind.PART:
        return own
    if label.kind is Kind.DECIMAL and parent.label.kind in _NUMBERED and _is_inside(label, parent.label):
        own = ".".join(map(str, label.values[len(parent.label.values) :]))
    return f"{parent.path}.{own}"
