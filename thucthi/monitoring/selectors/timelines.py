"""The facts of many tasks read once, for their states on many days: six queries however many tasks and days."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from thucthi.monitoring.calculations.timelines import Move, Period, Timeline, Version
from thucthi.monitoring.selectors.standing import Chosen, issued_on, steps_of
from thucthi.programmes.models import ChangedField, Task, TaskChange
from thucthi.reporting.models import Obligation, Report
from thucthi.reporting.selectors.obligations import known

DEFINITION = (
    "pk", "code", "is_issued", "programme_issued_on", "deadline_kind", "resolved_end", "programme_id", "lead_id",
)  # fmt: skip
VERSION = (
    "task_id", "obligation_id", "version", "submitted_at", "progress_declared", "claims_completion",
    "acceptance__verdict", "acceptance__decided_at", "acceptance__recorded_at",
)  # fmt: skip
ROWS_AT_ONCE = 5_000


def timelines(tasks: QuerySet[Task], known_by: datetime | None = None) -> list[Timeline]:
    """Of `tasks`, ordered by code. What was recorded at `known_by` or later is not known, whatever day it speaks of."""
    chosen = tasks.order_by().values("pk")
    steps, moves = steps_of(chosen, date.max, known_by), _moves(chosen, known_by)
    versions = _versions(chosen, known_by)
    owed = _owed(chosen, versions, known_by)
    rows = tasks.annotate(programme_issued_on=F("programme__issued_on")).order_by("code").values(*DEFINITION)
    return [
        Timeline(
            task_id=row["pk"],
            code=row["code"],
            programme_id=row["programme_id"],
            lead_id=row["lead_id"],
            programme_issued_on=row["programme_issued_on"],
            issued_on=issued_on(row, steps.get(row["pk"], ())),
            deadline_kind=row["deadline_kind"],
            resolved_end=row["resolved_end"],
            steps=steps.get(row["pk"], ()),
            moves=tuple(moves.get(row["pk"], ())),
            versions=tuple(versions.get(row["pk"], ())),
            owed=tuple(owed.get(row["pk"], ())),
        )
        for row in rows
    ]


def _moves(chosen: Chosen, by: datetime | None) -> Mapping[int, list[Move]]:
    found: dict[int, list[Move]] = {}
    rows = TaskChange.objects.filter(task__in=chosen, field=ChangedField.DEADLINE).order_by("decided_on", "pk")
    for task_id, decided_on, recorded_at, old_end in rows.values_list(
        "task_id", "decided_on", "recorded_at", "old_end"
    ):
        was_known = by is None or recorded_at < by
        found.setdefault(task_id, []).append(Move(decided_on if was_known else date.max, old_end))
    return found


def _versions(chosen: Chosen, by: datetime | None) -> Mapping[int, list[Version]]:
    zone = timezone.get_current_timezone()
    found: dict[int, list[Version]] = {}
    rows = known(Report.objects.filter(task__in=chosen), by).order_by("submitted_at", "pk").values_list(*VERSION)
    for task_id, owed, number, at, declared, claims, verdict, decided_at, known_at in rows.iterator(ROWS_AT_ONCE):
        is_known = decided_at is not None and (by is None or known_at < by)
        found.setdefault(task_id, []).append(
            Version(
                owed, number, at, at.astimezone(zone).date(), declared, claims,
                verdict if is_known else None, decided_at.astimezone(zone).date() if is_known else None,
            )
        )  # fmt: skip
    return found


def _owed(chosen: Chosen, versions: Mapping[int, Sequence[Version]], by: datetime | None) -> Mapping[int, list[Period]]:
    first: dict[int, date] = {}
    for version in (each for rows in versions.values() for each in rows):
        first.setdefault(version.obligation_id, version.submitted_on)
    found: dict[int, list[Period]] = {}
    # The same period of different tasks is one object.
    same: dict[Period, Period] = {}
    rows = known(Obligation.objects.filter(task__in=chosen), by, "created_at").order_by("due_on", "period_end", "pk")
    names = ("pk", "task_id", "period_key", "due_on", "organisation_id", "grace_until")
    for pk, task_id, key, due_on, body, grace in rows.values_list(*names).iterator(ROWS_AT_ONCE):
        period = Period(key, due_on, first.get(pk), body, grace)
        found.setdefault(task_id, []).append(same.setdefault(period, period))
    return found
