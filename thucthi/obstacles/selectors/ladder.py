"""What waits on the ladder, read in slices, and the surroundings in which it climbs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Placement, Succession
from thucthi.directory.selectors import steers_from_the_centre
from thucthi.obstacles.access import can_set_ladder_rules
from thucthi.obstacles.calculations.ladder import (
    DEFAULT_CLOCKS,
    SLOWER_CLOCKS,
    Chain,
    Desk,
    Event,
    Rung,
    Subject,
    climb,
)
from thucthi.obstacles.calculations.ladder_tree import Clock, LadderTree, Parenthood, clock_on
from thucthi.obstacles.models import ANSWERING, Cause, Decision, Hop, LadderRule, LadderRung, ObstacleStep, RequestStep

_DESKS = """
    LEFT JOIN LATERAL (
        SELECT number, rung, organisation_id, started_on, due_on FROM obstacles_hop
         WHERE {key} = s.id ORDER BY number DESC LIMIT 1
    ) h ON true
    LEFT JOIN LATERAL (
        SELECT organisation_id FROM obstacles_hop
         WHERE {key} = s.id AND because = 'refusal' ORDER BY number DESC LIMIT 1
    ) moved ON true
"""
_WAITING_OBSTACLES = """
    SELECT s.id, coalesce(moved.organisation_id, s.asked_of_id), t.programme_id, s.cause, s.raised_on, NULL::date,
           s.is_simulated, h.number, h.rung, h.organisation_id, h.started_on, h.due_on, settled.day
      FROM obstacles_obstacle s
      LEFT JOIN programmes_task t ON t.id = s.task_id
    {desks}
      LEFT JOIN LATERAL (
          SELECT coalesce(max(round), 1) AS round FROM obstacles_obstaclestep WHERE obstacle_id = s.id
      ) r ON true
      LEFT JOIN LATERAL (
          SELECT min(day) AS day FROM (
              SELECT happened_on AS day FROM obstacles_obstaclestep
               WHERE obstacle_id = s.id AND round = r.round AND kind IN ('answered', 'removed', 'withdrawn')
              UNION ALL
              SELECT d.decided_on FROM obstacles_decision d LEFT JOIN obstacles_hop dh ON dh.id = d.hop_id
               WHERE d.obstacle_id = s.id AND d.kind <> 'defer' AND coalesce(dh.number, 0) >= coalesce(
                   (SELECT max(number) FROM obstacles_hop WHERE obstacle_id = s.id AND because = 'reopened'), 0)
          ) said
      ) settled ON true
     WHERE s.raised_on <= %(on)s AND s.id > %(after)s AND (%(ids)s::bigint[] IS NULL OR s.id = ANY(%(ids)s::bigint[]))
       AND (h.number IS NULL OR h.due_on < %(on)s AND h.rung <> 'committee'
            AND (settled.day IS NULL OR settled.day > h.due_on))
     ORDER BY s.id LIMIT %(most)s
""".replace("{desks}", _DESKS.format(key="obstacle_id"))
_WAITING_REQUESTS = """
    SELECT s.id, coalesce(moved.organisation_id, s.asked_id), t.programme_id, 'coordination', s.asked_on, s.due_on,
           s.is_simulated, h.number, h.rung, h.organisation_id, h.started_on, h.due_on, NULL::date
      FROM obstacles_coordinationrequest s
      LEFT JOIN programmes_task t ON t.id = s.task_id
    {desks}
     WHERE s.asked_on <= %(on)s AND s.id > %(after)s AND (%(ids)s::bigint[] IS NULL OR s.id = ANY(%(ids)s::bigint[]))
       AND (h.number IS NULL OR h.due_on < %(on)s AND h.rung <> 'committee' AND NOT EXISTS (
            SELECT 1 FROM obstacles_requeststep done
             WHERE done.request_id = s.id AND done.kind IN ('full', 'withdrawn') AND done.happened_on <= h.due_on
               AND NOT EXISTS (SELECT 1 FROM obstacles_requeststep again WHERE again.request_id = s.id
                                AND again.kind = 'insufficient' AND again.id > done.id)))
     ORDER BY s.id LIMIT %(most)s
""".replace("{desks}", _DESKS.format(key="request_id"))
_REACH = """
    WITH RECURSIVE reach(id) AS (
        SELECT unnest(%s::bigint[])
        UNION
        SELECT x.id FROM reach r CROSS JOIN LATERAL (
            SELECT parent_id AS id FROM directory_organisation WHERE id = r.id AND parent_id IS NOT NULL
            UNION ALL
            SELECT parent_id FROM directory_placement WHERE organisation_id = r.id AND parent_id IS NOT NULL
            UNION ALL
            SELECT successor_id FROM directory_succession WHERE predecessor_id = r.id
        ) x
    ) SELECT id FROM reach
"""
_COMMITTEES = """
    SELECT p.id, coalesce((
        SELECT r.committee_id FROM programmes_programmebasis b
          JOIN programmes_controlframe f ON f.document_id = b.document_id
          JOIN programmes_frameresponsibility r ON r.frame_id = f.id
         WHERE b.programme_id = p.id ORDER BY b.id, r.id LIMIT 1), p.organisation_id)
      FROM programmes_programme p WHERE p.id = ANY(%s::bigint[])
"""
_SETTLING = {RequestStep.Kind.FULL: True, RequestStep.Kind.WITHDRAWN: True, RequestStep.Kind.INSUFFICIENT: False}


@dataclass(frozen=True)
class Waiting:
    """An obstacle or a request, `number` desks into its ladder, the last of them `desk`."""

    pk: int
    asked_id: int
    programme_id: int | None
    subject: Subject
    is_simulated: bool
    number: int
    desk: Desk | None
    events: tuple[Event, ...]


def waiting_obstacles(on: date, *, after: int = 0, most: int = 1, ids: Collection[int] | None = None) -> list[Waiting]:
    """Those without a desk, or whose desk's clock ran out before `on` unanswered; by id from `after` on."""
    return [_waiting(row, _settled(row[-1])) for row in _rows(_WAITING_OBSTACLES, on, after, most, ids)]


def waiting_requests(on: date, *, after: int = 0, most: int = 1, ids: Collection[int] | None = None) -> list[Waiting]:
    """The same of coordination requests; `full` settles one until `insufficient` follows, `withdrawn` for good."""
    rows = _rows(_WAITING_REQUESTS, on, after, most, ids)
    said: dict[int, list[Event]] = {row[0]: [] for row in rows}
    steps = RequestStep.objects.filter(request__in=said, kind__in=_SETTLING).order_by("happened_on", "pk")
    for request_id, kind, day in steps.values_list("request_id", "kind", "happened_on"):
        said[request_id].append(Event(day, _SETTLING[RequestStep.Kind(kind)]))
    return [_waiting(row, tuple(said[row[0]])) for row in rows]


@dataclass
class Surroundings:
    """The tree, the committees and the clocks for a set of waiting things; chains are worked out once a day each."""

    tree: LadderTree
    committees: Mapping[int, int]
    clocks: Sequence[Clock]
    _chains: dict[tuple[int, int | None, date], Chain] = field(default_factory=dict)
    _days: dict[tuple[str, Rung, date], int] = field(default_factory=dict)

    def committee(self, waiting: Waiting) -> int | None:
        return self.committees.get(waiting.programme_id) if waiting.programme_id else None

    def chain(self, asked_id: int, committee_id: int | None, day: date) -> Chain:
        key = (asked_id, committee_id, day)
        if key not in self._chains:
            self._chains[key] = self.tree.chain(asked_id, committee_id, day)
        return self._chains[key]

    def clock(self, cause: str, rung: Rung, day: date) -> int:
        key = (cause, rung, day)
        if key not in self._days:
            self._days[key] = clock_on(self.clocks, cause, rung, day)
        return self._days[key]

    def desks_to_add(self, waiting: Waiting, on: date) -> list[Desk]:
        """As calculations.climb."""
        committee = self.committee(waiting)
        return climb(
            waiting.subject,
            [waiting.desk] if waiting.desk else [],
            waiting.events,
            chain_on=lambda day: self.chain(waiting.asked_id, committee, day),
            clock_on=lambda rung, day: self.clock(waiting.subject.cause, rung, day),
            on=on,
        )


def surroundings_of(found: Iterable[Waiting]) -> Surroundings:
    """Six queries, however many wait."""
    rows = list(found)
    committees = committees_of({row.programme_id for row in rows if row.programme_id})
    return Surroundings(tree_around({row.asked_id for row in rows} | {*committees.values()}), committees, clocks())


def committees_of(programme_ids: Collection[int]) -> dict[int, int]:
    """Of each programme the committee of its first document's control frame; its own organisation where none is."""
    with connection.cursor() as cursor:
        cursor.execute(_COMMITTEES, [list(programme_ids)])
        return dict(cursor.fetchall())


def clocks() -> list[Clock]:
    """Every rule that ever was."""
    rows = LadderRule.objects.values_list("cause", "rung", "working_days", "valid_from", "valid_to")
    return [Clock(cause, Rung(rung), days, since, until) for cause, rung, days, since, until in rows]


def tree_around(organisation_ids: Collection[int]) -> LadderTree:
    """These bodies with all that ever stood above them or came after them."""
    with connection.cursor() as cursor:
        cursor.execute(_REACH, [list(organisation_ids)])
        reached = [pk for (pk,) in cursor.fetchall()]
    bodies = Organisation.objects.filter(pk__in=reached).values_list("pk", "parent_id", "valid_to")
    parents, ended = {}, {}
    for pk, parent_id, valid_to in bodies:
        parents[pk] = parent_id
        if valid_to:
            ended[pk] = valid_to
    placed: dict[int, list[Parenthood]] = {}
    for pk, parent_id, since, until in Placement.objects.filter(organisation__in=reached).values_list(
        "organisation_id", "parent_id", "valid_from", "valid_to"
    ):
        placed.setdefault(pk, []).append(Parenthood(parent_id, since, until))
    heirs: dict[int, list[tuple[date, int]]] = {}
    steps = Succession.objects.filter(predecessor__in=reached).order_by("event__effective_on", "successor__sort_key")
    for pk, since, heir in steps.values_list("predecessor_id", "event__effective_on", "successor_id"):
        heirs.setdefault(pk, []).append((since, heir))
    return LadderTree(parents, placed, ended, heirs)


def standing_hops(at: Q) -> QuerySet[Hop]:
    """What lies with these bodies (`at`) now: the last desk of each obstacle and request nobody has settled there.

    As the ladder has it: an answer or a decision settles it, a deferral does not.
    """
    later = Hop.objects.filter(number__gt=OuterRef("number"))
    # Two questions, each with its own index, instead of one with OR that has none.
    last_of_obstacle = ~Exists(later.filter(obstacle=OuterRef("obstacle")))
    last_of_request = ~Exists(later.filter(request=OuterRef("request")))
    settled = Decision.objects.exclude(kind=Decision.Kind.DEFER).filter(hop=OuterRef("pk"))
    return (
        Hop.objects.filter(last_of_obstacle, last_of_request, ~Exists(settled), at)
        .annotate(last_step=last_step(OuterRef("obstacle")), last_answer=last_answer(OuterRef("request")))
        .exclude(last_step__in=ANSWERING)
        .exclude(last_answer__in=[RequestStep.Kind.FULL, RequestStep.Kind.WITHDRAWN])
    )


def last_step(obstacle: OuterRef) -> Coalesce:
    """The kind of the newest step of that obstacle; "" when there is none."""
    steps = ObstacleStep.objects.filter(obstacle=obstacle).order_by("-round", "-pk")
    return Coalesce(Subquery(steps.values("kind")[:1]), Value(""))


def last_answer(request: OuterRef) -> Coalesce:
    """The kind of the newest step of that request; "" when there is none."""
    steps = RequestStep.objects.filter(request=request).order_by("-pk")
    return Coalesce(Subquery(steps.values("kind")[:1]), Value(""))


def rules_in_order() -> list[LadderRule]:
    """All rules, those in force and to come first, then the ended ones, by cause and rung."""
    rows = LadderRule.objects.select_related("by").order_by(F("valid_to").desc(nulls_first=True), "cause", "valid_from")
    return sorted(rows, key=lambda row: (row.valid_to is not None, row.cause, list(Rung).index(Rung(row.rung))))


def may_set_rules(viewer: Viewer) -> bool:
    return can_set_ladder_rules(viewer, from_the_centre=steers_from_the_centre(viewer))


def proposed_clocks() -> list[tuple[str, str, int]]:
    """(cause, rung, working days) in words: what holds where no rule is in force."""
    general = [("", str(LadderRung(rung.value).label), days) for rung, days in DEFAULT_CLOCKS.items()]
    slower = [
        (str(Cause(cause).label), str(LadderRung(rung.value).label), days)
        for (cause, rung), days in SLOWER_CLOCKS.items()
    ]
    return [*general, *slower]


def _rows(sql: str, on: date, after: int, most: int, ids: Collection[int] | None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on, "after": after, "most": most, "ids": None if ids is None else list(ids)})
        return list(cursor.fetchall())


def _waiting(row: Sequence[Any], events: tuple[Event, ...]) -> Waiting:
    pk, asked, programme, cause, opened, first_due, is_simulated, number, rung, body, started, due, _settled_on = row
    desk = Desk(Rung(rung), body, started, due) if number else None
    return Waiting(pk, asked, programme, Subject(opened, cause, first_due), is_simulated, number or 0, desk, events)


def _settled(day: date | None) -> tuple[Event, ...]:
    return (Event(day, settles=True),) if day else ()
