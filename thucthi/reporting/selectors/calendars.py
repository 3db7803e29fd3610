"""The calendars of documents, and what they ask of every programme."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level
from thucthi.documents.models import Document
from thucthi.kernel.working_days import PeriodKind
from thucthi.programmes.models import Programme, ProgrammeBasis
from thucthi.reporting.access import can_set_cycle
from thucthi.reporting.calculations.calendars import CalendarRule, Plan, next_due_days, plans_on
from thucthi.reporting.models import ReportingCalendar

SHOWN_DUE_DAYS = 3


class Span(NamedTuple):
    """Programmes by their ids, both included."""

    first: int
    last: int


@dataclass(frozen=True)
class CalendarLine:
    """One line of a document's calendar and the next days on which it asks for a report."""

    calendar: ReportingCalendar
    next_days: tuple[date, ...]


@dataclass(frozen=True)
class CalendarPage:
    """The lines in force, those that have ended, and whether the viewer may change them."""

    document: Document
    lines: tuple[CalendarLine, ...]
    ended: tuple[ReportingCalendar, ...]
    may_set: bool


def in_force(on: date) -> QuerySet[ReportingCalendar]:
    return ReportingCalendar.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


def rule_of(calendar: ReportingCalendar) -> CalendarRule:
    return CalendarRule(
        calendar.pk,
        calendar.document_id,
        calendar.level,
        PeriodKind(calendar.rhythm),
        calendar.due_day,
        calendar.grace_days,
        calendar.valid_from,
    )


def spans_of_programmes(most_tasks: int) -> list[Span]:
    """All programmes, in runs of their ids whose tasks are about so many."""
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [most_tasks])
        return [Span(*row) for row in cursor.fetchall()]


_SPANS = """
SELECT min(id), max(id)
FROM (SELECT p.id, div(sum(count(t.id)) OVER (ORDER BY p.id), %s) AS run
      FROM programmes_programme p LEFT JOIN programmes_task t ON t.programme_id = p.id GROUP BY p.id) counted
GROUP BY run ORDER BY run
"""


def plans_of_programmes(on: date, among: Span | None = None) -> Iterator[tuple[int, str, Plan]]:
    """(programme id, level of the lead, report owed) by the lines in force on that day; of all programmes without
    `among`."""
    by_document: dict[int, list[CalendarRule]] = {}
    for calendar in in_force(on):
        by_document.setdefault(calendar.document_id, []).append(rule_of(calendar))
    by_programme: dict[int, list[CalendarRule]] = {}
    bases = ProgrammeBasis.objects.filter(document__in=by_document)
    programmes = Programme.objects.order_by("pk")
    if among is not None:
        bases, programmes = bases.filter(programme__pk__range=among), programmes.filter(pk__range=among)
    for programme_id, document_id in bases.values_list("programme_id", "document_id"):
        by_programme.setdefault(programme_id, []).extend(by_document[document_id])
    plain = {rhythm: plans_on("", (), PeriodKind(rhythm), on) for rhythm in Programme.Rhythm.values}
    for programme_id, rhythm in programmes.values_list("pk", "rhythm"):
        rules = by_programme.get(programme_id)
        for level in Level.values:
            plans = plans_on(level, rules, PeriodKind(rhythm), on) if rules else plain[rhythm]
            yield from ((programme_id, level, plan) for plan in plans)


def calendar_page(viewer: Viewer, document: Document, on: date) -> CalendarPage:
    """The calendar of a document the viewer may see."""
    rows = list(document.reporting_calendars.order_by("level", "rhythm", F("valid_from").desc()))
    standing = [row for row in rows if row.valid_to is None or row.valid_to >= on]
    return CalendarPage(
        document=document,
        lines=tuple(
            CalendarLine(row, next_due_days(rule_of(row), max(on, row.valid_from), SHOWN_DUE_DAYS)) for row in standing
        ),
        ended=tuple(row for row in rows if row not in standing),
        may_set=can_set_cycle(viewer, document.register_id),
    )
