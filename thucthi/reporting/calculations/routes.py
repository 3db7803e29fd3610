"""The chain of acceptance: which rungs a report climbs, and which it leaves out for what reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Skipped(StrEnum):
    """Why a rung of the route is left out; said on the page, kept with the report."""

    NO_BODY = "no_body"
    NOBODY = "nobody"
    SAME_BODY = "same_body"
    AUTHOR_IS_HEAD = "author_is_head"


@dataclass(frozen=True)
class RouteRule:
    """A route in force: of one document, for one level ("" for every level)."""

    pk: int
    document_id: int
    level: str
    rungs: tuple[str, ...]


@dataclass(frozen=True)
class RungPlace:
    """The bodies whose people stand on a rung, and the accounts that could decide there, the author left out."""

    bodies: frozenset[int]
    deciders: frozenset[int]
    author_stands_here: bool = False


def route_for(level: str, rules: Iterable[RouteRule]) -> RouteRule | None:
    """The route that counts: of the level itself before one for every level, then the longest, then the oldest."""
    fitting = [rule for rule in rules if rule.level in (level, "")]
    return min(fitting, key=lambda rule: (rule.level == "", -len(rule.rungs), rule.pk), default=None)


@dataclass(frozen=True)
class Climb:
    """The rungs to be climbed, from the lowest, and those left out, in the order of the route."""

    rungs: tuple[str, ...] = ()
    skipped: tuple[tuple[str, Skipped], ...] = ()


def climb_of(rungs: Sequence[str], places: Mapping[str, RungPlace]) -> Climb:
    """Leave out the rungs that cannot be climbed.

    A rung without a body or without anybody in it is left out, and so is the own head where the head wrote the report
    himself. Where two rungs are the same body, the lower one is left out: nobody stands on two rungs.
    """
    kept: list[str] = []
    skipped: list[tuple[str, Skipped]] = []
    for index, rung in enumerate(rungs):
        reason = _reason(places[rung], [places[later] for later in rungs[index + 1 :]])
        if reason is None:
            kept.append(rung)
        else:
            skipped.append((rung, reason))
    return Climb(tuple(kept), tuple(skipped))


def _reason(place: RungPlace, higher: Iterable[RungPlace]) -> Skipped | None:
    if not place.bodies:
        return Skipped.NO_BODY
    if place.author_stands_here:
        return Skipped.AUTHOR_IS_HEAD
    if not place.deciders:
        return Skipped.NOBODY
    if any(later.bodies == place.bodies and later.deciders for later in higher):
        return Skipped.SAME_BODY
    return None


def next_rung(route: Sequence[str], agreed: Collection[str]) -> str:
    """The lowest rung that has not agreed yet; "" when the route is empty or climbed."""
    return next((rung for rung in route if rung not in agreed), "")


def stored(skipped: Iterable[tuple[str, Skipped]]) -> list[str]:
    """As `Report.rungs_skipped` keeps them."""
    return [f"{rung}:{reason.value}" for rung, reason in skipped]


def read_back(kept: Iterable[str]) -> tuple[tuple[str, Skipped], ...]:
    return tuple((rung, Skipped(reason)) for rung, _, reason in (text.partition(":") for text in kept))
