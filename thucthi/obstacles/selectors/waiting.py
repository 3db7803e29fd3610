"""Both directions of waiting: whom a body waits for, and who waits for it (D37; ui.md §6, screen 3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from thucthi.directory.access import WORKING_ROLES, Viewer
from thucthi.directory.models import Organisation
from thucthi.obstacles.calculations import Days, Side
from thucthi.obstacles.models import CoordinationRequest, Hop, RequestStep
from thucthi.obstacles.selectors.requests import RequestStanding, request_standings, stands_for


@dataclass(frozen=True)
class WaitedFor:
    """One body on the other side: how many requests lie with it, how many are late, and its days together."""

    organisation: Organisation
    count: int
    overdue: int
    days: Days
    longest: int


@dataclass(frozen=True)
class WaitingList:
    """Requests in which the asked side has to move, overdue ones first, the latest on top.

    `days`: all time for which the asked bodies have held them; `longest`: the longest of them in working days.
    """

    rows: tuple[RequestStanding, ...]
    by_body: tuple[WaitedFor, ...]

    @property
    def overdue(self) -> int:
        return sum(row.late > 0 for row in self.rows)

    @property
    def days(self) -> Days:
        return sum((row.waiting.asked for row in self.rows), Days())

    @property
    def longest(self) -> int:
        return max((row.waiting.asked.working for row in self.rows), default=0)


@dataclass(frozen=True)
class BothWays:
    """`for_others`: whom these bodies wait for; `for_us`: who waits for them; `ours`: answers they must look at."""

    for_others: WaitingList
    for_us: WaitingList
    ours: tuple[RequestStanding, ...]
    as_of: date


def waiting_bodies(viewer: Viewer) -> list[Organisation]:
    """Whose lists the viewer may choose: its own bodies."""
    return list(Organisation.objects.filter(pk__in=viewer.organisation_ids(*WORKING_ROLES)).order_by("sort_key"))


def may_see_waiting_of(viewer: Viewer, organisation: Organisation) -> bool:
    """Its own people and the bodies above it."""
    return viewer.is_system or viewer.is_in_or_above(organisation.path, *WORKING_ROLES)


def both_ways(organisations: Iterable[Organisation], as_of: date) -> BothWays:
    """What is open on either side of these bodies, and of those whose duties they took over."""
    ours = stands_for((body.pk for body in organisations), as_of)
    moved_here = Hop.objects.filter(request=OuterRef("pk"), because=Hop.Because.REFUSAL, organisation__in=ours)
    about_us = CoordinationRequest.objects.filter(Q(asking__in=ours) | Q(asked__in=ours) | Exists(moved_here))
    rows = request_standings(_unsettled(about_us), as_of)
    owed = [row for row in rows if row.waiting.turn is Side.ASKED]
    return BothWays(
        for_others=_list([row for row in owed if row.request.asking_id in ours], lambda row: row.asked[0]),
        for_us=_list([row for row in owed if row.owner.pk in ours], lambda row: row.asking[0]),
        ours=tuple(row for row in rows if row.waiting.turn is Side.ASKING and row.request.asking_id in ours),
        as_of=as_of,
    )


def _unsettled(requests: QuerySet[CoordinationRequest]) -> QuerySet[CoordinationRequest]:
    """Without those withdrawn, and those whose full answer nobody called insufficient afterwards."""
    steps = RequestStep.objects.filter(request=OuterRef("pk"))
    reopened = RequestStep.objects.filter(request=OuterRef("request"), kind="insufficient", pk__gt=OuterRef("pk"))
    standing_answer = steps.filter(~Exists(reopened), kind="full")
    return requests.filter(~Exists(steps.filter(kind="withdrawn")), ~Exists(standing_answer))


def _list(rows: list[RequestStanding], other: Callable[[RequestStanding], Organisation]) -> WaitingList:
    groups: dict[int, list[RequestStanding]] = {}
    for row in rows:
        groups.setdefault(other(row).pk, []).append(row)
    bodies = [_waited_for(other(group[0]), group) for group in groups.values()]
    return WaitingList(
        rows=tuple(sorted(rows, key=lambda row: (-row.late, row.request.due_on, row.request.pk))),
        by_body=tuple(sorted(bodies, key=lambda body: (-body.overdue, -body.days.working, body.organisation.sort_key))),
    )


def _waited_for(organisation: Organisation, rows: list[RequestStanding]) -> WaitedFor:
    return WaitedFor(
        organisation=organisation,
        count=len(rows),
        overdue=sum(row.late > 0 for row in rows),
        days=sum((row.waiting.asked for row in rows), Days()),
        longest=max(row.waiting.asked.working for row in rows),
    )
