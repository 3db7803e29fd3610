"""The clarity of stored tasks: gathers the facts, few queries however many tasks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.models import Level, Membership, Organisation, Post, Role, Tenure
from thucthi.directory.selectors import heads_on
from thucthi.kernel.composed import Composed, among, given_day
from thucthi.kernel.deadlines import Deadline, DeadlineKind, parse_deadline
from thucthi.programmes.calculations import PROFILES, Finding, TaskFacts, clarity
from thucthi.programmes.models import ClarityException, Coordination, Programme, Task


def clarity_of(task: Task, on: date | None = None) -> tuple[Finding, ...]:
    """The findings of the programme's profile for one task; `on` as in `clarity_of_many`."""
    return clarity_of_many([task], on)[task.pk]


def clarity_of_many(tasks: Sequence[Task], on: date | None = None) -> dict[int, tuple[Finding, ...]]:
    """Findings by task id. Heads, leads and roles are those of `on`; else of the day of issue, else of today."""
    findings: dict[int, tuple[Finding, ...]] = {}
    for day, group in _by_day(tasks, on).items():
        around = _surroundings(group, day)
        findings |= {task.pk: findings_of(task, around, on) for task in group}
    return findings


def findings_of(task: Any, around: "Surroundings", on: date | None) -> tuple[Finding, ...]:
    """Of a task, or of a row with the same fields; its lead and its programme are in `around`."""
    programme = around.programmes[task.programme_id]
    return clarity(facts_of(task, around, issued_on=programme.issued_on or on), PROFILES[programme.profile])


def exceptions_of(tasks: Sequence[Task]) -> dict[tuple[int, str], ClarityException]:
    """The granted exceptions by (task id, criterion)."""
    rows = _EXCEPTIONS.rows(tasks=[task.pk for task in tasks]) if tasks else []
    return {(row.task_id, row.criterion): row for row in rows}


_EXCEPTIONS: Composed[ClarityException] = Composed(
    "programmes_exceptions",
    lambda: ClarityException.objects.filter(among("task", "tasks")).select_related("granted_by__person"),
)


def said(finding: Finding) -> str:
    """Reason and advice in the reader's language."""
    return " ".join(
        _(sentence) % note.values for note in finding.notes for sentence in (note.reason, note.advice) if sentence
    )


@dataclass(frozen=True)
class Surroundings:
    """`heads` by body, `programme_heads` by post: title and name. The last three are of tasks."""

    day: date
    programmes: Mapping[int, Programme]
    leads: Mapping[int, Organisation]
    heads: Mapping[int, str]
    vacant: frozenset[int]
    programme_heads: Mapping[int, str]
    approving: frozenset[int]
    measured: Collection[int] = frozenset()
    milestones: Mapping[int, tuple[date, ...]] = field(default_factory=dict)
    ended_coordinators: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def facts_of(task: Any, around: Surroundings, *, issued_on: date | None) -> TaskFacts:
    programme = around.programmes[task.programme_id]
    lead = around.leads.get(task.lead_id) if task.lead_id else None
    head = around.heads.get(task.lead_id) if task.lead_id else None
    programme_head = around.programme_heads.get(programme.head_id) if programme.head_id else None
    return TaskFacts(
        text=task.text,
        has_indicator=task.pk in around.measured,
        lead=lead.official_name if lead else None,
        lead_text=task.lead_text,
        lead_is_live=lead is not None and is_live(lead, around.day),
        lead_is_commune=lead is not None and lead.level == Level.COMMUNE,
        ended_coordinators=around.ended_coordinators.get(task.pk, ()),
        head=head,
        head_post_is_vacant=task.lead_id in around.vacant,
        programme_head=programme_head,
        has_approver=_has_approver(programme, lead, around.approving),
        authority=task.authority_basis,
        programme_authority=programme.authority_basis,
        deadline=stored_deadline(task),
        start_on=task.start_on,
        issued_on=issued_on,
        yearly_deliverable=task.yearly_deliverable,
        milestones=(*around.milestones.get(task.pk, ()), *_milestones_in(task.deadline_raw, around.day)),
        product=task.product,
        acceptance_criterion=task.acceptance_criterion,
        money=task.money_vnd_million,
        money_source=task.money_source,
        people=task.people,
        facilities=task.facilities,
        programme_resources=programme.resource_source,
    )


@lru_cache(maxsize=5_000)
def _milestones_in(words: str, issued_on: date) -> tuple[date, ...]:
    """Those that the words of a deadline name; thousands of tasks say the same words."""
    return tuple(parse_deadline(words, issued_on=issued_on).milestones)


def stored_deadline(task: Any) -> Deadline:
    """The deadline as the task keeps it."""
    return Deadline(
        DeadlineKind(task.deadline_kind),
        task.deadline_raw,
        end=task.resolved_end,
        precision=task.deadline_precision,
        recurrence=task.deadline_recurrence or None,
        trigger=task.deadline_trigger or None,
    )


def _by_day(tasks: Sequence[Task], on: date | None) -> dict[date, list[Task]]:
    today = timezone.localdate()
    groups: dict[date, list[Task]] = {}
    for task in tasks:
        groups.setdefault(on or task.programme.issued_on or today, []).append(task)
    return groups


def surroundings_of(programmes: Mapping[int, Programme], leads: Mapping[int, Organisation], day: date) -> Surroundings:
    """What is asked once for all tasks of these programmes that these bodies lead."""
    heads = {pk: _titled(tenure) for pk, tenure in heads_on(leads, day).items()}
    posts = _HEADED.rows(bodies=list(leads)) if leads else []
    deciding = {programme.organisation_id for programme in programmes.values()}
    deciding |= {above for lead in leads.values() for above in lead.path[:-1]}
    return Surroundings(
        day=day,
        programmes=programmes,
        leads=leads,
        heads=heads,
        vacant=frozenset(posts) - frozenset(heads),
        programme_heads=_holders({row.head_id for row in programmes.values() if row.head_id}, day),
        approving=frozenset(_APPROVING.rows(bodies=sorted(deciding), day=day)),
    )


def _surroundings(tasks: Sequence[Task], day: date) -> Surroundings:
    ids = [task.pk for task in tasks]
    prefetch_related_objects(tasks, "lead", "programme__organisation", "milestones")
    leads = {task.lead.pk: task.lead for task in tasks if task.lead}
    return replace(
        surroundings_of({task.programme_id: task.programme for task in tasks}, leads, day),
        measured=frozenset(_MEASURED.rows(tasks=ids)),
        milestones={task.pk: tuple(row.due_on for row in task.milestones.all()) for task in tasks},
        ended_coordinators=_ended_coordinators(ids, day),
    )


def _holders(post_ids: set[int], day: date) -> dict[int, str]:
    rows = _HOLDING.rows(posts=sorted(post_ids), day=day) if post_ids else []
    return {row.post_id: _titled(row) for row in rows if row.valid_to is None or row.valid_to >= day}


def _ended_coordinators(task_ids: list[int], day: date) -> dict[int, tuple[str, ...]]:
    ended: dict[int, tuple[str, ...]] = {}
    for row in _COORDINATING.rows(tasks=task_ids):
        if not is_live(row.organisation, day):
            ended[row.task_id] = (*ended.get(row.task_id, ()), row.organisation.official_name)
    return ended


def _approving() -> QuerySet[Membership, int]:
    held = Membership.objects.in_force(given_day("day")).filter(among("organisation", "bodies"), role=Role.APPROVER)
    return held.values_list("organisation_id", flat=True)


_HEADED: Composed[int] = Composed(
    "programmes_headed",
    lambda: Post.objects.filter(among("organisation", "bodies"), is_head=True).values_list(
        "organisation_id", flat=True
    ),
)
_APPROVING: Composed[int] = Composed("programmes_approving", _approving)
_MEASURED: Composed[int] = Composed(
    "programmes_measured",
    lambda: Task.objects.filter(among("pk", "tasks"), contributions__isnull=False).values_list("pk", flat=True),
)
_HOLDING: Composed[Tenure] = Composed(
    "programmes_holding",
    lambda: Tenure.objects.filter(among("post", "posts"), valid_from__lte=given_day("day")).select_related(
        "post", "person"
    ),
)
_COORDINATING: Composed[Coordination] = Composed(
    "programmes_coordinating",
    lambda: Coordination.objects.filter(among("task", "tasks")).select_related("organisation").order_by("pk"),
)


def _has_approver(programme: Programme, lead: Organisation | None, approving: frozenset[int]) -> bool:
    above = lead.path[:-1] if lead else []
    return programme.organisation_id in approving or any(pk in approving for pk in above)


def is_live(organisation: Organisation, day: date) -> bool:
    started = organisation.valid_from is None or organisation.valid_from <= day
    return started and (organisation.valid_to is None or organisation.valid_to >= day)


def _titled(tenure: Tenure) -> str:
    invented = f" ({_('tên giả định')})" if tenure.person.is_invented else ""
    return f"{tenure.post.title} {tenure.person.display_name}{invented}"
