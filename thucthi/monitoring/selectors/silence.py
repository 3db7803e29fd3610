"""Who owes reports and has given none for periods in a row, over the whole tree, in one set (D35, issue 5).

Derived from obligations and reports alone. Bodies that ended are left out: what they owed is theirs, and no successor
is charged with a period it did not hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Tenure
from thucthi.directory.selectors import heads_on
from thucthi.documents.models import Document
from thucthi.kernel.sight import seeing_everything
from thucthi.monitoring import access
from thucthi.monitoring.calculations.silence import Silence
from thucthi.programmes.models import Programme
from thucthi.programmes.selectors import visible_programmes
from thucthi.reporting.models import Report
from thucthi.reporting.selectors.obligations import end_of

PER_PAGE = 50
EVERYWHERE: tuple[int, ...] = ()

# Each body's last answered day is found from the end of its index, so that those who report cost one row each.
_SILENT = """
SELECT b.id, b.path, answered.due_on, tail.periods, tail.reports, tail.tasks, tail.since
  FROM directory_organisation b
  LEFT JOIN LATERAL (
        SELECT ob.due_on FROM reporting_obligation ob JOIN programmes_task t ON t.id = ob.task_id
         WHERE ob.organisation_id = b.id AND t.programme_id <> ALL(%(hidden)s)
           AND (%(every_programme)s OR t.programme_id = ANY(%(programmes)s))
           AND EXISTS (SELECT FROM reporting_report r WHERE r.obligation_id = ob.id AND r.submitted_at < %(end)s)
         ORDER BY ob.due_on DESC LIMIT 1
       ) answered ON TRUE
 CROSS JOIN LATERAL (
        SELECT count(DISTINCT (ob.period_kind, ob.period_key)) AS periods, count(*) AS reports,
               count(DISTINCT ob.task_id) AS tasks, min(ob.due_on) AS since
          FROM reporting_obligation ob JOIN programmes_task t ON t.id = ob.task_id
         WHERE ob.organisation_id = b.id AND t.programme_id <> ALL(%(hidden)s)
           AND (%(every_programme)s OR t.programme_id = ANY(%(programmes)s))
           AND ob.due_on > coalesce(answered.due_on, '-infinity'::date)
           AND coalesce(ob.grace_until, ob.due_on) < %(as_of)s
       ) tail
 WHERE (b.valid_to IS NULL OR b.valid_to >= %(as_of)s)
   AND (%(everywhere)s OR b.path && %(scope)s::bigint[])
   AND (%(under)s = 0 OR b.path @> ARRAY[%(under)s]::bigint[])
   AND (%(level)s = '' OR b.level = %(level)s)
   AND (answered.due_on IS NOT NULL OR tail.reports > 0)
 ORDER BY tail.periods DESC, tail.since, b.sort_key, b.id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: silent for at least `periods`; `under` and `document` None for all; `level` "" for all."""

    periods: int = 2
    under: Organisation | None = None
    level: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class SilentBody:
    """One body that owes reports, with its lineage; silent or not."""

    organisation_id: int
    path: tuple[int, ...]
    silence: Silence


@dataclass(frozen=True, slots=True)
class SilentRow:
    """A line of the page. `last_report_on` None: never one; `head` None: nobody holds the post today."""

    organisation: Organisation
    superior: Organisation | None
    head: Tenure | None
    last_report_on: date | None
    silence: Silence
    days: int
    working_days: int


@dataclass(frozen=True, slots=True)
class Branch:
    """What stands below one body: how many there are silent, of how many that owe reports."""

    organisation: Organisation
    silent: int
    owing: int
    longest: int


@dataclass(frozen=True, slots=True)
class SilencePage:
    """`silent` of `owing` bodies gave no report for at least `wanted.periods`; `rows` hold one page, worst first."""

    wanted: Wanted
    as_of: date
    rows: tuple[SilentRow, ...]
    silent: int
    owing: int
    never: int
    page: int
    pages: int
    branches: tuple[Branch, ...]


def bodies_that_owe(viewer: Viewer, wanted: Wanted, as_of: date) -> list[SilentBody]:
    """Every living body in the viewer's reach that owes or owed a report, the longest silence first.

    Three queries however many obligations there are; programmes the viewer may not know of do not count.
    """
    seen = visible_programmes(viewer).order_by()
    with seeing_everything():
        issued = Programme.objects.filter(issued_on__isnull=False)
        hidden = list(issued.exclude(pk__in=seen).values_list("pk", flat=True))
    programmes = wanted.document.programmes.values_list("pk", flat=True) if wanted.document else EVERYWHERE
    asked: dict[str, Any] = {
        "hidden": hidden,
        "every_programme": wanted.document is None,
        "programmes": list(programmes),
        "end": end_of(as_of),
        "as_of": as_of,
        "everywhere": viewer.is_system,
        "scope": list(access.places_followed(viewer)),
        "under": wanted.under.pk if wanted.under else 0,
        "level": wanted.level,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, asked)
        return [
            SilentBody(pk, tuple(path), Silence(periods, reports, tasks, since, answered))
            for pk, path, answered, periods, reports, tasks, since in cursor.fetchall()
        ]


def silence_page(viewer: Viewer, wanted: Wanted, as_of: date, page: int = 1) -> SilencePage:
    """Who is silent, worst first, with what stands below each branch; ten queries at most."""
    bodies = bodies_that_owe(viewer, wanted, as_of)
    silent = [row for row in bodies if row.silence.periods >= wanted.periods]
    pages = max(1, -(-len(silent) // PER_PAGE))
    page = min(max(page, 1), pages)
    return SilencePage(
        wanted=wanted,
        as_of=as_of,
        rows=_rows(silent[(page - 1) * PER_PAGE : page * PER_PAGE], as_of),
        silent=len(silent),
        owing=len(bodies),
        never=sum(row.silence.last_answered is None for row in silent),
        page=page,
        pages=pages,
        branches=_branches(bodies, wanted),
    )


def _rows(bodies: Iterable[SilentBody], as_of: date) -> tuple[SilentRow, ...]:
    shown = list(bodies)
    organisations = Organisation.objects.select_related("parent").in_bulk([row.organisation_id for row in shown])
    heads = heads_on(organisations, as_of)
    reports = Report.objects.filter(obligation__organisation__in=organisations, submitted_at__lt=end_of(as_of))
    last = dict(
        reports.order_by().values("obligation__organisation").annotate(at=Max("submitted_at")).values_list(
            "obligation__organisation", "at"
        )
    )  # fmt: skip
    return tuple(
        SilentRow(
            organisation=organisations[row.organisation_id],
            superior=organisations[row.organisation_id].parent,
            head=heads.get(row.organisation_id),
            last_report_on=timezone.localdate(last[row.organisation_id]) if row.organisation_id in last else None,
            silence=row.silence,
            days=row.silence.days(as_of),
            working_days=row.silence.working_days(as_of),
        )
        for row in shown
    )


def _branches(bodies: Iterable[SilentBody], wanted: Wanted) -> tuple[Branch, ...]:
    """One level below `under`; from the top, what stands right below the roots of the trees."""
    counted: dict[int, tuple[int, int, int]] = {}
    for row in bodies:
        branch = _branch_of(row.path, wanted.under)
        silent, owing, longest = counted.get(branch, (0, 0, 0))
        is_silent = row.silence.periods >= wanted.periods
        counted[branch] = (silent + is_silent, owing + 1, max(longest, row.silence.periods))
    names = Organisation.objects.in_bulk(counted)
    branches = [Branch(names[pk], *counts) for pk, counts in counted.items() if pk in names]
    return tuple(sorted(branches, key=lambda row: (-row.silent, -row.longest, row.organisation.sort_key)))


def _branch_of(path: tuple[int, ...], under: Organisation | None) -> int:
    place = path.index(under.pk) + 1 if under else 1
    return path[min(place, len(path) - 1)]
