"""Every body and group of bodies standing in a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from thucthi.intake.reading.bodies import grammar
from thucthi.intake.reading.bodies.known import KnownBody, KnownSuccession
from thucthi.intake.reading.bodies.names import NameTree
from thucthi.intake.reading.bodies.wording import Token, even, key, tokens
from thucthi.intake.reading.rules import rules


@dataclass(frozen=True, slots=True)
class Span:
    """Something found in text[start:end]; `name` when the text says it shorter than it is called."""

    start: int
    end: int
    known: KnownBody | None = None
    is_collective: bool = False
    name: str | None = None


class Finder:
    """The known names, local bodies with their places, posts and Party organs put before a body."""

    def __init__(self, bodies: Iterable[KnownBody], places: Mapping[str, KnownSuccession] | None = None) -> None:
        self._known, self._local, self._before = NameTree(), NameTree(), NameTree()
        self._places = places or {}
        former = [entry["body"] for entry in rules("successions")["changes"] if entry.get("is_local")]
        local = {key(name) for names in (*rules("bodies")["local"], *former) for name in names}
        for body in bodies:
            for name in (body.name, *body.aliases):
                (self._local if key(name) in local else self._known).add(name, body)
        for word in (*rules("bodies")["posts"], *rules("bodies")["party_organs"]):
            self._before.add(f"{word} ", KnownBody(word))

    def find(self, text: str, on: date | None) -> list[Span]:
        """Spans in order, none overlapping; at one place the longest wins, a known body before a group."""
        evened = even(text)
        words = tokens(evened)
        found: list[Span] = []
        at = 0
        while at < len(words):
            span = self.at(evened, words, at, on)
            if span is None:
                at += 1
                continue
            found.append(span)
            while at < len(words) and words[at].start < span.end:
                at += 1
        return found

    def at(self, evened: str, words: list[Token], first: int, on: date | None) -> Span | None:
        known = self._known_at(evened, words, first, on)
        group = _group_at(evened, words[first].start)
        if known and group and known.end == group.end and "cấp" in evened[group.start : group.end]:
            return group
        return known if known and (not group or known.end >= group.end) else group

    def called(self, head: str, evened: str, words: list[Token], first: int, on: date | None) -> Span | None:
        """A body named without its first word, which was said before: "các Sở: Nội vụ, Tài chính"."""
        for tree in (self._known, self._local):
            match = tree.longest(words, evened, first, on, after=head)
            if match:
                name = f"{head} {evened[words[first].start : words[match.last - 1].end]}"
                return Span(words[first].start, words[match.last - 1].end, match.body, name=name)
        return None

    def _known_at(self, evened: str, words: list[Token], first: int, on: date | None) -> Span | None:
        found = [self._listed_at(evened, words, first, on), self._local_at(evened, words, first, on)]
        found.append(self._with_post(evened, words, first, on))
        named = [span for span in found if span and any(char.isupper() for char in evened[span.start : span.end])]
        return max(named, key=lambda span: span.end, default=None)

    def _listed_at(self, evened: str, words: list[Token], first: int, on: date | None) -> Span | None:
        match = self._known.longest(words, evened, first, on)
        return Span(words[first].start, words[match.last - 1].end, match.body) if match else None

    def _local_at(self, evened: str, words: list[Token], first: int, on: date | None) -> Span | None:
        match = self._local.longest(words, evened, first, on)
        if not match:
            return None
        start, end = words[first].start, words[match.last - 1].end
        place = grammar.place().match(evened, end)
        if not place:
            return Span(start, end, match.body) if match.last - first > 1 else None
        return Span(start, place.end(), self._at_place(match.body, place[0].strip(), place["city"] or place["bare"]))

    def _at_place(self, body: KnownBody, said: str, province: str | None) -> KnownBody:
        moved = self._places.get(" ".join(key(province))) if province else None
        here = replace(body, name=f"{body.name} {said}", aliases=(), code=None)
        if moved and not body.succession:
            return replace(here, succession=_of_place(body.name, moved))
        if body.succession:
            heirs = [f"{heir} {moved.successors[0] if moved else said}" for heir in body.succession.successors]
            return replace(here, succession=replace(body.succession, successors=tuple(heirs)))
        return here

    def _with_post(self, evened: str, words: list[Token], first: int, on: date | None) -> Span | None:
        post = self._before.longest(words, evened, first)
        if not post or post.last >= len(words):
            return None
        of = self._known_at(evened, words, post.last, on) or _group_at(evened, words[post.last].start)
        if not of or evened[words[post.last - 1].end : words[post.last].start].strip():
            return None
        known = of.known
        if known and post.body.name in rules("bodies")["party_organs"]:
            known = _organ_of(post.body.name, known)
        return Span(words[first].start, of.end, known, of.is_collective)


def _of_place(local: str, moved: KnownSuccession) -> KnownSuccession:
    return replace(moved, successors=tuple(_in_place(local, heir) for heir in moved.successors))


def _in_place(local: str, heir: str) -> str:
    """A committee of the Party carries its level in its own name: Tỉnh ủy, Thành ủy."""
    if local not in {"Tỉnh ủy", "Thành ủy"}:
        return f"{local} {heir}"
    level, _space, name = heir.partition(" " if heir.startswith("tỉnh") else "hành phố ")
    return f"Tỉnh ủy {name}" if level == "tỉnh" else f"Thành ủy {name}"


def _organ_of(organ: str, body: KnownBody) -> KnownBody:
    """The Party organ of a ministry follows its ministry, as a rule; nothing is known of it for certain."""
    inherited = body.succession and replace(
        body.succession,
        kind="follow",
        successors=tuple(f"Đảng ủy {heir}" for heir in body.succession.successors),
    )
    return KnownBody(f"{organ} {body.name}", succession=inherited)


def _group_at(evened: str, place: int) -> Span | None:
    if place and evened[place - 1].isalnum():
        return None
    many = grammar.organs_of_many().match(evened, place)
    if many:
        return Span(place, many.end(), is_collective=True)
    group = grammar.collective().match(evened, place)
    if group and (group["quantity"] or group["more"] or grammar.generally_said().search(group[0])):
        return Span(place, group.end(), is_collective=True)
    return None
