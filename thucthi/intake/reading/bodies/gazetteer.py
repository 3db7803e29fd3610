"""The bodies that a text names: lists in cells and at the opening of sentences, and who answers for them today."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from thucthi.intake.reading.bodies import grammar
from thucthi.intake.reading.bodies.finding import Finder, Span
from thucthi.intake.reading.bodies.known import KnownBody, KnownSuccession, NamedBody
from thucthi.intake.reading.bodies.listing import Listing
from thucthi.intake.reading.bodies.opening import Opening
from thucthi.intake.reading.bodies.shipped import former_places, shipped_bodies
from thucthi.intake.reading.bodies.successions import follow
from thucthi.intake.reading.bodies.wording import even, key
from thucthi.intake.reading.shapes import Succession


def is_collective(name: str) -> bool:
    """Whether it is a group without a name of its own, of which nobody answers alone: "các bộ, ngành"."""
    evened = even(name).strip()
    if grammar.counted().match(evened) or grammar.organs_of_many().match(evened):
        return True
    group = grammar.collective().match(evened)
    if group and (group["more"] or grammar.generally_said().search(evened)):
        return True
    return grammar.unnamed().match(evened) is not None


class Gazetteer:
    """Known bodies by all their names. `places` holds what became of provinces, by name."""

    def __init__(self, bodies: Iterable[KnownBody], places: Mapping[str, KnownSuccession] | None = None) -> None:
        self.bodies = tuple(bodies)
        self._finder = Finder(self.bodies, former_places() if places is None else places)
        self._by_name = {key(name): body for body in reversed(self.bodies) for name in (*body.aliases, body.name)}

    @classmethod
    @cache
    def shipped(cls) -> "Gazetteer":
        """The bodies that the product itself knows: the State, the Party, the Front, state groups, provinces."""
        return cls(shipped_bodies())

    def split(self, text: str, on: date | None = None) -> tuple[NamedBody, ...]:
        """The bodies of a list as a cell or a phrase has it, in order; nothing of the text but separators is left out.

        A known name is kept whole whatever stands in it, and so are a group ("Các bộ, ngành, địa phương") and what
        follows a name in brackets. What no list holds is cut before words that open the name of a body.
        """
        return Listing(self._finder, text, on).bodies()

    def leading(self, text: str, on: date | None = None) -> tuple[NamedBody, ...]:
        """The bodies with which a sentence opens, up to what they do; empty when it does not open with one."""
        return Opening(self._finder, text, on).bodies()

    def find(self, text: str, on: date | None = None) -> tuple[NamedBody, ...]:
        """Every known body and group anywhere in a text."""
        return tuple(_named(text, span) for span in self._finder.find(text, on))

    def known(self, name: str) -> KnownBody | None:
        """The body called exactly so, by any of its names."""
        return self._by_name.get(key(name))

    def succession(self, body: NamedBody, on: date | None, today: date, *, about: str = "") -> Succession | None:
        """Who answers on `today` for a body that a text of the day `on` names; None when it still stands.

        `about` is what the task says: a part of a ministry's work may have gone elsewhere than the rest.
        """
        return follow(body, self.known, on=on, today=today, about=about)


def _named(text: str, span: Span) -> NamedBody:
    return NamedBody(span.name or text[span.start : span.end], span.start, span.end, span.known, span.is_collective)
