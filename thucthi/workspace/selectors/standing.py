"""Where work stands: one task with its reports and obstacles, and the counts of everything a viewer may see.

Every figure comes from monitoring.selectors; this file only puts them beside each other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import get_language

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import organisation_for
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents
from thucthi.kernel.composed import Composed, given_id
from thucthi.kernel.values import format_en, format_vi
from thucthi.monitoring.calculations import Tally, TaskState
from thucthi.monitoring.selectors import task_states
from thucthi.monitoring.selectors.rollups import COUNTRY, counts_on
from thucthi.obstacles.access import may_refuse_duties
from thucthi.obstacles.selectors import ObstacleStanding, RequestStanding, obstacles_about, requests_about
from thucthi.obstacles.selectors.refusals import bodies_that_refuse
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import task_for
from thucthi.reporting.models import Report
from thucthi.reporting.selectors import reports_of
from thucthi.reporting.selectors.after_checks import CheckRow, checks_of
from thucthi.reporting.selectors.duties import Duty, duties_of

HUNDRED = Decimal(100)
Subject = TypeVar("Subject", Organisation, Document)


@dataclass(frozen=True)
class Figure:
    """One of the three figures of progress; `percent` bounds the drawing, never the words."""

    amount: Decimal
    note: str

    @property
    def value(self) -> str:
        written = format_en if get_language() == "en" else format_vi
        return f"{written(self.amount, places=1)} %"

    @property
    def percent(self) -> Decimal:
        return max(Decimal(0), min(HUNDRED, self.amount))


@dataclass(frozen=True)
class TaskProgress:
    """Everything that happened on one task as of a day; `duties` also those that nobody answered."""

    task: Task
    state: TaskState
    reports: tuple[Report, ...]
    duties: tuple[Duty, ...]
    checks: tuple[CheckRow, ...]
    as_of: date


@dataclass(frozen=True)
class TaskStuck:
    """What holds one task up as of a day: obstacles about it, requests to other bodies for it.

    `may_refuse`: the viewer speaks for a body that may say, on a legal ground, that the duty is another's (D66).
    """

    task: Task
    obstacles: tuple[ObstacleStanding, ...]
    requests: tuple[RequestStanding, ...]
    may_refuse: bool
    as_of: date


def task_stuck(viewer: Viewer, code: str, as_of: date) -> TaskStuck:
    """Raises NotVisible for an unknown task and for one the viewer may not know of; requests as far as visible."""
    task = task_for(viewer, code)
    return TaskStuck(
        task=task,
        obstacles=tuple(obstacles_about(task, as_of)),
        requests=tuple(requests_about(task, viewer, as_of)),
        may_refuse=may_refuse_duties(viewer) and bool(bodies_that_refuse(viewer, task, as_of)),
        as_of=as_of,
    )


def task_progress(viewer: Viewer, code: str, as_of: date) -> TaskProgress:
    """Raises NotVisible for an unknown task and for one the viewer may not know of; reports as far as visible."""
    task = task_for(viewer, code)
    return TaskProgress(
        task=task,
        state=task_states(Task.objects.filter(pk=task.pk), as_of)[0],
        reports=tuple(reports_of(task, viewer)),
        duties=tuple(duties_of(task, viewer, as_of)),
        checks=tuple(checks_of(task, viewer, as_of)),
        as_of=as_of,
    )


@dataclass(frozen=True)
class Line:
    """A row of counts: what it counts, where it leads, and its tally."""

    subject: Organisation | Document
    tally: Tally


@dataclass(frozen=True)
class Overview:
    """All issued tasks the viewer may see: as a whole, by document, by the bodies right below one organisation."""

    whole: Tally
    documents: tuple[Line, ...]
    organisation: Organisation | None
    organisations: tuple[Line, ...]
    as_of: date


def overview(viewer: Viewer, code: str, as_of: date) -> Overview:
    """`code` names the organisation whose children are listed; "" lists the roots of the trees (D36, P5)."""
    organisation = organisation_for(viewer, code) if code else None
    whole = organisation.pk if organisation else COUNTRY
    below = _ROOTS.rows() if organisation is None else _BELOW.rows(parent=organisation.pk)
    documents = list(visible_documents(viewer).order_by("-issued_on", "pk"))
    counts = counts_on(as_of, viewer, [row.pk for row in below], in_full=whole)
    return Overview(
        whole=counts.at(whole),
        documents=_lines(documents, lambda row: counts.at(whole, row.pk)),
        organisation=organisation,
        organisations=_lines(below, lambda row: counts.at(row.pk)),
        as_of=as_of,
    )


_ROOTS = Composed("workspace_roots", lambda: Organisation.objects.filter(parent__isnull=True).order_by("sort_key"))
_BELOW = Composed(
    "workspace_below", lambda: Organisation.objects.filter(parent=given_id("parent")).order_by("sort_key")
)


def _lines(subjects: Iterable[Subject], counted: Callable[[Subject], Tally]) -> tuple[Line, ...]:
    """Only those that count something."""
    return tuple(Line(row, tally) for row in subjects if (tally := counted(row)).total)
