"""The bodies that open a sentence."""

import re
from datetime import date

from thucthi.intake.reading.bodies import grammar
from thucthi.intake.reading.bodies.finding import Finder
from thucthi.intake.reading.bodies.known import NamedBody
from thucthi.intake.reading.bodies.listing import Listing
from thucthi.intake.reading.bodies.wording import even, tokens

_LINK = re.compile(r"\s*(?:[,;/]\s*(?:và\s+)?|\s+và\s+|\s+cùng\s+)\s*(?=\S)")
_STOP = re.compile(r"[,;:.()\n]")


class Opening:
    def __init__(self, finder: Finder, text: str, on: date | None) -> None:
        self._finder, self._text, self._on = finder, text, on
        self._evened = even(text)
        self._words = tokens(self._evened)
        self._by_start = {word.start: place for place, word in enumerate(self._words)}

    def bodies(self) -> tuple[NamedBody, ...]:
        mark = grammar.ENUMERATOR.match(self._evened)
        start = mark.end() if mark else len(self._evened) - len(self._evened.lstrip())
        end = self._one(start)
        if end is None:
            return ()
        while True:
            link = _LINK.match(self._evened, end)
            following = (self._one(link.end()) or self._shortened(link.end())) if link else None
            if following is None:
                break
            end = following
        listed = Listing(self._finder, self._text[start:end], self._on).bodies()
        return tuple(
            NamedBody(body.name, body.start + start, body.end + start, body.known, body.is_collective)
            for body in listed
        )

    def _one(self, start: int) -> int | None:
        """Where the body that begins at `start` ends; None when none does."""
        first = self._by_start.get(start)
        if first is None:
            return None
        span = self._finder.at(self._evened, self._words, first, self._on)
        end = span.end if span else self._unlisted(start)
        bracket = re.compile(r"\s*\([^()]*\)").match(self._evened, end) if end else None
        return bracket.end() if bracket else end

    def _shortened(self, start: int) -> int | None:
        """A name without its first word: "Bộ Công an, Quốc phòng"."""
        first = self._by_start.get(start)
        if first is None or not self._evened[start].isupper():
            return None
        heads = ("Bộ", "Sở")
        found = (self._finder.called(head, self._evened, self._words, first, self._on) for head in heads)
        return next((span.end for span in found if span), None)

    def _unlisted(self, start: int) -> int | None:
        """A name that no list holds counts when a verb, a colon or the next body ends it."""
        if not grammar.head().match(self._evened, start) and not grammar.counted().match(self._evened, start):
            return None
        stop = _STOP.search(self._evened, start)
        verb = grammar.verb().search(self._evened, start)
        limit = stop.start() if stop else len(self._evened)
        if verb and verb.start() <= limit:
            return start + len(self._evened[start : verb.start()].rstrip())
        if stop and stop[0] in ":(":
            return limit
        link = _LINK.match(self._evened, limit)
        return limit if link and self._one(link.end()) is not None else None
