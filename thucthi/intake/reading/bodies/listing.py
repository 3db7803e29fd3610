"""Cutting a list of bodies into its members."""

import re
from collections.abc import Iterator
from datetime import date

from thucthi.intake.reading.bodies import grammar
from thucthi.intake.reading.bodies.finding import Finder, Span
from thucthi.intake.reading.bodies.known import NamedBody
from thucthi.intake.reading.bodies.wording import even, tokens

_TRIMMED = " \t\n.,;:-–+*•"
_SHARED = re.compile(r"^(Bộ|Sở|Ban)\s")


class Listing:
    def __init__(self, finder: Finder, text: str, on: date | None) -> None:
        self._finder, self._text, self._on = finder, text, on
        self._evened = even(text)
        self._words = tokens(self._evened)
        self._spans = _outside(finder.find(text, on), self._brackets())
        self._add_shortened()

    def bodies(self) -> tuple[NamedBody, ...]:
        cuts = sorted(set(self._cuts()))
        starts = [0, *(after for _before, after in cuts)]
        ends = [*(before for before, _after in cuts), len(self._text)]
        return tuple(body for start, end in zip(starts, ends, strict=True) for body in self._named(start, end))

    def _brackets(self) -> list[tuple[int, int]]:
        return [found.span() for found in grammar.BRACKETS.finditer(self._evened)]

    def _cuts(self) -> Iterator[tuple[int, int]]:
        """Where one member ends and the next begins."""
        closed = [*self._brackets(), *((span.start, span.end) for span in self._spans)]
        for found in grammar.SEPARATOR.finditer(self._evened):
            if any(start < found.end() and found.start() < end for start, end in closed):
                continue
            if found["hard"] or self._opens_body(found.end(), found.start(), is_line=found["line"] is not None):
                yield found.span()
        for before, after in zip(self._spans, self._spans[1:], strict=False):
            if not self._text[before.end : after.start].strip() and self._stands_alone(before):
                yield before.end, after.start

    def _stands_alone(self, span: Span) -> bool:
        """ "các cơ quan" may go on with the name of what they belong to; two kinds or a follower do not."""
        return (
            not span.is_collective
            or "," in self._text[span.start : span.end]
            or "liên quan" in (self._text[span.start : span.end])
        )

    def _opens_body(self, place: int, before: int, *, is_line: bool) -> bool:
        while place < len(self._evened) and self._evened[place].isspace():
            place += 1
        if any(span.start == place for span in self._spans):
            return True
        if grammar.head().match(self._evened, place) or grammar.group_opening().match(self._evened, place):
            return True
        follows_body = any(span.end == before for span in self._spans) and not is_line
        return follows_body and self._evened[place : place + 1].isupper()

    def _named(self, start: int, end: int) -> Iterator[NamedBody]:
        opening = grammar.ENUMERATOR.match(self._text[start:end])
        start += opening.end() if opening else 0
        shared = grammar.SHARED_HEAD.match(self._evened, start, end)
        if shared and any(span.start >= shared.end() and span.name for span in self._spans if span.start < end):
            start = shared.end()
        while start < end and self._text[start] in _TRIMMED:
            start += 1
        while end > start and self._text[end - 1] in _TRIMMED:
            end -= 1
        if start < end and any(char.isalnum() for char in self._text[start:end]):
            yield self._body(start, end)

    def _body(self, start: int, end: int) -> NamedBody:
        written = " ".join(self._text[start:end].split())
        opening = next((span for span in self._spans if span.start == start and span.end <= end), None)
        if opening is None:
            return NamedBody(written, start, end, None, _is_group(written))
        rest = self._text[opening.end : end].strip()
        known = opening.known if not rest or rest.startswith("(") else None
        is_group = opening.is_collective or (known is None and _is_group(written))
        return NamedBody(opening.name if opening.name and not rest else written, start, end, known, is_group)

    def _add_shortened(self) -> None:
        """Names said without their first word: after "các Sở:", and after another body of the same kind."""
        head = ""
        for found in grammar.SHARED_HEAD.finditer(self._evened):
            head = (found["head"] or found["plural"]).capitalize()
            self._add_after(found.end(), head)
        for span in list(self._spans):
            shared = _SHARED.match(self._evened[span.start : span.end])
            if shared and span.known and not span.name:
                self._add_after(span.end, shared[1])

    def _add_after(self, place: int, head: str) -> None:
        """Members that follow one another from `place` on, each known once `head` is put before it."""
        while True:
            separator = re.compile(r"\s*(?:,|\bvà\b|;)?\s*").match(self._evened, place)
            place = separator.end() if separator else place
            first = next((at for at, word in enumerate(self._words) if word.start == place), None)
            if first is None or not self._evened[place].isupper():
                return
            found = self._finder.called(head, self._evened, self._words, first, self._on)
            standing = next((span for span in self._spans if span.start == place), None)
            if found is None or (standing and standing.end >= found.end):
                return
            self._spans = sorted(
                [*(span for span in self._spans if span.end <= found.start or span.start >= found.end), found],
                key=lambda span: span.start,
            )
            place = found.end


def _is_group(written: str) -> bool:
    evened = even(written)
    return bool(grammar.counted().match(evened) or grammar.unnamed().match(evened))


def _outside(spans: list[Span], brackets: list[tuple[int, int]]) -> list[Span]:
    return [span for span in spans if not any(start < span.start < end for start, end in brackets)]
