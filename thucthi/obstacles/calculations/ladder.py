"""The ladder: on whose desk an unanswered matter lies, until when, and whose is next (D35; ADR 0022).

Pure. Organisations are ids. A desk is passed on the day after its clock ran out, with that very day as its start: so
whoever computes late, after a long stop, gets the desks that a computation every night would have given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from thucthi.kernel.working_days import add_working_days

ONE_DAY = timedelta(days=1)


class Rung(StrEnum):
    """The values of models.LadderRung, from the lowest to the highest."""

    OWNER = "owner"
    SUPERIOR = "superior"
    NEXT = "next"
    COMMITTEE = "committee"


RUNGS = tuple(Rung)


class Missing(StrEnum):
    """Why a rung is passed over."""

    NO_BODY = "no_body"
    NO_SUCCESSOR = "no_successor"
    SAME_BODY = "same_body"
    NO_COMMITTEE = "no_committee"


# The product's own proposal, shown as such and with no legal source, where an office has set no rule: an owner has a
# working week, as has each superior; a committee meets every two. Institutions take a round of opinions more.
DEFAULT_CLOCKS: Mapping[Rung, int] = {Rung.OWNER: 5, Rung.SUPERIOR: 5, Rung.NEXT: 5, Rung.COMMITTEE: 10}
SLOWER_CLOCKS: Mapping[tuple[str, Rung], int] = {("institution", Rung.OWNER): 10}


def default_clock(cause: str, rung: Rung) -> int:
    """Working days of a rung where no rule row is in force."""
    return SLOWER_CLOCKS.get((cause, rung), DEFAULT_CLOCKS[rung])


@dataclass(frozen=True)
class Chain:
    """What the ladder is made of on one day.

    `lineage`: from the root down to the asked body. `committee`: None when no control frame names one.
    `answering`: of a body that has ended, who answers for it that day; None: nobody. Living bodies are left out.
    """

    lineage: tuple[int, ...]
    committee: int | None = None
    answering: Mapping[int, int | None] | None = None


@dataclass(frozen=True)
class Place:
    """One rung of a chain: `organisation_id` None with the reason when there is nobody."""

    rung: Rung
    organisation_id: int | None
    missing: Missing | None = None


@dataclass(frozen=True)
class Desk:
    """The matter lies there from `started_on` to the last day `due_on`; `skipped`: rungs passed over before it."""

    rung: Rung
    organisation_id: int
    started_on: date
    due_on: date
    skipped: tuple[tuple[Rung, Missing], ...] = ()


@dataclass(frozen=True)
class Event:
    """An answer or a decision (`settles`), or the word that it was not enough and the wait goes on."""

    on: date
    settles: bool


@dataclass(frozen=True)
class Subject:
    """What climbs. `opened_on`: the first day. `first_due_on`: the day the asked body was given, if one was agreed."""

    opened_on: date
    cause: str = ""
    first_due_on: date | None = None


ChainOn = Callable[[date], Chain]
ClockOn = Callable[[Rung, date], int]


def places_of(chain: Chain) -> tuple[Place, ...]:
    """All four rungs. No body stands on two of them: the committee keeps the highest, unless it is the asked body."""
    named = (*reversed(chain.lineage[-3:]), None, None, None)[:3]
    committee = _living(chain, Rung.COMMITTEE, chain.committee)
    taken: set[int] = {committee.organisation_id} if committee.organisation_id else set()
    places: list[Place] = []
    for rung, wanted in zip(RUNGS, named, strict=False):
        place = _living(chain, rung, wanted)
        is_asked_committee = rung == Rung.OWNER and place.organisation_id in taken
        if place.organisation_id in taken and not is_asked_committee:
            place = Place(rung, None, Missing.SAME_BODY)
        if is_asked_committee:
            committee = Place(Rung.COMMITTEE, None, Missing.SAME_BODY)
        if place.organisation_id is not None:
            taken.add(place.organisation_id)
        places.append(place)
    return (*places, committee)


def next_desk(last: Desk | None, chain: Chain, clock: Callable[[Rung], int], started_on: date) -> Desk | None:
    """The first rung above `last` (the lowest when None) where there is somebody else; None at the top."""
    reached = -1 if last is None else RUNGS.index(last.rung)
    skipped: list[tuple[Rung, Missing]] = []
    for place in places_of(chain)[reached + 1 :]:
        if place.organisation_id is None or (last and place.organisation_id == last.organisation_id):
            skipped.append((place.rung, place.missing or Missing.SAME_BODY))
            continue
        due_on = add_working_days(started_on - ONE_DAY if last else started_on, clock(place.rung))
        return Desk(place.rung, place.organisation_id, started_on, max(due_on, started_on), tuple(skipped))
    return None


def expires_on(desk: Desk, events: Sequence[Event], clock: int) -> date | None:
    """The last day of the desk's clock; None when the matter was settled within it.

    While it is settled no clock runs; when the answer turns out not to be enough, the desk has its clock anew.
    """
    due, settled = desk.due_on, False
    for event in events:
        if not settled and event.on > due:
            break
        if settled and not event.settles:
            due = max(due, add_working_days(event.on, clock))
        settled = event.settles
    return None if settled else due


def climb(
    subject: Subject,
    desks: Sequence[Desk],
    events: Sequence[Event],
    *,
    chain_on: ChainOn,
    clock_on: ClockOn,
    on: date,
) -> list[Desk]:
    """The desks to add to `desks` so that they are complete at the start of the day `on`; empty when they are.

    `events` of the current round, by day. Empty also when there is nobody on any rung.
    """
    added: list[Desk] = []
    last = desks[-1] if desks else None
    if last is None:
        if on < subject.opened_on:
            return []
        last = first_desk(subject, chain_on, clock_on)
        if last is None:
            return []
        added.append(last)
    while True:
        expired = expires_on(last, events, clock_on(last.rung, last.started_on))
        if expired is None or expired >= on:
            return added
        start = expired + ONE_DAY
        following = next_desk(last, chain_on(start), lambda rung, day=start: clock_on(rung, day), start)  # type: ignore[misc]
        if following is None:
            return added
        added.append(following)
        last = following


def first_desk(subject: Subject, chain_on: ChainOn, clock_on: ClockOn) -> Desk | None:
    """The asked body's desk, or the lowest above it where there is somebody; never shorter than what was agreed."""
    day = subject.opened_on
    made = next_desk(None, chain_on(day), lambda rung: clock_on(rung, day), day)
    if made is None or subject.first_due_on is None or made.rung != Rung.OWNER:
        return made
    return Desk(made.rung, made.organisation_id, day, max(subject.first_due_on, day), made.skipped)


def _living(chain: Chain, rung: Rung, wanted: int | None) -> Place:
    if wanted is None:
        return Place(rung, None, Missing.NO_COMMITTEE if rung == Rung.COMMITTEE else Missing.NO_BODY)
    if chain.answering is None or wanted not in chain.answering:
        return Place(rung, wanted)
    heir = chain.answering[wanted]
    return Place(rung, heir, None if heir is not None else Missing.NO_SUCCESSOR)
