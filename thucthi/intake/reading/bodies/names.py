"""All known names in one tree, so that the longest one standing at a place is found in one walk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from thucthi.intake.reading.bodies.known import KnownBody
from thucthi.intake.reading.bodies.wording import JOINT, Token, key

# OCR and justified lines break words: "Văn p hòng".
_LONGEST_BROKEN_WORD = 7


@dataclass(slots=True)
class _Node:
    following: dict[str, "_Node"] = field(default_factory=dict)
    bodies: list[tuple[KnownBody, str | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match:
    """A known body standing in tokens[first:last]."""

    body: KnownBody
    first: int
    last: int


class NameTree:
    def __init__(self) -> None:
        self._root = _Node()

    def add(self, name: str, body: KnownBody) -> None:
        """One word, an abbreviation, is found in its own case only."""
        node = self._root
        for word in key(name):
            node = node.following.setdefault(word, _Node())
        if node is not self._root:
            node.bodies.append((body, None if " " in name.strip() else name))

    def longest(
        self, words: Sequence[Token], text: str, first: int, on: date | None = None, *, after: str = ""
    ) -> Match | None:
        """The longest name that begins at words[first], as if `after` ("Bộ") stood before it."""
        node = self._root.following.get(after.lower()) if after else self._root
        best: Match | None = None
        states = [(first, node)] if node else []
        while states:
            at, here = states.pop()
            body = self._body_at(here, text[words[first].start : words[at - 1].end] if at > first else "", on)
            if body and at > first and (best is None or at > best.last):
                best = Match(body, first, at)
            states += self._steps(words, at, here)
        return best

    @staticmethod
    def _body_at(node: _Node, written: str, on: date | None) -> KnownBody | None:
        fitting = [body for body, exactly in node.bodies if exactly is None or exactly == written]
        standing = [body for body in fitting if on is None or _stood(body, on)]
        return next(iter(standing or fitting), None)

    @staticmethod
    def _steps(words: Sequence[Token], at: int, here: _Node) -> list[tuple[int, _Node]]:
        steps: list[tuple[int, _Node]] = []
        joint = here.following.get(JOINT)
        if joint is not None:
            past = at
            while past < len(words) and past < at + 2 and words[past].is_joiner:
                past += 1
            steps += NameTree._steps(words, past, joint)
        if at >= len(words):
            return steps
        if words[at].word in here.following:
            steps.append((at + 1, here.following[words[at].word]))
        elif at + 1 < len(words) and words[at].end < words[at + 1].start:
            broken = words[at].word + words[at + 1].word
            if len(broken) <= _LONGEST_BROKEN_WORD and broken in here.following:
                steps.append((at + 2, here.following[broken]))
        return steps


def _stood(body: KnownBody, on: date) -> bool:
    return (body.valid_from is None or body.valid_from <= on) and (body.valid_to is None or on <= body.valid_to)
