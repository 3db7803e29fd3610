"""Checks after a task was closed: those that come up, and what was found."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role
from thucthi.kernel.errors import NotVisible
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.access import ReportPlace, can_record_after_check
from thucthi.reporting.models import AfterCheck, AfterCheckResult
from thucthi.reporting.selectors.obligations import completions, verifiers_of

TONES = {
    AfterCheckResult.Finding.HOLDS: "good",
    AfterCheckResult.Finding.PARTLY: "warn",
    AfterCheckResult.Finding.GONE: "bad",
}


@dataclass(frozen=True)
class CheckRow:
    """One check; `may_record`: the viewer belongs to the body that looks, and its day has come."""

    check: AfterCheck
    result: AfterCheckResult | None
    days_left: int
    may_record: bool

    @property
    def word(self) -> str:
        if self.result is not None:
            return str(self.result.get_finding_display())
        if self.days_left < 0:
            return _("Quá hạn kiểm tra %(n)s ngày") % {"n": -self.days_left}
        return _("Chờ đến ngày kiểm tra")

    @property
    def tone(self) -> str:
        if self.result is not None:
            return TONES[AfterCheckResult.Finding(self.result.finding)]
        return "bad" if self.days_left < 0 else "neutral"


def is_completed(task: Task, on: date) -> bool:
    """Accepted as complete by that day, and not corrected since."""
    return completions(on).filter(task=task).exists()


def place_of_task(task: Task) -> ReportPlace:
    """The organisations around a task, without any one report."""
    return ReportPlace(
        reporting_ids=frozenset(pk for pk in [task.lead_id] if pk is not None),
        reporting_path=tuple(task.lead.path) if task.lead else (),
        programme_owner_id=task.programme.organisation_id,
        verifier_ids=verifiers_of([task.programme_id])[task.programme_id],
    )


def checks_of(task: Task, viewer: Viewer, on: date) -> list[CheckRow]:
    """The checks of one visible task, the newest day first."""
    return _rows(visible_checks(viewer).filter(task=task).order_by("-due_on"), viewer, on)


def checks_due(viewer: Viewer, on: date) -> list[CheckRow]:
    """What the viewer's organisations have to look at, the oldest first; a check that nobody made stays."""
    own = viewer.organisation_ids(Role.VERIFIER, Role.HEAD, Role.APPROVER, Role.STEERING_OFFICE)
    open_ones = visible_checks(viewer).filter(
        Q(examiner__in=own) | Q(task__programme__organisation__in=own), result__isnull=True
    )
    return _rows(open_ones.order_by("due_on", "pk"), viewer, on)


def checks_made(viewer: Viewer, on: date) -> list[CheckRow]:
    """What was found of late, where something is missing first."""
    own = viewer.organisation_ids()
    made = visible_checks(viewer).filter(
        Q(examiner__in=own) | Q(task__programme__organisation__in=own) | Q(task__lead__in=own), result__isnull=False
    )
    return _rows(made.order_by("result__finding", "-result__found_on", "pk")[:50], viewer, on)


def visible_checks(viewer: Viewer) -> QuerySet[AfterCheck]:
    return AfterCheck.objects.filter(task__in=visible_tasks(viewer).order_by().values("pk")).select_related(
        "task__lead", "examiner", "result"
    )


def check_for(viewer: Viewer, pk: int) -> AfterCheck:
    """Raises NotVisible."""
    found = visible_checks(viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Không có lần kiểm tra này, hoặc ông/bà không thuộc phạm vi được xem."))
    return found


def results_gone(task_ids: list[int]) -> dict[int, AfterCheckResult]:
    """Tasks whose last check found that nothing is left; one query."""
    rows = (
        AfterCheckResult.objects.filter(check_of__task__in=task_ids)
        .select_related("check_of")
        .order_by("check_of__task", "-found_on", "-pk")
        .distinct("check_of__task")
    )
    return {row.check_of.task_id: row for row in rows if row.finding == AfterCheckResult.Finding.GONE}


def _rows(checks: QuerySet[AfterCheck], viewer: Viewer, on: date) -> list[CheckRow]:
    return [
        CheckRow(
            check=check,
            result=getattr(check, "result", None),
            days_left=(check.due_on - on).days,
            may_record=not hasattr(check, "result")
            and check.due_on <= on
            and can_record_after_check(viewer, check.examiner_id, [pk for pk in [check.task.lead_id] if pk]),
        )
        for check in checks
    ]
